"""What may stand in a list, and files of it: plain text, a line for each, or CSV."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final, NamedTuple

from rostra.kernel.errors import Fault, Invalid
from rostra.kernel.text import clean
from rostra.kernel.times import read_time
from rostra.safety.lists.hosts import listed
from rostra.safety.lists.model import MAX_REASON, Entry, ListKind
from rostra.safety.lists.phrases import folded
from rostra.safety.signals.patterns import PatternRefused, searcher

COLUMNS: Final = ("entry", "reason", "ends")
_FEWEST: Final = 2  # characters, where it is no picture of a word
_WORDS: Final = {
    ListKind.PHRASES: "has no letter or digit",
    ListKind.WORDS: "must be one word",
    ListKind.DOMAINS: "is no domain or address of a page",
}


class Refused(Exception):
    """Something that can't stand in such a list, with the reason in words."""


class Line(NamedTuple):
    """What a line of a file says.

    Attributes:
        number: which line, from 1.
        text: the entry as it was written.
        ends: a day or time as it was written, or empty.
    """

    number: int
    text: str
    reason: str = ""
    ends: str = ""


class Wanted(NamedTuple):
    """An entry as it is compared and kept; `ends_at` is UTC ms, 0: never."""

    text: str
    reason: str
    ends_at: int


def checked(kind: ListKind, text: str) -> str:
    """An entry as it is compared and kept.

    Raises:
        Refused: it can't stand in such a list.
    """
    given = clean.one_line(text)
    if not given:
        raise Refused("can't be blank")
    if len(given) > kind.longest:
        raise Refused(f"is too long (most: {kind.longest} characters)")
    if kind is ListKind.PATTERNS:
        try:
            searcher(given)
        except PatternRefused as refused:
            raise Refused(f"is refused: {refused}") from None
        return given
    found = listed(given) if kind is ListKind.DOMAINS else folded(given)
    if not found or (kind is ListKind.WORDS and " " in found):
        raise Refused(_WORDS[kind])
    if len(found.rstrip("*")) < _FEWEST and found.isascii():
        raise Refused("is too short: it would be found in every text")
    return found


def read(text: str, *, as_csv: bool) -> list[Line]:
    """The lines of a file.

    Plain text: one entry a line; lines that are blank or begin with `#` and a blank say nothing.
    CSV: with or without a first line that names its columns `entry`, `reason` and `ends`.

    Raises:
        Invalid: on `content`, where CSV can't be read.
    """
    if not as_csv:
        return [
            Line(number, line.strip())
            for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1)
            if line.strip() and line.strip() != "#" and not line.startswith("# ")
        ]
    return list(_lines(text.removeprefix("\ufeff")))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the line on which each begins."""
    rows = csv.reader(io.StringIO(text, newline=""))
    number = 1
    try:
        for row in rows:
            yield number, row
            number = rows.line_num + 1
    except csv.Error:  # such as a cell that is far too long
        raise Invalid("content", f"line {number} is no line of a table") from None


def _lines(text: str) -> Iterator[Line]:
    names: tuple[str, ...] = COLUMNS
    for first, row in _rows(text):
        if not any(cell.strip() for cell in row):
            continue
        if first == 1 and row[0].strip().lower() == COLUMNS[0]:
            names = tuple(cell.strip().lower() for cell in row)
            continue
        cells = dict(zip(names, (cell.strip() for cell in row), strict=False))
        yield Line(first, cells.get("entry", ""), cells.get("reason", ""), cells.get("ends", ""))


def wanted(
    kind: ListKind, lines: Iterable[Line], reason: str, now: int
) -> tuple[list[Wanted], list[Fault]]:
    """What lines ask for, each once, and what is wrong with which of their fields.

    Args:
        kind: what the list is of.
        lines: of a file, or of a form.
        reason: for those that give none.
        now: UTC ms.
    """
    found: dict[str, Wanted] = {}
    faults: list[Fault] = []
    for line in lines:
        wrong = len(faults)
        text, ends_at = "", 0
        try:
            text = checked(kind, line.text)
        except Refused as refused:
            faults.append(_fault(line, "entry", str(refused)))
        if len(line.reason) > MAX_REASON:
            faults.append(_fault(line, "reason", f"is too long (most: {MAX_REASON} characters)"))
        try:
            ends_at = time_of(line.ends)
        except ValueError:
            faults.append(_fault(line, "ends", "must be a day such as 2027-05-01"))
        if ends_at and ends_at <= now:
            faults.append(_fault(line, "ends", "lies in the past"))
        if len(faults) == wrong:
            found.setdefault(text, Wanted(text, clean.one_line(line.reason) or reason, ends_at))
    return list(found.values()), faults


def _fault(line: Line, field: str, words: str) -> Fault:
    return Fault(f"line_{line.number}_{field}", words, "ERR_INVALID")


def time_of(text: str) -> int:
    """A day, which ends as it begins (UTC), or a time in RFC 3339; UTC ms, 0 for an empty text.

    Raises:
        ValueError: it is neither.
    """
    given = text.strip()
    if not given:
        return 0
    if not re.match(r"\d{4}-\d\d-\d\d", given):
        raise ValueError(given)
    return read_time(given)


def written(entries: Iterable[Entry], *, as_csv: bool) -> str:
    """A file of entries, as `read` reads it."""
    if not as_csv:
        return "".join(f"{entry.text}\n" for entry in entries)
    out = io.StringIO(newline="")
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows((entry.text, entry.reason, day(entry.ends_at)) for entry in entries)
    return out.getvalue()


def day(at: int) -> str:
    """A time (UTC ms) as files say it; empty for none."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat().replace("+00:00", "Z") if at else ""
