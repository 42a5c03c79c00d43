"""Loads lists for their owners, and their timelines. To anybody else a list does not exist."""

from collections.abc import Sequence

from rostra.kernel.errors import NotFound
from rostra.kernel.paging import Page, Window
from rostra.network.accounts import access as accounts_access
from rostra.network.edge import Reader
from rostra.network.lists import queries
from rostra.network.lists.model import ListMember, ListRow, Receiver
from rostra.network.timelines.model import Entry, post_of
from rostra.store.paging import window_of


async def own(reader: Reader, viewer_id: int, list_id: int) -> ListRow:
    """A list of the viewer's own.

    Raises:
        NotFound: it is not theirs, or there is none.
    """
    found = await reader.first(queries.OWN, account=viewer_id, list=list_id)
    if found is None:
        raise NotFound(f"list {list_id} for viewer {viewer_id}")
    return found


async def all_own(reader: Reader, viewer_id: int) -> list[ListRow]:
    """The viewer's lists, the oldest first. One query."""
    return await reader.all(queries.ALL_OWN, account=viewer_id)


async def with_account(reader: Reader, viewer_id: int, account_id: int) -> list[ListRow]:
    """Those of the viewer's lists in which an account stands. Two queries.

    Raises:
        NotFound: there is no such account for this viewer.
    """
    await accounts_access.public(reader, viewer_id, account_id)
    return await reader.all(queries.WITH, account=viewer_id, target=account_id)


async def members(reader: Reader, viewer_id: int, list_id: int, page: Page) -> Window[ListMember]:
    """Who stands in a list of the viewer's own. Two queries.

    Raises:
        NotFound: it is not theirs, or there is none.
    """
    await own(reader, viewer_id, list_id)
    return await window_of(
        reader, queries.MEMBERS, page, lambda line: line.id, account=viewer_id, list=list_id
    )


async def timeline(
    reader: Reader, viewer_id: int, list_id: int, page: Page, *, now: int
) -> Window[Entry]:
    """What the members of a list have posted, as its rules have it. Two queries.

    Raises:
        NotFound: it is not theirs, or there is none.
    """
    await own(reader, viewer_id, list_id)
    return await window_of(reader, queries.TIMELINE, page, post_of, list=list_id, now=now)


async def receiving(reader: Reader, post_id: int, *, now: int) -> list[Receiver]:
    """Every list that a post stands in, for whoever tells their owners at once. One query.

    Only for streams: what a list's owner may see of the post is told by the loader of posts.
    """
    return await reader.all(queries.RECEIVING, post=post_id, now=now)


async def holding(reader: Reader, list_ids: Sequence[int], account_id: int) -> list[int]:
    """Those of the lists in which an account stands, for whoever tells their owners. One query."""
    return await reader.all(queries.HOLDING, lists=list_ids, target=account_id)
