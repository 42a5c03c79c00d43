"""Short words for times, numbers and sizes, as the pages show them."""

from datetime import UTC, datetime
from email.utils import format_datetime

from markupsafe import Markup

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY
THOUSAND = 1_000
MILLION = 1_000_000
# Pages are in English, whatever the machine speaks: `strftime` would ask it.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _date(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, tz=UTC)


def _month(date: datetime) -> str:
    return _MONTHS[date.month - 1]


def short_time(ms: int, now: int) -> str:
    """Say how long ago something was, in as few characters as a timeline has room for.

    Args:
        ms: UTC milliseconds.
        now: UTC milliseconds.
    """
    ago = now - ms
    if ago < MINUTE:
        return "now"
    if ago < HOUR:
        return f"{ago // MINUTE}m"
    if ago < DAY:
        return f"{ago // HOUR}h"
    if ago < WEEK:
        return f"{ago // DAY}d"
    date = _date(ms)
    short = f"{date.day} {_month(date)[:3]}"
    return short if date.year == _date(now).year else f"{short} {date.year}"


def long_time(ms: int) -> str:
    """Say when something was, to the minute, in UTC."""
    date = _date(ms)
    return f"{date.day} {_month(date)} {date.year}, {date:%H:%M} UTC"


def long_date(ms: int) -> str:
    """Say on which day something was."""
    date = _date(ms)
    return f"{date.day} {_month(date)} {date.year}"


def day(ms: int, now: int) -> str:
    """Say on which day something was, in a sentence, where the hour is not known."""
    ago = now // DAY - ms // DAY
    return {0: "today", 1: "yesterday"}.get(ago, long_date(ms))


def ago(ms: int, now: int) -> str:
    """Say how long ago something was, in a sentence."""
    past = now - ms
    for unit, name, most in ((MINUTE, "minute", HOUR), (HOUR, "hour", DAY), (DAY, "day", WEEK)):
        if past < most:
            return f"{plural(past // unit, name)} ago" if past >= unit else "just now"
    return f"on {long_date(ms)}"


def month(ms: int) -> str:
    """Say in which month something was."""
    date = _date(ms)
    return f"{_month(date)} {date.year}"


def iso_time(ms: int) -> str:
    """Write a time as ISO 8601 in UTC, to the second."""
    return f"{_date(ms):%Y-%m-%dT%H:%M:%SZ}"


def rfc822_time(ms: int) -> str:
    """Write a time as RSS wants it."""
    return format_datetime(_date(ms))


def short_time_tag(ms: int, now: int) -> Markup:
    """Mark up a short time, with the full one as its title."""
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        iso_time(ms), long_time(ms), short_time(ms, now)
    )


def long_time_tag(ms: int) -> Markup:
    """Mark up a full time."""
    return Markup('<time datetime="{}" data-local>{}</time>').format(iso_time(ms), long_time(ms))


def spoken(language: str) -> Markup:
    """Say of an element in which language its words are, where that is known."""
    return Markup(' lang="{}"').format(language) if language else Markup()


def short_number(number: int) -> str:
    """Write a count in at most four characters and a letter: 999, 1.2K, 34K, 5.6M."""
    if number < THOUSAND:
        return str(number)
    unit, letter = (THOUSAND, "K") if number < MILLION else (MILLION, "M")
    tenths = number * 10 // unit
    whole, rest = divmod(tenths, 10)
    if whole >= 10 or rest == 0:  # noqa: PLR2004 (two digits need no tenth)
        return f"{whole}{letter}"
    return f"{whole}.{rest}{letter}"


def plural(number: int, one: str, many: str = "") -> str:
    """Put a number before its noun: `1 post`, `2 posts`."""
    noun = one if number == 1 else many or f"{one}s"
    return f"{short_number(number)} {noun}"


def size(number: int) -> str:
    """Write a number of bytes."""
    value = float(number)
    for unit in ("bytes", "kB", "MB"):
        if value < THOUSAND:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= THOUSAND
    return f"{value:.1f} GB"
