"""Reads a file that somebody brings in: which columns it has, and what is wrong with each line.

Nothing is looked up here, and nothing waits: it runs off the event loop.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from rostra.kernel.errors import Invalid
from rostra.kernel.text import sheet
from rostra.kernel.text.clean import one_line
from rostra.kernel.text.names import normalise_domain, parse_acct
from rostra.kernel.text.sheet import Row
from rostra.network.filters.model import Action, Context
from rostra.network.portability import sheets
from rostra.network.portability.import_model import Line, Outcome
from rostra.network.portability.sheets import MOST_BYTES, MOST_LINES, Kind

_YES: Final = frozenset({"true", "t", "1", "yes", "y", "on"})
_NO: Final = frozenset({"false", "f", "0", "no", "n", "off"})
_LONGEST_NAME: Final = 256


class Read(msgspec.Struct, frozen=True):
    """A file as it was read.

    Attributes:
        lines: what it holds; what is wrong with a line stands in it.
        seems: the kind that its columns or its name speak of, where that is another.
    """

    lines: list[Line]
    seems: Kind | None = None


class _Wrong(Exception):
    """A cell makes no sense."""


def read(data: bytes, kind: Kind, file_name: str, domain: str) -> Read:
    """Read a whole file.

    Args:
        data: its bytes.
        kind: what it is said to hold.
        file_name: as it was sent.
        domain: this place's, which may bear a port that no handle elsewhere has.

    Raises:
        Invalid: the file as a whole can't be read; names the line and the column.
    """
    if len(data) > MOST_BYTES:
        size = f"{MOST_BYTES // 1_000_000} MB"
        raise Invalid("file", f"The file is larger than {size}", "ERR_TOO_LONG")
    found = sheet.rows(sheet.text_of(data), MOST_LINES + 1)
    first = next(found, None)
    if first is None:
        raise Invalid("file", "The file holds no line", "ERR_BLANK")
    places = _places(first, kind)
    lines = [] if places else [_line(first, None, kind, domain)]
    lines += [_line(row, places, kind, domain) for row in found]
    if not lines:
        raise Invalid("file", "The file holds no line beside the names of its columns", "ERR_BLANK")
    if len(lines) > MOST_LINES:
        raise Invalid("file", f"The file has more than {MOST_LINES:,} lines", "ERR_LIMIT")
    seems = _seems(first, file_name)
    return Read(lines, seems if seems is not kind else None)


def _named(row: Row) -> list[str]:
    return [cell.strip().casefold() for cell in row.cells]


def _places(first: Row, kind: Kind) -> list[int | None] | None:
    """Where in a line each column stands; None where the first line does not name them."""
    known = {name.casefold() for each in Kind for name in each.sheet.columns}
    named = _named(first)
    if named[0] not in known:
        return None
    columns = kind.sheet.columns
    places = [
        named.index(each.casefold()) if each.casefold() in named else None for each in columns
    ]
    for name, place in zip(columns[: kind.sheet.needed], places, strict=False):
        if place is None:
            message = f"Line {first.number} names no column “{name}”"
            raise Invalid("file", message, "ERR_MALFORMED")
    return places


def _seems(first: Row, file_name: str) -> Kind | None:
    """What a file looks like, as Mastodon guesses it: by its columns, else by its name."""
    named = set(_named(first))
    for kind, telling in (
        (Kind.MUTES, (sheets.HIDE,)),
        (Kind.FOLLOWS, (sheets.BOOSTS, sheets.NOTIFY, sheets.LANGUAGES)),
        (Kind.LISTS, (sheets.LIST_NAME,)),
        (Kind.FILTERS, (sheets.TITLE,)),
    ):
        if any(name.casefold() in named for name in telling):
            return kind
    start = file_name.casefold()
    return next(
        (each for each in Kind if start.startswith((each.sheet.file_name, each.word))), None
    )


def _line(row: Row, places: Sequence[int | None] | None, kind: Kind, domain: str) -> Line:
    columns = kind.sheet.columns
    wanted = range(len(columns)) if places is None else places
    cells = [
        row.cells[place] if place is not None and place < len(row.cells) else "" for place in wanted
    ]
    for place, name in enumerate(columns):
        try:
            cells[place] = _READERS[name](cells[place], domain)
        except _Wrong as wrong:
            return Line(row.number, tuple(cells), Outcome.FAILED, name, str(wrong))
    return Line(row.number, tuple(cells))


def _address(cell: str, domain: str) -> str:
    name = cell.strip().removeprefix("acct:").lstrip("@")
    if not name:
        raise _Wrong("is missing")
    here = name[: -len(domain) - 1] if name.lower().endswith(f"@{domain}") else name
    if parse_acct(here) is None:
        raise _Wrong("is no address of an account, like name@place.example")
    return name


def _flag(cell: str, _domain: str) -> str:
    word = cell.strip().casefold()
    if word and word not in _YES | _NO:
        raise _Wrong("is neither true nor false")
    return "" if not word else "true" if word in _YES else "false"


def _languages(cell: str, _domain: str) -> str:
    codes = [code.strip().lower() for code in cell.split(",") if code.strip()]
    if any(not code.isascii() or not code.replace("-", "").isalnum() for code in codes):
        raise _Wrong("is no list of languages, like en, de")
    return ", ".join(codes)


def _name(cell: str, _domain: str) -> str:
    name = one_line(cell)
    if not name:
        raise _Wrong("is missing")
    if len(name) > _LONGEST_NAME:
        raise _Wrong(f"is longer than {_LONGEST_NAME} characters")
    return name


def _uri(cell: str, _domain: str) -> str:
    if not cell.startswith(("https://", "http://")):
        raise _Wrong("is no address of a post" if cell else "is missing")
    return cell


def _of_domain(cell: str, _domain: str) -> str:
    found = normalise_domain(cell.strip())
    if found is None:
        raise _Wrong("is no domain")
    return found


def _contexts(cell: str, _domain: str) -> str:
    names = [name.strip().casefold() for name in cell.split(",") if name.strip()]
    known = Context.of(names)
    if not known:
        raise _Wrong("names none of home, notifications, public, thread, account")
    return ", ".join(known.names)


def _action(cell: str, _domain: str) -> str:
    name = cell.strip().casefold()
    if name and Action.from_wire(name) is None:
        raise _Wrong("is none of warn, hide, blur")
    return name


def _expires(cell: str, _domain: str) -> str:
    if not cell:
        return ""
    try:
        moment = datetime.fromisoformat(cell)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()
    except ValueError:
        raise _Wrong("is no date, like 2031-01-31T12:00:00Z") from None


def _keyword(cell: str, _domain: str) -> str:
    return one_line(cell)


_READERS: Final[dict[str, Callable[[str, str], str]]] = {
    sheets.ADDRESS: _address,
    sheets.BOOSTS: _flag,
    sheets.NOTIFY: _flag,
    sheets.HIDE: _flag,
    sheets.LANGUAGES: _languages,
    sheets.LIST_NAME: _name,
    sheets.TITLE: _name,
    sheets.URI: _uri,
    sheets.DOMAIN: _of_domain,
    sheets.CONTEXTS: _contexts,
    sheets.ACTION: _action,
    sheets.EXPIRES: _expires,
    sheets.KEYWORD: _keyword,
    sheets.WHOLE_WORD: _flag,
}
