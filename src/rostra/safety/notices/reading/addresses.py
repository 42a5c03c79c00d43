"""Everything of ours that a letter names, once each, with where it stands; and what is not ours."""

import re
from typing import Final
from urllib.parse import urlsplit

from rostra.safety.notices.reading.bare import MAX_JUDGED, OVER, bare_hits
from rostra.safety.notices.reading.fold import fold
from rostra.safety.notices.reading.home import Home
from rostra.safety.notices.reading.model import (
    MAX_ADDRESSES,
    MAX_OTHERS,
    MAX_PLACES,
    Address,
    Elsewhere,
    Kind,
    Piece,
    Place,
)
from rostra.safety.notices.reading.scan import Hit, hits
from rostra.safety.notices.reading.targets import Target

_URL = re.compile(r"\b(?:https?|ftp)://[^\s<>\"'`]{1,2048}+", re.IGNORECASE)
_QUOTES = re.compile(r"(?:[>|] ?)*+")
_WRITTEN: Final = 160
_SLICE: Final = 400


class _Lines:
    """Counts lines while a text is walked from its beginning."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._start = 0

    def to(self, line: int) -> str:
        """The line with that number, shortened; lines must be asked for in order."""
        while self._line < line:
            self._start = self._text.find("\n", self._start) + 1
            self._line += 1
        end = self._text.find("\n", self._start, self._start + _SLICE)
        return self._text[self._start : end if end >= 0 else self._start + _SLICE]

    def number(self, offset: int) -> int:
        """The number of the line that an offset is in; offsets must be given in order."""
        self._line += self._text.count("\n", self._at, offset)
        self._at = max(self._at, offset)
        return self._line


class Finder:
    """Gathers what the pieces of one letter name."""

    def __init__(self, place: Home, received_at: int) -> None:
        self._place = place
        self._received_at = received_at
        self._found: dict[tuple[object, ...], tuple[Target, list[Place], int]] = {}
        self._enclosed: dict[tuple[object, ...], tuple[Target, list[Place], int]] = {}
        self._others: dict[str, Elsewhere] = {}
        self._over = 0
        self._over_from = ""
        self._others_over = 0
        self._unjudged = ""

    def take(self, piece: Piece) -> None:
        """Look through one piece, whose lines end in line feeds only."""
        text = fold(piece.text)
        named = list(hits(text, self._place))
        spans = sorted((hit.start - 1, hit.end) for hit in named)
        outside = self._elsewhere(text, piece, named)
        taken = sorted([*spans, *outside])
        for hit in bare_hits(text, _merged(taken), self._received_at):
            if hit is OVER:
                self._unjudged = piece.part
            else:
                named.append(hit)
        named.sort(key=lambda hit: hit.start)
        counted, written = _Lines(text), _Lines(piece.text)
        for hit in named:
            line = counted.number(hit.start)
            self._keep(hit, piece, line, written)

    def _keep(self, hit: Hit, piece: Piece, line: int, written: _Lines) -> None:
        kept = self._enclosed if piece.enclosed else self._found
        known = kept.get(hit.target.same)
        if known is None and len(self._found) + len(self._enclosed) >= MAX_ADDRESSES:
            self._over += 1
            self._over_from = self._over_from or f"line {line} of {piece.part}"
            return
        target, places, times = known or (hit.target, [], 0)
        if len(places) < MAX_PLACES:
            places.append(_place(piece.part, line, hit.how, written.to(line)))
        better = hit.target if hit.target.acct and not target.acct else target
        kept[hit.target.same] = (better, places, times + 1)

    def _elsewhere(self, text: str, piece: Piece, named: list[Hit]) -> list[tuple[int, int]]:
        """Addresses that are not ours and carry none of ours; their spans."""
        starts = iter([hit.start for hit in named if hit.target.kind is not Kind.PAGE])
        start = next(starts, None)
        counted, written = _Lines(text), _Lines(piece.text)
        spans: list[tuple[int, int]] = []
        for found in _URL.finditer(text):
            while start is not None and start < found.start():
                start = next(starts, None)
            spans.append(found.span())
            if start is not None and start < found.end():
                continue
            self._other(found, piece, counted, written)
        return spans

    def _other(self, found: re.Match[str], piece: Piece, counted: _Lines, written: _Lines) -> None:
        url = found[0].rstrip(".,;:!?)]}*_|")
        host = _host(url)
        if not host or self._place.ours(host) or url in self._others:
            return
        if len(self._others) >= MAX_OTHERS:
            self._others_over += 1
            return
        line = counted.number(found.start())
        where = _place(piece.part, line, "address", written.to(line))
        alike = self._place.resembles(host) or any(own in url.lower() for own in self._place.hosts)
        self._others[url] = Elsewhere(url[:_SLICE], host, alike, where)

    @property
    def subjects(self) -> tuple[Address, ...]:
        """Posts, accounts and media that the letter is about."""
        return tuple(_address(*each) for each in self._found.values() if each[0].kind)

    @property
    def mentioned(self) -> tuple[Address, ...]:
        """What stands only in a message that is enclosed."""
        inside = [(same, each) for same, each in self._enclosed.items() if same not in self._found]
        return tuple(_address(*each) for _, each in inside if each[0].kind)

    @property
    def pages(self) -> tuple[Address, ...]:
        """Other pages of ours."""
        both = {**self._enclosed, **self._found}.values()
        return tuple(_address(*each) for each in both if not each[0].kind)

    @property
    def elsewhere(self) -> tuple[Elsewhere, ...]:
        """What is not ours."""
        return tuple(self._others.values())

    @property
    def left_out(self) -> tuple[str, ...]:
        """What was over the limits, in words."""
        said: list[str] = []
        if self._over:
            said.append(
                f"{self._over} more addresses of ours, from {self._over_from} on, are over the"
                f" limit of {MAX_ADDRESSES} and were not taken"
            )
        if self._others_over:
            said.append(f"{self._others_over} more addresses elsewhere are not listed")
        if self._unjudged:
            said.append(
                f"{self._unjudged} holds more than {MAX_JUDGED} names and numbers that stand alone;"
                " those behind were not looked at"
            )
        return tuple(said)


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    made: list[tuple[int, int]] = []
    for start, end in spans:
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made


def _place(part: str, line: int, how: str, written: str) -> Place:
    marks = _QUOTES.match(written)
    quoted = marks[0].count(">") if marks else 0
    return Place(part, line, quoted, how, written.strip()[:_WRITTEN])


def _address(target: Target, places: list[Place], times: int) -> Address:
    return Address(
        target.kind, target.id, target.acct, target.key, target.path, tuple(places), times
    )


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()[:253]
    except ValueError:
        return ""
