"""A person lets a decision stand for what joins its cluster later, and ends that again."""

from typing import Final

from rostra.kernel.clock import DAY
from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.safety.clusters.model import ClustersMerged
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions.model import ActionKind, Decision, DecisionKind, DecisionState
from rostra.safety.edge import Services, Transaction
from rostra.safety.standing import later, queries
from rostra.safety.standing.model import Standing
from rostra.safety.team.model import Actor, Permission

LONGEST_MS: Final = 90 * DAY
MOST: Final = 100_000
_IN_FORCE = {DecisionState.IN_FORCE, DecisionState.BEING_APPLIED}


async def let_stand(
    services: Services,
    tx: Transaction,
    actor: Actor,
    decision_id: int,
    *,
    ends_at: int,
    most: int,
) -> Standing:
    """Let later copies meet a decision over a cluster, until a time (UTC ms) or a number.

    What has joined since the decision was made meets it at once.

    Raises:
        NotFound: there is no such decision.
        Invalid: on `decision_id`, `ends_at` or `most`.
        Conflict: it is not in force, or another one stands for the cluster.
        Forbidden: it is not theirs to say.
    """
    actor.require(Permission.DECIDE_MANY)
    decision = await decisions_access.one(tx, decision_id)
    _fits(decision)
    now = services.clock.now()
    if not now < ends_at <= now + LONGEST_MS:
        raise Invalid("ends_at", "must lie within the next 90 days", "ERR_INVALID")
    if not 0 < most <= MOST:
        raise Invalid("most", f"must lie between 1 and {MOST}", "ERR_INVALID")
    before = await tx.first(queries.OF_CLUSTER_LOCKED, id=decision.cluster_id)
    if before is not None and before.stands(now):
        safe = "Another decision stands for this cluster"
        raise Conflict(f"standing {before.id}", safe=safe, code="stands_already")
    if before is not None:
        await tx.run(queries.END, id=before.id, now=now, by=0)
    made = Standing(
        id=services.ids.next(),
        cluster_id=decision.cluster_id,
        decision_id=decision_id,
        actor_id=actor.account_id,
        most=most,
        done_count=0,
        ends_at=ends_at,
        ended_at=0,
        ended_by=0,
        created_at=now,
    )
    await tx.run(queries.ADD, **{name: getattr(made, name) for name in made.__struct_fields__})
    await later.leave(tx, made.cluster_id)
    return made


def _fits(decision: Decision) -> None:
    if not decision.cluster_id or decision.kind != DecisionKind.DECISION or decision.rule_id:
        raise Invalid("decision_id", "is not a decision over a cluster", "ERR_INVALID")
    if any(action.kind == ActionKind.DELETE_ACCOUNT for action in decision.done):
        raise Invalid(
            "decision_id", "deletes accounts, which nothing does by itself", "ERR_INVALID"
        )
    if decision.state not in _IN_FORCE:
        safe = "This decision is not in force"
        raise Conflict(f"decision {decision.id}", safe=safe, code="not_in_force")


async def end(services: Services, tx: Transaction, actor: Actor, standing_id: int) -> None:
    """Let it stand no longer; what was decided by it stays so.

    Raises:
        NotFound: there is none.
        Forbidden: it is not theirs to say.
    """
    actor.require(Permission.DECIDE_MANY)
    if await tx.first(queries.LOCKED, id=standing_id) is None:
        raise NotFound(f"standing decision {standing_id}")
    await tx.run(queries.END, id=standing_id, now=services.clock.now(), by=actor.account_id)


async def merged(services: Services, tx: Transaction, event: ClustersMerged) -> None:
    """End what stands for a cluster that is no more: what it was put into may be wider."""
    before = await tx.first(queries.OF_CLUSTER_LOCKED, id=event.cluster_id)
    if before is not None:
        await tx.run(queries.END, id=before.id, now=services.clock.now(), by=0)
