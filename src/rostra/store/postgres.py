"""PostgreSQL through asyncpg: a pool, prepared statements, ``synchronous_commit=on``."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

from rostra.kernel.errors import Contended, Unavailable
from rostra.kernel.lazy import lazily
from rostra.store.database import BaseTransaction, Duplicate, Reader, Ties
from rostra.store.query import Dialect, Query

if TYPE_CHECKING:
    import asyncpg
else:  # 2 MB that a server on SQLite never needs
    asyncpg = lazily("asyncpg")

# Longer than a busy moment, shorter than what a client or a proxy waits for.
_WAIT_S: Final = 10.0

T = TypeVar("T")
Row = TypeVar("Row")


@contextmanager
def _faults() -> Iterator[None]:
    """What the rest of the house knows by names of its own."""
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        raise Duplicate(error.constraint_name or str(error)) from error
    except asyncpg.DeadlockDetectedError as error:
        raise Contended(f"deadlock: {error.detail}") from error


async def _leave_as_it_is(_connection: Any) -> None:
    """Nothing is set for a session, locked or listened to beyond a transaction; an open one ends.

    To put right what nobody has changed would cost a statement for every one that is asked.
    """


class _Reader:
    dialect: Dialect = "postgresql"

    def __init__(self, database: "PostgresDatabase", connection: Any) -> None:
        self._database = database
        self._connection = connection

    async def all(self, query: Query[Row], **params: Any) -> list[Row]:
        compiled = query.compiled("postgresql")
        self._database.statements += 1
        with _faults():
            rows = await self._connection.fetch(compiled.sql, *compiled.bind(params))
        into = query.into
        return [into(*row) for row in rows]

    async def first(self, query: Query[Row], **params: Any) -> Row | None:
        compiled = query.compiled("postgresql")
        self._database.statements += 1
        with _faults():
            row = await self._connection.fetchrow(compiled.sql, *compiled.bind(params))
        return None if row is None else query.into(*row)

    async def value(self, query: Query[Any], **params: Any) -> Any:
        compiled = query.compiled("postgresql")
        self._database.statements += 1
        with _faults():
            return await self._connection.fetchval(compiled.sql, *compiled.bind(params))


class _Transaction(_Reader, BaseTransaction):
    def __init__(self, database: "PostgresDatabase", connection: Any, ties: Ties) -> None:
        _Reader.__init__(self, database, connection)
        BaseTransaction.__init__(self, ties)

    async def run(self, query: Query[Any], **params: Any) -> int:
        compiled = query.compiled("postgresql")
        self._database.statements += 1
        with _faults():
            status = await self._connection.execute(compiled.sql, *compiled.bind(params))
        return _affected(status)

    async def run_many(self, query: Query[Any], rows: Iterable[Mapping[str, Any]]) -> None:
        compiled = query.compiled("postgresql")
        self._database.statements += 1
        with _faults():
            await self._connection.executemany(compiled.sql, [compiled.bind(row) for row in rows])

    async def put_off(self, query: Query[Any], rows: Iterable[Mapping[str, Any]]) -> None:
        """At once: its own index for search puts off what is written to it."""
        await self.run_many(query, rows)

    async def catch_up(self) -> None:
        """Nothing was put off."""

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        async with self._connection.transaction():
            yield


def _affected(status: str) -> int:
    """The count in a command tag such as ``INSERT 0 1`` or ``UPDATE 3``."""
    tail = status.rpartition(" ")[2]
    return int(tail) if tail.isdigit() else 0


class PostgresDatabase:
    """A pool of connections, opened when first used, so that it belongs to the running loop.

    Whoever holds a connection must not ask for another: as many who do as there are connections
    would wait for one another. The tests refuse it; here the wait has an end.
    """

    dialect: Dialect = "postgresql"

    def __init__(
        self, url: str, ties: Ties, *, connections: int = 10, wait_s: float = _WAIT_S
    ) -> None:
        self.statements = 0
        self._wait_s = wait_s
        self._url = url
        self.ties = ties
        self._connections = connections
        self._pool: Any = None
        self._opening = asyncio.Lock()

    async def _ready(self) -> Any:
        if self._pool is None:
            async with self._opening:
                if self._pool is None:
                    self._pool = await asyncpg.create_pool(
                        self._url,
                        min_size=0,
                        max_size=self._connections,
                        statement_cache_size=1024,
                        max_inactive_connection_lifetime=60,
                        reset=_leave_as_it_is,
                        server_settings={
                            "synchronous_commit": "on",
                            "application_name": "rostra",
                            "jit": "off",  # compiling takes longer than any statement of ours
                        },
                    )
        return self._pool

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Any]:
        """A connection of the pool. Raises Unavailable: none came free in time."""
        pool = await self._ready()
        try:
            connection = await pool.acquire(timeout=self._wait_s)
        except TimeoutError:
            inside = f"no connection of {self._connections} came free in {self._wait_s:g} s"
            raise Unavailable(inside=inside) from None
        try:
            yield connection
        finally:
            await pool.release(connection)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[_Reader]:
        """A reader on one connection of the pool."""
        async with self._connected() as connection:
            yield _Reader(self, connection)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[_Transaction]:
        """A transaction at READ COMMITTED, durable when the block has ended."""
        self.ties.gate.check()
        async with self._connected() as connection:
            transaction = _Transaction(self, connection, self.ties)
            async with connection.transaction():
                # Again, inside: the gate may have closed while it waited for its connection.
                self.ties.gate.check()
                yield transaction
        transaction.committed()
        self.ties.gate.check_held()

    async def slowly(self, work: Callable[[Reader], Awaitable[T]]) -> T:
        """Long reads: the server does the work, the loop only waits."""
        async with self.read() as reader:
            return await work(reader)

    async def close(self) -> None:
        """Close the pool."""
        if self._pool is not None:
            await self._pool.close()
            self._pool = None
