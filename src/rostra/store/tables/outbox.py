"""Durable jobs: those waiting or running, those given up, and when the scheduled ones are next due.

`run_at` is the time from which a worker may take the job. A worker that takes it writes its token
into `lease` and moves `run_at` to the end of the lease, so a job whose worker died is due again by
itself, and one index tells all that is due.
"""

from sqlalchemy import Column, Index, Text
from sqlalchemy import text as sql

from rostra.store.tables.base import key, number, table, text

WAITING_ONCE = sql("dedupe_key <> '' AND lease = 0")
_GROUPED = sql("group_key <> ''")

jobs = table(
    "jobs",
    key(),
    text("kind"),
    text("payload"),  # JSON
    number("run_at"),  # UTC ms: due from then on; while leased: the end of the lease
    number("rank"),  # minus the priority: lower runs first, so that a plain index has the order
    text("dedupe_key"),
    text("group_key"),
    number("attempts"),  # that failed
    number("losses"),  # how often a worker was gone while it held the job
    number("lease"),  # 0: waiting
    text("last_error"),
    Index("ix_jobs_run_at", "run_at"),
    Index("ix_jobs_rank_run_at", "rank", "run_at"),
    Index(
        "uq_jobs_kind_dedupe_key",
        "kind",
        "dedupe_key",
        unique=True,
        sqlite_where=WAITING_ONCE,
        postgresql_where=WAITING_ONCE,
    ),
    Index(
        "ix_jobs_group_key_id", "group_key", "id", sqlite_where=_GROUPED, postgresql_where=_GROUPED
    ),
)

dead_jobs = table(
    "dead_jobs",
    key(),
    text("kind"),
    text("payload"),
    number("rank"),
    text("dedupe_key"),
    text("group_key"),
    number("attempts"),
    text("last_error"),
    number("died_at"),
    Index("ix_dead_jobs_died_at", "died_at"),
)

schedules = table(
    "schedules",
    Column("kind", Text, primary_key=True),
    number("due_at"),
)
