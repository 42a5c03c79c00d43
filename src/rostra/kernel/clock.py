"""Time as a port, so that tests move it and nothing waits for it."""

import time
from typing import Protocol

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> int:
        """Return UTC milliseconds since 1970."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never run backwards, for measuring spans only."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> int:
        """Return UTC milliseconds since 1970."""
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        """Return seconds that never run backwards, for measuring spans only."""
        return time.monotonic()


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now_ms: int = 1_750_000_000_000) -> None:
        self._now = now_ms
        self._elapsed = 0

    def now(self) -> int:
        """Return UTC milliseconds since 1970."""
        return self._now

    def monotonic(self) -> float:
        """Return the seconds it was advanced by so far."""
        return self._elapsed / SECOND

    def advance(self, ms: int) -> None:
        """Move forward by `ms` milliseconds; a negative step raises ValueError."""
        if ms < 0:
            raise ValueError("time runs forward; use set() for a clock that was put right")
        self._now += ms
        self._elapsed += ms

    def set(self, now_ms: int) -> None:
        """Put the wall clock to `now_ms`, backwards too; monotonic() does not change."""
        self._now = now_ms
