"""The journal: what is deleted, blocked, revoked or decided is noted in the same transaction.

Triggers note it, on the one connection that a process writes on: whatever deletes a row, and from
wherever it is called, is in the journal, and migrations are not. A note is a row of `journal`: the
key of the row that is meant, and of some tables the columns that must be as they were last.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec
from sqlalchemy import LargeBinary, Table

from rostra.store.database import Reader, Transaction
from rostra.store.query import Query, query_text
from rostra.store.tables import metadata
from rostra.store.watched import WATCHED

GONE: Final = "-"
KEPT: Final = "+"
CHANGED: Final = "="
# A row that falls with one of these is not noted: what deletes them again deletes it as well.
_FALLS_WITH: Final = {
    "account_id": "accounts",
    "target_id": "accounts",
    "post_id": "posts",
    "reblog_of_id": "posts",
}

Row = dict[str, int | str]


class Note(msgspec.Struct, frozen=True, array_like=True):
    """Something that must be so after a restore.

    Attributes:
        seq: its place in the order of all.
        what: `-` (the row is deleted), `+` (there is a row), `=` (columns of a row), and the table.
        row: the key and what is kept, by column; bytes as hexadecimal digits.
    """

    seq: int
    what: str
    row: Row

    @property
    def table(self) -> str:
        """The table."""
        return self.what[1:]


def triggers() -> Iterator[str]:
    """What a writing connection to SQLite is told to note."""
    for name, watch in WATCHED.items():
        table = metadata.tables[name]
        keys = tuple(column.name for column in table.primary_key)
        if watch.gone:
            yield _trigger(table, GONE, "DELETE", keys, _stands(table))
        if watch.kept:
            columns = tuple(dict.fromkeys((*keys, *watch.kept)))
            yield _trigger(table, KEPT, "INSERT", columns)
            yield _trigger(table, KEPT, f"UPDATE OF {', '.join(watch.kept)}", columns)
        if watch.changed:
            differs = " OR ".join(f"OLD.{each} IS NOT NEW.{each}" for each in watch.changed)
            changes = f"UPDATE OF {', '.join(watch.changed)}"
            yield _trigger(table, CHANGED, changes, (*keys, *watch.changed), differs)


def _stands(table: Table) -> str:
    """Whether that still stands which a row would fall with."""
    return " AND ".join(
        f"(OLD.{column} = 0 OR EXISTS (SELECT 1 FROM {whole} WHERE {whole}.id = OLD.{column}))"  # noqa: S608 (names of our own)
        for column, whole in _FALLS_WITH.items()
        # A copy may have a picture without the post that it was deleted with.
        if column in table.columns and (table.name, column) != ("media", "post_id")
    )


def _trigger(table: Table, kind: str, event: str, columns: tuple[str, ...], when: str = "") -> str:
    side = "OLD" if kind == GONE else "NEW"
    parts = ", ".join(f"'{name}', {_told(table, side, name)}" for name in columns)
    condition = f"WHEN {when} " if when else ""
    return (
        f"CREATE TEMP TRIGGER journal_{table.name}_{event.partition(' ')[0]}_{ord(kind)} "  # noqa: S608 (names of our own)
        f"AFTER {event} ON main.{table.name} {condition}BEGIN "
        f"INSERT INTO journal (what, row) VALUES ('{kind}{table.name}', json_object({parts})); END"
    )


def _told(table: Table, side: str, name: str) -> str:
    value = f"{side}.{name}"
    return f"hex({value})" if isinstance(table.columns[name].type, LargeBinary) else value


_note = msgspec.json.Decoder(Row).decode


def _as_note(seq: int, what: str, row: str) -> Note:
    return Note(seq, what, _note(row))


_AFTER = query_text(
    sqlite="SELECT seq, what, row FROM journal WHERE seq > :after ORDER BY seq LIMIT :most",
    postgresql='SELECT seq, what, "row" FROM journal WHERE seq > :after ORDER BY seq LIMIT :most',
    into=_as_note,
)
_LAST = query_text(sqlite="SELECT max(seq) FROM journal", postgresql="SELECT max(seq) FROM journal")
_TIDY = query_text(
    sqlite="DELETE FROM journal WHERE seq <= :kept AND seq < (SELECT max(seq) FROM journal)",
    postgresql="DELETE FROM journal WHERE seq <= :kept AND seq < (SELECT max(seq) FROM journal)",
)
_COME_TO = query_text(
    sqlite="INSERT INTO journal (seq) VALUES (:seq) ON CONFLICT DO NOTHING",
    postgresql="INSERT INTO journal (seq) VALUES (:seq) ON CONFLICT DO NOTHING",
)


async def after(reader: Reader, seq: int, most: int) -> list[Note]:
    """The notes behind one, in order."""
    return await reader.all(_AFTER, after=seq, most=most)


async def last(reader: Reader) -> int:
    """The newest note that a database has ever had; 0: none."""
    return int(await reader.value(_LAST) or 0)


async def tidy(tx: Transaction, seq: int) -> None:
    """Forget the notes up to one that are kept elsewhere."""
    await tx.run(_TIDY, kept=seq)


async def come_to(tx: Transaction, seq: int) -> None:
    """Say that a database is as it was after a note."""
    await tx.run(_COME_TO, seq=seq)
    await tidy(tx, seq)


async def let_be(tx: Transaction, note: Note) -> bool:
    """Do to a row what a note says; whether it changed anything.

    A row of somebody who is not there is not made, and what this version does not know is left out.
    """
    table = metadata.tables.get(note.table)
    watch = WATCHED.get(note.table)
    if table is None or watch is None:
        return False
    row = _values(table, note.row)
    if note.what[0] == GONE:
        return bool(await tx.run(_delete(table.name), **row))
    if note.what[0] == CHANGED:
        return bool(await tx.run(_update(table.name, tuple(row)), **row))
    if not await _are_there(tx, row):
        return False
    return bool(await tx.run(_put(table.name, tuple(row)), **row))


def _values(table: Table, row: Mapping[str, int | str]) -> dict[str, Any]:
    return {
        name: bytes.fromhex(str(value))
        if isinstance(table.columns[name].type, LargeBinary)
        else value
        for name, value in row.items()
        if name in table.columns
    }


_IS_THERE = query_text(
    sqlite="SELECT 1 FROM accounts WHERE id = :id",
    postgresql="SELECT 1 FROM accounts WHERE id = :id",
)


async def _are_there(tx: Transaction, row: Mapping[str, Any]) -> bool:
    for column, whole in _FALLS_WITH.items():
        named = row.get(column) if whole == "accounts" else None
        if named and not await tx.value(_IS_THERE, id=named):
            return False
    return True


def _text(words: str) -> Query[tuple[Any, ...]]:
    return query_text(sqlite=words, postgresql=words)


def _meant(table: Table) -> str:
    return " AND ".join(f"{column.name} = :{column.name}" for column in table.primary_key)


@lru_cache
def _delete(name: str) -> Query[tuple[Any, ...]]:
    return _text(f"DELETE FROM {name} WHERE {_meant(metadata.tables[name])}")  # noqa: S608 (names of our own)


@lru_cache
def _update(name: str, columns: tuple[str, ...]) -> Query[tuple[Any, ...]]:
    table = metadata.tables[name]
    said = [each for each in columns if each not in table.primary_key.columns]
    changes = ", ".join(f"{each} = :{each}" for each in said)
    return _text(f"UPDATE {name} SET {changes} WHERE {_meant(table)}")  # noqa: S608 (names of our own)


@lru_cache
def _put(name: str, columns: tuple[str, ...]) -> Query[tuple[Any, ...]]:
    table = metadata.tables[name]
    keys = ", ".join(column.name for column in table.primary_key)
    said = [each for each in columns if each not in table.primary_key.columns]
    changes = ", ".join(f"{each} = excluded.{each}" for each in said)
    then = f"UPDATE SET {changes}" if said else "NOTHING"
    given = ", ".join(f":{each}" for each in columns)
    return _text(
        f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({given}) "  # noqa: S608 (names of our own)
        f"ON CONFLICT ({keys}) DO {then}"
    )
