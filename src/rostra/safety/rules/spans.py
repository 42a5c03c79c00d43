"""Lengths of time as rules write them: `"90s"`, `"10m"`, `"12h"`, `"7d"`."""

import re
from typing import Final

_UNITS: Final = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_WRITTEN: Final = re.compile(r"([1-9][0-9]{0,4})([smhd])", re.ASCII)
DAY: Final = _UNITS["d"]


def span_of(text: str) -> int | None:
    """The milliseconds, or None for what is no length of time."""
    found = _WRITTEN.fullmatch(text)
    return int(found[1]) * _UNITS[found[2]] if found else None


def span_words(ms: int) -> str:
    """The shortest way to write it."""
    for unit in ("d", "h", "m"):
        if ms and ms % _UNITS[unit] == 0:
            return f"{ms // _UNITS[unit]}{unit}"
    return f"{ms // 1_000}s"
