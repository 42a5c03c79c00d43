"""Programs of the team that are told what happens: endpoints, secrets, what they were told."""

from typing import Any, Final

import msgspec

from rostra.api.endpoint import DELETE, GET, POST, PUT, Auth, Call, Empty, Endpoint
from rostra.api.mastodon.times import iso, iso_or_none
from rostra.api.safety.common import BASE, READ, WRITE, actor_of
from rostra.http.params import Count, Id
from rostra.kernel.paging import MAX_BOUND
from rostra.network.edge import Transaction
from rostra.safety.team.model import Permission
from rostra.safety.webhooks import access, manage
from rostra.safety.webhooks.model import Delivery, DeliveryState, Webhook

_FEW, _MOST = 40, 200
_HERE: Final = f"{BASE}/webhooks"


class WebhookEntity(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint."""

    id: str
    url: str
    events: tuple[str, ...]
    content: bool
    enabled: bool
    ended_why: str
    skipped_count: int
    created_at: str
    rotated_at: str | None


class SecretWebhook(WebhookEntity, frozen=True, kw_only=True):
    """An endpoint with its secret, which is shown this once."""

    secret: str


class WebhookDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """What an endpoint is told, and what became of it; `object` names it by ids."""

    id: str
    event: str
    object: dict[str, Any]
    state: str
    attempts: int
    status: int | None
    failure: str
    created_at: str
    tried_at: str | None


class NewParams(msgspec.Struct, frozen=True, kw_only=True):
    """Where to, and of what; no events: all of them. `content`: what people wrote goes along."""

    url: str = ""
    events: tuple[str, ...] = ()
    content: bool = False


class OneParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which endpoint."""

    id: Id


class ChangeParams(OneParams, frozen=True, kw_only=True):
    """What it is to be; what is left out stays."""

    url: str | None = None
    events: tuple[str, ...] | None = None
    content: bool | None = None
    enabled: bool | None = None


class DeliveriesParams(OneParams, frozen=True, kw_only=True):
    """Of which endpoint, and how many before which one."""

    below: Id | None = None
    limit: Count | None = None


class AgainParams(OneParams, frozen=True, kw_only=True):
    """Which delivery of which endpoint."""

    delivery_id: Id


def _told(hook: Webhook) -> dict[str, Any]:
    return {
        "id": str(hook.id),
        "url": hook.url,
        "events": hook.chosen,
        "content": bool(hook.with_content),
        "enabled": bool(hook.enabled),
        "ended_why": hook.ended_why,
        "skipped_count": hook.skipped_count,
        "created_at": iso(hook.created_at),
        "rotated_at": iso_or_none(hook.rotated_at),
    }


def _delivery(found: Delivery) -> WebhookDelivery:
    return WebhookDelivery(
        id=str(found.id),
        event=found.event,
        object=msgspec.json.decode(found.object),
        state=DeliveryState(found.state).wire,
        attempts=found.attempts,
        status=found.status or None,
        failure=found.failure,
        created_at=iso(found.created_at),
        tried_at=iso_or_none(found.tried_at),
    )


async def _may(call: Call[Any], tx: Transaction) -> int:
    """Let pass who says who does what, and no others; their account."""
    return (await actor_of(call, tx, Permission.TEAM)).account_id


async def index(call: Call[Any]) -> list[WebhookEntity]:
    """All endpoints."""
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.TEAM)
        return [WebhookEntity(**_told(each)) for each in await access.every(reader)]


async def one(call: Call[OneParams]) -> WebhookEntity:
    """An endpoint."""
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.TEAM)
        return WebhookEntity(**_told(await access.one(reader, call.params.id)))


async def add(call: Call[NewParams]) -> SecretWebhook:
    """Add an endpoint; its secret is in this answer alone."""
    params = call.params
    wanted = manage.Wanted(url=params.url, events=params.events, with_content=params.content)
    async with call.services.db.write() as tx:
        by_id = await _may(call, tx)
        made, secret = await manage.add(call.services, tx, wanted, by_id=by_id)
    return SecretWebhook(secret=secret, **_told(made))


async def change(call: Call[ChangeParams]) -> WebhookEntity:
    """Change an endpoint, or switch it on or off."""
    params = call.params
    async with call.services.db.write() as tx:
        await _may(call, tx)
        known = await access.one(tx, params.id)
        wanted = manage.Wanted(
            url=known.url if params.url is None else params.url,
            events=known.chosen if params.events is None else params.events,
            with_content=bool(known.with_content) if params.content is None else params.content,
            enabled=bool(known.enabled) if params.enabled is None else params.enabled,
        )
        return WebhookEntity(**_told(await manage.change(call.services, tx, params.id, wanted)))


async def remove(call: Call[OneParams]) -> Empty:
    """Take an endpoint away."""
    async with call.services.db.write() as tx:
        await _may(call, tx)
        await manage.remove(tx, call.params.id)
    return Empty()


async def rotate(call: Call[OneParams]) -> SecretWebhook:
    """Give an endpoint a new secret; the old one signs for a day more."""
    async with call.services.db.write() as tx:
        await _may(call, tx)
        made, secret = await manage.rotate(call.services, tx, call.params.id)
    return SecretWebhook(secret=secret, **_told(made))


async def test(call: Call[OneParams]) -> WebhookDelivery:
    """Send an endpoint something that means nothing."""
    async with call.services.db.write() as tx:
        await _may(call, tx)
        return _delivery(await manage.test(call.services, tx, call.params.id))


async def deliveries(call: Call[DeliveriesParams]) -> list[WebhookDelivery]:
    """What an endpoint was told, the newest first."""
    params = call.params
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.TEAM)
        limit = min(params.limit or _FEW, _MOST)
        below = params.below or MAX_BOUND
        found = await access.deliveries(reader, params.id, below=below, limit=limit)
    return [_delivery(each) for each in found]


async def again(call: Call[AgainParams]) -> WebhookDelivery:
    """Tell an endpoint something anew, as a delivery of its own."""
    params = call.params
    async with call.services.db.write() as tx:
        await _may(call, tx)
        made = await manage.again(call.services, tx, params.id, params.delivery_id)
    return _delivery(made)


def _endpoint(  # noqa: PLR0917 (a line for each endpoint)
    method: str, path: str, handler: Any, params: Any, answer: Any, summary: str, *errors: int
) -> Endpoint[Any]:
    scopes = READ if method == GET else WRITE
    given = {} if params is None else {"params": params}
    return Endpoint(
        method,
        f"{_HERE}{path}",
        handler,
        auth=Auth.USER,
        scopes=scopes,
        answer=answer,
        summary=summary,
        errors=errors,
        **given,
    )


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _endpoint(GET, "", index, None, list[WebhookEntity], "Endpoints that are told what happens"),
    _endpoint(POST, "", add, NewParams, SecretWebhook, "Add an endpoint", 409, 422),
    _endpoint(GET, "/{id}", one, OneParams, WebhookEntity, "An endpoint"),
    _endpoint(PUT, "/{id}", change, ChangeParams, WebhookEntity, "Change an endpoint", 422),
    _endpoint(DELETE, "/{id}", remove, OneParams, Empty, "Take an endpoint away"),
    _endpoint(POST, "/{id}/rotate", rotate, OneParams, SecretWebhook, "Give it a new secret"),
    _endpoint(POST, "/{id}/test", test, OneParams, WebhookDelivery, "Try an endpoint", 409),
    _endpoint(
        GET,
        "/{id}/deliveries",
        deliveries,
        DeliveriesParams,
        list[WebhookDelivery],
        "What an endpoint was told",
    ),
    _endpoint(
        POST,
        "/{id}/deliveries/{delivery_id}/again",
        again,
        AgainParams,
        WebhookDelivery,
        "Tell it something anew",
        409,
    ),
)
