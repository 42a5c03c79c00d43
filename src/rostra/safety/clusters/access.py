"""Loads clusters for the team: which there are, what is in them, outliers first."""

from collections.abc import Sequence

from rostra.kernel.clock import HOUR
from rostra.kernel.errors import NotFound
from rostra.kernel.paging import MAX_BOUND
from rostra.safety.clusters import queries
from rostra.safety.clusters.compare import Place
from rostra.safety.clusters.model import Cluster, ClusterEvent, OpenCluster, Placed
from rostra.safety.edge import Reader
from rostra.safety.team.model import Actor


async def one(reader: Reader, cluster_id: int) -> Cluster:
    """A cluster, with its sizes. One statement.

    Raises:
        NotFound: there is none.
    """
    found = await by_ids(reader, [cluster_id])
    if cluster_id not in found:
        raise NotFound(f"cluster {cluster_id}")
    return found[cluster_id]


async def by_ids(reader: Reader, ids: Sequence[int]) -> dict[int, Cluster]:
    """Those of the clusters that there are, with their sizes. One statement."""
    if not ids:
        return {}
    return {each.id: each for each in await reader.all(queries.OVERVIEWS, ids=ids)}


async def listed(
    reader: Reader,
    *,
    categories: Sequence[int] | None = None,
    limit: int = 40,
    offset: int = 0,
) -> list[OpenCluster]:
    """Clusters with more than one open case, in the order of the worst of those. One statement.

    Args:
        reader: where to read.
        categories: count cases of these alone; None: of all.
        limit: at most so many.
        offset: leave out so many.
    """
    return await reader.all(queries.LISTED, limit=limit, offset=offset, **_bound(categories))


async def cases_of(
    reader: Reader,
    cluster_id: int,
    place: Place,
    *,
    categories: Sequence[int] | None = None,
    limit: int = 40,
    after: int = 0,
) -> list[Placed]:
    """Its members, or its outliers, the oldest first, behind a case. One statement."""
    return await reader.all(
        queries.CASES_OF,
        id=cluster_id,
        place=int(place),
        limit=limit,
        after=after,
        **_bound(categories),
    )


async def places(reader: Reader, case_ids: Sequence[int]) -> dict[int, Placed]:
    """Where these cases stand, as far as they were compared. One statement."""
    if not case_ids:
        return {}
    return {each.case_id: each for each in await reader.all(queries.PLACES, ids=case_ids)}


async def over_time(
    reader: Reader, cluster_id: int, *, step_ms: int = HOUR
) -> list[tuple[int, int]]:
    """How many of its cases were opened, by the beginning of each step (UTC ms). One statement."""
    rows = await reader.all(queries.OVER_TIME, id=cluster_id, step=step_ms)
    return [(int(at) * step_ms, count) for at, count in rows]


async def events(
    reader: Reader, cluster_id: int, *, limit: int = 40, below: int = MAX_BOUND
) -> list[ClusterEvent]:
    """What people did with it, the newest first. One statement."""
    return await reader.all(queries.EVENTS, id=cluster_id, limit=limit, below=below)


async def open_members(
    reader: Reader, cluster_id: int, actor: Actor, *, now: int, limit: int
) -> list[int]:
    """Members to be decided that nobody else works on, and that are theirs to decide."""
    return await reader.all(
        queries.OPEN_MEMBERS,
        id=cluster_id,
        actor=actor.account_id,
        own=actor.own,
        now=now,
        limit=limit,
    )


def _bound(categories: Sequence[int] | None) -> dict[str, object]:
    return {"all_categories": int(categories is None), "categories": list(categories or ())}
