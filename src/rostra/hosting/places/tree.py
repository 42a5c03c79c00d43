"""The keys below a folder in the order of their text, without a look at what lies before them.

In that order `a-b/1` comes before `a/1`, since a hyphen comes before a slash: folders are compared
with the slash that follows their name.
"""

from collections.abc import Iterable
from typing import Final

INCOMING: Final = ".incoming"
MARK: Final = ".rostra-place"
MARKED: Final = (
    b"This folder is a place of a Rostra. It was marked by `rostra ark mark`.\n"
    b"Without this file nothing is read or written here: the disk may not be mounted.\n"
)
_NO_NAMES: Final = frozenset({"", ".", "..", INCOMING, MARK})


def parts_of(key: str) -> tuple[str, ...]:
    """The names that a key consists of.

    Raises:
        ValueError: it leads out of the place, or to what the place needs for itself.
    """
    parts = tuple(key.split("/"))
    if any(part in _NO_NAMES for part in parts):
        raise ValueError(f"{key!r} is no key")
    return parts


def in_order(entries: Iterable[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """What lies in a folder, as (name, whether it is a folder), in the order of its keys.

    What the place needs for itself is left out, and what a server calls so that it would lead out.
    """
    wanted = (each for each in entries if each[0] not in _NO_NAMES and "/" not in each[0])
    return sorted(wanted, key=lambda each: f"{each[0]}/" if each[1] else each[0])


def may_hold(folder: str, after: str) -> bool:
    """Whether keys below a folder can lie behind a key."""
    head = f"{folder}/"
    return head > after or after.startswith(head)
