"""Rows of a SQLite file, out of a copy of it and into a new one."""

import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final, cast

import apsw

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
from rostra.store.migrate import upgrade_sqlite
from rostra.store.snapshot import NotWhole, check_sqlite, copy_sqlite
from rostra.store.sqlite import beside_of

_TYPES: Final[dict[str, Type]] = {"INTEGER": "int", "TEXT": "text", "BLOB": "bytes"}
_TABLES: Final = (
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' ORDER BY name"
)
_COLUMNS: Final = 'SELECT name, type, "notnull", pk FROM pragma_table_info(?) ORDER BY cid'
_INDEXES: Final = (
    "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
)


def _shapes(connection: apsw.Connection) -> list[Shape]:
    names = [str(row[0]) for row in connection.execute(_TABLES)]
    return [_shape(connection, name) for name in names if is_carried(name)]


def _shape(connection: apsw.Connection, table: str) -> Shape:
    found = connection.execute(_COLUMNS, (table,)).fetchall()
    columns = [
        Column(str(name), _type(table, str(name), str(kind)), not (wanted or pk))
        for name, kind, wanted, pk in found
    ]
    key = sorted((row for row in found if row[3]), key=lambda row: cast("int", row[3]))
    return shaped(table, columns, [str(row[0]) for row in key])


def _type(table: str, name: str, kind: str) -> Type:
    if kind not in _TYPES:
        raise DumpError(f"{table}.{name} holds {kind}, which no table of this network does")
    return _TYPES[kind]


class _Source:
    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        (found,) = connection.execute("SELECT revision FROM schema_version").fetchall()
        self.revision = str(found[0])

    async def shapes(self) -> list[Shape]:
        return _shapes(self._connection)

    async def count(self, shape: Shape) -> int:
        counted = self._connection.execute(f"SELECT count(*) FROM {quoted(shape.name)}")  # noqa: S608 (quoted)
        return cast("int", counted.fetchall()[0][0])

    async def rows(self, shape: Shape) -> AsyncIterator[Sequence[Row]]:
        columns = ", ".join(quoted(each.name) for each in shape.columns)
        order = ", ".join(quoted(name) for name in shape.key)
        rows = self._connection.execute(
            f"SELECT {columns} FROM {quoted(shape.name)} ORDER BY {order}"  # noqa: S608 (quoted)
        )
        while batch := list(islice(rows, BATCH)):
            yield cast("list[Row]", batch)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What goes wrong, in words."""
    try:
        yield
    except (apsw.Error, NotWhole) as error:
        raise DumpError(f"{path}: {error}") from error


@asynccontextmanager
async def source(path: Path, spool: Path) -> AsyncIterator[_Source]:
    """The rows of a database as it is now, while it is used.

    Args:
        path: the database.
        spool: where a copy of it may lie meanwhile; it must not be there. Reading from a copy,
            nobody keeps SQLite from writing its log back.

    Raises:
        DumpError: it is not there, has no tables, or can't be read.
    """
    with _told(path), _copied(path, spool) as connection:
        yield _Source(connection)


@contextmanager
def _copied(path: Path, spool: Path) -> Iterator[apsw.Connection]:
    try:
        copy_sqlite(path, spool)
        connection = apsw.Connection(str(spool), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            yield connection
        finally:
            connection.close()
    finally:
        spool.unlink(missing_ok=True)


class _Target:
    def __init__(self, path: Path, connection: apsw.Connection) -> None:
        self._path = path
        self._connection = connection
        self._indexes = connection.execute(_INDEXES).fetchall()
        # Made at the end, they are sorted once.
        for name, _ in self._indexes:
            connection.execute(f"DROP INDEX {quoted(str(name))}")

    async def shapes(self) -> list[Shape]:
        return _shapes(self._connection)

    async def write(self, shape: Shape, rows: Sequence[Row]) -> None:
        names = ", ".join(quoted(each.name) for each in shape.columns)
        marks = ", ".join("?" * len(shape.columns))
        sql = f"INSERT INTO {quoted(shape.name)} ({names}) VALUES ({marks})"  # noqa: S608 (quoted)
        try:
            self._connection.executemany(sql, cast("Sequence[Any]", rows))
        except (apsw.Error, OverflowError) as error:
            raise DumpError(f"table {shape.name}: {error}") from error

    async def finish(self) -> None:
        with _told(self._path):
            for _, sql in self._indexes:
                self._connection.execute(str(sql))
            upgrade_sqlite(self._connection)
            self._connection.execute(REBUILD)


@asynccontextmanager
async def target(path: Path, revision: str) -> AsyncIterator[_Target]:
    """A new file with the schema of a revision. It gets its name when the block ends well.

    Raises:
        DumpError: there is a database already, or it can't be written.
        OSError: the same.
    """
    with _told(path), _made(path) as connection:
        upgrade_sqlite(connection, revision)
        connection.execute("BEGIN IMMEDIATE")
        yield _Target(path, connection)
        connection.execute("COMMIT")


@contextmanager
def _made(path: Path) -> Iterator[apsw.Connection]:
    """A database under another name, which is checked and gets its own at the end."""
    _free(path)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_name(f".{path.name}.importing")
    new.unlink(missing_ok=True)  # by one that was killed
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    try:
        connection = apsw.Connection(str(new))
        try:
            # Until it has its name nobody needs it: nothing is written twice.
            for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-64000"):
                connection.execute(f"PRAGMA {pragma}").fetchall()
            yield connection
        finally:
            connection.close()
        check_sqlite(new)
        _keep(new, path)
    finally:
        new.unlink(missing_ok=True)


def _free(path: Path) -> None:
    """Whether a new database can have this name: nothing of another one lies there.

    SQLite would take a log that was left for that of the new file, and bring back the old pages.

    Raises:
        DumpError: something does.
    """
    if path.exists():
        raise DumpError(f"{path} is there already: only a new database is filled")
    for beside in beside_of(path):
        if beside.exists():
            raise DumpError(f"{beside} is left of the database that was there: move it away")


def _keep(new: Path, path: Path) -> None:
    """Give it its name; whoever has been there first keeps it."""
    _free(path)  # somebody may have begun one meanwhile
    for lasting in (new, path.parent):
        descriptor = os.open(lasting, os.O_RDONLY)
        try:
            if lasting == path.parent:
                os.link(new, path)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
