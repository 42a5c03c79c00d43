"""Rows of a PostgreSQL database, out of one snapshot and into one transaction."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final

import asyncpg

from rostra.store.dump.model import (
    BATCH,
    REBUILD,
    Column,
    DumpError,
    Row,
    Shape,
    Type,
    is_carried,
    quoted,
    shaped,
)
from rostra.store.migrate import upgrade_postgresql

_TYPES: Final[dict[str, Type]] = {"bigint": "int", "text": "text", "bytea": "bytes"}
_TABLES: Final = """
    SELECT c.oid, c.relname FROM pg_class AS c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
"""
_COLUMNS: Final = """
    SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
        coalesce(array_position(i.indkey::int2[], a.attnum), -1)
    FROM pg_attribute AS a LEFT JOIN pg_index AS i ON i.indrelid = a.attrelid AND i.indisprimary
    WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
# All but those that constraints have made.
_INDEXES: Final = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
    WHERE c.relnamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_constraint AS o WHERE o.conindid = i.indexrelid) ORDER BY 1
"""


async def _shapes(connection: Any) -> list[Shape]:
    tables = sorted((name, oid) for oid, name in await connection.fetch(_TABLES))
    return [await _shape(connection, name, oid) for name, oid in tables if is_carried(name)]


async def _shape(connection: Any, table: str, oid: int) -> Shape:
    found = await connection.fetch(_COLUMNS, oid)
    columns = [
        Column(name, _type(table, name, kind), not wanted) for name, kind, wanted, _ in found
    ]
    key = sorted((place, name) for name, _, _, place in found if place >= 0)
    return shaped(table, columns, [name for _, name in key])


def _type(table: str, name: str, kind: str) -> Type:
    if kind not in _TYPES:
        raise DumpError(f"{table}.{name} holds {kind}, which no table of this network does")
    return _TYPES[kind]


@contextmanager
def _told(what: str) -> Iterator[None]:
    """What goes wrong, in words."""
    try:
        yield
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise DumpError(f"{what}: {error}") from error


async def _connected(url: str) -> Any:
    try:
        return await asyncpg.connect(url)
    except (OSError, ValueError, asyncpg.PostgresError) as error:
        raise DumpError(f"the database can't be reached: {error}") from error


class _Source:
    def __init__(self, connection: Any, revision: str) -> None:
        self._connection = connection
        self.revision = revision

    async def shapes(self) -> list[Shape]:
        return await _shapes(self._connection)

    async def count(self, shape: Shape) -> int:
        counted: int = await self._connection.fetchval(f"SELECT count(*) FROM {quoted(shape.name)}")  # noqa: S608 (quoted)
        return counted

    async def rows(self, shape: Shape) -> AsyncIterator[Sequence[Row]]:
        kinds = {each.name: each.type for each in shape.columns}
        order = ", ".join(
            quoted(name) + (' COLLATE "C"' if kinds[name] == "text" else "") for name in shape.key
        )
        columns = ", ".join(quoted(each.name) for each in shape.columns)
        cursor = await self._connection.cursor(
            f"SELECT {columns} FROM {quoted(shape.name)} ORDER BY {order}"  # noqa: S608 (quoted)
        )
        while batch := await cursor.fetch(BATCH):
            yield [tuple(row) for row in batch]


@asynccontextmanager
async def source(url: str) -> AsyncIterator[_Source]:
    """The rows of a database as it is now, while it is used.

    Raises:
        DumpError: it has no tables, or can't be read.
    """
    with _told("the database can't be read"):
        connection = await _connected(url)
        try:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                if await connection.fetchval("SELECT to_regclass('schema_version')") is None:
                    raise DumpError("the database has no tables")
                revision = await connection.fetchval("SELECT revision FROM schema_version")
                yield _Source(connection, revision)
        finally:
            await connection.close()


class _Target:
    def __init__(self, connection: Any, indexes: Sequence[str]) -> None:
        self._connection = connection
        self._indexes = indexes

    async def shapes(self) -> list[Shape]:
        return await _shapes(self._connection)

    async def write(self, shape: Shape, rows: Sequence[Row]) -> None:
        try:
            await self._connection.copy_records_to_table(
                shape.name, records=rows, columns=[each.name for each in shape.columns]
            )
        except (asyncpg.PostgresError, asyncpg.DataError, OverflowError) as error:
            raise DumpError(f"table {shape.name}: {error}") from error

    async def finish(self) -> None:
        with _told("the database can't be written"):
            for made in self._indexes:
                await self._connection.execute(made)
            await upgrade_postgresql(self._connection)
            await self._connection.execute(REBUILD)


@asynccontextmanager
async def target(url: str, revision: str) -> AsyncIterator[_Target]:
    """A database without tables, brought to the schema of a revision; all in one transaction.

    Raises:
        DumpError: it has tables, or can't be written.
    """
    with _told("the database can't be written"):
        connection = await _connected(url)
        try:
            async with connection.transaction():
                if await connection.fetch(_TABLES):
                    raise DumpError("the database has tables: only an empty one is filled")
                await upgrade_postgresql(connection, revision)
                indexes = await connection.fetch(_INDEXES)
                # Made at the end, they are sorted once.
                for name, _ in indexes:
                    await connection.execute(f"DROP INDEX {name}")
                yield _Target(connection, [made for _, made in indexes])
            await connection.execute("ANALYZE")
        finally:
            await connection.close()
