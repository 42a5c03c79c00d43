"""The statements of the outbox."""

from typing import Any

import msgspec
from sqlalchemy import (
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from rostra.store.query import in_ids, insert_or_ignore, query, query_in, query_text
from rostra.store.tables.outbox import WAITING_ONCE, dead_jobs, jobs, schedules


class Job(msgspec.Struct, frozen=True):
    """A job as a worker has taken it.

    `attempts` counts the present one; `losses` how often a worker was gone while it held the job,
    the last time included.
    """

    id: int
    kind: str
    payload: str
    run_at: int
    rank: int
    dedupe_key: str
    group_key: str
    attempts: int
    losses: int
    last_error: str


_FRESH = ("id", "kind", "payload", "run_at", "rank", "dedupe_key", "group_key")


def _enqueue(words: Any) -> Any:
    """Insert; where the same thing waits already, only see to it that it runs as early.

    The update also locks the waiting row until this transaction ends, so no worker takes that job
    before it can see what this transaction wrote.
    """
    least = func.least if words.dialect.name == "postgresql" else func.min
    statement = words.insert(jobs).values(
        {name: bindparam(name, type_=jobs.c[name].type) for name in _FRESH}
    )
    return statement.on_conflict_do_update(
        index_elements=["kind", "dedupe_key"],
        index_where=WAITING_ONCE,
        set_={
            "run_at": least(jobs.c.run_at, statement.excluded.run_at),
            "rank": least(jobs.c.rank, statement.excluded.rank),
        },
    ).returning(jobs.c.id)


ENQUEUE = query_in(_enqueue)

_now = bindparam("now", type_=jobs.c.run_at.type)
DUE = query(select(jobs.c.id).where(jobs.c.run_at <= _now).limit(1))

_other = jobs.alias("other")
_behind = exists(
    select(_other.c.id).where(
        _other.c.group_key == jobs.c.group_key,
        # The partial index of groups is only used where the planner sees its condition.
        _other.c.group_key != "",
        or_(
            and_(_other.c.lease != 0, _other.c.run_at > _now),
            and_(_other.c.id < jobs.c.id, _other.c.run_at <= _now),
        ),
    )
)
# A job that is due and still has a lease: its worker did not come to the end of it.
_losses = jobs.c.losses + case((jobs.c.lease != 0, literal_column("1")), else_=literal_column("0"))
CLAIMABLE = query(
    select(
        jobs.c.id,
        jobs.c.kind,
        jobs.c.payload,
        jobs.c.run_at,
        jobs.c.rank,
        jobs.c.dedupe_key,
        jobs.c.group_key,
        jobs.c.attempts + 1,
        _losses,
        jobs.c.last_error,
    )
    .where(jobs.c.run_at <= _now, or_(jobs.c.group_key == "", ~_behind))
    .order_by(jobs.c.rank, jobs.c.run_at)
    .limit(bindparam("most", type_=jobs.c.rank.type))
    .with_for_update(skip_locked=True, of=jobs),
    Job,
)
CLAIM = query(
    update(jobs)
    .where(in_ids(jobs.c.id, "ids"))
    .values(
        lease=bindparam("token", type_=jobs.c.lease.type),
        run_at=bindparam("until", type_=jobs.c.run_at.type),
        losses=_losses,
    )
)
# Claims take turns on PostgreSQL: two at once could each start a job of the same group. SQLite has
# one writer anyway.
CLAIM_TURN = query_text(sqlite="SELECT 1", postgresql="SELECT pg_advisory_xact_lock(7206113802)")

_held = and_(
    jobs.c.id == bindparam("id", type_=jobs.c.id.type),
    jobs.c.lease == bindparam("token", type_=jobs.c.lease.type),
)
FINISH = query(delete(jobs).where(_held))
RENEW = query(update(jobs).where(_held).values(run_at=bindparam("until", type_=jobs.c.run_at.type)))
HELD = query(select(jobs.c.id, jobs.c.lease).where(in_ids(jobs.c.id, "ids")))
GIVE_BACK = query(
    update(jobs)
    .where(_held)
    .values(
        lease=0,
        run_at=bindparam("at", type_=jobs.c.run_at.type),
        attempts=bindparam("tries", type_=jobs.c.attempts.type),
        last_error=bindparam("error", type_=jobs.c.last_error.type),
    )
)

BURY = query(
    insert(dead_jobs).values({c.name: bindparam(c.name, type_=c.type) for c in dead_jobs.columns})
)

SCHEDULES = query(select(schedules.c.kind, schedules.c.due_at))
ADD_SCHEDULE = insert_or_ignore(schedules)
MOVE_SCHEDULE = query(
    update(schedules)
    .where(
        schedules.c.kind == bindparam("name", type_=schedules.c.kind.type),
        schedules.c.due_at == bindparam("seen", type_=schedules.c.due_at.type),
    )
    .values(due_at=bindparam("next", type_=schedules.c.due_at.type))
)
