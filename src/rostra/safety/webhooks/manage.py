"""Endpoints are added, changed, given a new secret, tried and taken away; by admins."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.outside.http import FetchRefused
from rostra.safety.edge import Services, Transaction
from rostra.safety.webhooks import queries
from rostra.safety.webhooks.access import one
from rostra.safety.webhooks.model import CHOSEN, Delivery, DeliveryState, EventName, Webhook
from rostra.safety.webhooks.secrets import secret
from rostra.safety.webhooks.tell import leave

MOST: Final = 20
_encode = msgspec.json.Encoder().encode


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint as somebody wants it. `events` empty: all of them."""

    url: str
    events: Sequence[str] = ()
    with_content: bool = False
    enabled: bool = True


async def add(
    services: Services, tx: Transaction, wanted: Wanted, *, by_id: int = 0
) -> tuple[Webhook, str]:
    """Add an endpoint; it, and its secret, which nobody is shown again.

    Raises:
        Invalid: on `url` or `events`.
        Conflict: there are as many as there may be.
        Unavailable: the key of the secrets can't be read.
    """
    if len(await tx.all(queries.ALL)) >= MOST:
        raise Conflict("webhooks", safe=f"There are {MOST} endpoints already", code="too_many")
    made = Webhook(
        id=services.ids.next(),
        url=_url(services, wanted.url),
        events=_events(wanted.events),
        with_content=int(wanted.with_content),
        enabled=int(wanted.enabled),
        ended_why="",
        generation=1,
        rotated_at=0,
        skipped_count=0,
        created_by=by_id,
        created_at=services.clock.now(),
    )
    shown = secret(services, made.id, made.generation)
    await tx.run(queries.ADD, **msgspec.structs.asdict(made))
    return made, shown


async def change(services: Services, tx: Transaction, webhook_id: int, wanted: Wanted) -> Webhook:
    """Give an endpoint another address, other events, or switch it on or off.

    Raises:
        NotFound: there is none.
        Invalid: on `url` or `events`.
    """
    found = await _locked(tx, webhook_id)
    made: Webhook = msgspec.structs.replace(
        found,
        url=_url(services, wanted.url),
        events=_events(wanted.events),
        with_content=int(wanted.with_content),
        enabled=int(wanted.enabled),
        ended_why="" if wanted.enabled else found.ended_why,
    )
    await _write(tx, made)
    return made


async def rotate(services: Services, tx: Transaction, webhook_id: int) -> tuple[Webhook, str]:
    """Give an endpoint a new secret; the old one signs for a day more.

    Raises:
        NotFound: there is none.
        Unavailable: the key of the secrets can't be read.
    """
    found = await _locked(tx, webhook_id)
    now, generation = services.clock.now(), found.generation + 1
    made: Webhook = msgspec.structs.replace(found, generation=generation, rotated_at=now)
    await _write(tx, made)
    return made, secret(services, webhook_id, generation)


async def remove(tx: Transaction, webhook_id: int) -> None:
    """Take an endpoint away, with all that is known of it.

    Raises:
        NotFound: there is none.
    """
    await _locked(tx, webhook_id)
    await tx.run(queries.DROP_DELIVERIES, id=webhook_id)
    await tx.run(queries.DROP, id=webhook_id)


async def test(services: Services, tx: Transaction, webhook_id: int) -> Delivery:
    """Send something that means nothing, whatever events it has chosen.

    Raises:
        NotFound: there is none.
        Conflict: it is switched off.
    """
    hook = await one(tx, webhook_id)
    _on(hook)
    return await leave(services, tx, hook, EventName.TEST, {"webhook_id": str(hook.id)})


async def again(services: Services, tx: Transaction, webhook_id: int, delivery_id: int) -> Delivery:
    """Tell an endpoint anew what it was told, or could not be told, before.

    Raises:
        NotFound: there is no such endpoint or delivery.
        Conflict: it is switched off, or the delivery still waits.
    """
    hook = await one(tx, webhook_id)
    _on(hook)
    found = await tx.first(queries.DELIVERY, id=delivery_id)
    if found is None or found.webhook_id != webhook_id:
        raise NotFound(f"delivery {delivery_id} of {webhook_id}")
    if found.state == DeliveryState.WAITING:
        raise Conflict(f"delivery {delivery_id}", safe="It still waits to be delivered")
    about = msgspec.json.decode(found.object, type=dict[str, Any])
    return await leave(services, tx, hook, EventName(found.event), about)


async def _locked(tx: Transaction, webhook_id: int) -> Webhook:
    found = await tx.first(queries.LOCKED, id=webhook_id)
    if found is None:
        raise NotFound(f"webhook {webhook_id}", safe=f"there is no webhook {webhook_id}")
    return found


def _on(hook: Webhook) -> None:
    if not hook.enabled:
        raise Conflict(f"webhook {hook.id}", safe="This webhook is switched off")


async def _write(tx: Transaction, made: Webhook) -> None:
    row = msgspec.structs.asdict(made)
    left_out = ("skipped_count", "created_by", "created_at")
    await tx.run(queries.SET, **{name: row[name] for name in row if name not in left_out})


def _url(services: Services, url: str) -> str:
    try:
        services.webhooks.check(url)
    except FetchRefused:
        raise Invalid("url", "must be an https address", "ERR_INVALID") from None
    return url


def _events(names: Sequence[str]) -> str:
    unknown = [name for name in names if name not in CHOSEN]
    if unknown:
        raise Invalid("events", f"{unknown[0][:40]!r} is no event", "ERR_INCLUSION")
    return _encode([name for name in CHOSEN if not names or name in names]).decode()
