"""Loads standing decisions for the team."""

from collections.abc import Sequence

from rostra.kernel.errors import NotFound
from rostra.kernel.paging import MAX_BOUND
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions.model import Decision
from rostra.safety.edge import Reader
from rostra.safety.standing import queries
from rostra.safety.standing.model import Standing


async def one(reader: Reader, standing_id: int) -> Standing:
    """A standing decision, also one that has ended.

    Raises:
        NotFound: there is none.
    """
    found = await reader.all(queries.BY_IDS, ids=[standing_id])
    if not found:
        raise NotFound(f"standing decision {standing_id}")
    return found[0]


async def of_cluster(reader: Reader, cluster_id: int) -> Standing | None:
    """What stands for a cluster and was not ended."""
    return await reader.first(queries.OF_CLUSTER, id=cluster_id)


async def of_decision(reader: Reader, decision_id: int) -> Standing | None:
    """The last time that a decision was let stand, also where that has ended."""
    return await reader.first(queries.NEWEST_OF_DECISION, id=decision_id)


async def deciders(reader: Reader, found: Sequence[Decision]) -> dict[int, frozenset[int]]:
    """Who has decided each of these: who made it and who agreed; 0 is nobody.

    Of a decision that stands for later copies it is who decided about the first ones, and who let
    it stand. At most two statements.
    """
    standings = sorted({each.rule_id for each in found if each.machine_decided and each.cluster_id})
    stands = (
        {each.id: each for each in await reader.all(queries.BY_IDS, ids=standings)}
        if standings
        else {}
    )
    first_ids = sorted({each.decision_id for each in stands.values()})
    firsts = await decisions_access.by_ids(reader, first_ids) if first_ids else {}

    def of(decision: Decision) -> frozenset[int]:
        standing = stands.get(decision.rule_id)
        first = firsts.get(standing.decision_id) if standing else None
        both = [each for each in (decision, first) if each]
        return frozenset(at for each in both for at in (each.actor_id, each.second_id))

    return {each.id: of(each) for each in found}


async def listed(reader: Reader, *, limit: int = 40, below: int = MAX_BOUND) -> list[Standing]:
    """All, the newest first."""
    return await reader.all(queries.LISTED, limit=limit, below=below)


async def decisions_of(
    reader: Reader, standing_id: int, *, limit: int = 40, after: int = 0
) -> list[int]:
    """The decisions that were made by it, the oldest first."""
    return await reader.all(queries.DECISIONS_OF, id=standing_id, limit=limit, after=after)
