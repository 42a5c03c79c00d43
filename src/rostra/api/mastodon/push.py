"""Push subscriptions. Source: docs.joinmastodon.org/methods/push."""

from typing import Any

import msgspec

from rostra.api.edge import token_of
from rostra.api.endpoint import DELETE, GET, POST, PUT, Auth, Call, Empty, Endpoint
from rostra.network.notifications.model import ALL_KINDS
from rostra.network.push import keys, subscribe
from rostra.network.push.model import Device, Subscription, Wish

_SHORT = (1 << 31) - 1


class Keys(msgspec.Struct, frozen=True):
    """The device's keys, as base64."""

    p256dh: str = ""
    auth: str = ""


class DeviceParams(msgspec.Struct, frozen=True):
    """Where to send to."""

    endpoint: str = ""
    keys: Keys = Keys()
    standard: bool = False


class DataParams(msgspec.Struct, frozen=True):
    """What to send."""

    alerts: dict[str, bool] | None = None
    policy: str | None = None


class SubscribeParams(msgspec.Struct, frozen=True):
    """Where to send what."""

    subscription: DeviceParams = DeviceParams()
    data: DataParams = DataParams()


class ChangeParams(msgspec.Struct, frozen=True):
    """What to send."""

    data: DataParams = DataParams()
    policy: str | None = None


class PushSubscription(msgspec.Struct, frozen=True):
    """Where what is sent."""

    id: int
    endpoint: str
    standard: bool
    alerts: dict[str, bool]
    policy: str
    server_key: str


async def _entity(call: Call[Any], found: Subscription) -> PushSubscription:
    return PushSubscription(
        # A short number as in Mastodon: typed clients read nothing else, and none asks by it.
        id=(found.token_id ^ found.token_id >> 31) & _SHORT,
        endpoint=found.endpoint,
        standard=bool(found.standard),
        alerts={kind: kind in found.kinds for kind in sorted(ALL_KINDS)},
        policy=found.policy,
        server_key=await keys.public_key(call.services),
    )


async def create(call: Call[SubscribeParams]) -> PushSubscription:
    """Send to a device from now on, in place of what the token named before."""
    given, viewer = call.params.subscription, call.viewer
    device = Device(
        given.endpoint,
        given.keys.p256dh,
        given.keys.auth,
        given.standard,
        token_of(call.request) or "",
    )
    wish = Wish(call.params.data.alerts, call.params.data.policy)
    async with call.services.db.write() as tx:
        made = await subscribe.subscribe(call.services, tx, viewer, device, wish)
    return await _entity(call, made)


async def show(call: Call[Any]) -> PushSubscription:
    """The subscription of this token."""
    async with call.services.db.read() as reader:
        found = await subscribe.own(reader, call.viewer.token_id)
    return await _entity(call, found)


async def change(call: Call[ChangeParams]) -> PushSubscription:
    """Change what is sent."""
    given = call.params
    wish = Wish(given.data.alerts, given.data.policy or given.policy)
    async with call.services.db.write() as tx:
        changed = await subscribe.change(tx, call.viewer.token_id, wish)
    return await _entity(call, changed)


async def remove(call: Call[Any]) -> Empty:
    """Send nothing any more."""
    async with call.services.db.write() as tx:
        await subscribe.unsubscribe(tx, call.viewer.token_id)
    return Empty()


def _endpoint(method: str, handler: Any, summary: str, **more: Any) -> Endpoint[Any]:
    return Endpoint(
        method,
        "/api/v1/push/subscription",
        handler,
        auth=Auth.USER,
        scopes=("push",),
        summary=summary,
        **{"answer": PushSubscription, **more},
    )


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _endpoint(GET, show, "The subscription of this token", errors=(404,)),
    _endpoint(POST, create, "Send push messages to a device", params=SubscribeParams),
    _endpoint(PUT, change, "Change what is sent", params=ChangeParams, errors=(404,)),
    _endpoint(DELETE, remove, "Send nothing any more", answer=Empty),
)
