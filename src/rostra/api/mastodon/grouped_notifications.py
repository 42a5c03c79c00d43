"""Notifications in groups. Source: docs.joinmastodon.org/methods/grouped_notifications."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import msgspec

from rostra.api.endpoint import GET, POST, Call, Empty, Endpoint, Paged, Raw
from rostra.api.mastodon import render, warnings
from rostra.api.mastodon.entities.accounts import Account
from rostra.api.mastodon.entities.notifications import (
    GroupedNotifications,
    PartialAccount,
    UnreadCount,
)
from rostra.api.mastodon.notifications import COUNTED, ListParams, WantedParams, clear, wanted_of
from rostra.api.mastodon.own import own
from rostra.api.mastodon.paging import PageParams, page_of
from rostra.api.mastodon.times import iso
from rostra.kernel import ids
from rostra.kernel.errors import Invalid, NotFound
from rostra.network.edge import Reader
from rostra.network.notifications import access, groups
from rostra.network.notifications import dismiss as dismissing
from rostra.network.notifications.model import ALWAYS, GROUPED, WITH_POST, Group

_encode = msgspec.json.Encoder().encode
_partial = msgspec.json.Decoder(PartialAccount)
_FULL, _AVATARS = "full", "partial_avatars"


class GroupParams(ListParams, frozen=True):
    """Which groups, and in what form."""

    expand_accounts: str = _FULL
    grouped_types: tuple[str, ...] | None = None


class UnreadParams(WantedParams, frozen=True):
    """Which unread groups."""

    grouped_types: tuple[str, ...] | None = None


class GroupKey(msgspec.Struct, frozen=True):
    """Which group."""

    group_key: str


class SenderParams(PageParams, frozen=True, kw_only=True):
    """Whose senders, and which part of them."""

    group_key: str


def _grouped(types: tuple[str, ...] | None) -> frozenset[str]:
    """The kinds that a client shows as groups; all that can be, where it says nothing."""
    return GROUPED if not types else GROUPED & frozenset(types)


async def page(call: Call[GroupParams]) -> Paged:
    """What others did, in groups."""
    given = call.params
    if given.expand_accounts not in {"", _FULL, _AVATARS}:
        raise Invalid("expand_accounts", "is not included in the list", "ERR_INCLUSION")
    async with call.services.db.read() as reader:
        window = await groups.page(
            reader,
            call.viewer.account_id,
            page_of(given),
            now=call.services.clock.now(),
            wanted=wanted_of(given),
            grouped=_grouped(given.grouped_types),
        )
        partial = given.expand_accounts == _AVATARS
        body = await _rendered(call, reader, window.items, partial=partial, paged=True)
    return Paged(Raw(body), window.next_max_id, window.prev_min_id)


async def one(call: Call[GroupKey]) -> Raw:
    """One group."""
    async with call.services.db.read() as reader:
        found = await groups.one(
            reader,
            call.viewer.account_id,
            call.params.group_key,
            now=call.services.clock.now(),
        )
        body = await _rendered(call, reader, [found])
    if b'"notification_groups":[]' in body:
        raise NotFound(f"what group {found.key} tells of")
    return Raw(body)


async def _rendered(
    call: render.Asking,
    reader: Reader,
    found: Sequence[Group],
    *,
    partial: bool = False,
    paged: bool = False,
) -> bytes:
    """The groups whose post and senders exist for the member, with these."""
    everybody = list(dict.fromkeys(each for group in found for each in group.accounts))
    posts = list(dict.fromkeys(group.post_id for group in found if group.post_id))
    statuses = await render.statuses_by_id(call, reader, posts)
    accounts = await render.accounts_by_id(call, reader, everybody)
    told = await warnings.by_id(
        call, reader, [each.statement_id for each in found if each.statement_id], accounts
    )
    items: list[bytes] = []
    used: dict[int, bool] = {}  # whether in full: only who came last is, where avatars are enough
    shown: dict[int, bytes] = {}
    for group in found:
        senders = [each for each in group.accounts if each in accounts]
        if not senders or (group.kind in WITH_POST and group.post_id not in statuses):
            continue
        if group.kind in ALWAYS and group.statement_id not in told:
            continue
        if group.post_id:
            shown[group.post_id] = statuses[group.post_id]
        for place, sender in enumerate(senders):
            used[sender] = used.get(sender, False) or not partial or place == 0
        items.append(_encode(_entity(group, senders, told.get(group.statement_id), paged=paged)))
    full = (accounts[each] for each, whole in used.items() if whole)
    parts = [b'{"accounts":', render.join(full)]
    if partial:
        avatars = (_avatar(accounts[each]) for each, whole in used.items() if not whole)
        parts += [b',"partial_accounts":', render.join(avatars)]
    parts += [b',"statuses":', render.join(shown.values())]
    parts += [b',"notification_groups":', render.join(items), b"}"]
    return b"".join(parts)


def _avatar(account: bytes) -> bytes:
    return _encode(_partial.decode(account))


def _entity(
    group: Group, senders: Iterable[int], warning: bytes | None, *, paged: bool
) -> dict[str, Any]:
    entity: dict[str, Any] = {
        "group_key": group.key,
        "notifications_count": group.count,
        "type": group.kind,
        # A number as in Mastodon, and nowhere else: typed clients read nothing else here.
        "most_recent_notification_id": group.newest_id,
        "sample_account_ids": [str(each) for each in senders],
    }
    if paged:
        entity["page_min_id"] = str(group.page_min_id)
        entity["page_max_id"] = str(group.newest_id)
        entity["latest_page_notification_at"] = iso(ids.time_of(group.newest_id))
    if group.post_id:
        entity["status_id"] = str(group.post_id)
    if warning is not None:
        entity["moderation_warning"] = msgspec.Raw(warning)
    return entity


async def senders(call: Call[SenderParams]) -> Paged:
    """Everybody who made up a group."""
    given = call.params
    async with call.services.db.read() as reader:
        window = await groups.senders(
            reader,
            call.viewer.account_id,
            given.group_key,
            page_of(given),
            now=call.services.clock.now(),
        )
        items = await render.accounts(call, reader, [sender for _, sender in window.items])
    return Paged(Raw(render.join(items)), window.next_max_id, window.prev_min_id)


async def dismiss(call: Call[GroupKey]) -> Empty:
    """Remove a group."""
    async with call.services.db.write() as tx:
        await dismissing.dismiss_group(tx, call.viewer.account_id, call.params.group_key)
    return Empty()


async def unread_count(call: Call[UnreadParams]) -> UnreadCount:
    """How many groups the member has not read yet."""
    async with call.services.db.read() as reader:
        count = await access.unread_count(
            reader,
            call.viewer.account_id,
            call.params.limit or COUNTED,
            now=call.services.clock.now(),
            wanted=wanted_of(call.params),
            grouped=_grouped(call.params.grouped_types),
        )
    return UnreadCount(count)


_own = partial(own, "notifications")
_ALL, _ONE = "v2/notifications", "v2/notifications/{group_key}"

ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _own(
        GET,
        _ALL,
        page,
        GroupedNotifications,
        params=GroupParams,
        summary="What others did, in groups",
    ),
    _own(
        GET,
        f"{_ALL}/unread_count",
        unread_count,
        UnreadCount,
        params=UnreadParams,
        summary="How many groups have not been read yet",
    ),
    _own(GET, _ONE, one, GroupedNotifications, params=GroupKey, summary="A group"),
    _own(
        GET,
        f"{_ONE}/accounts",
        senders,
        list[Account],
        params=SenderParams,
        summary="Everybody who made up a group",
    ),
    _own(POST, f"{_ONE}/dismiss", dismiss, Empty, params=GroupKey, summary="Remove a group"),
    _own(POST, f"{_ALL}/clear", clear, Empty, summary="Remove all notifications"),
)
