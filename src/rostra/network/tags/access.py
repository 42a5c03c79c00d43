"""Loads the hashtags that somebody follows, and those on profiles."""

from collections.abc import Sequence

from rostra.kernel.paging import Page, Window
from rostra.network.edge import Reader
from rostra.network.tags import queries
from rostra.network.tags.model import NOTHING, FeaturedTag, FollowedTag, Mine
from rostra.store.paging import window_of

_LOOKED_AT = 1_000  # posts, for suggestions
SUGGESTED = 10


async def followed(reader: Reader, viewer_id: int, page: Page) -> Window[FollowedTag]:
    """The hashtags that the viewer follows, the last followed first. One query."""
    return await window_of(reader, queries.FOLLOWED, page, lambda line: line.id, account=viewer_id)


async def mine(reader: Reader, viewer_id: int, names: Sequence[str]) -> Mine:
    """Which of the hashtags (folded names) the viewer follows or shows. One query, or none."""
    if not viewer_id or not names:
        return NOTHING
    found: tuple[set[str], set[str]] = (set(), set())
    for kind, name in await reader.all(queries.MINE, account=viewer_id, names=list(names)):
        found[kind].add(name)
    return Mine(frozenset(found[0]), frozenset(found[1]))


async def featured(reader: Reader, account_id: int) -> list[FeaturedTag]:
    """The hashtags on the profile of an account that the viewer may see. One query."""
    return await reader.all(queries.FEATURED, account=account_id)


async def suggested(reader: Reader, account_id: int) -> list[tuple[int, str]]:
    """Hashtags (id, folded name) that somebody uses much and does not show. One query."""
    return await reader.all(
        queries.SUGGESTED, account=account_id, looked_at=_LOOKED_AT, limit=SUGGESTED
    )
