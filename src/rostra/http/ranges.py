"""One part of a file: `Range`, `If-Range` and `Content-Range` (RFC 9110, 13.1.5 and 14)."""

from typing import Final

from rostra.http.response import Header

ACCEPTED: Final[Header] = (b"accept-ranges", b"bytes")
_DIGITS: Final = 15


class Unsatisfiable(Exception):
    """No byte of the file is in the range that was asked for."""


def wanted(range_: bytes, if_range: bytes, tag: bytes, size: int) -> tuple[int, int] | None:
    """First byte and length of the part that is asked for; None: the whole.

    Several ranges at once, other units and what is no range at all get the whole, which the
    standard allows.

    Args:
        range_: the header's value; empty for none.
        if_range: likewise; the part is only given where it names the same file.
        tag: the file's own strong entity tag.
        size: bytes of the file.

    Raises:
        Unsatisfiable: the part lies past the end.
    """
    unit, _, spec = range_.partition(b"=")
    if unit.strip().lower() != b"bytes" or (if_range and if_range.strip() != tag):
        return None
    first, dash, last = (part.strip() for part in spec.partition(b"-"))
    if not dash or not (first or last) or not _number(first) or not _number(last):
        return None
    if not first:
        length = min(int(last), size)
        if not length:
            raise Unsatisfiable
        return size - length, length
    start, end = int(first), min(int(last or size), size - 1)
    if last and int(last) < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return start, end - start + 1


def content_range(start: int, length: int, size: int) -> Header:
    """Which part an answer holds."""
    return (b"content-range", b"bytes %d-%d/%d" % (start, start + length - 1, size))


def nothing_of(size: int) -> Header:
    """What a 416 says."""
    return (b"content-range", b"bytes */%d" % size)


def _number(text: bytes) -> bool:
    """Digits alone, or nothing; int() of a text of any length is slow work."""
    return not text or (text.isdigit() and len(text) <= _DIGITS)
