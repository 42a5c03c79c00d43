"""Dates, times and zones as letters write them, in four languages, read as early as they can be."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final, NamedTuple

_MONTHS: Final = (
    "january januar janvier enero jan ene janv",
    "february februar f\u00e9vrier febrero feb f\u00e9v f\u00e9vr fevrier",
    "march m\u00e4rz mars marzo mar mrz maerz",
    "april avril abril apr avr abr",
    "may mai mayo",
    "june juni juin junio jun",
    "july juli juillet julio jul juil",
    "august ao\u00fbt agosto aug ago aout",
    "september septembre septiembre sep sept",
    "october oktober octobre octubre oct okt",
    "november novembre noviembre nov",
    "december dezember d\u00e9cembre diciembre dec dez d\u00e9c dic decembre",
)
MONTHS: Final = {name: at for at, names in enumerate(_MONTHS, 1) for name in names.split()}
_DAYS: Final = (
    "monday montag lundi lunes",
    "tuesday dienstag mardi martes",
    "wednesday mittwoch mercredi mi\u00e9rcoles",
    "thursday donnerstag jeudi jueves",
    "friday freitag vendredi viernes",
    "saturday samstag sonnabend samedi s\u00e1bado",
    "sunday sonntag dimanche domingo",
)
WEEKDAYS: Final = {name: at for at, names in enumerate(_DAYS) for name in names.split()}
WEEKDAY: Final = rf"(?:{'|'.join(WEEKDAYS)})"
MONTH: Final = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})"

DATE: Final = (
    r"(?:(?P<iso>\d{4}-\d{2}-\d{2})"
    rf"|(?P<d1>\d{{1,2}})(?:st|nd|rd|th|er|\.|\u00ba)?[ -]?(?:de "
    rf"|of )?(?P<m1>{MONTH})\b\.?,?[ -]?(?:de |del )?(?P<y1>20\d\d)?"
    rf"|(?P<m2>{MONTH})\b\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|:)(?:,? (?P<y2>20\d\d))?"
    r"|(?P<na>\d{1,2})(?P<sign>[./-])[ ]?(?P<nb>\d{1,2})[./-][ ]?(?P<ny>20\d\d|\d\d(?!\d)))"
)
TIME: Final = (
    r"(?:(?P<h1>[01]?\d|2[0-4])(?::|\.)(?P<min1>[0-5]\d)(?::[0-5]\d"
    r"(?:\.\d{1,3})?)?(?P<ap1>\s?[ap]\.?m\.?)?(?: ?(?:uhr|h|heures|horas|hrs?|hours))?"
    r"|(?P<h2>[01]?\d|2[0-4])\s?[hH](?P<min2>[0-5]\d)?\b"
    r"|(?P<h3>[01]?\d|2[0-4])\s?(?:uhr|heures|horas|o'clock)(?: (?P<min3>[0-5]\d)\b)?"
    r"|(?P<h4>1?\d)\s?(?P<ap4>[ap]\.?m\b\.?)"
    r"|(?P<noon>noon|mittags?|midi|mediod\u00eda)|(?P<midnight>midnight|mitternacht|minuit"
    r"|medianoche)"
    r"|(?P<eob>end of (?:business|working day)|close of business|eob|cob|dienstschluss"
    r"|gesch\u00e4ftsschluss))"
)
_OFFSETS: Final = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "mez": 60,
    "cest": 120, "mesz": 120, "eet": 120, "eest": 180, "est": -300, "edt": -240, "cst": -360,
    "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "et": -240, "ct": -300,
    "pt": -420, "jst": 540, "aest": 600, "aedt": 660, "hora peninsular": 60,
    "heure de paris": 60, "ortszeit berlin": 60,
}  # fmt: skip
ZONE: Final = (
    r"(?:(?:\(?\s?(?P<zone>UTC|GMT|WES?T|BST|MESZ|MEZ|CES?T|EES?T|E[SD]T|C[SD]T|M[SD]T|P[SD]T"
    r"|[ECP]T"
    r"|JST|AE[SD]T|hora peninsular|heure de paris|Z)\b)?\s?\(?(?P<offset>[+\u2212-]\d{1,2}"
    r"(?::?\d{2})?(?!\d|-))?)"
)
EARLIEST_ON_EARTH: Final = 14 * 60
_SUMMER_LANGUAGES: Final = frozenset({"de", "fr", "es"})
_END_OF_BUSINESS: Final = 17
_FULL_YEAR: Final = 1_000
_MAXMONTH: Final = 12
_NOON: Final = 12


class Zone(NamedTuple):
    """Minutes east of UTC, and what was assumed if it was not said."""

    minutes: int
    assumed: str


def days_of(found: re.Match[str], sent: date, language: str) -> list[date]:
    """All days that a written date can mean, the earliest first; none if there is no such day."""
    groups = found.groupdict()
    if groups.get("iso"):
        year, month, day = groups["iso"].split("-")
        return _days([(int(year), int(month), int(day))])
    for d, m, y in (("d1", "m1", "y1"), ("d2", "m2", "y2")):
        if groups.get(m):
            month_number = MONTHS[groups[m].lower()]
            if groups.get(y):
                return _days([(int(groups[y]), month_number, int(groups[d]))])
            next_ones = _days(
                [(year, month_number, int(groups[d])) for year in (sent.year, sent.year + 1)]
            )
            return [each for each in next_ones if each >= sent][:1]
    if groups.get("na"):
        return _numeric(groups, sent, language)
    return []


def _numeric(groups: dict[str, str], sent: date, language: str) -> list[date]:
    first, second, year = int(groups["na"]), int(groups["nb"]), int(groups["ny"])
    year += 0 if year > _FULL_YEAR else 2_000
    readings = [(year, second, first)]
    if groups["sign"] != "." and language in {"en", ""}:
        readings.append((year, first, second))
    days = _days(readings)
    return [each for each in days if each >= sent] or days


def _days(given: list[tuple[int, int, int]]) -> list[date]:
    made: set[date] = set()
    for year, month, day in given:
        try:
            made.add(date(year, month, day))
        except ValueError:
            continue
    return sorted(made)


def clock_of(found: re.Match[str] | None) -> tuple[int, int] | None:
    """Hours (24 too) and minutes of a written time; None if there is none."""
    if found is None:
        return None
    groups = found.groupdict()
    if groups["noon"]:
        return (_NOON, 0)
    if groups["midnight"]:
        return (24, 0)
    if groups["eob"]:
        return (_END_OF_BUSINESS, 0)
    for number in "1234":
        hour = groups.get(f"h{number}")
        if hour:
            minute = int(groups.get(f"min{number}") or 0)
            half = (groups.get(f"ap{number}") or "").strip().lower()[:1]
            return _of_half(int(hour), half), minute
    return None


def _of_half(hour: int, half: str) -> int:
    if not half or hour > _NOON:
        return hour
    return hour % _NOON + (_NOON if half == "p" else 0)


def zone_of(found: re.Match[str] | None) -> int | None:
    """Minutes east of UTC that are said."""
    if found is None:
        return None
    name, offset = found["zone"], found["offset"]
    base = _OFFSETS.get(name.lower()) if name else None
    if offset:
        sign = 1 if offset[0] == "+" else -1
        digits = offset[1:].replace(":", "")
        hours, minutes = (digits[:-2], digits[-2:]) if digits[2:] else (digits, "0")
        return (base or 0) + sign * (int(hours) * 60 + int(minutes))
    return base


def assumed_zone(day: date, language: str, header: int | None) -> Zone:
    """The zone of a time without one: the one that is earliest of what the letter hints at."""
    hints: list[tuple[int, str]] = []
    if header is not None:
        hints.append((header, "the time is read in the zone of the letter's date"))
    if language in _SUMMER_LANGUAGES:
        hints.append((_central_europe(day), "the time is read as that of central Europe"))
    if not hints:
        return Zone(EARLIEST_ON_EARTH, "no zone is named: the earliest on earth is taken")
    return Zone(*max(hints))


def _central_europe(day: date) -> int:
    """Summer time lasts from the last Sunday of March to that of October."""
    begins, ends = (_last_sunday(day.year, month) for month in (3, 10))
    return 120 if begins <= day < ends else 60


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def moment(day: date, clock: tuple[int, int], minutes_east: int) -> int:
    """UTC ms of a time of a day; 24:00 is the next midnight."""
    zone = timezone(timedelta(minutes=max(-1_439, min(1_439, minutes_east))))
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    return int((start + timedelta(hours=clock[0], minutes=clock[1])).timestamp() * 1000)


def day_at(ms: int, minutes_east: int = 0) -> date:
    """The day that it is at a time, in a zone."""
    return (datetime.fromtimestamp(ms / 1000, UTC) + timedelta(minutes=minutes_east)).date()


def weekday_after(sent: date, name: str) -> date:
    """The next day of that name, today counted."""
    return sent + timedelta(days=(WEEKDAYS[name.lower()] - sent.weekday()) % 7)


def business_days_after(ms: int, count: int) -> int:
    """UTC ms after so many weekdays; holidays are not known, so it is never too late."""
    when = datetime.fromtimestamp(ms / 1000, UTC)
    while count > 0:
        when += timedelta(days=1)
        if when.weekday() < 5:  # noqa: PLR2004 (Monday to Friday)
            count -= 1
    return int(when.timestamp() * 1000)
