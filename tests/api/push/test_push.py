"""Push messages: what a device gets, what it does not, and what a hostile service can do."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import BigInteger, Text, bindparam
from tests.harness.app import START_MS, running
from tests.harness.crowd import Town
from tests.harness.neighbours import Asker, Place, place_of
from tests.harness.push_service import Device, Service, claims, let_out, push_service
from tests.safety.moderating import moderator, ruling

from rostra.kernel import crypto, web_push
from rostra.network.credentials.ending import end_everything
from rostra.network.push import tokens
from rostra.safety.decisions import decide as deciding
from rostra.safety.decisions.model import ActionKind
from rostra.safety.subjects import Subject, SubjectKind
from rostra.store.query import query
from rostra.store.tables.accounts import users
from rostra.store.tables.push import push_subscriptions

PATH = "/api/v1/push/subscription"
ALL = dict.fromkeys(("mention", "favourite", "follow", "reblog", "status"), True)

LOCALE = query(
    users.update()
    .where(users.c.account_id == bindparam("account", type_=BigInteger()))
    .values(locale=bindparam("locale", type_=Text()))
)
# As if the bytes of another subscription stood there.
MOVED = query(
    push_subscriptions.update().values(
        sealed_token=web_push.b64(crypto.encrypted(b"k" * 32, "push token 1", "other"))
    )
)


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    async with push_service() as running:
        yield running


@pytest.fixture
async def place(data_dir: Path, database_url: str, service: Service) -> AsyncIterator[Place]:
    async with place_of(data_dir, database_url) as running:
        let_out(running.services, service)
        yield running


async def subscribe(
    asker: Asker, service: Service, device: Device, *, standard: bool = True, **data: Any
) -> Any:
    place = {"endpoint": f"{service.url}/{asker.username}", "keys": device.keys()}
    subscription = {**place, "standard": standard}
    return await asker.do(PATH, subscription=subscription, data={"alerts": ALL, **data})


@pytest.mark.parametrize("standard", [True, False], ids=["aes128gcm", "aesgcm"])
async def test_a_device_opens_what_it_receives(
    place: Place, service: Service, *, standard: bool
) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    device = Device()
    made = await subscribe(ann, service, device, standard=standard)
    await ben.post("@ann  <b>Hello</b>\nthere " + "x" * 300)
    await place.app.work()
    (got,) = service.received
    message = device.open(got)
    (told,) = await ann.get("/api/v1/notifications")
    assert message == {
        "access_token": ann.client.headers["authorization"].removeprefix("Bearer "),
        "preferred_locale": "en",
        "notification_id": int(told["id"]),
        "notification_type": "mention",
        "icon": told["account"]["avatar_static"],
        "title": "ben mentioned you",
        "body": message["body"],
    }
    assert message["body"].startswith("@ann <b>Hello</b> there xxx")
    assert len(message["body"]) == 140
    assert got.path == "/ann"
    assert (got.headers["ttl"], got.headers["urgency"]) == ("172800", "normal")
    instance = await ann.get("/api/v2/instance")
    public = instance["configuration"]["vapid"]["public_key"]
    assert made["server_key"] == public
    stated = claims(got, public)
    assert stated["aud"] == service.url
    assert stated["sub"]
    assert 0 < stated["exp"] - START_MS // 1000 < 86_400
    with pytest.raises(Exception):  # noqa: B017, PT011 (whatever the library raises)
        Device().open(got)


@pytest.mark.parametrize(
    ("locale", "title"),
    [
        ("de", "Ben <b> hat dich erwähnt"),
        ("fr-CA", "Ben <b> vous a mentionné"),
        ("es", "Ben <b> te ha mencionado"),
        ("xx", "Ben <b> mentioned you"),
    ],
)
async def test_titles_are_in_the_members_language(
    place: Place, service: Service, locale: str, title: str
) -> None:
    ann, ben = await place.members("ann", "ben")
    await ben.change(display_name="Ben <b>")
    async with place.db.write() as tx:
        await tx.run(LOCALE, account=ann.account_id, locale=locale)
    device = Device()
    await subscribe(ann, service, device)
    await ben.post("@ann")
    await place.app.work()
    message = device.open(service.received[0])
    assert (message["title"], message["preferred_locale"]) == (title, locale)


async def test_the_token_is_sealed_and_lost_without_its_key(
    place: Place, service: Service, data_dir: Path
) -> None:
    ann, ben = await place.members("ann", "ben")
    token = ann.client.headers["authorization"].removeprefix("Bearer ")
    device = Device()
    await subscribe(ann, service, device)
    key = data_dir / tokens.FILE
    assert key.stat().st_mode & 0o777 == 0o600
    town = Town(place.app)
    assert await town.anywhere(token) == []

    async def told() -> str:
        service.received.clear()
        await ben.post("@ann")
        await place.app.work()
        return str(device.open(service.received[0])["access_token"])

    assert await told() == token
    tokens._keys.clear()  # noqa: SLF001 (another process)
    assert await told() == token
    async with place.db.write() as tx:
        await tx.run(MOVED)
    assert await told() == ""
    await subscribe(ann, service, device)
    for lost in (b"x" * 32, b"short"):
        key.write_bytes(lost)
        tokens._keys.clear()  # noqa: SLF001 (after a start)
        assert await told() == ""
    key.unlink()
    await subscribe(ann, service, device)
    assert await told() == token


async def test_a_key_of_the_settings(data_dir: Path, database_url: str) -> None:
    async with running(data_dir, database_url, ROSTRA_PUSH__TOKEN_KEY="k" * 40) as app:
        kept = tokens.sealed(app.services, 1, "secret")
        assert "secret" not in kept
        assert tokens.opened(app.services, 1, kept) == "secret"
        assert tokens.opened(app.services, 2, kept) == ""
        assert tokens.sealed(app.services, 1, "") == ""
        assert not (data_dir / tokens.FILE).exists()


@pytest.mark.postgresql
async def test_a_subscription_from_its_making_to_its_end(place: Place, service: Service) -> None:
    ann = await place.member("ann")
    await ann.get(PATH, 404)
    await ann.ask("PUT", PATH, 404, json={"data": {"alerts": {"mention": True}}})
    made = await subscribe(ann, service, Device(), alerts={"mention": "true", "poll": 0, "x": 1})
    assert 0 < made["id"] < 2**31
    assert made["endpoint"] == f"{service.url}/ann"
    assert made["standard"] is True
    assert [kind for kind, on in made["alerts"].items() if on] == ["mention"]
    assert made["policy"] == "all"
    assert await ann.get(PATH) == made
    changed = await ann.ask(
        "PUT", PATH, json={"data": {"alerts": {"follow": True}, "policy": "followed"}}
    )
    assert [kind for kind, on in changed["alerts"].items() if on] == ["follow"]
    assert (changed["policy"], changed["id"]) == ("followed", made["id"])
    again = await subscribe(ann, service, Device(), standard=False)
    assert again["standard"] is False
    assert await ann.ask("DELETE", PATH) == {}
    assert await ann.ask("DELETE", PATH) == {}
    await ann.get(PATH, 404)


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("subscription[endpoint]", {"endpoint": ""}),
        ("subscription[endpoint]", {"endpoint": "https://"}),
        ("subscription[endpoint]", {"endpoint": "file:///etc/passwd"}),
        ("subscription[endpoint]", {"endpoint": "https://push.example:22/"}),
        ("subscription[endpoint]", {"endpoint": "https://me@push.example/"}),
        ("subscription[endpoint]", {"endpoint": "https://0x7f000001/"}),
        ("subscription[endpoint]", {"endpoint": "https://push.example/" + "x" * 2048}),
        ("subscription[keys][p256dh]", {"keys": {"p256dh": "", "auth": "A" * 22}}),
        ("subscription[keys][p256dh]", {"keys": {"p256dh": "B" * 87, "auth": "A" * 22}}),
        ("subscription[keys][p256dh]", {"keys": {"p256dh": "!", "auth": "A" * 22}}),
        ("subscription[keys][auth]", {"keys": {**Device().keys(), "auth": "short"}}),
    ],
)
async def test_what_is_wrong_is_named(place: Place, field: str, change: dict[str, Any]) -> None:
    ann = await place.member("ann")
    right = {"endpoint": "https://push.example/", "keys": Device().keys()}
    refused = await ann.do(PATH, 422, subscription={**right, **change})
    assert list(refused["details"]) == [field]
    refused = await ann.do(PATH, 422, subscription=right, data={"policy": "some"})
    assert list(refused["details"]) == ["data[policy]"]
    await ann.do(PATH, subscription=right)


@pytest.mark.postgresql
async def test_only_what_is_wanted_is_sent(place: Place, service: Service) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    await ann.relate("follow", ben)
    post = await ann.post("hello")
    device = Device()
    for policy, senders in (("followed", ["ben"]), ("none", []), ("all", ["ben", "eve"])):
        await subscribe(ann, service, device, policy=policy)
        for other in (ben, eve):
            await other.post("@ann hi")
        await place.app.work()
        # Sent side by side: which of two arrives first is not promised.
        titles = sorted(device.open(got)["title"] for got in service.received)
        assert titles == [f"{name} mentioned you" for name in senders], policy
        service.received.clear()
    await subscribe(ann, service, device, alerts={"follow": True})
    await ben.post("@ann hi")
    await ben.react("favourite", post["id"])
    await ben.relate("follow", ann)
    await place.app.work()
    assert [device.open(got)["title"] for got in service.received] == ["ben follows you"]


async def test_of_a_quote_the_words_of_whoever_quotes_are_sent(
    place: Place, service: Service
) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    alerts = {"quote": True, "quoted_update": True}
    devices = {who.username: Device() for who in (ann, ben)}
    for who in (ann, ben):
        await subscribe(who, service, devices[who.username], alerts=alerts)
    first = await ann.post("needle")
    await ben.post("Look:", quoted_status_id=first["id"])
    await place.app.work()
    message = devices["ann"].open(service.received.pop())
    told = (message["notification_type"], message["title"], message["body"])
    assert told == ("quote", "ben quoted your post", "Look:")
    await ann.edit(first["id"], "needle again")
    await place.app.work()
    message = devices["ben"].open(service.received.pop())
    told = (message["notification_type"], message["title"], message["body"])
    assert told == ("quoted_update", "ann edited a post you quoted", "Look:")


async def test_nothing_is_sent_of_what_is_out_of_sight(place: Place, service: Service) -> None:
    """Whatever happens between the notification and its sending."""
    ann, ben, eve = await place.members("ann", "ben", "eve")
    await subscribe(ann, service, Device())
    await ann.ask("PUT", "/api/v2/notifications/policy", json={"for_new_accounts": "filter"})
    await ben.post("@ann set aside")
    await ann.ask("PUT", "/api/v2/notifications/policy", json={"for_new_accounts": "accept"})
    gone = await ben.post("@ann deleted soon")
    await ben.delete(gone["id"])
    await eve.post("@ann from somebody blocked soon")
    await ann.relate("block", eve)
    await ben.post("@ann with a cat")
    wish: dict[str, Any] = {"context": ["notifications"], "filter_action": "hide", "title": "Cats"}
    await ann.do("/api/v2/filters", **wish, keywords_attributes=[{"keyword": "cat"}])
    await ann.relate("follow", ben, notify=True)
    hidden = await ben.post("for followers", visibility="private")
    await ben.relate("remove_from_followers", ann)
    await ann.get(f"/api/v1/statuses/{hidden['id']}", 404)
    await place.app.work()
    assert service.received == []
    await ben.post("@ann and this arrives")
    await place.app.work()
    assert len(service.received) == 1


async def test_a_subscription_dies_with_its_token(place: Place, service: Service) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    await subscribe(ann, service, Device())
    await ben.post("@ann hi")
    async with place.db.write() as tx:
        await end_everything(tx, ann.account_id)
    await place.app.work()
    assert service.received == []


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "400 Bad", "302 Found"])
async def test_a_device_that_is_gone_is_forgotten(
    place: Place, service: Service, status: str
) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    await subscribe(ann, service, Device())
    service.status = f"{status}\r\nlocation: {service.url}/other"
    await ben.post("@ann hi")
    await place.app.work()
    assert [got.path for got in service.received] == ["/ann"]
    await ann.get(PATH, 404)


@pytest.mark.parametrize("status", ["500 Oh", "429 Slow down"])
async def test_a_busy_service_is_tried_again(place: Place, service: Service, status: str) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    device = Device()
    await subscribe(ann, service, device)
    service.status = status
    await ben.post("@ann hi")
    await place.app.work()
    service.status = "201 Created"
    place.clock.advance(60_000)
    await place.app.work()
    assert [device.open(got)["title"] for got in service.received] == ["ben mentioned you"] * 2
    assert (await ann.get(PATH))["endpoint"]


async def test_a_hostile_service_gains_nothing(place: Place, service: Service) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    await subscribe(ann, service, Device())
    service.more = b"x" * (1 << 20)
    await ben.post("@ann hi")
    await place.app.work()
    await ann.get(PATH, 404)  # an endless answer is never taken
    service.more = b""
    service.received.clear()
    await subscribe(ann, service, Device())
    let_out(place.services, service, allowed=())
    await ben.post("@ann hi")
    await place.app.work()
    assert service.received == []  # an address that is not public is never called
    await ann.get(PATH, 404)


async def test_nothing_leaves_through_a_closed_gate(place: Place, service: Service) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    await subscribe(ann, service, Device())
    place.services.egress.close("a copy", channel="push")
    await ben.post("@ann hi")
    await place.app.work()
    assert service.received == []
    place.services.egress.open(channel="push")
    place.clock.advance(120_000)
    await place.app.work()
    assert len(service.received) == 1


async def test_a_decision_reaches_devices_that_asked_for_nothing(
    place: Place, service: Service
) -> None:
    """What the team decides about a member is no kind of notification that one does without."""
    ann, ben = await place.members("ann", "ben")
    device = Device()
    await subscribe(ann, service, device, alerts={}, policy="none")
    await ben.post("@ann Hello")
    subject = Subject(SubjectKind.ACCOUNT, ann.account_id)
    async with place.db.write() as tx:
        await deciding.decide_subjects(
            place.services, tx, moderator(ben.account_id), ruling(ActionKind.WARN), [subject]
        )
    await place.app.work()
    (got,) = service.received
    message = device.open(got)
    assert message["notification_type"] == "moderation_warning"
    assert message["title"] == "The moderators have decided something about your account"
    said = {key: value for key, value in message.items() if key != "access_token"}  # by chance
    assert "ben" not in str(said)
