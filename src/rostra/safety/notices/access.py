"""Loads letters for the desk. Who may see them is asked before, of `team`."""

from rostra.kernel.errors import NotFound
from rostra.kernel.paging import MAX_BOUND
from rostra.safety.edge import Reader
from rostra.safety.notices import queries
from rostra.safety.notices.model import Message, NamedAddress, Notice, NoticeState, Whole

SHOWN = 200
"""Addresses of a letter that are loaded with it."""


async def listed(
    reader: Reader,
    state: NoticeState = NoticeState.OPEN,
    *,
    limit: int = 40,
    after: Notice | None = None,
) -> list[Notice]:
    """Letters, those that are due first, behind one of the page before. One statement."""
    return await reader.all(
        queries.LISTED,
        state=int(state),
        after_at=after.deadline_at if after else -1,
        after_id=after.id if after else 0,
        limit=limit,
    )


async def one(reader: Reader, notice_id: int) -> Notice:
    """A letter.

    Raises:
        NotFound: there is none.
    """
    found = await reader.first(queries.BY_ID, id=notice_id)
    if found is None:
        raise NotFound(f"letter {notice_id}")
    return found


async def whole(reader: Reader, notice_id: int) -> Whole:
    """A letter with the first 200 of its addresses, and its messages. Three statements.

    Raises:
        NotFound: there is none.
    """
    notice = await one(reader, notice_id)
    named = await addresses(reader, notice_id)
    messages = await reader.all(queries.MESSAGES, id=notice_id)
    return Whole(notice, tuple(named), tuple(messages))


async def addresses(
    reader: Reader, notice_id: int, *, after: int = -1, limit: int = SHOWN
) -> list[NamedAddress]:
    """What a letter names, in its order, behind a place. One statement."""
    return await reader.all(queries.ADDRESSES, id=notice_id, after=after, limit=limit)


async def every_address(reader: Reader, notice_id: int) -> list[NamedAddress]:
    """All that a letter names."""
    return await addresses(reader, notice_id, limit=MAX_BOUND)


async def message(reader: Reader, message_id: int) -> tuple[Message, bytes]:
    """What came or went, and every byte of it.

    Raises:
        NotFound: there is none.
    """
    found = await reader.first(queries.MESSAGE, id=message_id)
    raw = await reader.first(queries.RAW, id=message_id)
    if found is None or raw is None:
        raise NotFound(f"message {message_id}")
    return found, raw
