"""Jobs that were given up, and figures about the others, for operators."""

import msgspec
from sqlalchemy import bindparam, case, delete, func, literal_column, select

from rostra.store.database import Reader, Transaction
from rostra.store.outbox.queries import ENQUEUE
from rostra.store.outbox.queue import WAKE_TOPIC, Outbox
from rostra.store.query import query
from rostra.store.tables.outbox import dead_jobs as table
from rostra.store.tables.outbox import jobs


class DeadJob(msgspec.Struct, frozen=True):
    """A job that failed as often as its kind allows. `last_error` tells nothing personal."""

    id: int
    kind: str
    payload: str
    rank: int
    dedupe_key: str
    group_key: str
    attempts: int
    last_error: str
    died_at: int


class Figures(msgspec.Struct, frozen=True):
    """How the outbox stands: numbers of jobs, and when the longest waiting one was due (UTC ms)."""

    waiting: int
    due: int
    running: int
    dead: int
    oldest_due_at: int


_id = bindparam("id", type_=table.c.id.type)
_now = bindparam("now", type_=jobs.c.run_at.type)
_DEAD = query(
    select(table)
    .where(table.c.id < bindparam("before", type_=table.c.id.type))
    .order_by(table.c.id.desc())
    .limit(bindparam("most", type_=table.c.id.type)),
    DeadJob,
)
_TAKE = query(delete(table).where(table.c.id == _id).returning(*table.columns), DeadJob)
_is_waiting = jobs.c.lease == 0
_is_due = jobs.c.run_at <= _now
_FIGURES = query(
    select(
        func.count(case((_is_waiting, literal_column("1")))),
        func.count(case((_is_due, literal_column("1")))),
        func.count(case(((~_is_waiting) & ~_is_due, literal_column("1")))),
        select(func.count()).select_from(table).scalar_subquery(),
        func.coalesce(func.min(case((_is_due, jobs.c.run_at))), literal_column("0")),
    ).select_from(jobs),
    Figures,
)
_LAST = 2**63 - 1


async def dead_jobs(reader: Reader, *, before: int = _LAST, limit: int = 100) -> list[DeadJob]:
    """Dead letters, newest job first, with ids below `before`."""
    return await reader.all(_DEAD, before=before, most=limit)


async def requeue(outbox: Outbox, tx: Transaction, job_id: int) -> bool:
    """Try a dead job anew, with all its attempts; False if there is no such dead job."""
    dead = await tx.first(_TAKE, id=job_id)
    if dead is None:
        return False
    await tx.value(
        ENQUEUE,
        id=dead.id,
        kind=dead.kind,
        payload=dead.payload,
        run_at=outbox.clock.now(),
        rank=dead.rank,
        dedupe_key=dead.dedupe_key,
        group_key=dead.group_key,
    )
    tx.after_commit(lambda: outbox.bus.publish(WAKE_TOPIC, b""))
    return True


async def discard(tx: Transaction, job_id: int) -> bool:
    """Remove a dead job for good; False if there is no such dead job."""
    return await tx.first(_TAKE, id=job_id) is not None


async def figures(reader: Reader, now: int) -> Figures:
    """Count all jobs; for metrics and the console, not for each request."""
    found = await reader.first(_FIGURES, now=now)
    return found or Figures(0, 0, 0, 0, 0)
