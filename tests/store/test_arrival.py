"""What must not be lost is acknowledged when it is elsewhere; everything else at once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from tests.harness.patience import PATIENCE_S, until_asked

from rostra.kernel.errors import Unavailable
from rostra.store.arrival import Arrival
from rostra.store.database import Hooks, Ties, Transaction
from rostra.store.gates import MemoryGate, WriteGate
from rostra.store.journal import triggers
from rostra.store.lease import MachineTime, MemoryLease
from rostra.store.migrate import migrate_sqlite
from rostra.store.query import insert, query
from rostra.store.sqlite import SQLiteDatabase
from rostra.store.tables.posts import thread_mutes

MUTE = insert(thread_mutes)
COUNT = query(select(func.count()).select_from(thread_mutes), int)
CLEAR = query(delete(thread_mutes))


class NoJobs:
    """A transaction's jobs go nowhere."""

    async def enqueue(self, tx: Transaction, kind: str, payload: Any, **_: Any) -> int:
        return len(kind) if tx and payload else 0


@pytest.fixture
def patience_s() -> float:
    """How long writers wait."""
    return PATIENCE_S


@pytest.fixture
def arrival(patience_s: float) -> Arrival:
    """What nobody has moved on yet."""
    clock = MachineTime()
    return Arrival(MemoryLease(clock), clock, patience_s)


@pytest.fixture
async def database(tmp_path: Path, arrival: Arrival) -> AsyncIterator[SQLiteDatabase]:
    """A database whose writers wait for that."""
    path = tmp_path / "rostra.sqlite3"
    migrate_sqlite(path)
    gate = WriteGate(MemoryGate(), arrival=arrival)
    made = SQLiteDatabase(path, Ties(Hooks(), NoJobs(), gate), on_writer=tuple(triggers()))
    yield made
    await made.close()


async def test_what_the_journal_notes_waits(database: SQLiteDatabase, arrival: Arrival) -> None:
    async def mute() -> None:
        async with database.write() as tx:
            await tx.run(MUTE, account_id=1, thread_id=2)

    async def muted() -> bool:
        async with database.read() as reader:
            found = await reader.first(COUNT)
        return found == 1

    writing = asyncio.create_task(mute())
    await until_asked(muted)
    await asyncio.sleep(0.1)
    assert not writing.done()  # it is on disk here, and nowhere else
    arrival.reach(arrival.now())
    await writing


async def test_what_it_does_not_note_is_answered_at_once(database: SQLiteDatabase) -> None:
    for _ in range(3):
        async with database.write() as tx:
            await tx.run(CLEAR)  # there is nothing to delete
    with pytest.raises(ZeroDivisionError):
        await _begun_and_failed(database)


async def _begun_and_failed(database: SQLiteDatabase) -> None:
    async with database.write() as tx:
        await tx.run(MUTE, account_id=1, thread_id=2)
        assert 1 / 0


@pytest.mark.parametrize("patience_s", [0.4])
async def test_what_takes_too_long_is_a_failure_and_done(
    database: SQLiteDatabase, arrival: Arrival
) -> None:
    arrival.reach(arrival.now())  # of before
    with pytest.raises(Unavailable) as told:
        async with database.write() as tx:
            await tx.run(MUTE, account_id=1, thread_id=2)
    assert "not yet sure that it lasts" in str(told.value.safe)
    async with database.read() as reader:
        assert await reader.first(COUNT) == 1
