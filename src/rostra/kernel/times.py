"""Times that somebody wrote: ISO 8601, read as UTC milliseconds."""

from datetime import UTC, datetime
from typing import Final

_LATEST: Final = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp() * 1000)


def read_time(text: str) -> int:
    """The UTC milliseconds of a time in ISO 8601; one without a zone is UTC.

    Raises:
        ValueError: it is no such time, or none that could be written again: an offset can lead
            out of the years that a calendar here has. Before 1970 there is none either.
    """
    at = datetime.fromisoformat(text.strip())
    try:
        ms = int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)
    except OverflowError as error:
        raise ValueError(str(error)) from error
    if not 0 <= ms <= _LATEST:
        raise ValueError("no year of the calendar")
    return ms
