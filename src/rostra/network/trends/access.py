"""What trends, for a viewer: what an operator, or the place's setting, lets everybody see.

A post is shown only to those who may see it and do not block or mute its author; none that is
covered or whose author does not want to be found.
"""

from rostra.kernel.clock import HOUR
from rostra.network.edge import Reader, Services
from rostra.network.instance import access as instance_access
from rostra.network.search import access as search_access
from rostra.network.search.model import FoundTag
from rostra.network.trends.model import Decision, Kind, Trend
from rostra.network.trends.queries import ranking
from rostra.network.trends.rank import HOURS, MOST


async def tags(services: Services, reader: Reader, limit: int, offset: int = 0) -> list[FoundTag]:
    """Hashtags with their last seven days, the most talked about first. Two queries."""
    place = await instance_access.settings(services, reader)
    if not place.trends or offset >= MOST:
        return []
    now = services.clock.now()
    found = await reader.all(
        ranking.TAGS,
        unreviewed=int(place.trends_unreviewed),
        since=now // HOUR - HOURS,
        least=services.settings.trends.least_people,
        limit=limit,
        offset=offset,
    )
    return await search_access.histories(reader, found, now=now)


async def posts(
    services: Services, reader: Reader, viewer_id: int, limit: int, offset: int = 0
) -> list[int]:
    """Ids of posts, the most talked about first. One query.

    Visitors get none where they may not read the public timelines.
    """
    place = await instance_access.settings(services, reader)
    if not place.trends or offset >= MOST or not (viewer_id or place.public_timelines):
        return []
    return await reader.all(
        ranking.POSTS,
        viewer=viewer_id,
        now=services.clock.now(),
        unreviewed=int(place.trends_unreviewed),
        limit=limit,
        offset=offset,
    )


async def listed(
    reader: Reader, kind: Kind, *, decision: Decision | None = None, limit: int = MOST
) -> list[Trend]:
    """What trends or was decided on, for operators; not for viewers."""
    wanted = -1 if decision is None else int(decision)
    return await reader.all(ranking.LISTED[kind], decision=wanted, limit=limit)
