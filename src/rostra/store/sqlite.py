"""SQLite through APSW: reads inline on the event loop, one writer lane with grouped commits.

Every process has one reading connection (``query_only``) used on the event loop, one writing
connection, and a few reading connections for :meth:`SQLiteDatabase.slowly`. How transactions take
turns on the writing connection stands in `sqlite_lane.py`.
"""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar, cast

import apsw

from rostra.store.database import BaseTransaction, Duplicate, Reader, Ties
from rostra.store.query import Dialect, Query, as_tuple
from rostra.store.sqlite_lane import BUSY_DEADLINE_S, Lane

T = TypeVar("T")
Row = TypeVar("Row")

_STATEMENTS_CACHED = 1000


def connect(path: Path | str, *, read_only: bool = False) -> apsw.Connection:
    """A connection with the settings that the durability law asks for.

    WAL with ``synchronous=FULL``: a commit is on disk when it returns. ``secure_delete``: what is
    deleted is overwritten, so deleted posts do not stay behind in free pages. A connection that
    only reads has no mutex of its own: it must be used by one thread at a time.
    """
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    if read_only:
        flags |= apsw.SQLITE_OPEN_NOMUTEX
    connection = apsw.Connection(str(path), flags, statementcachesize=_STATEMENTS_CACHED)
    connection.set_busy_timeout(int(BUSY_DEADLINE_S * 1000))
    # A library built with STAT4 would compile a statement anew whenever its parameters change.
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=OFF",
        "secure_delete=ON",
        "temp_store=MEMORY",
        "mmap_size=2147418112",
        "cache_size=-16000",
        "journal_size_limit=67108864",
        f"query_only={'ON' if read_only else 'OFF'}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


class _Reader:
    dialect: Dialect = "sqlite"

    def __init__(self, database: "SQLiteDatabase", connection: apsw.Connection) -> None:
        self._database = database
        self._connection = connection

    async def all(self, query: Query[Row], **params: Any) -> list[Row]:
        compiled = query.sqlite or query.compiled("sqlite")
        self._database.statements += 1
        into = query.into
        rows = self._connection.execute(compiled.sql, compiled.bind(params))
        if into is as_tuple:
            return cast("list[Row]", rows.fetchall())
        return [into(*row) for row in rows]

    async def first(self, query: Query[Row], **params: Any) -> Row | None:
        compiled = query.sqlite or query.compiled("sqlite")
        self._database.statements += 1
        # All rows are stepped through: INSERT … RETURNING must run to its end.
        rows = self._connection.execute(compiled.sql, compiled.bind(params)).fetchall()
        return query.into(*rows[0]) if rows else None

    async def value(self, query: Query[Any], **params: Any) -> Any:
        compiled = query.sqlite or query.compiled("sqlite")
        self._database.statements += 1
        rows = self._connection.execute(compiled.sql, compiled.bind(params)).fetchall()
        return rows[0][0] if rows else None


class _Transaction(_Reader, BaseTransaction):
    def __init__(self, database: "SQLiteDatabase", connection: apsw.Connection, ties: Ties) -> None:
        _Reader.__init__(self, database, connection)
        BaseTransaction.__init__(self, ties)
        self._depth = 0

    async def all(self, query: Query[Row], **params: Any) -> list[Row]:
        try:
            return await super().all(query, **params)
        except apsw.ConstraintError as error:
            raise _constraint(error) from error

    async def first(self, query: Query[Row], **params: Any) -> Row | None:
        try:
            return await super().first(query, **params)
        except apsw.ConstraintError as error:
            raise _constraint(error) from error

    async def run(self, query: Query[Any], **params: Any) -> int:
        compiled = query.sqlite or query.compiled("sqlite")
        self._database.statements += 1
        before = self._connection.total_changes()
        try:
            self._connection.execute(compiled.sql, compiled.bind(params)).fetchall()
        except apsw.ConstraintError as error:
            raise _constraint(error) from error
        return self._connection.total_changes() - before

    async def run_many(self, query: Query[Any], rows: Iterable[Mapping[str, Any]]) -> None:
        compiled = query.sqlite or query.compiled("sqlite")
        self._database.statements += 1
        try:
            for _ in self._connection.executemany(compiled.sql, [compiled.bind(r) for r in rows]):
                pass
        except apsw.ConstraintError as error:
            raise _constraint(error) from error

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        self._depth += 1
        name = f"part{self._depth}"
        self._connection.execute(f"SAVEPOINT {name}")
        try:
            yield
        except BaseException:
            self._connection.execute(f"ROLLBACK TO {name}; RELEASE {name}")
            raise
        else:
            self._connection.execute(f"RELEASE {name}")
        finally:
            self._depth -= 1


def _constraint(error: apsw.ConstraintError) -> Exception:
    unique = (apsw.SQLITE_CONSTRAINT_UNIQUE, apsw.SQLITE_CONSTRAINT_PRIMARYKEY)
    if getattr(error, "extendedresult", 0) in (*unique, apsw.SQLITE_CONSTRAINT_ROWID):
        return Duplicate(str(error))
    return error


class _Write:
    """``async with database.write() as tx``."""

    __slots__ = ("_database", "_group", "_transaction")

    def __init__(self, database: "SQLiteDatabase") -> None:
        self._database = database

    async def __aenter__(self) -> _Transaction:
        database = self._database
        database.ties.gate.check()
        self._group = await database.lane().enter()
        try:
            # Again, now that it is this one's turn: the gate may have closed while it waited.
            database.ties.gate.check()
        except BaseException:
            database.lane().leave(self._group, keep=False)
            raise
        self._transaction = _Transaction(database, database.writer, database.ties)
        return self._transaction

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.lane().leave(self._group, keep=kind is None)
        if kind is None:
            await asyncio.shield(self._group.done)
            self._transaction.committed()


class _Read:
    """``async with database.read() as reader``: no more than handing out the one reader."""

    __slots__ = ("_reader",)

    def __init__(self, reader: _Reader) -> None:
        self._reader = reader

    async def __aenter__(self) -> _Reader:
        return self._reader

    async def __aexit__(self, *_: object) -> None:
        return None


class SQLiteDatabase:
    """One file. Connections are opened when first used: a process that forks opens its own."""

    dialect: Dialect = "sqlite"

    def __init__(self, path: Path, ties: Ties, *, slow_readers: int = 2) -> None:
        self.statements = 0
        self.ties = ties
        self._path = path
        self._read: _Read | None = None
        self._lane: Lane | None = None
        self._slow = ThreadPoolExecutor(slow_readers, thread_name_prefix="rostra-slow-read")
        self._of_thread = threading.local()
        self._opened: list[apsw.Connection] = []

    def read(self) -> _Read:
        """The reader of the event loop."""
        if self._read is None:
            self._read = _Read(_Reader(self, self._open()))
        return self._read

    def _open(self) -> apsw.Connection:
        connection = connect(self._path, read_only=True)
        self._opened.append(connection)
        return connection

    def lane(self) -> Lane:
        """The writer lane of this process."""
        if self._lane is None:
            self.writer = connect(self._path)
            self._lane = Lane(self.writer)
        return self._lane

    def write(self) -> _Write:
        """A transaction in the writer lane, on disk when the block has ended."""
        return _Write(self)

    async def slowly(self, work: Callable[[Reader], Awaitable[T]]) -> T:
        """Run ``work`` in a thread with a connection of that thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._slow, self._work_slowly, work)

    def _work_slowly(self, work: Callable[[Reader], Awaitable[T]]) -> T:
        connection: apsw.Connection | None = getattr(self._of_thread, "connection", None)
        if connection is None:
            connection = self._of_thread.connection = self._open()
        coroutine = cast("Coroutine[Any, Any, T]", work(_Reader(self, connection)))
        try:
            coroutine.send(None)
        except StopIteration as finished:
            return cast("T", finished.value)
        coroutine.close()
        raise RuntimeError("a slow read may await nothing but its reader")

    async def close(self) -> None:
        """Commit what is under way and close every connection."""
        if self._lane is not None:
            await self._lane.close()
            self._lane = None
        self._slow.shutdown()
        for connection in self._opened:
            connection.close()
        self._opened.clear()
        self._read = None


def measure_commit(path: Path, rounds: int = 200) -> float:
    """Seconds that one bare durable commit takes on this disk (for doctor and the benches)."""
    connection = connect(path)
    connection.execute("CREATE TABLE IF NOT EXISTS rostra_probe (value INTEGER)")
    started = time.perf_counter()
    for value in range(rounds):
        connection.execute("INSERT INTO rostra_probe VALUES (?)", (value,))
    took = (time.perf_counter() - started) / rounds
    connection.execute("DROP TABLE rostra_probe")
    connection.close()
    return took
