"""Sends push messages: a job for each device and notification, judged again when it runs."""

from urllib.parse import urlsplit

import msgspec

from rostra.kernel import web_push
from rostra.kernel.clock import DAY, HOUR
from rostra.kernel.errors import NotFound
from rostra.kernel.text import sanitise
from rostra.network.accounts import cards
from rostra.network.accounts.card_model import AccountCard
from rostra.network.addresses import addresses
from rostra.network.edge import Reader, Services, Transaction
from rostra.network.filters import matching
from rostra.network.filters.model import Action, Context, Subject
from rostra.network.notifications import access as notifications
from rostra.network.notifications.events import NotificationsMade
from rostra.network.notifications.model import ALWAYS, WITH_POST, Kind, Notification
from rostra.network.posts import access as posts_access
from rostra.network.push import keys, queries, tokens
from rostra.network.push.model import Due, Senders, Subscription
from rostra.outside.http import FetchFailed, FetchRefused
from rostra.outside.translations import noted as _
from rostra.outside.translations import said
from rostra.store.outbox import JobKind

MOST_HEARD = 1_000  # notifications of one event whose devices are looked up in one statement
_TTL_S = 48 * 3600
_BODY = 140
_STATEMENT_S = 12 * 3600
_TOO_EARLY = frozenset({408, 425, 429})
_decode = msgspec.json.Decoder(frozenset[str]).decode
_encode = msgspec.json.Encoder().encode
TITLES = {
    Kind.MENTION: _("{name} mentioned you"),
    Kind.STATUS: _("{name} posted"),
    Kind.REBLOG: _("{name} reblogged your post"),
    Kind.FOLLOW: _("{name} follows you"),
    Kind.FOLLOW_REQUEST: _("{name} asks to follow you"),
    Kind.FAVOURITE: _("{name} liked your post"),
    Kind.UPDATE: _("{name} edited a post"),
    Kind.POLL: _("A poll by {name} has ended"),
    Kind.QUOTE: _("{name} quoted your post"),
    Kind.QUOTED_UPDATE: _("{name} edited a post you quoted"),
    Kind.MODERATION_WARNING: _("The moderators have decided something about your account"),
}


async def made(services: Services, tx: Transaction, event: NotificationsMade) -> None:
    """Leave a job for each device that wants to hear. One statement where nobody has any."""
    for at in range(0, len(event.made), MOST_HEARD):
        some = event.made[at : at + MOST_HEARD]
        waiting = await tx.all(
            queries.WAITING,
            accounts=[account_id for account_id, _ in some],
            notifications=[notification_id for _, notification_id in some],
        )
        for token_id, notification_id, kind, alerts in waiting:
            if kind in _decode(alerts) or kind in ALWAYS:
                due = Due(token_id, notification_id, services.clock.now())
                await tx.enqueue("push.send", due)


async def send(services: Services, due: Due) -> None:
    """Send one message, unless the member must not or does not want to see it any more.

    Raises:
        FetchFailed: the service can't be reached or is busy; the job runs again.
        Unavailable: the egress gate is closed.
    """
    if due.created_at < services.clock.now() - 2 * DAY:
        return
    async with services.db.read() as reader:
        found = await _message(services, reader, due)
    if found is None:
        return
    subscription, message = found
    private = await keys.private_key(services)
    headers, body = _request(services, subscription, message, private)
    try:
        answer = await services.push.request(
            "POST", subscription.endpoint, headers=headers, content=body
        )
        status = answer.status
    except FetchRefused:
        status = 400  # an address or an answer that is never taken
    if status in _TOO_EARLY or status >= 500:  # noqa: PLR2004 (an error of the other side's)
        raise FetchFailed(f"push service answered {status}")
    if not 200 <= status < 300:  # noqa: PLR2004 (success)
        async with services.db.write() as tx:
            await tx.run(queries.DROP_DEAD, token=due.token_id, dead=subscription.endpoint)


async def _message(
    services: Services, reader: Reader, due: Due
) -> tuple[Subscription, bytes] | None:
    """The subscription and the message; None: there is nothing to send any more."""
    row = await reader.first(queries.STILL, token=due.token_id, notification=due.notification_id)
    if row is None:
        return None
    *columns, locale, filters_version = row
    subscription = Subscription(*columns)
    viewer_id, now = subscription.account_id, services.clock.now()
    try:
        told = await notifications.one(reader, viewer_id, due.notification_id, now=now)
    except NotFound:
        return None  # the member blocks or mutes the sender by now
    senders = await cards.heads(reader, viewer_id, [told.from_account_id])
    sender = (await cards.cards(reader, list(senders))).get(told.from_account_id)
    if sender is None or not await _wanted(reader, subscription, told):
        return None
    words: str | None = "" if told.kind in ALWAYS else sanitise.plain(sender.note_html)
    if told.kind in WITH_POST:
        words = await _words(services, reader, viewer_id, told, filters_version)
    if words is None:
        return None
    token = tokens.opened(services, subscription.token_id, subscription.sealed_token)
    return subscription, _payload(services, told, sender, words, locale=locale, token=token)


async def _words(
    services: Services, reader: Reader, viewer_id: int, told: Notification, filters_version: int
) -> str | None:
    """What the post says; None: the member may not see it any more, or a filter keeps it away."""
    rows = await posts_access.rows(reader, viewer_id, [told.post_id])
    body = (await posts_access.bodies(reader, list(rows))).get(told.post_id)
    if body is None:
        return None
    if told.kind in {Kind.MENTION.value, Kind.STATUS.value}:
        subject = Subject(told.post_id, told.post_id, rows[told.post_id].version)
        found = await matching.matches(services, reader, viewer_id, filters_version, [subject])
        if any(
            match.filter.contexts & Context.NOTIFICATIONS and match.filter.action != Action.BLUR
            for match in found.get(subject.id, ())
        ):
            return None
    return body.spoiler_text or body.text


async def _wanted(reader: Reader, subscription: Subscription, told: Notification) -> bool:
    member, sender = subscription.account_id, told.from_account_id
    if told.kind in ALWAYS:
        return True
    if told.kind not in subscription.kinds:
        return False
    if subscription.policy == Senders.FOLLOWED:
        return bool(await reader.value(queries.FOLLOWS, follower=member, followed=sender))
    if subscription.policy == Senders.FOLLOWER:
        return bool(await reader.value(queries.FOLLOWS, follower=sender, followed=member))
    return subscription.policy == Senders.ALL


def _payload(
    services: Services,
    told: Notification,
    sender: AccountCard,
    words: str,
    *,
    locale: str,
    token: str,
) -> bytes:
    """The message in Mastodon's form; its title is in a language that the house speaks."""
    at = addresses(services.settings)
    key = sender.avatar_static_key or sender.avatar_key
    flat = " ".join(words.split())
    name = sender.display_name or sender.username
    message = {
        "access_token": token,
        "preferred_locale": locale or "en",
        "notification_id": told.id,
        "notification_type": told.kind,
        "icon": at.blob(key) if key else at.static("avatar.png"),
        "title": said(locale, TITLES[Kind(told.kind)]).format(name=name),
        "body": flat if len(flat) <= _BODY else flat[: _BODY - 1] + "…",
    }
    return _encode(message)


def _request(
    services: Services, subscription: Subscription, message: bytes, private: bytes
) -> tuple[dict[str, str], bytes]:
    url = urlsplit(subscription.endpoint)
    settings = services.settings
    contact = settings.site.contact_email
    token = web_push.statement(
        private,
        f"{url.scheme}://{url.netloc}",
        f"mailto:{contact}" if contact else settings.site.base_url,
        services.clock.now() // 1000 + _STATEMENT_S,
    )
    standard = bool(subscription.standard)
    sealed = web_push.seal(message, subscription.point, subscription.auth, standard=standard)
    public = web_push.b64(web_push.public_of(private))
    headers = {
        "content-type": "application/octet-stream",
        "ttl": str(_TTL_S),
        "urgency": "normal",
        **sealed.headers,
    }
    if standard:
        headers["authorization"] = f"vapid t={token}, k={public}"
    else:
        headers["authorization"] = f"WebPush {token}"
        headers["crypto-key"] += f";p256ecdsa={public}"
    return headers, sealed.body


JOBS = (
    JobKind(
        name="push.send",
        payload=Due,
        handler=send,
        attempts=6,
        timeout_s=30.0,
        first_retry_s=30.0,
        slowest_retry_s=HOUR / 1000,
    ),
)
