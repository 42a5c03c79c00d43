"""Loads inboxes for their owners. To anybody else a conversation does not exist."""

from collections.abc import Sequence

from rostra.kernel.errors import NotFound
from rostra.kernel.paging import Page, Window
from rostra.network.conversations import queries
from rostra.network.conversations.model import Conversation
from rostra.network.edge import Reader
from rostra.network.timelines.model import Entry, post_of
from rostra.store.paging import window_of


async def inbox(reader: Reader, viewer_id: int, page: Page, *, now: int) -> Window[Conversation]:
    """The viewer's conversations whose last post they may see, by that post. One query."""
    return await window_of(
        reader, queries.INBOX, page, lambda line: line.last_post_id, viewer=viewer_id, now=now
    )


async def one(reader: Reader, viewer_id: int, conversation_id: int) -> Conversation:
    """A conversation of the viewer's own.

    Raises:
        NotFound: it is not theirs, or there is none.
    """
    found = await reader.first(queries.OWN, account=viewer_id, id=conversation_id)
    if found is None:
        raise NotFound(f"conversation {conversation_id} for viewer {viewer_id}")
    return found


async def members(reader: Reader, ids: Sequence[int]) -> dict[int, list[int]]:
    """Who else takes part in each of the conversations. One query, or none."""
    found: dict[int, list[int]] = {each: [] for each in ids}
    if ids:
        for conversation_id, account_id in await reader.all(queries.MEMBERS, ids=list(ids)):
            found[conversation_id].append(account_id)
    return found


async def direct(reader: Reader, viewer_id: int, page: Page, *, now: int) -> Window[Entry]:
    """The direct posts of the viewer's conversations. One query."""
    return await window_of(reader, queries.DIRECT, page, post_of, viewer=viewer_id, now=now)
