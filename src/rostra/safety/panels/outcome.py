"""What the votes come to: one pure function."""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple


class Verdict(Enum):
    """Whether a panel is done."""

    GOES_ON = 0
    AGREED = 1
    SPLIT = 2


class Reached(NamedTuple):
    """How far a panel is, and what it agreed on."""

    verdict: Verdict
    outcome: int = 0


def reached(votes: Mapping[int, int], *, needed: int, seats: int) -> Reached:
    """What these votes come to.

    Args:
        votes: how many voted for what.
        needed: equal votes that make an outcome.
        seats: all votes that there can be.
    """
    for outcome, number in votes.items():
        if number >= needed:
            return Reached(Verdict.AGREED, outcome)
    left = seats - sum(votes.values())
    most = max(votes.values(), default=0)
    return Reached(Verdict.GOES_ON if most + left >= needed else Verdict.SPLIT)
