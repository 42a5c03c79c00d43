"""What people do with clusters: leave a case out, take it in, put two clusters together."""

from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.safety.clusters import access, content, queries
from rostra.safety.clusters.compare import Place, Reason, Relation
from rostra.safety.clusters.model import (
    CaseClustered,
    ClusterEventKind,
    ClustersMerged,
    Placed,
)
from rostra.safety.clusters.place import Spot, keep_keys, put
from rostra.safety.edge import Services, Transaction
from rostra.safety.subjects import Subject
from rostra.safety.team.model import Actor, Permission


async def leave_out(services: Services, tx: Transaction, actor: Actor, case_id: int) -> None:
    """Let a member be decided by itself: it stays in the cluster as an outlier.

    Raises:
        NotFound: it is in no cluster.
        Forbidden: it is not theirs to say.
    """
    placed = await _placed(tx, actor, case_id)
    if placed.place == Place.MEMBER:
        await set_aside(services, tx, placed, Reason.LEFT_OUT, by=actor.account_id)
        await _tell(services, tx, placed, ClusterEventKind.LEFT_OUT, actor)


async def take_in(services: Services, tx: Transaction, actor: Actor, case_id: int) -> None:
    """Let an outlier be decided with the others. Raises as :func:`leave_out`."""
    placed = await _placed(tx, actor, case_id)
    if placed.place == Place.OUTLIER:
        relation = Relation(Place.MEMBER, placed.alike / 1000)
        spot = Spot(placed.cluster_id, Place.MEMBER, relation)
        await put(services, tx, [case_id], spot, by=actor.account_id)
        await _tell(services, tx, placed, ClusterEventKind.TAKEN_IN, actor)
        await tx.emit(CaseClustered(case_id, placed.cluster_id, int(Place.MEMBER)))


async def merge(
    services: Services, tx: Transaction, actor: Actor, cluster_id: int, into_id: int
) -> None:
    """Put all cases of a cluster into another one; what is like either joins that from now on.

    Raises:
        NotFound: there is no such cluster.
        Invalid: on `into`: it is this cluster itself.
        Conflict: one of them was put into another one before.
        Forbidden: it is not theirs to say.
    """
    actor.require(Permission.WORK_CASES)
    if cluster_id == into_id:
        raise Invalid("into", "is this cluster itself", "ERR_INVALID")
    found = {row[0]: row[2] for row in await tx.all(queries.LOCKED, ids=[cluster_id, into_id])}
    if len(found) < len({cluster_id, into_id}):
        raise NotFound(f"clusters {cluster_id}, {into_id}")
    if any(found.values()):
        safe = "This cluster was put into another one"
        raise Conflict(f"clusters {found}", safe=safe, code="cluster_merged")
    await tx.run(queries.MERGED, id=cluster_id, into=into_id)
    await tx.run(queries.MOVE, id=cluster_id, into=into_id)
    await tx.run(queries.MOVE_CASES, id=cluster_id, into=into_id)
    await tx.run(
        queries.ADD_EVENT,
        id=services.ids.next(),
        cluster_id=into_id,
        kind=int(ClusterEventKind.MERGED),
        case_id=0,
        other_id=cluster_id,
        actor_id=actor.account_id,
        created_at=services.clock.now(),
    )
    await tx.emit(ClustersMerged(cluster_id, into_id))


async def set_aside(
    services: Services, tx: Transaction, placed: Placed, reason: Reason, *, by: int = 0
) -> None:
    """Make a member an outlier. Where it was the first, another member leads."""
    relation = Relation(Place.OUTLIER, placed.alike / 1000, (*placed.reasons, reason))
    await put(
        services, tx, [placed.case_id], Spot(placed.cluster_id, Place.OUTLIER, relation), by=by
    )
    ((_, leader_id, _),) = await tx.all(queries.LOCKED, ids=[placed.cluster_id])
    if leader_id == placed.case_id:
        await _another_leads(tx, placed)


async def _another_leads(tx: Transaction, placed: Placed) -> None:
    next_id = await tx.first(queries.OTHER_MEMBER, cluster=placed.cluster_id, other=placed.case_id)
    await tx.run(queries.FORGET_KEYS, ids=[placed.case_id])
    if next_id is None:
        return
    await tx.run(queries.LEAD, cluster=placed.cluster_id, leader=next_id)
    ((kind, subject_id),) = await tx.all(queries.SUBJECT_OF, id=next_id)
    said = await content.load(tx, Subject(kind, subject_id))
    if said is not None:
        await keep_keys(tx, next_id, said.content.kept)


async def _placed(tx: Transaction, actor: Actor, case_id: int) -> Placed:
    actor.require(Permission.WORK_CASES)
    placed = (await access.places(tx, [case_id])).get(case_id)
    if placed is None or not placed.cluster_id:
        raise NotFound(f"case {case_id} is in no cluster")
    return placed


async def _tell(
    services: Services, tx: Transaction, placed: Placed, kind: ClusterEventKind, actor: Actor
) -> None:
    await tx.run(
        queries.ADD_EVENT,
        id=services.ids.next(),
        cluster_id=placed.cluster_id,
        kind=int(kind),
        case_id=placed.case_id,
        other_id=0,
        actor_id=actor.account_id,
        created_at=services.clock.now(),
    )
