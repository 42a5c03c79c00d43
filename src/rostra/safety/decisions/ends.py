"""Restrictions end by themselves when their time has come."""

from collections.abc import Sequence
from typing import Final

import msgspec

from rostra.kernel.clock import MINUTE
from rostra.safety.decisions import queries
from rostra.safety.decisions.apply import CHUNK, enforce
from rostra.safety.decisions.events import RestrictionsEnded
from rostra.safety.edge import Services, Transaction
from rostra.safety.subjects import Subject
from rostra.store.outbox.kinds import JobKind

_EVERY: Final = MINUTE


class EndDue(msgspec.Struct, frozen=True):
    """End what has come to its end."""


async def end_due(services: Services, tx: Transaction, job: EndDue) -> None:
    """End what is due; if that is much, the next job goes on at once."""
    due = await tx.all(queries.DUE, now=services.clock.now(), limit=CHUNK)
    if not due:
        return
    await tx.run(queries.END, ids=[row[0] for row in due], now=services.clock.now())
    await enforce(services, tx, [Subject(kind, subject_id) for _, kind, subject_id, _ in due])
    await tx.emit(RestrictionsEnded(tuple(sorted({row[3] for row in due}))))
    if len(due) == CHUNK:
        await tx.enqueue("decisions.end_due", job)


async def end_of(services: Services, tx: Transaction, decision_ids: Sequence[int]) -> None:
    """End at once what these decisions do, as if their time had come."""
    left = await tx.all(queries.LEFT_OF_DECISIONS, ids=decision_ids)
    if not left:
        return
    await tx.run(queries.END, ids=[row[0] for row in left], now=services.clock.now())
    await enforce(services, tx, [Subject(kind, subject_id) for _, kind, subject_id, _ in left])
    await tx.emit(RestrictionsEnded(tuple(sorted({row[3] for row in left}))))


JOBS = (JobKind("decisions.end_due", EndDue, end_due, transactional=True, every_ms=_EVERY),)
