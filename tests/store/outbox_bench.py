"""What the tests of the outbox share: kinds that do something visible, and workers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import func, select
from tests.harness.patience import PATIENCE_S

from rostra.kernel.clock import ManualClock
from rostra.kernel.errors import Conflict
from rostra.kernel.ids import IdSource
from rostra.store.bus import MemoryBus
from rostra.store.database import Database, Hooks, Ties, Transaction
from rostra.store.gates import EgressGate, WriteGate, memory_gates
from rostra.store.outbox import JobKind, Kinds, Outbox, Outcome, Worker
from rostra.store.postgres import PostgresDatabase
from rostra.store.query import insert, query
from rostra.store.sqlite import SQLiteDatabase
from rostra.store.tables.outbox import dead_jobs, jobs, schedules

ADD = insert(schedules)  # any table would do for effects that can be counted
COUNT = query(select(func.count()).select_from(schedules).where(schedules.c.kind.like("effect-%")))
JOBS = query(select(jobs).order_by(jobs.c.id))
DEAD = query(select(dead_jobs).order_by(dead_jobs.c.id))


class Note(msgspec.Struct, frozen=True):
    """A payload."""

    text: str = ""
    fails: int = 0
    takes_s: float = 0.0


@dataclass
class Seen:
    """What handlers saw, in order; the services of these tests."""

    texts: list[str] = field(default_factory=list)
    running: int = 0
    most: int = 0
    outcomes: list[Outcome] = field(default_factory=list)
    waited: list[int] = field(default_factory=list)
    egress: EgressGate | None = None
    release: asyncio.Event = field(default_factory=asyncio.Event)
    crash: asyncio.Event = field(default_factory=asyncio.Event)

    def started(self, kind: str, waited_ms: int) -> None:
        """Count."""
        assert kind
        self.waited.append(waited_ms)

    def finished(self, kind: str, outcome: Outcome, seconds: float) -> None:
        """Count."""
        assert kind
        assert seconds >= 0
        self.outcomes.append(outcome)


async def note(seen: Seen, payload: Note) -> None:
    """Write down, take as long as told, fail as often as told."""
    seen.texts.append(payload.text)
    seen.running += 1
    seen.most = max(seen.most, seen.running)
    try:
        await asyncio.sleep(payload.takes_s)
    finally:
        seen.running -= 1
    if seen.texts.count(payload.text) <= payload.fails:
        raise ValueError("private words")


async def conflict(_seen: Seen, _payload: Note) -> None:
    """Fail with an error of the house."""
    raise Conflict("inside", safe="safe words")


async def mail(seen: Seen, payload: Note) -> None:
    """Something that leaves the house."""
    assert seen.egress is not None
    seen.egress.check("mail")
    seen.texts.append(payload.text)


async def hold(seen: Seen, payload: Note) -> None:
    """Run until released."""
    seen.texts.append(payload.text)
    seen.running += 1
    try:
        await seen.release.wait()
    finally:
        seen.running -= 1


async def deadly(seen: Seen, _payload: Note) -> None:
    """Ask the test to end this worker at once."""
    seen.crash.set()
    await asyncio.Event().wait()


async def write(_seen: Seen, tx: Transaction, payload: Note) -> None:
    """An effect inside the transaction that removes the job."""
    await tx.run(ADD, kind=f"effect-{payload.text}", due_at=0)
    if payload.fails:
        raise ValueError


async def chain(seen: Seen, tx: Transaction, payload: Note) -> None:
    """A job that gives rise to another."""
    seen.texts.append(payload.text)
    if payload.fails:
        await tx.enqueue("chain", Note(payload.text + "+", payload.fails - 1))


KINDS = (
    JobKind("note", Note, note, attempts=3),
    JobKind("brief", Note, note, timeout_s=0.05),
    JobKind("hold", Note, hold),
    JobKind("deadly", Note, deadly),
    JobKind("mail", Note, mail, attempts=2),
    JobKind("conflict", Note, conflict, attempts=1),
    JobKind("write", Note, write, transactional=True, attempts=2),
    JobKind("chain", Note, chain, transactional=True),
)


@dataclass
class Bench:
    """A database with an outbox, and workers on it."""

    db: Database
    outbox: Outbox
    clock: ManualClock
    bus: MemoryBus
    gate: WriteGate
    seen: Seen

    def worker(self, **options: Any) -> Worker:
        """A worker that polls often."""
        given: dict[str, Any] = {"poll_ms": 20, "metrics": self.seen} | options
        return Worker(self.db, self.outbox, self.seen, **given)

    async def enqueue(self, kind: str, payload: Note | None = None, **options: Any) -> int:
        """One job in a transaction of its own."""
        async with self.db.write() as tx:
            return await tx.enqueue(kind, payload or Note(), **options)

    async def rows(self) -> list[dict[str, Any]]:
        """The rows of all jobs."""
        async with self.db.read() as reader:
            found = await reader.all(JOBS)
        return [dict(zip(jobs.columns.keys(), row, strict=True)) for row in found]

    async def dead(self) -> list[dict[str, Any]]:
        """The rows of all dead letters."""
        async with self.db.read() as reader:
            found = await reader.all(DEAD)
        return [dict(zip(dead_jobs.columns.keys(), row, strict=True)) for row in found]

    async def effects(self) -> int:
        """How many effects there are."""
        async with self.db.read() as reader:
            return int(await reader.value(COUNT))

    async def drain(self) -> None:
        """Run what is due."""
        await self.worker().drain()


def open_database(url: str, ties: Ties) -> Database:
    """The database at this URL."""
    if url.startswith("sqlite:///"):
        return SQLiteDatabase(Path(url.removeprefix("sqlite:///")), ties)
    return PostgresDatabase(url, ties)


@asynccontextmanager
async def opened(url: str, kinds: tuple[JobKind, ...] = KINDS) -> AsyncIterator[Bench]:
    """A bench on the database at this URL."""
    clock, bus = ManualClock(), MemoryBus()
    outbox = Outbox(Kinds(kinds), bus, clock, IdSource(clock))
    gate, egress = memory_gates()
    db = open_database(url, Ties(hooks=Hooks(), jobs=outbox, gate=gate))
    yield Bench(db, outbox, clock, bus, gate, Seen(egress=egress))
    await db.close()


@asynccontextmanager
async def working(worker: Worker) -> AsyncIterator[None]:
    """The worker runs during the block."""
    task = asyncio.create_task(worker.run())
    await asyncio.sleep(0)
    try:
        yield
    finally:
        await worker.stop(PATIENCE_S)
        await task
