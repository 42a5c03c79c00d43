"""Loads a member's notifications. Those of accounts whom they block or mute are left out.

A notification whose post, or whose sender, does not exist for the member must be left out by
whoever renders it: rendering loads both through their own loaders, and so knows.
"""

from rostra.kernel.errors import NotFound
from rostra.kernel.paging import Page, Window
from rostra.network.edge import Reader
from rostra.network.notifications.model import USUAL_KINDS, Notification, Wanted
from rostra.network.notifications.queries import reading
from rostra.store.paging import window_of

_EVERYTHING = Wanted()
MOST_COUNTED = 1_000


async def page(
    reader: Reader, viewer_id: int, page: Page, *, now: int, wanted: Wanted = _EVERYTHING
) -> Window[Notification]:
    """A page of a member's notifications. One query. ``now`` is UTC ms, for mutes that end."""
    every = wanted.kinds == USUAL_KINDS and not wanted.from_account_id
    params: dict[str, object] = {"viewer": viewer_id, "now": now}
    params |= wanted.bounds
    if not every:
        params |= {"kinds": sorted(wanted.kinds), "from_account": wanted.from_account_id}
    pages = reading.PAGES if every else reading.FILTERED_PAGES
    return await window_of(reader, pages, page, lambda row: row.id, **params)


async def one(reader: Reader, viewer_id: int, notification_id: int, *, now: int) -> Notification:
    """One of a member's notifications.

    Raises:
        NotFound: there is none with this id for them.
    """
    found = await reader.first(reading.ONE, viewer=viewer_id, id=notification_id, now=now)
    if found is None:
        raise NotFound(f"notification {notification_id} of {viewer_id}")
    return found


async def unread_count(
    reader: Reader,
    viewer_id: int,
    limit: int,
    *,
    now: int,
    wanted: Wanted = _EVERYTHING,
    grouped: frozenset[str] = frozenset(),
) -> int:
    """How many a member has not read yet, by their marker; counts up to ``limit``. One query.

    A group of one of the ``grouped`` kinds counts once.
    """
    counted = await reader.value(
        reading.UNREAD,
        viewer=viewer_id,
        now=now,
        kinds=sorted(wanted.kinds),
        from_account=wanted.from_account_id,
        grouped=sorted(grouped),
        **wanted.bounds,
        limit=max(1, min(limit, MOST_COUNTED)),
    )
    return int(counted)
