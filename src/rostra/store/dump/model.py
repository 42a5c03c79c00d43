"""What a table is made of, and what rows are read from and written to."""

from collections.abc import AsyncIterator, Sequence
from typing import Final, Literal, Protocol

import msgspec

from rostra.store.database import Transaction
from rostra.store.query import query_text

Type = Literal["int", "text", "bytes"]
Row = tuple[int | str | bytes | None, ...]

BATCH: Final = 2_000
"""Rows that are held in memory at a time."""

# Made anew from the others, of this database alone, or of this installation alone.
_LEFT_OUT: Final = ("post_search", "account_search", "schema_version", "journal", "sqlite_")


class DumpError(Exception):
    """Rows can't be read or written; the text says which and why."""


class Column(msgspec.Struct, frozen=True, omit_defaults=True):
    """A column: its name, what it holds, and whether it may hold nothing."""

    name: str
    type: Type
    null: bool = False


class Shape(msgspec.Struct, frozen=True):
    """A table: its columns, and those that are its key, in the order of which rows are told."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]


def shaped(name: str, columns: Sequence[Column], key: Sequence[str]) -> Shape:
    """A table with its key first and its other columns by name: the same from either database."""

    def place(column: Column) -> tuple[int, str]:
        return key.index(column.name) if column.name in key else len(key), column.name

    return Shape(name, tuple(sorted(columns, key=place)), tuple(key))


class Source(Protocol):
    """A database at one moment, whatever is written to it meanwhile."""

    revision: str

    async def shapes(self) -> list[Shape]:
        """Its tables, by name."""
        ...

    async def count(self, shape: Shape) -> int:
        """How many rows a table has."""
        ...

    def rows(self, shape: Shape) -> AsyncIterator[Sequence[Row]]:
        """The rows of a table in the order of its key (texts by their bytes), some at a time."""
        ...


class Target(Protocol):
    """An empty database that is filled. It is there as a whole, or not at all."""

    async def shapes(self) -> list[Shape]:
        """Its tables, by name."""
        ...

    async def write(self, shape: Shape, rows: Sequence[Row]) -> None:
        """Write rows of a table; raises DumpError where they don't fit in."""
        ...

    async def finish(self) -> None:
        """Bring it to the newest schema, and make it last.

        Full-text search finds nothing until the job is done that this leaves (`search.rebuild`).
        """
        ...


def is_carried(table: str) -> bool:
    """Whether the rows of a table go along."""
    return not table.startswith(_LEFT_OUT)


def quoted(name: str) -> str:
    """A name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


# As migrations that change what is found leave it: one job, whatever its number.
REBUILD_ID: Final = 2
REBUILD: Final = (
    f"INSERT INTO jobs (id, kind, payload) VALUES ({REBUILD_ID}, 'search.rebuild', '{{}}') "  # noqa: S608 (a number of our own)
    "ON CONFLICT DO NOTHING"
)
_DONE: Final = f"DELETE FROM jobs WHERE id = {REBUILD_ID} AND kind = 'search.rebuild'"  # noqa: S608 (a number of our own)
_REBUILT: Final = query_text(sqlite=_DONE, postgresql=_DONE)


async def rebuilt(tx: Transaction) -> None:
    """Everything is found again: the job that `finish` has left is done."""
    await tx.run(_REBUILT)
