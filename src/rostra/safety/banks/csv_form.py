"""Hashes as ThreatExchange's tools write and read them: a table, a hash to a line.

With heads, as `threatexchange dataset --csv` prints it: `signal_type`, `signal_str`, `collab`,
`category`, `tags`. Without heads, as the samples of Hasher-Matcher-Actioner are: the hash first,
then an id, a time and tags. Source: facebook/ThreatExchange, `python-threatexchange`
(`cli/dataset_cmd.py`) and `hasher-matcher-actioner/sample_data`.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Final

import msgspec

from rostra.kernel.errors import Invalid
from rostra.safety.banks.items import Given, bytes_of
from rostra.safety.banks.manage import MOST_NOTE
from rostra.safety.banks.model import HashKind, Item

HEADS: Final = ("signal_type", "signal_str", "collab", "category", "tags")
MOST_FAULTS: Final = 20
"""More are not told: whoever sent a wrong file wants to know that it is wrong, and where."""

_VALUE: Final = ("signal_str", "signal", "signal_value", "hash", "indicator", "value")
_TYPE: Final = ("signal_type", "type", "indicator_type")
_TAGS: Final = ("tags", "note", "notes")
_KINDS: Final = {
    "pdq": HashKind.PDQ,
    "hash_pdq": HashKind.PDQ,
    "sha256": HashKind.SHA256,
    "hash_sha256": HashKind.SHA256,
}
_HARMFUL: Final = "POSITIVE_CLASS"
_HARMLESS: Final = frozenset({"NEGATIVE_CLASS", "FALSE_POSITIVE"})
_TAGS_WITHOUT_HEADS: Final = 3


class Fault(msgspec.Struct, frozen=True):
    """What is wrong in a file, and where; lines from 1 on."""

    line: int
    column: str
    words: str

    def __str__(self) -> str:
        """The same in a line."""
        where = f", column {self.column}" if self.column else ""
        return f"line {self.line}{where}: {self.words}"


class Faulty(Exception):
    """A file that is not taken; nothing of it was."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


class Read(msgspec.Struct, frozen=True):
    """What a file says.

    Attributes:
        hashes: those to take, each once.
        harmless: lines whose category says that the picture is not what the list is about.
        others: lines of kinds that are not met here, by kind.
        twice: lines that say what was said before.
    """

    hashes: tuple[Given, ...]
    harmless: int = 0
    others: dict[str, int] = {}
    twice: int = 0


class _Places(msgspec.Struct, frozen=True):
    """Where in a line things stand; -1: nowhere."""

    value: int
    kind: int = -1
    category: int = -1
    tags: int = -1
    names: tuple[str, ...] = ()

    def name(self, at: int) -> str:
        """What a column is called."""
        return self.names[at] if at < len(self.names) else str(at + 1)


def read(lines: Iterable[bytes], kind: HashKind = HashKind.PDQ, most: int = 1_000_000) -> Read:
    """Read a file.

    Args:
        lines: of the file, each with its end.
        kind: of the hashes where the file itself does not say.
        most: lines that are read.

    Raises:
        Faulty: naming line and column of what is wrong, at most twenty of them.
    """
    found: dict[tuple[int, bytes], Given] = {}
    counted: Counter[str] = Counter()
    others: Counter[str] = Counter()
    faults: list[Fault] = []
    places = None
    for line, row in _rows(lines, most, faults):
        if places is None:
            places, heads = _places(row)
            if heads:
                if places.value < 0:
                    raise Faulty([Fault(line, "", f"none of the columns is {_VALUE[0]}")])
                continue
        try:
            if _at(row, places.category).upper() in _HARMLESS:
                counted["harmless"] += 1
                continue
            named = _at(row, places.kind).lower()
            if named and named not in _KINDS:
                others[named[:40]] += 1
                continue
            one = _given(row, places, _KINDS[named] if named else kind)
        except _WrongError as wrong:
            faults.append(Fault(line, places.name(wrong.at), wrong.words))
            if len(faults) == MOST_FAULTS:
                break
            continue
        counted["twice"] += (one.kind, one.hash) in found
        found.setdefault((one.kind, one.hash), one)
    if faults:
        raise Faulty(faults)
    return Read(tuple(found.values()), counted["harmless"], dict(others), counted["twice"])


class _WrongError(Exception):
    def __init__(self, at: int, words: str) -> None:
        super().__init__(words)
        self.at, self.words = at, words


def _rows(
    lines: Iterable[bytes], most: int, faults: list[Fault]
) -> Iterator[tuple[int, list[str]]]:
    """The lines that say something, with their numbers."""
    reader = csv.reader(_texts(lines), strict=True)
    taken = 0
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            faults.append(Fault(reader.line_num, "", f"is no line of a table: {error}"))
            return
        except UnicodeDecodeError as error:
            column = f"byte {error.start + 1}"
            faults.append(Fault(reader.line_num + 1, column, "is not in UTF-8"))
            return
        if row is None:
            return
        if not any(each.strip() for each in row):
            continue
        taken += 1
        if taken > most:
            faults.append(Fault(reader.line_num, "", f"is beyond the {most:,} lines allowed"))
            return
        yield reader.line_num, row


def _texts(lines: Iterable[bytes]) -> Iterator[str]:
    """Without the mark that some programs put in front of a file in UTF-8."""
    for number, line in enumerate(lines):
        yield line.decode("utf-8" if number else "utf-8-sig")


def _places(row: list[str]) -> tuple[_Places, bool]:
    """Where things stand, by the first line; and whether that has the heads."""
    names = tuple(each.strip().lower() for each in row)
    if not {*_VALUE, *_TYPE} & set(names):
        return _Places(0, tags=_TAGS_WITHOUT_HEADS), False
    value, kind, tags = (_first(names, known) for known in (_VALUE, _TYPE, _TAGS))
    return _Places(value, kind, _first(names, ("category",)), tags, names), True


def _first(names: tuple[str, ...], known: tuple[str, ...]) -> int:
    return next((names.index(each) for each in known if each in names), -1)


def _at(row: list[str], at: int) -> str:
    return row[at].strip() if 0 <= at < len(row) else ""


def _given(row: list[str], places: _Places, kind: HashKind) -> Given:
    try:
        found = bytes_of(_at(row, places.value))
    except Invalid as error:
        (told,) = error.details["hash"]
        raise _WrongError(places.value, told["description"]) from None
    note = _at(row, places.tags)
    if len(note) > MOST_NOTE:
        raise _WrongError(places.tags, f"has more than {MOST_NOTE} characters")
    return Given(kind, found, note)


def head() -> str:
    """The first line of a file."""
    return _line(HEADS)


def written(item: Item, bank: str) -> str:
    """A hash as a line of a file."""
    kind = HashKind(item.kind).wire
    return _line((kind, item.hash.hex(), bank, _HARMFUL, item.note))


def _line(values: Iterable[str]) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerow(values)
    return out.getvalue()
