"""The database as the rest of the house sees it: readers, transactions, hooks and jobs.

One edge, one transaction: a request or a job opens :meth:`Database.write` once; verbs take the
transaction and never commit. Events and jobs are part of it; the bus speaks after the commit.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

import msgspec

from rostra.store.query import Dialect, Query

T = TypeVar("T")
Row = TypeVar("Row")


class Duplicate(Exception):
    """A unique constraint says that the row exists already."""


class Reader(Protocol):
    """Something that statements can be read through."""

    dialect: Dialect

    async def all(self, query: Query[Row], **params: Any) -> list[Row]:
        """Every row."""
        ...

    async def first(self, query: Query[Row], **params: Any) -> Row | None:
        """The first row, or None."""
        ...

    async def value(self, query: Query[Any], **params: Any) -> Any:
        """The first column of the first row, or None."""
        ...


async def the_row(reader: Reader, query: Query[Row], **params: Any) -> Row:
    """The first row of a statement that always has one, as a count has."""
    found = await reader.first(query, **params)
    if found is None:
        raise LookupError("a statement that always has a row had none")
    return found


class Transaction(Reader, Protocol):
    """One transaction. Await nothing else while it is open: others wait for the writer."""

    async def run(self, query: Query[Any], **params: Any) -> int:
        """Execute; the number of rows affected."""
        ...

    async def run_many(self, query: Query[Any], rows: Iterable[Mapping[str, Any]]) -> None:
        """Execute once for each row of parameters."""
        ...

    async def put_off(self, query: Query[Any], rows: Iterable[Mapping[str, Any]]) -> None:
        """As ``run_many``, but nobody looks at what is written before the commit.

        SQLite does it once for all who share a commit, right before it. So it must be something
        that can't fail for one of them: no constraint is told.
        """
        ...

    async def catch_up(self) -> None:
        """Do what was put off: for whoever changes what that has written, perhaps for others."""
        ...

    async def emit(self, event: msgspec.Struct) -> None:
        """Tell the in-transaction subscribers now, and the listeners after the commit."""
        ...

    async def enqueue(
        self,
        kind: str,
        payload: msgspec.Struct,
        *,
        run_at: int | None = None,
        priority: int = 0,
        dedupe_key: str = "",
        group_key: str = "",
    ) -> int:
        """Store a job that runs after the commit (``run_at``: UTC ms); its id."""
        ...

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` once the transaction is on disk; never if it fails."""
        ...

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """A part that can fail alone."""
        ...


class Database(Protocol):
    """Readers and the one way to write."""

    dialect: Dialect
    statements: int  # executed so far, for pinned query counts

    def read(self) -> AbstractAsyncContextManager[Reader]:
        """A reader for quick, indexed reads. Nobody who holds one, or a transaction, asks again.

        Raises:
            Unavailable: every connection stayed busy too long.
        """
        ...

    def write(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction that is on disk when the block has ended.

        Raises:
            Unavailable: the write gate is closed, or the writer or every connection stayed busy
                too long.
        """
        ...

    async def slowly(self, work: Callable[[Reader], Awaitable[T]]) -> T:
        """Reads that may take long (search, exports), kept off the event loop."""
        ...

    async def close(self) -> None:
        """Finish what is under way and let go of files and connections."""
        ...


class Jobs(Protocol):
    """Where a transaction puts its jobs."""

    async def enqueue(
        self,
        tx: Transaction,
        kind: str,
        payload: msgspec.Struct,
        *,
        run_at: int | None,
        priority: int,
        dedupe_key: str,
        group_key: str,
    ) -> int:
        """Insert the job's row; its id."""
        ...


class Gate(Protocol):
    """What can forbid writing."""

    def check(self) -> None:
        """Return, or raise Unavailable."""
        ...

    def check_held(self) -> None:
        """Return, or raise Unavailable: what is on disk is not to be acknowledged."""
        ...

    def waits(self) -> bool:
        """Whether what must not be lost is acknowledged only when it is elsewhere as well."""
        ...

    async def check_elsewhere(self) -> None:
        """Wait until what is on disk is elsewhere, or raise Unavailable: it takes too long."""
        ...


InTransaction = Callable[[Any, Transaction, Any], Awaitable[None]]
Listener = Callable[[Any], None]


class Hooks:
    """Who hears which event. Wired once, in the composition root."""

    def __init__(self) -> None:
        self._inside: dict[type[msgspec.Struct], list[InTransaction]] = {}
        self._after: dict[type[msgspec.Struct], list[Listener]] = {}
        self._services: Any = None

    def bind(self, services: Any) -> None:
        """Give the services that in-transaction subscribers are called with."""
        self._services = services

    def on(self, event: type[msgspec.Struct], subscriber: InTransaction) -> None:
        """Call ``subscriber(services, tx, event)`` in the transaction that emits it."""
        self._inside.setdefault(event, []).append(subscriber)

    def after(self, event: type[msgspec.Struct], listener: Listener) -> None:
        """Call ``listener(event)`` after the commit."""
        self._after.setdefault(event, []).append(listener)

    async def inside(self, tx: Transaction, event: msgspec.Struct) -> None:
        """Run the in-transaction subscribers in the order they were wired."""
        for subscriber in self._inside.get(type(event), ()):
            await subscriber(self._services, tx, event)

    def committed(self, events: Iterable[msgspec.Struct]) -> None:
        """Tell the listeners."""
        for event in events:
            for listener in self._after.get(type(event), ()):
                listener(event)


class Ties(msgspec.Struct, frozen=True):
    """What a transaction reaches beside the database itself."""

    hooks: Hooks
    jobs: Jobs
    gate: Gate


class BaseTransaction:
    """Events, jobs and callbacks, the same on both databases."""

    def __init__(self, ties: Ties) -> None:
        self._ties = ties
        self._events: list[msgspec.Struct] = []
        self._callbacks: list[Callable[[], None]] = []

    async def emit(self, event: msgspec.Struct) -> None:
        """See :meth:`Transaction.emit`."""
        self._events.append(event)
        await self._ties.hooks.inside(self, event)  # type: ignore[arg-type] # its heirs are whole

    async def enqueue(  # noqa: D102 (see Transaction.enqueue)
        self,
        kind: str,
        payload: msgspec.Struct,
        *,
        run_at: int | None = None,
        priority: int = 0,
        dedupe_key: str = "",
        group_key: str = "",
    ) -> int:
        return await self._ties.jobs.enqueue(
            self,  # type: ignore[arg-type] # its heirs are whole
            kind,
            payload,
            run_at=run_at,
            priority=priority,
            dedupe_key=dedupe_key,
            group_key=group_key,
        )

    def after_commit(self, callback: Callable[[], None]) -> None:
        """See :meth:`Transaction.after_commit`."""
        self._callbacks.append(callback)

    def committed(self) -> None:
        """Speak: the transaction is on disk."""
        for callback in self._callbacks:
            callback()
        if self._events:
            self._ties.hooks.committed(self._events)
