"""How the network stands, told from what the places show: pure functions."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import msgspec

from rostra.hosting.fence.votes import Shown, holder
from rostra.hosting.lifeboat.model import Head

AWAY_AFTER_S: Final = 35.0
"""A head comes every ten seconds: three that are missing, and a slow one."""
MOVES_AT_MOST_S: Final = 1_800.0
BACK_FOR_S: Final = 3_600.0


class State(StrEnum):
    """How the network stands."""

    HERE = "here"
    MOVING = "moving"
    AWAY = "away"
    BACK = "back"
    UNKNOWN = "unknown"  # the places do not answer
    WAITING = "waiting"  # no host has ever left a sign there


class Signs(msgspec.Struct, frozen=True, kw_only=True):
    """What is known at one moment. Spans are in seconds.

    Attributes:
        head: the newest sign of life; None: there is none.
        age: since it came.
        answering: how many places answer.
        places: how many there are.
        moving: the fence says that somebody else takes over.
        was_gone: since the network was last seen away or moving; None: it was not.
    """

    head: Head | None
    age: float
    answering: int
    places: int
    moving: bool = False
    was_gone: float | None = None


def judged(signs: Signs) -> State:
    """How the network stands.

    It is away only if most places answer, and none of them shows a new head: a host that may write
    reaches most of them as well, so at least one of those that answer here.
    """
    head = signs.head
    fresh = head is not None and signs.age < AWAY_AFTER_S
    if signs.moving and signs.age < MOVES_AT_MOST_S:
        return State.MOVING
    if fresh:
        returned = signs.was_gone is not None and signs.was_gone < BACK_FOR_S
        return State.BACK if returned else State.HERE
    if 2 * signs.answering <= signs.places:
        return State.UNKNOWN
    return State.WAITING if head is None else State.AWAY


def is_moving(head: Head, shown: Sequence[Shown], places: Sequence[str]) -> bool:
    """Whether the fence is on its way to another host than the one whose head is the newest.

    Either its epoch was released, or a later one is claimed that has left no head yet.
    """
    now = holder(shown, places)
    if now is None or not head.epoch:
        return False
    if now.epoch > head.epoch:
        return True
    return now.epoch == head.epoch and any(head.epoch in each.releases for each in shown)
