"""Search, Tag and what belongs to them."""

import msgspec

from rostra.api.mastodon.entities.accounts import Account
from rostra.api.mastodon.entities.statuses import PreviewCard, Status


class TagDay(msgspec.Struct, frozen=True):
    """How much a hashtag was used on a UTC day; numbers as text, as Mastodon writes them."""

    day: str
    uses: str
    accounts: str


class Tag(msgspec.Struct, frozen=True, kw_only=True):
    """A hashtag. The flags are there for those who are signed in."""

    id: str
    name: str
    url: str
    history: tuple[TagDay, ...]
    following: bool | msgspec.UnsetType = msgspec.UNSET
    featuring: bool | msgspec.UnsetType = msgspec.UNSET


class TrendsLink(PreviewCard, frozen=True, kw_only=True):
    """A link that people talk about."""

    history: tuple[TagDay, ...]


class Search(msgspec.Struct, frozen=True):
    """What was found."""

    accounts: tuple[Account, ...]
    statuses: tuple[Status, ...]
    hashtags: tuple[Tag, ...]
