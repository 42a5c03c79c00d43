"""One decision over all that is in a cluster and nobody else works on."""

from collections.abc import Collection

import msgspec

from rostra.kernel.errors import Conflict
from rostra.safety.clusters import access
from rostra.safety.decisions import decide as deciding
from rostra.safety.decisions.model import Decision, Ruling
from rostra.safety.edge import Services, Transaction
from rostra.safety.team.model import Actor, Permission


class OverCluster(msgspec.Struct, frozen=True):
    """What came of it: the decision, and how many members somebody else works on."""

    decision: Decision
    left: int


async def decide_cluster(
    services: Services,
    tx: Transaction,
    actor: Actor,
    ruling: Ruling,
    cluster_id: int,
    *,
    without: Collection[int] = (),
) -> OverCluster:
    """Decide the open members of a cluster at once; outliers stay open.

    Args:
        services: the house's parts.
        tx: the transaction.
        actor: who decides.
        ruling: what, and why.
        cluster_id: which cluster.
        without: cases that are left open this time.

    Raises:
        NotFound: there is no such cluster, or a member is not theirs to see.
        Conflict: no member is left to decide.
        Forbidden: it is not theirs to decide.
        Invalid: on what is wrong about the ruling.
    """
    actor.require(Permission.DECIDE_MANY)
    cluster = await access.one(tx, cluster_id)
    ids = await access.open_members(
        tx,
        cluster_id,
        actor,
        now=services.clock.now(),
        limit=deciding.MOST_SUBJECTS,
    )
    taken = [each for each in ids if each not in without]
    if not taken:
        safe = "Nothing in this cluster is left to decide"
        raise Conflict(f"cluster {cluster_id} has no open member", safe=safe, code="cluster_empty")
    decision = await deciding.decide(services, tx, actor, ruling, taken, cluster_id=cluster_id)
    return OverCluster(decision, cluster.open_members - len(ids))
