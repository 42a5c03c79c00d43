"""What trends, and what operators have said of it."""

from enum import IntEnum

import msgspec

from rostra.network.previews.model import Card
from rostra.network.search.model import Day


class Kind(IntEnum):
    """What can trend. Authors do not: a decision on one holds for all their posts."""

    TAG = 0
    LINK = 1
    POST = 2
    AUTHOR = 3


class Decision(IntEnum):
    """What an operator has said."""

    NONE = 0
    APPROVED = 1
    REJECTED = 2


class Trend(msgspec.Struct, frozen=True):
    """A line of the ranking, for operators."""

    subject_id: int
    score: int  # thousandths of a person who speaks of it now
    accounts: int  # how many people that are
    decision: int
    of_publisher: int  # what was said of a link's publisher
    title: str  # the hashtag, the address, or whose post it is


class Publisher(msgspec.Struct, frozen=True):
    """A host whose links an operator has decided on, or which wait for it."""

    host: str
    decision: int
    links: int = 0  # how many of those that trend wait


class Published(msgspec.Struct, frozen=True):
    """A link that trends, and what was said of it and of its publisher."""

    subject_id: int
    url: str
    decision: int
    of_publisher: int


class Scored(msgspec.Struct, frozen=True):
    """What a subject is worth now."""

    subject_id: int
    score: int
    accounts: int


class TrendingLink(msgspec.Struct, frozen=True):
    """A link with its last seven days, today first."""

    card: Card
    history: tuple[Day, ...]


class Used(msgspec.Struct, frozen=True):
    """How often an account used something on a day, and the hour of the last use that counts."""

    uses: int
    hour: int  # hours since 1970; 0: none counts for trends
