"""SQLite through APSW: reads inline on the event loop, one writer lane with grouped commits.

Every process has one reading connection (``query_only``) used on the event loop, one writing
connection, and a few reading connections for :meth:`SQLiteDatabase.slowly`. How transactions take
turns on the writing connection stands in `sqlite_lane.py`.
"""

import asyncio
import threading
import time
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Iterable,
    Mapping,
    Sequence,
)
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar, cast

import apsw

from rostra.store.database import BaseTransaction, Duplicate, Reader, Ties
from rostra.store.query import Dialect, Query, as_tuple
from rostra.store.sqlite_lane import BUSY_DEADLINE_S, Group, Lane, PutOff, do
from rostra.store.write_back import WriteBack

T = TypeVar("T")
Row = TypeVar("Row")

_STATEMENTS_CACHED = 1000


def followed_mark(path: Path | str) -> Path:
    """The file that stands beside a database while somebody follows its log (`wal_tail.py`)."""
    return Path(f"{path}-shipped")


def beside_of(path: Path | str) -> tuple[Path, ...]:
    """The files beside a database that belong to it: its log with the index, a journal, the mark.

    Whoever removes or exchanges a database must deal with them as well.
    """
    return *(Path(f"{path}{end}") for end in ("-wal", "-shm", "-journal")), followed_mark(path)


def connect(path: Path | str, *, read_only: bool = False) -> apsw.Connection:
    """A connection with the settings that the durability law asks for.

    WAL with ``synchronous=FULL``: a commit is on disk when it returns. ``secure_delete``: what is
    deleted is overwritten, so deleted posts do not stay behind in free pages. A connection that
    only reads has no mutex of its own: it must be used by one thread at a time. Where somebody
    follows the log, it is left to them to write it back.
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
    if followed_mark(path).exists():
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
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
    def __init__(self, database: "SQLiteDatabase", group: Group) -> None:
        _Reader.__init__(self, database, database.writer)
        BaseTransaction.__init__(self, database.ties)
        self._depth = 0
        self._group = group
        self._put_off: list[PutOff] = []
        self._caught_up = False

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
        # Their number without what triggers did; it stays that of before where nothing changed.
        changed = self._connection.total_changes() != before
        return self._connection.changes() if changed else 0

    async def run_many(self, query: Query[Any], rows: Iterable[Mapping[str, Any]]) -> None:
        compiled = query.sqlite or query.compiled("sqlite")
        self._database.statements += 1
        try:
            for _ in self._connection.executemany(compiled.sql, [compiled.bind(r) for r in rows]):
                pass
        except apsw.ConstraintError as error:
            raise _constraint(error) from error

    async def put_off(self, query: Query[Any], rows: Iterable[Mapping[str, Any]]) -> None:
        compiled = query.sqlite or query.compiled("sqlite")
        self._database.statements += 1
        self._put_off.append((compiled.sql, [compiled.bind(row) for row in rows]))

    async def catch_up(self) -> None:
        if not self._caught_up:
            do(self._connection, self._group.put_off)
            self._caught_up = True
        do(self._connection, self._put_off)
        self._put_off = []

    def hand_over(self) -> None:
        """It has succeeded: what it put off is the group's, what it caught up with is done."""
        if self._caught_up:
            self._group.put_off = []
        self._group.put_off += self._put_off

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        self._depth += 1
        name = f"part{self._depth}"
        before = self._put_off.copy(), self._caught_up
        self._connection.execute(f"SAVEPOINT {name}")
        try:
            yield
        except BaseException:
            self._connection.execute(f"ROLLBACK TO {name}; RELEASE {name}")
            self._put_off, self._caught_up = before
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

    __slots__ = ("_database", "_group", "_noted", "_transaction")

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
        self._transaction = _Transaction(database, self._group)
        self._noted = database.noted()
        return self._transaction

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        database = self._database
        noted = kind is None and database.noted() != self._noted
        if kind is None:
            self._transaction.hand_over()
        database.lane().leave(self._group, keep=kind is None)
        if kind is None:
            await asyncio.shield(self._group.done)
            self._transaction.committed()
            database.ties.gate.check_held()
            if noted:
                await database.ties.gate.check_elsewhere()
                # Who takes over looks at the places when the lease is over, and no later.
                database.ties.gate.check_held()


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

    def __init__(
        self, path: Path, ties: Ties, *, slow_readers: int = 2, on_writer: Sequence[str] = ()
    ) -> None:
        """Use the file at `path`; its writing connection is told `on_writer` (SQL) first."""
        self.statements = 0
        self.ties = ties
        self._on_writer = on_writer
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
            for told in self._on_writer:
                self.writer.execute(told)
            followed = followed_mark(self._path).exists()
            back = None if followed else WriteBack(self.writer, connect(self._path))
            self._lane = Lane(self.writer, back)
        return self._lane

    def noted(self) -> int:
        """The last note of the journal, for whoever has the turn; 0: nobody waits for notes."""
        if not (self._on_writer and self.ties.gate.waits()):
            return 0
        found = self.writer.execute("SELECT coalesce(max(seq), 0) FROM journal").fetchall()
        return cast("int", found[0][0])

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
