"""Ids that tell nothing but their time and cannot be guessed.

An id is unix milliseconds << 20 | 20 random bits: 63 bits, 19 decimal digits from the year
2001 till 2248. Clients compare ids by length, then as text; a fixed length makes that the
order of time. Outside an id is always `str(id)`.
"""

import secrets
import threading
from collections.abc import Callable

from rostra.kernel.clock import Clock

RANDOM_BITS = 20
MAX_ID = 2**63 - 1
_MAX_DIGITS = 19
# Past half of a millisecond's numbers, drawing an unused one takes too many tries.
_MAX_PER_MS = 1 << (RANDOM_BITS - 1)


class IdSource:
    """Makes ids, unique within the process and never older than the last one's time.

    Two processes may draw the same id in the same millisecond (odds 1 in a million for each
    such pair); the primary key catches that.
    """

    def __init__(
        self,
        clock: Clock,
        randbits: Callable[[int], int] = secrets.randbits,
        *,
        since: int = 0,
    ) -> None:
        """Draw them.

        Args:
            clock: tells the time.
            randbits: so many random bits.
            since: UTC ms that no id is older than, whatever the clock says: a copy of another
                installation gives no id that the first may have given.
        """
        self._clock = clock
        self._randbits = randbits
        self._ms = since
        self._used: set[int] = set()
        self._lock = threading.Lock()

    def next(self) -> int:
        """Return a new id."""
        with self._lock:
            now = self._clock.now()
            # A clock that was put back must not bring old ids again, so time stands still.
            if now > self._ms:
                self._start(now)
            elif len(self._used) >= _MAX_PER_MS:
                self._start(self._ms + 1)
            low = self._randbits(RANDOM_BITS)
            while low in self._used:
                low = self._randbits(RANDOM_BITS)
            self._used.add(low)
            return self._ms << RANDOM_BITS | low

    def _start(self, ms: int) -> None:
        self._ms = ms
        self._used.clear()


def at(ms: int, randbits: Callable[[int], int] = secrets.randbits) -> int:
    """Return an id as it may have been made at `ms`, for what is older than its row.

    Nothing says that it was never given: whoever asks looks whether it is taken.
    """
    return ms << RANDOM_BITS | randbits(RANDOM_BITS)


def parse(text: str) -> int | None:
    """Read an id from outside; None for anything that `str(id)` cannot have made.

    "0" is read as 0, because clients page with `since_id=0`.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS):
        return None
    if text[0] == "0" and text != "0":
        return None
    value = int(text)
    return value if value <= MAX_ID else None


def time_of(id_: int) -> int:
    """Return the UTC milliseconds at which an id was made."""
    return id_ >> RANDOM_BITS


def floor_at(ms: int) -> int:
    """Return the smallest id that can be made at `ms`; all older ids are below it."""
    return max(0, ms) << RANDOM_BITS
