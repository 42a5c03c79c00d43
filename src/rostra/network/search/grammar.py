"""The language of the search box, read by a pure function that takes any text.

    lunch "green tea" -coffee from:me has:image -is:reply after:2025-03 language:de in:library

Source of the operators: docs.joinmastodon.org/user/network/#search. A part that looks like an
operator and has no such value is told in ``problems``, and holds nothing up.
"""

import re
from datetime import UTC, datetime
from typing import Final, Literal

import msgspec

from rostra.kernel import ids
from rostra.kernel.text.language import normalise_language
from rostra.network.search.words import Row, rows

MOST_TOKENS: Final = 40  # of one query
MOST_PARTS: Final = 40
MOST_AUTHORS: Final = 4
LONGEST_QUERY: Final = 1_000

HAS: Final = ("media", "image", "video", "audio", "poll", "link", "embed")
IS: Final = ("reply", "sensitive", "quote")
SCOPES: Final = ("all", "public", "library")
Scope = Literal["all", "public", "library"]

_PART = re.compile(r'([-+]?)(?:"([^"]*)"?|(\S+))')
_OPERATOR = re.compile(r"(from|has|is|in|language|before|after|during):(.*)", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", re.ASCII)
QUOTES = str.maketrans("“”„‟«»＂", '"' * 7)  # noqa: RUF001 (a full-width quotation mark is one)
"""What is read as a quotation mark, and which one."""


class Span(msgspec.Struct, frozen=True):
    """The ids from ``first`` to before ``end``."""

    first: int
    end: int


class Asked(msgspec.Struct, frozen=True):
    """What a query says; all of it must hold."""

    wanted: tuple[Row, ...] = ()
    unwanted: tuple[tuple[Row, ...], ...] = ()  # each: not all of these rows
    facets: tuple[str, ...] = ()  # `has:` and `is:` values, and `language-de`
    unwanted_facets: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()  # `from:`, as written without its @
    unwanted_authors: tuple[str, ...] = ()
    scope: Scope = "all"
    within: Span = Span(0, ids.MAX_ID)
    outside: tuple[Span, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether it names nothing to look for, at most what must not be there."""
        return not (
            self.wanted
            or self.facets
            or self.authors
            or self.scope != "all"
            or self.within != Span(0, ids.MAX_ID)
        )


class _Reading:
    """What has been read so far."""

    def __init__(self) -> None:
        self.left = MOST_TOKENS
        self.wanted: list[Row] = []
        self.unwanted: list[tuple[Row, ...]] = []
        self.facets: tuple[list[str], list[str]] = ([], [])
        self.authors: tuple[list[str], list[str]] = ([], [])
        self.scope: Scope = "all"
        self.first, self.end = 0, ids.MAX_ID
        self.outside: list[Span] = []
        self.problems: list[str] = []

    def words(self, text: str, *, minus: bool) -> None:
        """Words that stand together."""
        found = tuple(rows(text, self.left))
        self.left -= sum(map(len, found))
        if found and minus:
            self.unwanted.append(found)
        else:
            self.wanted += found

    def operator(self, name: str, value: str, *, minus: bool) -> None:
        """One operator; what it can't mean becomes a problem."""
        if name == "from":
            named = self.authors[minus]
            if len(named) < MOST_AUTHORS:
                named.append(value.removeprefix("@").lower())
        elif name == "in":
            self._scope(value, minus=minus)
        elif name in {"before", "after", "during"}:
            self._date(name, value, minus=minus)
        else:
            self._facet(name, value, minus=minus)

    def _facet(self, name: str, value: str, *, minus: bool) -> None:
        if name == "language":
            language = normalise_language(value)
            if language:
                self.facets[minus].append(f"language-{language}")
            else:
                self.problems.append("language: takes a code such as en or pt-BR")
            return
        known = HAS if name == "has" else IS
        if value in known:
            self.facets[minus].append(value)
        else:
            self.problems.append(f"{name}: takes {_listed(known)}")

    def _scope(self, value: str, *, minus: bool) -> None:
        if value in SCOPES and not minus:
            self.scope = value  # type: ignore[assignment] # one of the three, as just asked
        else:
            self.problems.append(f"in: takes {_listed(SCOPES)}, and no minus")

    def _date(self, name: str, value: str, *, minus: bool) -> None:
        span = _span(value)
        if span is None:
            self.problems.append(f"{name}: takes a date such as 2025-03-31, 2025-03 or 2025")
        elif name == "during" and minus:
            self.outside.append(span)
        elif name == "during":
            self._cut(span)
        elif name == "before":
            self._cut(Span(span.first, ids.MAX_ID) if minus else Span(0, span.first))
        else:
            self._cut(Span(0, span.end) if minus else Span(span.end, ids.MAX_ID))

    def _cut(self, to: Span) -> None:
        self.first, self.end = max(self.first, to.first), min(self.end, to.end)


def _listed(values: tuple[str, ...]) -> str:
    return f"{', '.join(values[:-1])} or {values[-1]}"


def _span(value: str) -> Span | None:
    """The ids made in a UTC day, month or year."""
    match = _DATE.fullmatch(value)
    if match is None:
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        start = datetime(year, month or 1, day or 1, tzinfo=UTC)
        if day:
            end = start.timestamp() + 86_400
        elif month:
            end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC).timestamp()
        else:
            end = datetime(year + 1, 1, 1, tzinfo=UTC).timestamp()
    except ValueError:
        return None
    return Span(_floor(start.timestamp()), _floor(end))


def _floor(seconds: float) -> int:
    return min(ids.floor_at(int(seconds * 1000)), ids.MAX_ID)


def parse(query: str) -> Asked:
    """Read a query: words, "rows of words", operators, and each of them with a minus before it.

    Takes any text; past :data:`LONGEST_QUERY` characters, :data:`MOST_PARTS` parts or
    :data:`MOST_TOKENS` words nothing is read.
    """
    reading = _Reading()
    for count, match in enumerate(_PART.finditer(query[:LONGEST_QUERY].translate(QUOTES))):
        if count == MOST_PARTS:
            break
        sign, quoted, bare = match.groups()
        minus = sign == "-"
        operator = _OPERATOR.fullmatch(bare) if bare else None
        if operator and operator[2]:
            reading.operator(operator[1].lower(), operator[2].lower(), minus=minus)
        else:
            reading.words(quoted if bare is None else bare, minus=minus)
    return Asked(
        wanted=tuple(reading.wanted),
        unwanted=tuple(reading.unwanted),
        facets=_once(reading.facets[0]),
        unwanted_facets=_once(reading.facets[1]),
        authors=_once(reading.authors[0]),
        unwanted_authors=_once(reading.authors[1]),
        scope=reading.scope,
        within=Span(reading.first, reading.end),
        outside=tuple(reading.outside),
        problems=_once(reading.problems),
    )


def _once(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def problems(query: str) -> tuple[str, ...]:
    """What of a query looks like an operator and is none, in words for whoever wrote it."""
    return parse(query).problems
