"""What trends, for a viewer: what an operator, or the place's setting, lets everybody see.

A post is shown only to those who may see it and do not block or mute its author; none that is
covered or whose author does not want to be found.
"""

from collections import Counter

from msgspec.structs import replace

from rostra.kernel.clock import HOUR
from rostra.network.edge import Reader, Services
from rostra.network.instance import access as instance_access
from rostra.network.instance.model import PlaceSettings
from rostra.network.previews.address import host_of
from rostra.network.previews.model import Card
from rostra.network.search import access as search_access
from rostra.network.search.model import FoundTag
from rostra.network.trends.model import Decision, Kind, Publisher, Trend, TrendingLink
from rostra.network.trends.queries import publishers as published
from rostra.network.trends.queries import ranking
from rostra.network.trends.rank import HOURS, MOST

_SAME_LINK = 3  # addresses that lead to the same page
_PUBLISHERS_LISTED = 10_000


async def tags(services: Services, reader: Reader, limit: int, offset: int = 0) -> list[FoundTag]:
    """Hashtags with their last seven days, the most talked about first. Two queries."""
    place = await instance_access.settings(services, reader)
    if not place.trends or offset >= MOST:
        return []
    now = services.clock.now()
    page = _spoken_of(services, place, limit, offset)
    found = await reader.all(ranking.TAGS, **page)
    return await search_access.histories(reader, found, now=now)


def _spoken_of(services: Services, place: PlaceSettings, limit: int, offset: int) -> dict[str, int]:
    """What the statements ask that look whether enough people still speak of something."""
    return {
        "unreviewed": int(place.trends_unreviewed),
        "since": services.clock.now() // HOUR - HOURS,
        "least": services.settings.trends.least_people,
        "limit": limit,
        "offset": offset,
    }


async def links(
    services: Services, reader: Reader, limit: int, offset: int = 0
) -> list[TrendingLink]:
    """Links with their last seven days, the most talked about first. Two queries."""
    place = await instance_access.settings(services, reader)
    if not place.trends or offset >= MOST:
        return []
    now = services.clock.now()
    page = _spoken_of(services, place, limit, offset)
    found = await reader.all(ranking.LINKS, **page)
    weeks = await search_access.weeks(reader, [row[0] for row in found], now=now, kind=Kind.LINK)
    # Authors stand there by name alone: their accounts would have to be asked for each viewer.
    return [
        TrendingLink(replace(Card(*row[1:]), author_account_id=0), weeks[row[0]]) for row in found
    ]


async def links_to(services: Services, reader: Reader, viewer_id: int, url: str) -> list[int]:
    """Those of the links above that lead to an address, three at most. One query.

    Visitors get none where they may not read the public timelines.
    """
    place = await instance_access.settings(services, reader)
    if not place.trends or not (viewer_id or place.public_timelines):
        return []
    page = _spoken_of(services, place, _SAME_LINK, 0)
    return await reader.all(ranking.LINKS_TO, url=url, **page)


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


async def publishers(reader: Reader) -> list[Publisher]:
    """The hosts that were decided on, by name, for operators; not for viewers."""
    return await reader.all(published.LISTED, limit=_PUBLISHERS_LISTED)


async def waiting_publishers(reader: Reader) -> list[Publisher]:
    """The hosts of links that trend and wait for a decision, those of most links first."""
    links = await reader.all(published.TRENDING_LINKS)
    hosts = Counter(host_of(one.url) for one in links if not one.decision and not one.of_publisher)
    return [Publisher(host, 0, count) for host, count in hosts.most_common() if host]
