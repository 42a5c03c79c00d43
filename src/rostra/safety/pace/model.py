"""What is counted of the pace of moderation. Times are UTC ms, spans ms."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Final

import msgspec

from rostra.kernel.buckets import Buckets
from rostra.kernel.clock import DAY, SECOND
from rostra.safety.cases.model import Case

ALL: Final = 0
"""Stands for all categories together; no category has this number."""

SPANS: Final = Buckets(SECOND, 400 * DAY)
"""How spans (ms) are counted."""


class Measure(IntEnum):
    """What is counted by the hour; the numbers stand in rows."""

    ARRIVED = 0  # opened, or opened again
    LOOKED = 1  # a person has seen it for the first time
    DECIDED = 2
    LOOKED_LATE = 3
    DECIDED_LATE = 4
    MERGED = 5  # gone into another case, without a decision of its own


class Target(IntEnum):
    """What there is a target for; the numbers stand in rows."""

    LOOK = 0
    DECISION = 1

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


class AlarmState(IntEnum):
    """How bad it is; the numbers stand in rows."""

    SOON = 0  # it will be missed at the present pace
    MISSED = 1

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """Cases of a category that miss their target, or will."""

    category: int
    target: int
    state: int
    cases: int  # that are late, or will be due soon
    within_ms: int  # soon: within so long
    expected: float = 0.0  # how many of them will be done in that time at the present pace


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """What is open of a category: how many in all, late, and due soon."""

    category: int
    cases: int = 0
    oldest_at: int = 0
    due_at: int = 0
    late: int = 0
    due_soon: int = 0
    unseen: int = 0
    unseen_late: int = 0
    unseen_soon: int = 0


class Flow(msgspec.Struct, frozen=True):
    """What came and what went in an hour."""

    at: int  # when the hour begins
    arrived: int = 0
    cleared: int = 0
    open: int = 0  # at its end


class Times(msgspec.Struct, frozen=True, kw_only=True):
    """How long something took."""

    count: int = 0
    late: int = 0
    median_ms: int | None = None
    p95_ms: int | None = None

    @property
    def met(self) -> float | None:
        """The share that was in time."""
        return 1 - self.late / self.count if self.count else None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """The pace of a category, or of all."""

    category: int
    arrived: int = 0
    merged: int = 0
    look: Times = Times()
    decision: Times = Times()
    waiting: Waiting

    @property
    def cleared(self) -> int:
        """How many are done with."""
        return self.decision.count + self.merged


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """When everything that is open will be done, if the next hours are as the last ones were.

    Attributes:
        hours: how many whole hours it is reckoned from.
        arriving: cases an hour.
        clearing: cases an hour.
        clear_in_ms: None: never, at this pace.
        soonest_ms: the end of the interval that holds it four times in five; None: as above.
        latest_ms: the other end.
    """

    hours: int
    arriving: float
    clearing: float
    clear_in_ms: int | None
    soonest_ms: int | None
    latest_ms: int | None


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How moderation keeps pace.

    Attributes:
        window_ms: how long the rows look back.
        counted_until: what came later is not counted yet, but for what is open.
        since: from when on it is counted.
        rows: all together first, then the categories that had or have cases.
        flows: hour by hour.
        worst: the open case that is most over its deadline, or comes closest to it.
        forecast: None: too little is known.
    """

    window_ms: int
    counted_until: int
    since: int
    rows: Sequence[Row]
    flows: Sequence[Flow]
    worst: Case | None
    forecast: Forecast | None
    alarms: Sequence[Alarm]
