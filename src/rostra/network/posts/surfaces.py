"""Surfaces on which decisions hide posts: pages, and apps by their ids."""

from collections.abc import Sequence
from typing import Final

from rostra.network.edge import Reader
from rostra.network.posts import access
from rostra.network.posts.limits import Limit
from rostra.network.posts.model import PostRow
from rostra.network.posts.queries import restrict as queries

WEB: Final = "web"
"""Our own pages, feeds and embeds."""


def of_app(app_id: int) -> str:
    """The surface that an app is."""
    return str(app_id)


async def hidden(reader: Reader, surface: str, ids: Sequence[int]) -> set[int]:
    """Those of the posts that are not there on a surface. One statement, none without ids."""
    if not ids:
        return set()
    return set(await reader.all(queries.HIDDEN_ON, surface=surface, ids=list(ids)))


async def rows_on(
    surface: str, reader: Reader, viewer_id: int, ids: Sequence[int]
) -> dict[int, PostRow]:
    """As `access.rows`, without those that a decision hides on a surface."""
    rows = await access.rows(reader, viewer_id, ids)
    asked = [post_id for post_id, row in rows.items() if row.limits & Limit.SURFACES]
    gone = await hidden(reader, surface, asked)
    return {
        post_id: row
        for post_id, row in rows.items()
        if post_id not in gone and row.reblog_of_id not in gone
    }
