"""Lengths of time and moments, as people read them."""

from datetime import UTC, datetime
from typing import Final

from rostra.kernel.clock import DAY, HOUR, MINUTE, SECOND

_UNITS: Final = (
    (DAY, "day", "d"),
    (HOUR, "hour", "h"),
    (MINUTE, "minute", "min"),
    (SECOND, "second", "s"),
)
_COARSE: Final = 3  # of a unit that does not go in exactly, so many are said at least


def in_words(ms: int) -> str:
    """A length of time in English, rounded up: "1 hour", "90 seconds", "5 minutes"."""
    count, name, _ = _unit(ms)
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def in_symbols(ms: int) -> str:
    """The same in symbols that every language reads: "1 h", "90 s", "5 min"."""
    count, _, symbol = _unit(ms)
    return f"{count} {symbol}"


def _unit(ms: int) -> tuple[int, str, str]:
    for unit, name, symbol in _UNITS:
        if ms >= unit and (ms % unit == 0 or ms >= _COARSE * unit):
            return -(-ms // unit), name, symbol
    return max(1, -(-ms // SECOND)), "second", "s"


def at_words(at: int) -> str:
    """A moment (UTC ms) as every language reads it: "2026-03-01 14:05 UTC"."""
    return f"{datetime.fromtimestamp(at / SECOND, UTC):%Y-%m-%d %H:%M} UTC"
