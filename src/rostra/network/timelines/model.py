"""What a timeline is asked for and what it answers."""

import msgspec

# One line of a timeline: the post's id, that of the original where it is a reblog (0: it is none),
# and where the statement has brought it along all the rest of `ShownRow`, then the original's row.
Entry = tuple[int, ...]


def post_of(entry: Entry) -> int:
    """The post that stands in a line."""
    return entry[0]


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


class CatchUpHome(msgspec.Struct, frozen=True):
    """The job that brings what was being posted while a home was built anew."""

    account_id: int
    above: int  # the id of a post: what is newer


class WriteHomes(msgspec.Struct, frozen=True):
    """The job that writes posts that have arrived into homes."""
