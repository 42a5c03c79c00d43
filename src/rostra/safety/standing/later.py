"""Later copies meet the decision that stands for their cluster, and one undo takes all of it back.

Both are jobs: a report is answered at once, and whatever happens in between, each copy is decided
once. The member's statement says that it was decided automatically, as `machine_decided` tells.
"""

from typing import Final

import msgspec

from rostra.kernel.clock import MINUTE
from rostra.kernel.errors import Invalid
from rostra.network.credentials.model import Role
from rostra.safety.categories.model import Category
from rostra.safety.clusters.compare import Place
from rostra.safety.clusters.model import CaseClustered
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions import decide as deciding
from rostra.safety.decisions import undo as undoing
from rostra.safety.decisions.events import DecisionUndone
from rostra.safety.decisions.model import (
    Decision,
    DecisionKind,
    DecisionState,
    Ground,
    Ruling,
)
from rostra.safety.edge import Services, Transaction
from rostra.safety.standing import queries
from rostra.safety.standing.model import Standing
from rostra.safety.team.model import Actor
from rostra.store.outbox.kinds import JobKind

CHUNK: Final = 500
_UNDONE_AT_ONCE: Final = 5
_AGAIN_MS: Final = 2_000
_DONE = {DecisionState.UNDONE, DecisionState.BEING_UNDONE, DecisionState.REFUSED}


class MeetLater(msgspec.Struct, frozen=True):
    """Decide what has joined a cluster for which a decision stands."""

    cluster_id: int


class UndoLater(msgspec.Struct, frozen=True):
    """Take back what was decided by a standing decision, as the decision itself was."""

    standing_id: int
    undo_id: int
    after: int = 0


class EndDue(msgspec.Struct, frozen=True):
    """End what has come to its end."""


async def joined(_: Services, tx: Transaction, event: CaseClustered) -> None:
    """Leave a copy to the decision that stands for its cluster, if one does."""
    if event.place != Place.MEMBER:
        return
    if await tx.first(queries.OF_CLUSTER, id=event.cluster_id) is not None:
        await leave(tx, event.cluster_id)


async def leave(tx: Transaction, cluster_id: int) -> None:
    """Let a job see to a cluster."""
    await tx.enqueue("standing.meet", MeetLater(cluster_id), dedupe_key=str(cluster_id), priority=5)


async def meet(services: Services, tx: Transaction, job: MeetLater) -> None:
    """Decide some of the copies; if there are many, the next job goes on at once."""
    standing = await tx.first(queries.OF_CLUSTER_LOCKED, id=job.cluster_id)
    if standing is None:
        return
    now = services.clock.now()
    decision = await decisions_access.one(tx, standing.decision_id)
    if not standing.stands(now) or decision.state in _DONE:
        await tx.run(queries.END, id=standing.id, now=now, by=0)
        return
    limit = min(CHUNK, standing.most - standing.done_count)
    ids = await tx.all(
        queries.LATER_MEMBERS, id=job.cluster_id, since=decision.created_at, now=now, limit=limit
    )
    if not ids:
        return
    ruling = _again(decision, standing, now)
    actor = Actor(standing.actor_id, Role.MODERATOR)
    try:
        made = await deciding.decide(services, tx, actor, ruling, ids, cluster_id=job.cluster_id)
    except Invalid:  # such as a rule that is no more; nothing was written
        await tx.run(queries.END, id=standing.id, now=now, by=0)
        return
    await tx.run(queries.APPLIED, standing_id=standing.id, decision_id=made.id)
    await tx.run(queries.COUNT, id=standing.id, more=len(ids))
    if standing.done_count + len(ids) >= standing.most:
        await tx.run(queries.END, id=standing.id, now=now, by=0)
    elif len(ids) == CHUNK:
        await leave(tx, job.cluster_id)


def _again(decision: Decision, standing: Standing, now: int) -> Ruling:
    """The same for copies that came later; what has an end lasts as long for them."""
    actions = []
    for action in decision.done:
        ends_at = now + action.ends_at - decision.created_at if action.ends_at else 0
        actions.append(msgspec.structs.replace(action, ends_at=ends_at))
    return Ruling(
        actions=tuple(actions),
        category=Category(decision.category),
        ground=Ground(decision.ground),
        clause_id=decision.clause_id,
        legal_ground=decision.legal_ground,
        facts=decision.facts,
        words=decision.words,
        note=decision.note,
        language=decision.language,
        machine_found=bool(decision.machine_found),
        rule_id=standing.id,
        strikes=decision.strikes,
    )


async def undone(services: Services, tx: Transaction, event: DecisionUndone) -> None:
    """End what stands on a decision that was taken back, and take back what was decided by it."""
    for standing in await tx.all(queries.OF_DECISION, id=event.decision_id):
        await tx.run(queries.END, id=standing.id, now=services.clock.now(), by=0)
        await _leave_undo(tx, UndoLater(standing.id, event.undo_id))


async def undo_rest(services: Services, tx: Transaction, job: UndoLater) -> None:
    """Take back some, and leave the rest to the next job."""
    why = await decisions_access.one(tx, job.undo_id)
    ids = await tx.all(
        queries.DECISIONS_OF, id=job.standing_id, after=job.after, limit=_UNDONE_AT_ONCE
    )
    found = await decisions_access.by_ids(tx, ids)
    # Whoever took the decision back was asked whether they may; copies of others follow it.
    actor = Actor(why.actor_id, Role.OWNER)
    for decision_id in ids:
        decision = found[decision_id]
        if decision.state == DecisionState.BEING_APPLIED:
            again = msgspec.structs.replace(job, after=decision_id - 1)
            await _leave_undo(tx, again, services.clock.now() + _AGAIN_MS)
            return
        if decision.state == DecisionState.IN_FORCE:
            reopen = why.kind == DecisionKind.REOPENING
            await undoing.undo(services, tx, actor, decision_id, facts=why.facts, reopen=reopen)
    if len(ids) == _UNDONE_AT_ONCE:
        await _leave_undo(tx, msgspec.structs.replace(job, after=ids[-1]))


async def _leave_undo(tx: Transaction, job: UndoLater, run_at: int | None = None) -> None:
    await tx.enqueue("standing.undo", job, run_at=run_at, priority=5)


async def end_due(services: Services, tx: Transaction, _: EndDue) -> None:
    """End what has come to its end."""
    await tx.run(queries.DUE, now=services.clock.now())


JOBS = (
    JobKind("standing.meet", MeetLater, meet, transactional=True, attempts=20, timeout_s=120),
    JobKind("standing.undo", UndoLater, undo_rest, transactional=True, attempts=20, timeout_s=120),
    JobKind("standing.end_due", EndDue, end_due, transactional=True, every_ms=10 * MINUTE),
)
