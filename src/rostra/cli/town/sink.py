"""Rows into a database in bulk, past the prepared queries: an empty place is filled once.

The demo writes with the house's own durable settings. A bench's place can be made again, so it is
written without a journal, and its indexes are made at the end.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

import apsw
import asyncpg

from rostra.cli.town.poll_rows import Rows
from rostra.network.search.words import postgresql_document
from rostra.store.sqlite import connect

_SEARCH = ("post_search", "account_search")


class Sink(Protocol):
    """Where rows go."""

    async def members(self) -> int:
        """How many accounts there are already."""
        ...

    async def begin(self) -> None:
        """Start; what is written is kept only by `finish`."""
        ...

    async def write(self, rows: Rows) -> None:
        """Write the rows of one table."""
        ...

    async def finish(self) -> None:
        """Make the indexes that are left to the end, and keep everything."""
        ...

    async def close(self) -> None:
        """Let go of the database; what is not finished is lost."""
        ...


async def open_sink(url: str, *, throwaway: bool = False) -> Sink:
    """The sink for a migrated database; `throwaway` writes fast and not durably."""
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///"))
        return _SQLiteSink(path, throwaway=throwaway)
    return _PostgresSink(await asyncpg.connect(url), throwaway=throwaway)


class _SQLiteSink:
    def __init__(self, path: Path, *, throwaway: bool) -> None:
        self._throwaway = throwaway
        self._indexes: list[str] = []
        self._connection = connect(path)
        if throwaway:
            for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000"):
                self._connection.execute(f"PRAGMA {pragma}")

    async def members(self) -> int:
        return int(_one(self._connection.execute("SELECT count(*) FROM accounts")))

    async def begin(self) -> None:
        if self._throwaway:
            found = self._connection.execute(
                "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
            ).fetchall()
            self._indexes = [str(sql) for _, sql in found]
            for name, _ in found:
                self._connection.execute(f'DROP INDEX "{name}"')
        self._connection.execute("BEGIN IMMEDIATE")

    async def write(self, rows: Rows) -> None:
        marks = ", ".join("?" * len(rows.columns))
        sql = f"INSERT INTO {rows.table} ({', '.join(rows.columns)}) VALUES ({marks})"  # noqa: S608 (names of our own tables)
        for _ in self._connection.executemany(sql, rows.values):
            pass

    async def finish(self) -> None:
        self._connection.execute("COMMIT")
        for sql in self._indexes:
            self._connection.execute(sql)
        if self._throwaway:
            self._connection.execute("PRAGMA journal_mode=WAL")

    async def close(self) -> None:
        self._connection.close()


def _one(cursor: apsw.Cursor) -> Any:
    return cursor.fetchall()[0][0]


class _PostgresSink:
    def __init__(self, connection: Any, *, throwaway: bool) -> None:
        self._connection = connection
        self._throwaway = throwaway
        self._indexes: list[str] = []
        self._transaction: Any = None

    async def members(self) -> int:
        return int(await self._connection.fetchval("SELECT count(*) FROM accounts"))

    async def begin(self) -> None:
        self._transaction = self._connection.transaction()
        await self._transaction.start()
        if self._throwaway:
            found = await self._connection.fetch(
                "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()"
                " AND indexname NOT LIKE 'pk_%' AND indexname NOT LIKE '%_pkey'"
            )
            self._indexes = [row["indexdef"] for row in found]
            for row in found:
                await self._connection.execute(f'DROP INDEX "{row["indexname"]}"')

    async def write(self, rows: Rows) -> None:
        if rows.table in _SEARCH:
            sql = f"""INSERT INTO {rows.table} (rowid, document)
                VALUES ($1, CAST(CAST($2 AS text) AS tsvector))"""  # noqa: S608 (names of our own tables)
            documents = ((at, postgresql_document(text.split())) for at, text in rows.values)
            await self._connection.executemany(sql, documents)
            return
        await self._connection.copy_records_to_table(
            rows.table, records=_listed(rows.values), columns=list(rows.columns)
        )

    async def finish(self) -> None:
        for sql in self._indexes:
            await self._connection.execute(sql)
        await self._transaction.commit()
        self._transaction = None
        await self._connection.execute("ANALYZE")

    async def close(self) -> None:
        if self._transaction is not None:
            await self._transaction.rollback()
        await self._connection.close()


def _listed(values: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """An iterator, whatever was given: the driver takes lists and generators differently."""
    yield from values
