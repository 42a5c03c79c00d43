"""Times as clients read them."""

from datetime import UTC, datetime
from functools import lru_cache

from rostra.kernel.clock import DAY


def iso(ms: int) -> str:
    """UTC milliseconds as ISO 8601 with milliseconds: ``2026-01-31T12:00:00.000Z``."""
    seconds, rest = divmod(ms, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03}Z"


def iso_or_none(ms: int) -> str | None:
    """The same; None for 0, which stands for never."""
    return iso(ms) if ms else None


@lru_cache(maxsize=4096)
def _date_of_day(day: int) -> str:
    return f"{datetime.fromtimestamp(day * 86_400, UTC):%Y-%m-%d}"


def date_or_none(ms: int) -> str | None:
    """The date of UTC milliseconds, ``2026-01-31``; None for 0."""
    return _date_of_day(ms // DAY) if ms else None
