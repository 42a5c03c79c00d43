"""Notifications. Source: docs.joinmastodon.org/methods/notifications."""

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any

import msgspec

from rostra.api.endpoint import DELETE, GET, POST, Call, Empty, Endpoint, Paged, Raw
from rostra.api.mastodon import render, warnings
from rostra.api.mastodon.entities.notifications import Notification as NotificationEntity
from rostra.api.mastodon.entities.notifications import UnreadCount
from rostra.api.mastodon.own import own
from rostra.api.mastodon.paging import page_of
from rostra.api.mastodon.times import iso
from rostra.http.params import Count, Id
from rostra.kernel import ids
from rostra.kernel.errors import NotFound
from rostra.network.edge import Reader
from rostra.network.notifications import access
from rostra.network.notifications import dismiss as dismissing
from rostra.network.notifications.model import ALWAYS, WITH_POST, Notification, Wanted, key_of

COUNTED = 100
_DEPRECATED = 1_571_270_400  # 2019-10-17, after which Mastodon 3.0 went on without it


class WantedParams(msgspec.Struct, frozen=True):
    """Which notifications."""

    types: tuple[str, ...] = ()
    exclude_types: tuple[str, ...] = ()
    account_id: Id | None = None
    limit: Count | None = None
    include_filtered: bool = False


class ListParams(WantedParams, frozen=True):
    """Which notifications, and which part of them."""

    max_id: Id | None = None
    since_id: Id | None = None
    min_id: Id | None = None


class Several(msgspec.Struct, frozen=True):
    """Which notifications."""

    ids: tuple[Id, ...] = ()


class NotificationId(msgspec.Struct, frozen=True):
    """Which notification."""

    id: Id


def wanted_of(params: WantedParams) -> Wanted:
    """The notifications that these parameters ask for."""
    return Wanted.of(
        params.types,
        params.exclude_types,
        params.account_id or 0,
        set_aside=params.include_filtered,
    )


async def rendered(
    call: render.Asking, reader: Reader, found: Sequence[Notification]
) -> list[bytes]:
    """Those of the notifications whose sender and post exist for the member, each as JSON."""
    posts = list({each.about_post_id for each in found if each.about_post_id})
    senders = list({each.from_account_id for each in found})
    statuses = await render.statuses_by_id(call, reader, posts)
    accounts = await render.accounts_by_id(call, reader, senders)
    warned = [each.statement_id for each in found if each.statement_id]
    told = await warnings.by_id(call, reader, warned, accounts)
    items: list[bytes] = []
    for each in found:
        account, status = accounts.get(each.from_account_id), statuses.get(each.post_id)
        warning = told.get(each.statement_id)
        if account is None or (status is None and each.kind in WITH_POST):
            continue
        if each.kind in ALWAYS and warning is None:
            continue
        head = _head(each.id, each.kind, each.group_key)
        if warning is not None:
            items.append(b"".join((head, account, b',"moderation_warning":', warning, b"}")))
        elif status is None:
            items.append(b"".join((head, account, b"}")))
        else:
            items.append(b"".join((head, account, b',"status":', status, b"}")))
    return items


@lru_cache(maxsize=8192)
def _head(notification_id: int, kind: str, group_key: str) -> bytes:
    return (
        f'{{"id":"{notification_id}","type":"{kind}",'
        f'"created_at":"{iso(ids.time_of(notification_id))}",'
        f'"group_key":"{key_of(notification_id, group_key)}","account":'
    ).encode()


async def notifications(call: Call[ListParams]) -> Paged:
    """What others did that the member wants to hear of."""
    given = call.params
    async with call.services.db.read() as reader:
        window = await access.page(
            reader,
            call.viewer.account_id,
            page_of(given),
            now=call.services.clock.now(),
            wanted=wanted_of(given),
        )
        items = await rendered(call, reader, window.items)
    return Paged(Raw(render.join(items)), window.next_max_id, window.prev_min_id)


async def notification(call: Call[NotificationId]) -> Raw:
    """One notification."""
    async with call.services.db.read() as reader:
        found = await access.one(
            reader, call.viewer.account_id, call.params.id, now=call.services.clock.now()
        )
        items = await rendered(call, reader, [found])
    if not items:
        raise NotFound(f"what notification {found.id} tells of")
    return Raw(items[0])


async def unread_count(call: Call[WantedParams]) -> UnreadCount:
    """How many notifications the member has not read yet."""
    async with call.services.db.read() as reader:
        count = await access.unread_count(
            reader,
            call.viewer.account_id,
            call.params.limit or COUNTED,
            now=call.services.clock.now(),
            wanted=wanted_of(call.params),
        )
    return UnreadCount(count)


async def dismiss(call: Call[NotificationId]) -> Empty:
    """Remove one notification."""
    async with call.services.db.write() as tx:
        await dismissing.dismiss(tx, call.viewer.account_id, call.params.id)
    return Empty()


async def dismiss_several(call: Call[Several]) -> Empty:
    """Remove those of some notifications that are the member's own."""
    async with call.services.db.write() as tx:
        await dismissing.dismiss_several(tx, call.viewer.account_id, call.params.ids)
    return Empty()


async def clear(call: Call[Any]) -> Empty:
    """Remove all notifications."""
    async with call.services.db.write() as tx:
        await dismissing.clear(tx, call.viewer.account_id)
    return Empty()


_own = partial(own, "notifications")
_ALL, _ONE = "v1/notifications", "v1/notifications/{id}"

ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _own(
        GET,
        _ALL,
        notifications,
        list[NotificationEntity],
        params=ListParams,
        summary="What others did that the member wants to hear of",
    ),
    _own(
        GET,
        f"{_ALL}/unread_count",
        unread_count,
        UnreadCount,
        params=WantedParams,
        summary="How many notifications have not been read yet",
    ),
    _own(
        GET, _ONE, notification, NotificationEntity, params=NotificationId, summary="A notification"
    ),
    _own(POST, f"{_ALL}/clear", clear, Empty, summary="Remove all notifications"),
    _own(
        POST,
        f"{_ONE}/dismiss",
        dismiss,
        Empty,
        params=NotificationId,
        summary="Remove a notification",
    ),
    _own(DELETE, _ONE, dismiss, Empty, params=NotificationId, summary="Remove a notification"),
    _own(
        DELETE,
        f"{_ALL}/destroy_multiple",
        dismiss_several,
        Empty,
        params=Several,
        summary="Remove several notifications",
    ),
    _own(
        POST,
        f"{_ALL}/dismiss",
        dismiss,
        Empty,
        params=NotificationId,
        errors=(404,),
        deprecated=_DEPRECATED,
        summary="Remove a notification, as old clients do",
    ),
)
