"""What others see of lists."""

from enum import IntEnum
from typing import Literal, Self

import msgspec

WireName = Literal["none", "list", "followed"]
_WIRE_NAMES: tuple[WireName, ...] = ("none", "list", "followed")


class RepliesPolicy(IntEnum):
    """Which answers to others stand in a list; answers to oneself and to its owner always do."""

    NONE = 0
    LIST = 1  # to members of the list
    FOLLOWED = 2  # to whom its owner follows

    @property
    def wire(self) -> WireName:
        """Mastodon's name."""
        return _WIRE_NAMES[self]

    @classmethod
    def from_wire(cls, name: str) -> Self | None:
        """The policy with this name in Mastodon's API; None if there is none."""
        return cls(_WIRE_NAMES.index(name)) if name in _WIRE_NAMES else None


class ListRow(msgspec.Struct, frozen=True):
    """A list."""

    id: int
    account_id: int
    title: str
    replies_policy: int
    exclusive: int


class ListMember(msgspec.Struct, frozen=True):
    """A line of a list's members: its own id, over which pages run, and who stands there."""

    id: int
    account_id: int


class Receiver(msgspec.Struct, frozen=True):
    """A list that a post stands in, and whose it is."""

    list_id: int
    account_id: int


class ListChanges(msgspec.Struct, frozen=True):
    """What is to change of a list, as it came; None: stays."""

    title: str | None = None
    replies_policy: str | None = None
    exclusive: bool | None = None
