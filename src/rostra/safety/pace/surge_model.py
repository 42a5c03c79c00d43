"""Measures against a flood: what was agreed beforehand, and what became of it."""

from enum import IntEnum
from typing import Final

import msgspec

from rostra.kernel.clock import HOUR

MAX_HOURS: Final = 7 * 24
MAX_MOST: Final = 10_000
MAX_OPEN: Final = 1_000_000


class MeasureKind(IntEnum):
    """What can be done; the numbers stand in rows.

    What `most` means: first posts that are held within a day; answers to one post within a
    minute; nothing.
    """

    HOLD_FIRST_POSTS = 0
    SLOW_REPLIES = 1
    CLOSE_SIGN_UP = 2

    @property
    def wire(self) -> str:
        """Its name in the API, and in `Surge`."""
        return self.name.lower()

    @property
    def counts(self) -> bool:
        """Whether `most` means something."""
        return self is not MeasureKind.CLOSE_SIGN_UP


class What(IntEnum):
    """What is written down of a measure; the numbers stand in rows."""

    AGREED = 0
    WITHDRAWN = 1
    ON_BY_HAND = 2
    ON_BY_FORECAST = 3
    OFF_BY_HAND = 4
    OFF_BY_FORECAST = 5
    OFF_AT_END = 6

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()

    @property
    def switches_on(self) -> bool:
        """Whether the measure is in force from then on."""
        return self in {What.ON_BY_HAND, What.ON_BY_FORECAST}


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What an admin has agreed to.

    Attributes:
        hours: it ends by itself after so many.
        most: see :class:`MeasureKind`.
        when_hours: it is switched on where what is open takes longer than this; 0: by hand alone.
        when_open: and at least so many cases are open.
    """

    measure: int
    hours: int
    most: int = 0
    when_hours: int = 0
    when_open: int = 0
    agreed_by: int = 0
    agreed_at: int = 0

    def asks_for(self, open_now: int, clear_in_ms: int | None) -> bool:
        """Whether the forecast is as bad as was agreed (None: what is open is never done)."""
        if not self.when_hours or open_now < max(1, self.when_open):
            return False
        return clear_in_ms is None or clear_in_ms > self.when_hours * HOUR

    def lets_go(self, open_now: int, clear_in_ms: int | None) -> bool:
        """Whether the forecast is good again: half of what was agreed, so that it does not flap."""
        if open_now < max(1, self.when_open) / 2:
            return True
        return clear_in_ms is not None and clear_in_ms <= self.when_hours * HOUR / 2


class LogEntry(msgspec.Struct, frozen=True):
    """Something that was agreed, or switched. UTC ms; its id tells when."""

    id: int
    measure: int
    what: int
    actor_id: int
    until: int
