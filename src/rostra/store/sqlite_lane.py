"""The turn on SQLite's writing connection, and the commits that transactions share.

Transactions take turns; those that queue up while a commit is under way share the next
``BEGIN IMMEDIATE … COMMIT`` and so one fsync, each inside a savepoint of its own, so that one of
them can fail alone. Several processes take turns through SQLite's own lock.
"""

import asyncio
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import apsw

from rostra.kernel.errors import Unavailable
from rostra.store.chance import around
from rostra.store.write_back import WriteBack

BUSY_DEADLINE_S = 15.0  # how long another process may keep the write lock
GROUP_SIZE = 64  # transactions that share one commit, at most
GROUP_S = 0.01  # how long a group stays open for more of them


PutOff = tuple[str, list[tuple[Any, ...]]]  # a statement, and rows of parameters


class Group:
    """Transactions that share one commit."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.done: asyncio.Future[None] = loop.create_future()
        self.started = loop.time()
        self.size = 0
        self.kept = 0  # of them, those that succeeded
        self.put_off: list[PutOff] = []  # by these, to be done before the commit


def do(connection: apsw.Connection, put_off: Iterable[PutOff]) -> None:
    """Execute what was put off."""
    for sql, rows in put_off:
        for _ in connection.executemany(sql, rows):
            pass


class Lane:
    """The turn on the writing connection, in order of arrival."""

    def __init__(self, connection: apsw.Connection, write_back: WriteBack | None = None) -> None:
        self._connection = connection
        self._write_back = write_back
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rostra-commit")
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._taken = False
        self._group: Group | None = None
        self._contended_at = -1.0
        self._tasks: set[asyncio.Task[None]] = set()

    async def enter(self) -> Group:
        """Wait for the turn; a group is open on return, and a savepoint in it."""
        loop = asyncio.get_running_loop()
        if self._taken:
            turn = loop.create_future()
            self._waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._pass_on()
                elif turn in self._waiting:
                    self._waiting.remove(turn)
                raise
        self._taken = True
        try:
            if self._group is None:
                await self._begin(loop)
                self._group = Group(loop)
            self._connection.execute("SAVEPOINT edge")
        except BaseException:
            self._pass_on()
            raise
        self._group.size += 1
        return self._group

    async def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """BEGIN IMMEDIATE without blocking the loop while another process holds the lock."""
        if loop.time() - self._contended_at < 0.05:  # noqa: PLR2004 (seconds)
            # Another process waits for the lock as well: leave it a gap, so that both get on.
            await asyncio.sleep(0.0005)
        deadline = loop.time() + BUSY_DEADLINE_S
        while True:
            try:
                self._connection.set_busy_timeout(0)
                self._connection.execute("BEGIN IMMEDIATE")
            except apsw.BusyError:
                self._contended_at = loop.time()
                if loop.time() > deadline:
                    raise Unavailable(5, inside="the database's writer is busy") from None
                await asyncio.sleep(around(0.0009, 2 / 3))
            else:
                return

    def leave(self, group: Group, *, keep: bool) -> None:
        """End this transaction's part and pass the turn on."""
        if keep:
            self._connection.execute("RELEASE edge")
            group.kept += 1
        elif self._connection.in_transaction:
            self._connection.execute("ROLLBACK TO edge; RELEASE edge")
        loop = asyncio.get_running_loop()
        if group.size >= GROUP_SIZE or loop.time() - group.started > GROUP_S:
            self._finish_group(group)
        else:
            self._pass_on()

    def _finish_group(self, group: Group) -> None:
        self._group = None
        if group.kept:
            # A task of its own: the group is committed even if this caller is cancelled.
            loop = asyncio.get_running_loop()
            task = loop.create_task(self._commit(loop, group))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            return
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        group.done.set_result(None)
        self._pass_on()

    async def _commit(self, loop: asyncio.AbstractEventLoop, group: Group) -> None:
        try:
            await loop.run_in_executor(self._thread, self._on_disk, group)
        except Exception as error:  # noqa: BLE001 (disk full, I/O error: every one of them fails)
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            group.done.set_exception(error)
            group.done.exception()  # each waiter raises it; nobody may be waiting any more
        else:
            group.done.set_result(None)
            if self._write_back is not None and self._write_back.after_commit():
                await loop.run_in_executor(self._thread, self._write_back.in_turn)
        finally:
            self._pass_on()

    def _on_disk(self, group: Group) -> None:
        if not self._connection.in_transaction:  # nothing of a group that is gone may be made good
            raise apsw.SQLError("the transaction was rolled back")
        do(self._connection, group.put_off)
        self._connection.execute("COMMIT")

    def _pass_on(self) -> None:
        """Give the turn to the next in line; with nobody there, commit the open group."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        if self._group is not None:
            self._finish_group(self._group)
        else:
            self._taken = False

    async def close(self) -> None:
        """Wait for the commits under way, then close the connection."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        self._thread.shutdown()
        if self._write_back is not None:
            self._write_back.close()
        self._connection.close()
