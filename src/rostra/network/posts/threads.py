"""The thread around a post, and who has engaged with it."""

from collections.abc import Sequence
from typing import Any

import msgspec

from rostra.kernel.paging import Page, Window
from rostra.network.edge import Reader
from rostra.network.posts import access
from rostra.network.posts.model import Engagement
from rostra.network.posts.queries import threads
from rostra.store.query import Query

# What Mastodon shows of a thread, to members and to anybody.
_MEMBER = (4096, 4096, 4096)
_ANYBODY = (40, 60, 20)


class Thread(msgspec.Struct, frozen=True):
    """Ids of the posts above (from the first on) and below (each after what it answers)."""

    ancestors: list[int]
    descendants: list[int]


async def thread(reader: Reader, viewer_id: int, post_id: int, *, now: int) -> Thread:
    """The thread around a post, in three queries however long it is.

    Members get up to 4,096 posts on either side, anybody else 40 above and 60 below, 20 deep.

    Raises:
        NotFound: the viewer may not see the post.
    """
    await access.row(reader, viewer_id, post_id)
    up, down, depth = _MEMBER if viewer_id else _ANYBODY
    above = await reader.all(threads.ANCESTORS, viewer=viewer_id, now=now, post=post_id, limit=up)
    below = await reader.all(
        threads.DESCENDANTS, viewer=viewer_id, now=now, post=post_id, limit=down, depth=depth
    )
    return Thread(above, _in_reading_order(post_id, below))


def _in_reading_order(root: int, below: Sequence[tuple[int, ...]]) -> list[int]:
    """Depth first, siblings by age. Without recursion: a thread may be thousands deep."""
    children: dict[int, list[int]] = {}
    for post_id, parent in below:
        children.setdefault(parent, []).append(post_id)
    ordered: list[int] = []
    waiting = sorted(children.get(root, ()), reverse=True)
    while waiting:
        post_id = waiting.pop()
        ordered.append(post_id)
        waiting.extend(sorted(children.get(post_id, ()), reverse=True))
    return ordered


async def favourited_by(
    reader: Reader, viewer_id: int, post_id: int, page: Page
) -> Window[Engagement]:
    """The accounts that favourited a post. Raises NotFound where the viewer may not see it."""
    await access.row(reader, viewer_id, post_id)
    return await _page(reader, threads.FAVOURITED_BY, post_id, page)


async def reblogged_by(
    reader: Reader, viewer_id: int, post_id: int, page: Page
) -> Window[Engagement]:
    """The accounts that reblogged a post. Raises NotFound where the viewer may not see it."""
    await access.row(reader, viewer_id, post_id)
    return await _page(reader, threads.REBLOGGED_BY, post_id, page)


async def favourites(reader: Reader, viewer_id: int, page: Page) -> Window[Engagement]:
    """The posts that the viewer favourited, the last one first."""
    return await _page(reader, threads.FAVOURITES_OF, viewer_id, page)


async def bookmarks(reader: Reader, viewer_id: int, page: Page) -> Window[Engagement]:
    """The posts that the viewer bookmarked, the last one first."""
    return await _page(reader, threads.BOOKMARKS_OF, viewer_id, page)


async def _page(
    reader: Reader, pages: tuple[Query[Any], Query[Any]], subject: int, page: Page
) -> Window[Engagement]:
    rows = await reader.all(
        pages[1] if page.ascending else pages[0],
        post=subject,
        below=page.below,
        above=page.above,
        limit=page.limit,
    )
    return Window.of(rows, page, lambda row: row.id)
