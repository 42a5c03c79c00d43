"""Loads standing decisions for the team."""

from rostra.kernel.errors import NotFound
from rostra.kernel.paging import MAX_BOUND
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


async def listed(reader: Reader, *, limit: int = 40, below: int = MAX_BOUND) -> list[Standing]:
    """All, the newest first."""
    return await reader.all(queries.LISTED, limit=limit, below=below)


async def decisions_of(
    reader: Reader, standing_id: int, *, limit: int = 40, after: int = 0
) -> list[int]:
    """The decisions that were made by it, the oldest first."""
    return await reader.all(queries.DECISIONS_OF, id=standing_id, limit=limit, after=after)
