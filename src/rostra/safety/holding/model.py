"""Holds by rules, and how they end."""

from enum import IntEnum

import msgspec


class HoldState(IntEnum):
    """What became of a hold; the numbers stand in rows."""

    WAITING = 0
    RELEASED = 1  # somebody has looked, and let it go
    KEPT = 2  # somebody has looked, and it stays held or is removed
    LET_GO = 3  # nobody had looked within its limit
    GONE = 4  # its author has deleted it

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


class Hold(msgspec.Struct, frozen=True):
    """A post that a rule holds, or held. Times are UTC ms.

    Attributes:
        due_at: until when somebody should have looked.
        settled_at: when it ended; 0: it waits.
    """

    decision_id: int
    post_id: int
    account_id: int
    rule_id: int
    rule_version: int
    held_at: int
    due_at: int
    state: int
    settled_at: int


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """How holds do.

    Attributes:
        waiting: how many wait now.
        overdue: how many of these wait beyond their limit, as the operator wants it.
        settled: how many ended within the last 30 days, by what became of them.
        median_ms: half of those that somebody looked at lately waited no longer; None: none was.
        holds: those that wait, the first that is due first.
    """

    waiting: int
    overdue: int
    settled: dict[HoldState, int]
    median_ms: int | None
    holds: tuple[Hold, ...]
