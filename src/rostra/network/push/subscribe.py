"""Subscribing a token to push messages, changing and ending it. The only writer."""

import msgspec

from rostra.kernel import web_push
from rostra.kernel.errors import Invalid, NotFound
from rostra.network.accounts.events import AccountRemoved
from rostra.network.credentials.events import AccessEnded
from rostra.network.credentials.model import Viewer
from rostra.network.edge import Reader, Services, Transaction
from rostra.network.notifications.model import USUAL_KINDS
from rostra.network.push import queries, tokens
from rostra.network.push.model import Device, Senders, Subscription, Wish
from rostra.outside.http import FetchRefused

_LONGEST = 2048
_NOTHING = Wish()


async def own(reader: Reader, token_id: int) -> Subscription:
    """The subscription of a token.

    Raises:
        NotFound: it has none.
    """
    found = await reader.first(queries.ONE, token=token_id)
    if found is None:
        raise NotFound(f"push subscription of token {token_id}")
    return found


async def subscribe(
    services: Services,
    tx: Transaction,
    viewer: Viewer,
    device: Device,
    wish: Wish = _NOTHING,
) -> Subscription:
    """Send to this device from now on, in place of what the token named before.

    Raises:
        Invalid: the address is none that we call, or a key is malformed.
    """
    made = Subscription(
        viewer.token_id,
        viewer.account_id,
        _endpoint(services, device.endpoint),
        _key("subscription[keys][p256dh]", device.p256dh, point=True),
        _key("subscription[keys][auth]", device.auth),
        int(device.standard),
        _alerts(wish.alerts or {}),
        _policy(wish.policy) or Senders.ALL,
        tokens.sealed(services, viewer.token_id, device.token),
    )
    await tx.run(queries.SET, **msgspec.structs.asdict(made), created_at=services.clock.now())
    return made


async def change(tx: Transaction, token_id: int, wish: Wish) -> Subscription:
    """Change what is sent. Raises NotFound: the token has no subscription; Invalid."""
    known = await own(tx, token_id)
    alerts = known.alerts if wish.alerts is None else _alerts(wish.alerts)
    policy = _policy(wish.policy) or known.policy
    await tx.run(queries.CHANGE, token=token_id, new_alerts=alerts, new_policy=policy)
    return msgspec.structs.replace(known, alerts=alerts, policy=policy)


async def unsubscribe(tx: Transaction, token_id: int) -> None:
    """Send nothing any more; whoever has no subscription has none afterwards either."""
    await tx.run(queries.DROP, token=token_id)


async def access_ended(_services: Services, tx: Transaction, event: AccessEnded) -> None:
    """A subscription dies with its token."""
    if event.token_ids:
        await tx.run(queries.DROP_TOKENS, tokens=list(event.token_ids))
    elif not event.session_ids:
        await tx.run(queries.DROP_ACCOUNT, account=event.account_id)


async def account_removed(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """No device of a removed account is spoken to."""
    await tx.run(queries.DROP_ACCOUNT, account=event.account_id)


def _endpoint(services: Services, given: str) -> str:
    field = "subscription[endpoint]"
    if not given:
        raise Invalid(field, "can't be blank", "ERR_BLANK")
    if len(given) > _LONGEST:
        raise Invalid(field, f"is too long (maximum is {_LONGEST} characters)", "ERR_TOO_LONG")
    try:
        services.push.check(given)
    except FetchRefused:
        raise Invalid(field, "is not a valid URL") from None
    return given


def _key(field: str, given: str, *, point: bool = False) -> bytes:
    try:
        raw = web_push.unb64(given)
        if point:
            web_push.check_point(raw)
    except ValueError:
        raise Invalid(field, "is invalid") from None
    if not point and len(raw) != web_push.AUTH_BYTES:
        raise Invalid(field, "is invalid")
    return raw


def _alerts(given: dict[str, bool]) -> str:
    wanted = sorted(name for name, on in given.items() if on and name in USUAL_KINDS)
    return msgspec.json.encode(wanted).decode()


def _policy(given: str | None) -> str:
    if not given:
        return ""
    if given not in set(Senders):
        raise Invalid("data[policy]", "is not included in the list", "ERR_INCLUSION")
    return given
