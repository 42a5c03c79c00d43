"""Policy and requests. Source: docs.joinmastodon.org/methods/notifications."""

from functools import partial
from typing import Any

import msgspec

from rostra.api.endpoint import GET, POST, PUT, Call, Empty, Endpoint, Paged, Raw
from rostra.api.mastodon import render
from rostra.api.mastodon.entities.notifications import (
    Merged,
    NotificationPolicy,
    NotificationPolicyV1,
    NotificationRequest,
    PolicySummary,
)
from rostra.api.mastodon.own import own
from rostra.api.mastodon.paging import PageParams, page_of
from rostra.api.mastodon.times import iso
from rostra.http.params import Id
from rostra.kernel import ids
from rostra.kernel.errors import Invalid, NotFound
from rostra.network.edge import Reader
from rostra.network.notifications import policy as policies
from rostra.network.notifications.model import Outcome, Policy, Request

_DEPRECATED = 1_728_345_600  # 2024-10-08, Mastodon 4.3
_OUTCOMES = {each.wire: each for each in Outcome}


class PolicyChanges(msgspec.Struct, frozen=True):
    """What is to become of notifications of a sort of senders: `accept`, `filter` or `drop`."""

    for_not_following: str = ""
    for_not_followers: str = ""
    for_new_accounts: str = ""
    for_private_mentions: str = ""
    for_limited_accounts: str = ""


class OldPolicyChanges(msgspec.Struct, frozen=True):
    """Whether notifications of a sort of senders are set aside."""

    filter_not_following: bool | None = None
    filter_not_followers: bool | None = None
    filter_new_accounts: bool | None = None
    filter_private_mentions: bool | None = None


class RequestId(msgspec.Struct, frozen=True):
    """Which request."""

    id: Id


class RequestIds(msgspec.Struct, frozen=True):
    """Which requests."""

    id: tuple[Id, ...] = ()


async def _summary(call: Call[Any], reader: Reader) -> PolicySummary:
    now = call.services.clock.now()
    return PolicySummary(*await policies.pending(reader, call.viewer.account_id, now=now))


async def show(call: Call[Any]) -> NotificationPolicy:
    """Of whom the member wants to hear."""
    async with call.services.db.read() as reader:
        found = await policies.policy(reader, call.viewer.account_id)
        summary = await _summary(call, reader)
    words = {name: Outcome(number).wire for name, number in msgspec.structs.asdict(found).items()}
    return NotificationPolicy(**words, summary=summary)


async def change(call: Call[PolicyChanges]) -> NotificationPolicy:
    """Change what is named."""
    given = {name: word for name, word in msgspec.structs.asdict(call.params).items() if word}
    for name, word in given.items():
        if word not in _OUTCOMES:
            raise Invalid(name, "is not included in the list", "ERR_INCLUSION")
    await _change(call, {name: int(_OUTCOMES[word]) for name, word in given.items()})
    return await show(call)


async def _change(call: Call[Any], changes: dict[str, int]) -> None:
    async with call.services.db.write() as tx:
        known = await policies.policy(tx, call.viewer.account_id)
        changed: Policy = msgspec.structs.replace(known, **changes)
        await policies.set_policy(tx, call.viewer.account_id, changed)


async def show_old(call: Call[Any]) -> NotificationPolicyV1:
    """The same in the form before Mastodon 4.3: what is dropped counts as set aside."""
    async with call.services.db.read() as reader:
        found = await policies.policy(reader, call.viewer.account_id)
        summary = await _summary(call, reader)
    return NotificationPolicyV1(
        filter_not_following=bool(found.for_not_following),
        filter_not_followers=bool(found.for_not_followers),
        filter_new_accounts=bool(found.for_new_accounts),
        filter_private_mentions=bool(found.for_private_mentions),
        summary=summary,
    )


async def change_old(call: Call[OldPolicyChanges]) -> NotificationPolicyV1:
    """Change what is named."""
    given = msgspec.structs.asdict(call.params)
    changes = {
        name.replace("filter_", "for_", 1): int(Outcome.FILTER if wanted else Outcome.ACCEPT)
        for name, wanted in given.items()
        if wanted is not None
    }
    await _change(call, changes)
    return await show_old(call)


async def _rendered(call: Call[Any], reader: Reader, found: list[Request]) -> list[bytes]:
    accounts = await render.accounts_by_id(call, reader, [each.from_account_id for each in found])
    posts = [each.post_id for each in found if each.post_id]
    statuses = await render.statuses_by_id(call, reader, posts)
    items = []
    for each in found:
        account = accounts.get(each.from_account_id)
        if account is None:
            continue
        head = (
            f'{{"id":"{each.id}","created_at":"{iso(ids.time_of(each.id))}",'
            f'"updated_at":"{iso(ids.time_of(each.newest_id))}",'
            f'"notifications_count":"{each.count}","account":'
        ).encode()
        last = statuses.get(each.post_id)
        tail = b"}" if last is None else b',"last_status":' + last + b"}"
        items.append(head + account + tail)
    return items


async def requests(call: Call[PageParams]) -> Paged:
    """Senders of whom something is set aside."""
    async with call.services.db.read() as reader:
        window = await policies.requests(
            reader, call.viewer.account_id, page_of(call.params), now=call.services.clock.now()
        )
        items = await _rendered(call, reader, window.items)
    return Paged(Raw(render.join(items)), window.next_max_id, window.prev_min_id)


async def request(call: Call[RequestId]) -> Raw:
    """One of them."""
    async with call.services.db.read() as reader:
        found = await policies.request(
            reader, call.viewer.account_id, call.params.id, now=call.services.clock.now()
        )
        items = await _rendered(call, reader, [found])
    if not items:
        raise NotFound(f"the sender of notification request {found.id}")
    return Raw(items[0])


async def accept(call: Call[RequestId]) -> Empty:
    """Hear of this sender, from now on and of what was set aside."""
    viewer_id, now = call.viewer.account_id, call.services.clock.now()
    async with call.services.db.write() as tx:
        found = await policies.request(tx, viewer_id, call.params.id, now=now)
        await policies.accept(tx, viewer_id, [found.id])
    return Empty()


async def dismiss(call: Call[RequestId]) -> Empty:
    """Remove what was set aside of this sender."""
    viewer_id, now = call.viewer.account_id, call.services.clock.now()
    async with call.services.db.write() as tx:
        found = await policies.request(tx, viewer_id, call.params.id, now=now)
        await policies.dismiss(tx, viewer_id, [found.id])
    return Empty()


async def accept_several(call: Call[RequestIds]) -> Empty:
    """Hear of these senders; ids that are none of the member's are passed over."""
    async with call.services.db.write() as tx:
        await policies.accept(tx, call.viewer.account_id, call.params.id)
    return Empty()


async def dismiss_several(call: Call[RequestIds]) -> Empty:
    """Remove what was set aside of these senders."""
    async with call.services.db.write() as tx:
        await policies.dismiss(tx, call.viewer.account_id, call.params.id)
    return Empty()


async def merged(_call: Call[Any]) -> Merged:
    """Whether what was accepted has arrived: it has with the answer to accepting."""
    return Merged()


_own = partial(own, "notifications")
_POLICY, _OLD = "v2/notifications/policy", "v1/notifications/policy"
_ALL = "v1/notifications/requests"
_ONE = f"{_ALL}/{{id}}"

ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _own(GET, _POLICY, show, NotificationPolicy, summary="Of whom the member wants to hear"),
    _own(
        PUT,
        _POLICY,
        change,
        NotificationPolicy,
        params=PolicyChanges,
        summary="Say of whom the member wants to hear",
    ),
    _own(
        GET,
        _OLD,
        show_old,
        NotificationPolicyV1,
        deprecated=_DEPRECATED,
        summary="The same, for old clients",
    ),
    _own(
        PUT,
        _OLD,
        change_old,
        NotificationPolicyV1,
        params=OldPolicyChanges,
        deprecated=_DEPRECATED,
        summary="Change it, for old clients",
    ),
    _own(
        GET,
        _ALL,
        requests,
        list[NotificationRequest],
        params=PageParams,
        summary="Senders of whom something is set aside",
    ),
    _own(GET, _ONE, request, NotificationRequest, params=RequestId, summary="One of them"),
    _own(POST, f"{_ONE}/accept", accept, Empty, params=RequestId, summary="Hear of them"),
    _own(
        POST,
        f"{_ONE}/dismiss",
        dismiss,
        Empty,
        params=RequestId,
        summary="Remove what is set aside",
    ),
    _own(
        POST, f"{_ALL}/accept", accept_several, Empty, params=RequestIds, summary="Hear of several"
    ),
    _own(
        POST,
        f"{_ALL}/dismiss",
        dismiss_several,
        Empty,
        params=RequestIds,
        summary="Remove what is set aside of several",
    ),
    _own(GET, f"{_ALL}/merged", merged, Merged, summary="Whether what was accepted has arrived"),
)
