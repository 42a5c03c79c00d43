"""What is looked for and what is found."""

import msgspec


class Part(msgspec.Struct, frozen=True):
    """Which part of the results: ``limit`` of them after the first ``offset``."""

    limit: int = 20
    offset: int = 0


class PostQuery(msgspec.Struct, frozen=True):
    """Which posts are looked for."""

    text: str
    author_id: int = 0  # 0: of anybody
    below: int = 2**63 - 1  # ids, both exclusive
    above: int = 0
    domain: str = ""  # of this place: `from:ann@domain` is `from:ann`


class Day(msgspec.Struct, frozen=True):
    """How much a hashtag was used on a UTC day."""

    start: int  # unix seconds of its first moment
    uses: int
    accounts: int


class FoundTag(msgspec.Struct, frozen=True):
    """A hashtag with its last seven days, today first; id 0: nobody has used it in public."""

    id: int
    name: str
    history: tuple[Day, ...]


class Facts(msgspec.Struct, frozen=True):
    """What is indexed of a post beside its pictures, people and choices."""

    post_id: int
    account_id: int
    visibility: int
    indexable: int
    sensitive: int
    in_reply_to_id: int
    media_count: int
    poll: int
    quote: int
    text: str
    spoiler_text: str
    language: str
    has_mentions: int
    framed: int = 0  # its link can be played or looked at in a frame
