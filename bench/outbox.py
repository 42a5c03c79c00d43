"""How fast jobs go in and out, against bare durable commits of the same disk.

    uv run python bench/outbox.py [--url sqlite:///path | postgresql://…] [--jobs 5000]

Prints transactions per second that each enqueue one job (one at a time and eight at a time), jobs
per second that one worker runs, for plain and transactional kinds and within one group, and what an
idle worker costs.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from rostra.kernel.clock import SystemClock
from rostra.kernel.ids import IdSource
from rostra.store.bus import MemoryBus
from rostra.store.database import Database, Hooks, Ties, Transaction
from rostra.store.gates import memory_gates
from rostra.store.migrate import migrate
from rostra.store.outbox import JobKind, Kinds, Outbox, Worker
from rostra.store.postgres import PostgresDatabase
from rostra.store.query import insert
from rostra.store.sqlite import SQLiteDatabase
from rostra.store.tables.outbox import schedules

BARE = insert(schedules)


class Nothing(msgspec.Struct):
    """A payload."""

    number: int = 0


async def plain(_services: object, _payload: Nothing) -> None:
    """Do nothing."""


async def inside(_services: object, _tx: Transaction, _payload: Nothing) -> None:
    """Do nothing, in a transaction."""


KINDS = Kinds(
    [JobKind("plain", Nothing, plain), JobKind("inside", Nothing, inside, transactional=True)]
)


async def rate(count: int, lanes: int, work: Callable[[int], Awaitable[None]]) -> float:
    """Calls per second."""

    async def lane(first: int) -> None:
        for number in range(first, count, lanes):
            await work(number)

    started = time.perf_counter()
    await asyncio.gather(*(lane(first) for first in range(lanes)))
    return count / (time.perf_counter() - started)


async def drained(db: Database, outbox: Outbox, kind: str, count: int, group: str = "") -> float:
    """Jobs per second of one worker."""
    async with db.write() as tx:
        for number in range(count):
            await tx.enqueue(kind, Nothing(number), group_key=group)
    started = time.perf_counter()
    await Worker(db, outbox, None).drain()
    return count / (time.perf_counter() - started)


async def measure(url: str, count: int) -> None:
    """Print the figures."""
    await migrate(url)
    clock, bus = SystemClock(), MemoryBus()
    outbox = Outbox(KINDS, bus, clock, IdSource(clock))
    ties = Ties(hooks=Hooks(), jobs=outbox, gate=memory_gates()[0])
    db: Database
    if url.startswith("sqlite:///"):
        db = SQLiteDatabase(Path(url.removeprefix("sqlite:///")), ties)
    else:
        db = PostgresDatabase(url, ties)
    run = time.time_ns()

    async def bare(number: int) -> None:
        async with db.write() as tx:
            await tx.run(BARE, kind=f"bench-{run}-{number}", due_at=0)

    async def enqueue(number: int) -> None:
        async with db.write() as tx:
            await tx.enqueue("plain", Nothing(number))

    for lanes in (1, 8):
        floor = await rate(count, lanes, lambda n, lanes=lanes: bare(n + lanes * 1_000_000))  # type: ignore[misc] # mypy can't infer a default
        got = await rate(count, lanes, enqueue)
        print(f"enqueue, {lanes} at a time  {got:8.0f} tx/s    {got / floor:5.2f} of bare commits")
    started = time.perf_counter()
    await Worker(db, outbox, None).drain()
    print(f"drain, plain kind      {2 * count / (time.perf_counter() - started):8.0f} jobs/s")
    inside_rate = await drained(db, outbox, "inside", count)
    print(f"drain, transactional   {inside_rate:8.0f} jobs/s")
    print(f"drain, one group       {await drained(db, outbox, 'plain', 500, 'g'):8.0f} jobs/s")
    worker = Worker(db, outbox, None)
    task = asyncio.create_task(worker.run())
    await asyncio.sleep(0.5)
    statements, cpu = db.statements, time.process_time()
    await asyncio.sleep(5)
    spent = (time.process_time() - cpu) / 5 * 1000
    print(f"idle  {(db.statements - statements) / 5:.1f} statements/s, {spent:.2f} ms of CPU/s")
    await worker.stop()
    await task
    await db.close()


def main() -> None:
    """Measure on a fresh SQLite file unless a URL is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="")
    parser.add_argument("--jobs", type=int, default=3000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=".") as folder:
        asyncio.run(measure(given.url or f"sqlite:///{folder}/bench.sqlite3", given.jobs))


if __name__ == "__main__":
    main()
