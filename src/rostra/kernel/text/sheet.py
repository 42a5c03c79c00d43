"""Comma-separated values: what a file from anywhere holds, and lines that no program runs.

Read is what the common programs write: UTF-8 with or without a byte order mark, UTF-16 with one,
any line end, commas, semicolons or tabs, quotes as in RFC 4180. A file that can't be read is
refused with the line at which it breaks.
"""

import codecs
import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from rostra.kernel.errors import Invalid

MOST_CELLS: Final = 32  # of a line; further ones are not looked at
LONGEST_CELL: Final = 4_096  # characters
_DELIMITERS: Final = ",;\t"
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Programs for tables take a cell that begins with one of these for a formula.
_ACTIVE: Final = ("=", "+", "-", "@")
_BEFORE: Final = "' \t\r\n"


class Row(msgspec.Struct, frozen=True):
    """The cells of one line, and at which line of the file it begins (from 1)."""

    number: int
    cells: tuple[str, ...]


def text_of(data: bytes) -> str:
    """The text of a file.

    Raises:
        Invalid: it is neither UTF-8 nor UTF-16, or holds a NUL; the message names the line.
    """
    coding = "utf-16" if data.startswith(_UTF16) else "utf-8-sig"
    try:
        text = data.decode(coding)
    except UnicodeDecodeError as error:
        line = _line_at(data, error.start) if coding == "utf-8-sig" else 1
        raise _fault(line, "is not UTF-8") from None
    nul = text.find("\0")
    if nul >= 0:
        raise _fault(text.count("\n", 0, nul) + 1, "holds a NUL, so this is no text")
    return text


def rows(text: str, most: int) -> Iterator[Row]:
    """The lines that hold something, one after the other.

    Args:
        text: the file.
        most: so many lines are read, empty ones counted.

    Raises:
        Invalid: a quote is never closed, a cell is too long, or there are too many lines; the
            message names the line.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    for count in itertools.count():
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _fault(number, _said(error)) from None
        if count >= most:
            raise Invalid("file", f"The file has more than {most:,} lines", "ERR_LIMIT")
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise _fault(number, f"holds a cell of more than {LONGEST_CELL} characters")
        if any(cell.strip() for cell in cells):
            yield Row(number, tuple(unguarded(cell.strip()).strip() for cell in cells[:MOST_CELLS]))


def written(lines: Iterable[Sequence[str]]) -> bytes:
    """Lines of cells as UTF-8, with commas and single line feeds, as Mastodon writes them."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(
        # A carriage return alone is not quoted, and ends a line for some.
        [guarded(cell.replace("\r", " ")) for cell in line]
        for line in lines
    )
    return out.getvalue().encode()


def guarded(cell: str) -> str:
    """A cell that programs for tables show and do not run: one that might be run gets a quote.

    :func:`unguarded` takes it away again, so a file that comes back says what was in it.
    """
    return f"'{cell}" if cell.lstrip(_BEFORE).startswith(_ACTIVE) else cell


def unguarded(cell: str) -> str:
    """What :func:`guarded` has made a cell of."""
    quoted = cell.startswith("'") and cell.lstrip(_BEFORE).startswith(_ACTIVE)
    return cell[1:] if quoted else cell


def _delimiter(text: str) -> str:
    """What stands between the cells of the first line that holds something; else a comma."""
    start = text[: 2 * LONGEST_CELL].lstrip()
    head, quoted = dict.fromkeys(_DELIMITERS, 0), False
    for char in start:
        if char == '"':
            quoted = not quoted
        elif not quoted and char in "\r\n":
            break
        elif not quoted and char in head:
            head[char] += 1
    return "," if head[","] else max(_DELIMITERS, key=lambda each: head[each])


def _line_at(data: bytes, place: int) -> int:
    return data.count(b"\n", 0, place) + 1


def _fault(number: int, words: str) -> Invalid:
    return Invalid("file", f"Line {number} {words}", "ERR_MALFORMED")


def _said(error: csv.Error) -> str:
    words = str(error)
    if "field larger" in words:
        return f"holds a cell of more than {LONGEST_CELL} characters"
    if "unexpected end" in words:
        return "begins a quote that is never closed"
    return "has a quote where none can stand"
