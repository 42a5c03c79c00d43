"""PostgreSQL's pool: a wait for a connection ends, and a gate that closed meanwhile holds."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select
from tests.store.test_database import NoJobs

from rostra.kernel.errors import Unavailable
from rostra.store.database import Hooks, Ties
from rostra.store.gates import WriteGate, memory_gates
from rostra.store.postgres import PostgresDatabase
from rostra.store.query import insert, query
from rostra.store.tables.posts import thread_mutes

MUTE = insert(thread_mutes)
COUNT = query(select(func.count()).select_from(thread_mutes), int)


@pytest.fixture
def gate() -> WriteGate:
    return memory_gates()[0]


@pytest.fixture
async def pool(postgres_url: str, gate: WriteGate) -> AsyncIterator[PostgresDatabase]:
    """Two connections, for which nobody waits longer than half a second."""
    ties = Ties(Hooks(), NoJobs(), gate)
    made = PostgresDatabase(postgres_url, ties, connections=2, wait_s=0.5)
    await _opened(made)
    yield made
    await made.close()


async def _opened(pool: PostgresDatabase) -> None:
    """Have both connections opened, which on a busy machine takes longer than anybody waits."""
    while True:
        with contextlib.suppress(Unavailable):
            async with pool.read(), pool.read():
                return


async def test_who_gets_no_connection_is_told_to_come_again(pool: PostgresDatabase) -> None:
    async with pool.read() as first, pool.read() as second:
        with pytest.raises(Unavailable, match="no connection of 2 came free"):
            async with pool.read():
                pass
        with pytest.raises(Unavailable):
            async with pool.write():
                pass
        assert await first.value(COUNT) == await second.value(COUNT) == 0
    async with pool.write() as tx:
        await tx.run(MUTE, account_id=1, thread_id=1)


async def test_what_is_too_slow_inside_is_no_wait_for_a_connection(pool: PostgresDatabase) -> None:
    with pytest.raises(TimeoutError):
        async with pool.read():
            raise TimeoutError


async def test_a_gate_that_closes_while_a_writer_waits_holds(
    pool: PostgresDatabase, gate: WriteGate
) -> None:
    async def write() -> None:
        async with pool.write() as tx:
            await tx.run(MUTE, account_id=1, thread_id=1)

    async with pool.read() as first, pool.read() as second:
        await first.value(COUNT)
        waiting = asyncio.create_task(write())
        await asyncio.sleep(0)  # it has passed the gate
        await second.value(COUNT)
        gate.close("moving house", 30)
    with pytest.raises(Unavailable):
        await waiting
    async with pool.read() as reader:
        assert await reader.value(COUNT) == 0
