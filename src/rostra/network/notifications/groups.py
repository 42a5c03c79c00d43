"""Loads notifications in groups: one line for all that was done with a post in half a day.

A page is two statements: one row for each group, then the groups' latest members and their numbers.
"""

from collections.abc import Sequence
from typing import Any

from rostra.kernel import ids
from rostra.kernel.errors import NotFound
from rostra.kernel.paging import MAX_BOUND, Page, Window
from rostra.network.edge import Reader
from rostra.network.notifications import access
from rostra.network.notifications.model import ALONE, GROUPED, Group, Notification, Wanted
from rostra.network.notifications.queries import grouping
from rostra.store.paging import rows_of, window_of

SAMPLE = 8  # senders of a group that are shown, as in Mastodon
_EVERYTHING = Wanted()


def alone_id(key: str) -> int | None:
    """The notification that makes up this group alone; None where the key is of another form."""
    return ids.parse(key.removeprefix(ALONE)) if key.startswith(ALONE) else None


async def page(
    reader: Reader,
    viewer_id: int,
    page: Page,
    *,
    now: int,
    wanted: Wanted = _EVERYTHING,
    grouped: frozenset[str] = GROUPED,
) -> Window[Group]:
    """A page of groups, by the notification of each that is nearest to where the page begins.

    Args:
        reader: where to read.
        viewer_id: whose.
        page: which part.
        now: UTC ms, for mutes that end.
        wanted: which notifications.
        grouped: kinds that may be told of as groups; all others stand alone.
    """
    rows = await rows_of(
        reader,
        grouping.GROUPS,
        page,
        viewer=viewer_id,
        now=now,
        **wanted.bounds,
        kinds=sorted(wanted.kinds),
        from_account=wanted.from_account_id,
        grouped=sorted(grouped),
    )
    window = Window.of(rows, page, lambda row: row.id)
    if not window.items:
        return Window([])
    begin, end = window.items[-1].id, window.items[0].id
    if len(rows) < page.limit:  # the last page: what lies beyond it belongs to its groups
        begin, end = (begin, page.below - 1) if page.ascending else (page.above + 1, end)
    groups = await _groups(
        reader,
        viewer_id,
        window.items,
        now=now,
        bounds=(begin, end),
        grouped=grouped,
        set_aside=wanted.set_aside,
    )
    return Window(groups, window.next_max_id, window.prev_min_id)


async def one(reader: Reader, viewer_id: int, key: str, *, now: int) -> Group:
    """One group.

    Raises:
        NotFound: there is none with this key for the member.
    """
    head = await _head(reader, viewer_id, key, now=now)
    found = await _groups(
        reader, viewer_id, [head], now=now, bounds=(0, MAX_BOUND), grouped=GROUPED
    )
    if not found:
        raise NotFound(f"group {key[:80]!r} of {viewer_id}")
    return found[0]


async def senders(
    reader: Reader, viewer_id: int, key: str, page: Page, *, now: int
) -> Window[tuple[int, int]]:
    """Who made up a group: ids of notifications and of their senders. Raises as :func:`one`."""
    head = await _head(reader, viewer_id, key, now=now)
    if not head.group_key:
        return Window([(head.id, head.from_account_id)])
    return await window_of(
        reader,
        grouping.SENDERS,
        page,
        lambda row: row[0],
        viewer=viewer_id,
        key=head.group_key,
        now=now,
        set_aside=0,
        also=0,
    )


async def _head(reader: Reader, viewer_id: int, key: str, *, now: int) -> Notification:
    alone = alone_id(key)
    if alone is not None:
        found = await access.one(reader, viewer_id, alone, now=now)
        return Notification(found.id, found.kind, found.from_account_id, found.post_id)
    head = None
    if key:
        head = await reader.first(
            grouping.GROUP_HEAD, viewer=viewer_id, key=key, now=now, set_aside=0, also=0
        )
    if head is None:
        raise NotFound(f"group {key[:80]!r} of {viewer_id}")
    return head


async def _groups(
    reader: Reader,
    viewer_id: int,
    heads: Sequence[Notification],
    *,
    now: int,
    bounds: tuple[int, int],
    grouped: frozenset[str],
    set_aside: bool = False,
) -> list[Group]:
    keys = [head.group_key for head in heads if head.group_key and head.kind in grouped]
    members: dict[str, list[Any]] = {}
    if keys:
        for row in await reader.all(
            grouping.GROUP_MEMBERS,
            viewer=viewer_id,
            now=now,
            keys=keys,
            set_aside=int(set_aside),
            also=0,
            begin=bounds[0],
            end=bounds[1],
            limit=SAMPLE,
        ):
            members.setdefault(row[0], []).append(row)
    wanted = set(keys)
    return [
        _group(head, members[head.group_key]) if head.group_key in wanted else _single(head)
        for head in heads
        # Without members: all of its senders are gone from sight.
        if head.group_key not in wanted or head.group_key in members
    ]


def _single(head: Notification) -> Group:
    return Group(
        key=f"{ALONE}{head.id}",
        kind=head.kind,
        post_id=head.about_post_id,
        count=1,
        newest_id=head.id,
        accounts=(head.from_account_id,),
        page_min_id=head.id,
        statement_id=head.statement_id,
    )


def _group(head: Notification, members: Sequence[Any]) -> Group:
    _, newest_id, _, count, page_min_id, _ = members[0]
    return Group(
        key=head.group_key,
        kind=head.kind,
        post_id=head.about_post_id,
        count=count,
        newest_id=newest_id,
        accounts=tuple(row[2] for row in members),
        page_min_id=page_min_id or newest_id,
    )
