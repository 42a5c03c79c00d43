"""The thread around a post, and who has engaged with it."""

from collections.abc import Sequence

import msgspec

from rostra.kernel.paging import Page, Window
from rostra.network.edge import Reader
from rostra.network.posts import access
from rostra.network.posts.model import Engagement, Step, Visibility
from rostra.network.posts.queries import threads
from rostra.store.query import Query

# What Mastodon shows of a thread, to members and to anybody.
_MEMBER = (4096, 4096, 4096)
_ANYBODY = (40, 60, 20)
# Of so many that are met below for anybody, those that are not for everybody don't count.
_MET = 600

Pages = tuple[Query[Engagement], Query[Engagement]]  # newest first, and oldest first


class Thread(msgspec.Struct, frozen=True):
    """Ids of the posts above (from the first on) and below (each after what it answers)."""

    ancestors: list[int]
    descendants: list[int]


async def thread(reader: Reader, viewer_id: int, post_id: int, *, now: int) -> Thread:
    """The thread around a post, in three queries however long it is.

    The ids are for the loader of posts: some of them may be of posts that the viewer may not see.

    Members get up to 4,096 posts on either side, anybody else 40 above and 60 below, 20 deep.

    Raises:
        NotFound: the viewer may not see the post.
    """
    await access.row(reader, viewer_id, post_id)
    up, down, depth = _MEMBER if viewer_id else _ANYBODY
    above = await reader.all(threads.ANCESTORS, viewer=viewer_id, now=now, post=post_id, limit=up)
    met = await reader.all(
        threads.DESCENDANTS,
        viewer=viewer_id,
        now=now,
        post=post_id,
        limit=max(down, _MET),
        depth=depth,
    )
    below = met if viewer_id else _first_public(met, down)
    return Thread([step.id for step in above if not step.hidden], _in_reading_order(post_id, below))


def _first_public(met: Sequence[Step], limit: int) -> list[Step]:
    """As many posts that everybody may see, and what was met before the last of them."""
    found, left = [], limit
    for step in met:
        found.append(step)
        left -= step.visibility < Visibility.FOLLOWERS
        if not left:
            break
    return found


def _in_reading_order(root: int, below: Sequence[Step]) -> list[int]:
    """Depth first, siblings by age; before all others those who go on answering themselves.

    As Mastodon has it. Without recursion: a thread may be thousands deep.
    """
    children: dict[int, list[Step]] = {}
    for step in sorted(below, key=lambda step: step.id, reverse=True):
        children.setdefault(step.parent_id, []).append(step)
    going_on: list[int] = []
    others: list[int] = []
    waiting = children.get(root, [])
    while waiting:
        step = waiting.pop()
        if not step.hidden:
            (going_on if step.answered_id == step.account_id else others).append(step.id)
        waiting.extend(children.get(step.id, ()))
    return going_on + others


async def favourited_by(
    reader: Reader, viewer_id: int, post_id: int, page: Page, *, now: int
) -> Window[Engagement]:
    """The accounts that favourited a post. Raises NotFound where the viewer may not see it."""
    return await _engaged(reader, threads.FAVOURITED_BY, viewer_id, post_id, page, now=now)


async def reblogged_by(
    reader: Reader, viewer_id: int, post_id: int, page: Page, *, now: int
) -> Window[Engagement]:
    """The accounts that reblogged a post. Raises NotFound where the viewer may not see it."""
    return await _engaged(reader, threads.REBLOGGED_BY, viewer_id, post_id, page, now=now)


async def _engaged(
    reader: Reader, pages: Pages, viewer_id: int, post_id: int, page: Page, *, now: int
) -> Window[Engagement]:
    row = await access.row(reader, viewer_id, post_id)
    return await _page(reader, pages, row.reblog_of_id or row.id, page, viewer=viewer_id, now=now)


async def favourites(reader: Reader, viewer_id: int, page: Page) -> Window[Engagement]:
    """The posts that the viewer favourited, the last one first."""
    return await _page(reader, threads.FAVOURITES_OF, viewer_id, page)


async def bookmarks(reader: Reader, viewer_id: int, page: Page) -> Window[Engagement]:
    """The posts that the viewer bookmarked, the last one first."""
    return await _page(reader, threads.BOOKMARKS_OF, viewer_id, page)


async def _page(
    reader: Reader, pages: Pages, subject: int, page: Page, **params: int
) -> Window[Engagement]:
    rows = await reader.all(
        pages[1] if page.ascending else pages[0],
        post=subject,
        below=page.below,
        above=page.above,
        limit=page.limit,
        **params,
    )
    return Window.of(rows, page, lambda row: row.id)
