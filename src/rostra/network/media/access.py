"""Attachments as viewers may have them."""

from collections.abc import Sequence

from rostra.kernel.errors import NotFound
from rostra.network.edge import Reader
from rostra.network.media import queries
from rostra.network.media.model import Media


async def by_posts(reader: Reader, post_ids: Sequence[int]) -> dict[int, list[Media]]:
    """The attachments of posts that the caller has already been allowed to see, in their order."""
    found: dict[int, list[Media]] = {}
    for row in await reader.all(queries.BY_POSTS, ids=post_ids):
        found.setdefault(row.post_id, []).append(row)
    return found


async def by_ids(reader: Reader, ids: Sequence[int]) -> dict[int, Media]:
    """Attachments of anybody, for those who have to judge them."""
    if not ids:
        return {}
    return {row.id: row for row in await reader.all(queries.BY_IDS, ids=ids)}


async def own_among(reader: Reader, owner_id: int, ids: Sequence[int]) -> dict[int, Media]:
    """Those of the attachments that are the owner's. One statement."""
    return {row.id: row for row in await reader.all(queries.OWN_AMONG, owner=owner_id, ids=ids)}


async def attached_count(reader: Reader, owner_id: int) -> int:
    """How many pictures stand on the owner's posts."""
    return int(await reader.value(queries.ATTACHED_COUNT, owner=owner_id))


async def by_scheduled(reader: Reader, scheduled_ids: Sequence[int]) -> dict[int, Media]:
    """The attachments that are kept for scheduled posts of the caller's own, by their ids."""
    if not scheduled_ids:
        return {}
    return {row.id: row for row in await reader.all(queries.RESERVED, ids=scheduled_ids)}


async def own(reader: Reader, owner_id: int, media_id: int) -> Media:
    """One's own picture.

    Raises:
        NotFound: it is somebody else's, or there is none.
    """
    row = await reader.first(queries.OWN, media=media_id, owner=owner_id)
    if row is None:
        raise NotFound(f"media {media_id} of {owner_id}")
    return row
