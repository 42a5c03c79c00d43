"""What is counted of signals, and what it comes to. Times are UTC ms."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

import msgspec

from rostra.kernel.buckets import Buckets
from rostra.kernel.clock import DAY, SECOND

TIMES: Final = Buckets(1, 60 * SECOND * 1_000)
"""How long a judgement took is counted in these; microseconds."""

TENTHS: Final = 10
"""Scores are counted in so many buckets of the same width."""

WEEK: Final = 7 * DAY
MONDAY: Final = 4 * DAY
"""The first one of all: 1970 began on a Thursday."""


class Measure(IntEnum):
    """What is counted by the day; the numbers stand in rows."""

    TOOK = 0  # it was asked; the bucket is the time that took, see `TIMES`
    FOUND = 1  # it gave a score
    ABOVE = 2  # one that was above its threshold then
    FAILED = 3  # it broke
    SCORED = 4  # by harm; the bucket is the tenth that the score lies in
    REACHED = 5  # by harm: above its threshold then
    # What people decided about what it gave a score to, on the day when they did:
    CAUGHT = 6  # above, and they did something
    OVERDONE = 7  # above, and they did nothing
    MISSED = 8  # below, and they did something
    PASSED = 9  # below, and they did nothing


class Harm(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one kind of harm.

    Attributes:
        tenths: how many scores lay in each tenth, from 0 to 1.
        above: how many were above the threshold.
    """

    tenths: tuple[int, ...] = (0,) * TENTHS
    above: int = 0

    @property
    def scored(self) -> int:
        """How many scores there were."""
        return sum(self.tenths)


class Doing(msgspec.Struct, frozen=True, kw_only=True):
    """How a signal has done by one of its versions, or all together: those have no name.

    Attributes:
        times: how many of its answers took how long: see `TIMES`.
        found: how often it gave a score.
        above: how often one of them was above its threshold.
        failed: how often it broke.
        caught, overdone, missed, passed: see `Measure`.
        harms: by the key of a harm.
    """

    signal: str = ""
    version: str = ""
    times: Mapping[int, int] = {}
    found: int = 0
    above: int = 0
    failed: int = 0
    caught: int = 0
    overdone: int = 0
    missed: int = 0
    passed: int = 0
    harms: Mapping[str, Harm] = {}

    @property
    def asked(self) -> int:
        """How often it was."""
        return sum(self.times.values())

    @property
    def median_us(self) -> int | None:
        """Half of its answers took no longer; within 8 %."""
        return TIMES.percentile(self.times, 0.5)

    @property
    def p95_us(self) -> int | None:
        """95 of 100 of its answers took no longer; within 8 %."""
        return TIMES.percentile(self.times, 0.95)

    @property
    def decided(self) -> int:
        """How often people decided about what it gave a score to."""
        return self.caught + self.overdone + self.missed + self.passed

    @property
    def agreed(self) -> int:
        """How often they did something where it was above its threshold, and nothing below."""
        return self.caught + self.passed

    @property
    def agreement(self) -> float | None:
        """The share of that; None where nothing was decided."""
        return self.agreed / self.decided if self.decided else None

    @property
    def rate(self) -> float | None:
        """How often of all times it was above its threshold."""
        return self.above / self.asked if self.asked else None


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A day, or a week from Monday on.

    Attributes:
        at: when it begins.
        together: all signals as one.
        signals: each of them by version, by name.
    """

    at: int
    together: Doing
    signals: tuple[Doing, ...] = ()


class Row(msgspec.Struct, frozen=True):
    """One count."""

    at: int  # when its day, or its week, begins
    signal: str
    version: str
    measure: int
    harm: str
    bucket: int
    count: int


def week_of(at: int) -> int:
    """When the week of a moment begins."""
    return at - (at - MONDAY) % WEEK
