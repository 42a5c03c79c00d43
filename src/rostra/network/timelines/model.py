"""What a timeline is asked for and what it answers."""

import msgspec


class Entry(msgspec.Struct, frozen=True):
    """One line of a timeline: a post, and the original where it is a reblog (0: it is none)."""

    post_id: int
    reblog_of_id: int = 0


class AccountFilter(msgspec.Struct, frozen=True):
    """Which posts of an account are asked for."""

    exclude_replies: bool = False
    exclude_reblogs: bool = False
    only_media: bool = False


class TagFilter(msgspec.Struct, frozen=True):
    """Which hashtags, beside the first, a post must or must not carry (folded names)."""

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    only_media: bool = False


class WriteHomes(msgspec.Struct, frozen=True):
    """The job that writes posts that have arrived into homes."""
