"""Push over real sockets: a served place sends, a service here receives, clients open it.

The services stand on loopback, in a network that the settings name.
"""

import time
from collections.abc import Iterator

import pytest
from mastodon import Mastodon, MastodonAPIError, MastodonNotFoundError
from tests.clients.listening import arrived, listening, waiting
from tests.clients.masto_driver import Masto
from tests.clients.place import Place
from tests.harness.patience import wait_for
from tests.harness.push_service import Device, Service, claims
from tests.outside.conftest import CERTIFICATE


class Services:
    """Those that may be called, by http and by https, and one at an address beside them."""

    def __init__(self, plain: Service, secure: Service, beside: Service) -> None:
        self.plain = plain
        self.secure = secure
        self.beside = beside


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    with (
        listening() as plain,
        listening("https") as secure,
        listening(host="127.0.0.2", port=plain.port) as beside,
    ):
        yield Services(plain, secure, beside)


@pytest.fixture(scope="module")
def environ(services: Services) -> dict[str, str]:
    return {
        "ROSTRA_PUSH_ALLOWED_NETWORKS": "127.0.0.1/32",
        "ROSTRA_PUSH_ALLOWED_PORTS": f"{services.plain.port},{services.secure.port}",
        "SSL_CERT_FILE": str(CERTIFICATE),
    }


@pytest.fixture(scope="module")
def ann(place: Place) -> Mastodon:
    return place.joined("ann")


@pytest.fixture(scope="module")
def ben(place: Place) -> Mastodon:
    return place.joined("ben")


@pytest.fixture
def path(place: Place, request: pytest.FixtureRequest) -> str:
    """An address of this test alone, on a service that all of them share."""
    return f"/{place.served.port}/{request.node.originalname}/{time.monotonic_ns()}"


@pytest.mark.parametrize("standard", [True, False], ids=["aes128gcm", "aesgcm"])
def test_masto_subscribes_and_its_device_opens_what_arrives(
    place: Place,
    node: str,
    services: Services,
    ann: Mastodon,
    ben: Mastodon,
    *,
    path: str,
    standard: bool,
) -> None:
    service = services.secure if standard else services.plain
    device, endpoint = Device(), f"{service.url}{path}"
    with Masto(node, place.url, ann) as program:
        made = program.rest("device", endpoint=endpoint, keys=device.keys(), standard=standard)
        assert (made["endpoint"], made["standard"]) == (endpoint, standard)
        post = ben.status_post("@ann hello there")
        got = arrived(service, path)
        assert got.headers["content-encoding"] == ("aes128gcm" if standard else "aesgcm")
        message = device.open(got)
        told = next(
            each for each in ann.notifications(types=["mention"]) if each.status.id == post.id
        )
        assert message == {
            "access_token": ann.access_token,
            "preferred_locale": "en",
            "notification_id": int(told.id),
            "notification_type": "mention",
            "icon": ben.me().avatar_static,
            "title": "ben mentioned you",
            "body": "@ann hello there",
        }
        assert str(ann.access_token).encode() not in got.body
        stated = claims(got, made["key"])
        assert stated["aud"] == service.url
        assert 0 < stated["exp"] - time.time() < 86_400
        with pytest.raises(Exception):  # noqa: B017, PT011 (whatever the library raises)
            Device().open(got)
        assert program.rest("silence") is True
    assert waiting(service, path) == []


def test_masto_changes_what_is_sent(
    place: Place, node: str, services: Services, ann: Mastodon, ben: Mastodon, *, path: str
) -> None:
    service, device = services.plain, Device()
    with Masto(node, place.url, ann) as program:
        given = {"endpoint": f"{service.url}{path}", "keys": device.keys(), "standard": True}
        program.rest("device", **given)
        assert program.rest("alerts", alerts={"follow": True})["mention"] is False
        ben.status_post("@ann not to be heard of")
        ben.account_follow(ann.me().id)
        message = device.open(arrived(service, path))
        assert message["title"] == "ben follows you"
        program.rest("device", **given)
        ben.status_post("@ann to be heard of")
        assert device.open(arrived(service, path))["body"] == "@ann to be heard of"
        program.rest("silence")
        # Another device that hears of the next post tells when ours would have.
        cat, other = place.joined(f"cat{time.monotonic_ns() % 10**9}"), Device()
        with Masto(node, place.url, cat) as another:
            mine = f"{path}/other"
            given = {"endpoint": f"{service.url}{mine}", "keys": other.keys(), "standard": True}
            another.rest("device", **given)
            ben.status_post(f"@ann @{cat.me().username} over")
            assert other.open(arrived(service, mine))["notification_type"] == "mention"
    assert waiting(service, path) == []


def test_mastodon_py_opens_what_arrives(
    services: Services, ann: Mastodon, ben: Mastodon, path: str
) -> None:
    service = services.plain
    private, public = ann.push_subscription_generate_keys()
    ann.push_subscription_set(f"{service.url}{path}", public, mention_events=True)
    post = ben.status_post("@ann for your device")
    got = arrived(service, path)
    message = ann.push_subscription_decrypt_push(
        got.body, private, got.headers["encryption"], got.headers["crypto-key"]
    )
    assert (message.title, message.body) == ("ben mentioned you", "@ann for your device")
    assert (message.notification_type, message.preferred_locale) == ("mention", "en")
    assert message.access_token == ann.access_token
    assert message.icon == ben.me().avatar_static
    assert ann.notifications(id=message.notification_id).status.id == post.id
    ann.push_subscription_delete()


def test_a_device_that_is_gone_is_forgotten(
    services: Services, ann: Mastodon, ben: Mastodon, path: str
) -> None:
    service = services.plain
    _, public = ann.push_subscription_generate_keys()
    ann.push_subscription_set(f"{service.url}{path}", public, mention_events=True)
    service.status = "410 Gone"
    try:
        ben.status_post("@ann are you there?")
        arrived(service, path)
        wait_for(lambda: forgotten(ann))
    finally:
        service.status = "201 Created"


def test_nothing_beside_the_named_network_is_called(
    services: Services, ann: Mastodon, ben: Mastodon, path: str
) -> None:
    _, public = ann.push_subscription_generate_keys()
    for endpoint in (
        f"http://127.0.0.1:1{path}",
        f"http://127.0.0.1{path}",
        f"http://push.example{path}",
        f"https://127.0.0.1:22{path}",
    ):
        with pytest.raises(MastodonAPIError, match=r"Subscription\[endpoint\] is not a valid URL"):
            ann.push_subscription_set(endpoint, public, mention_events=True)
    for endpoint in (
        f"{services.beside.url}{path}",
        f"http://[::ffff:127.0.0.1]:{services.plain.port}{path}",
        f"http://169.254.169.254:{services.plain.port}{path}",
    ):
        ann.push_subscription_set(endpoint, public, mention_events=True)
        ben.status_post("@ann beside")
        wait_for(lambda: forgotten(ann))
    assert services.beside.received == []
    assert waiting(services.plain, path) == []


def forgotten(member: Mastodon) -> bool:
    """Whether the place has ended the member's subscription."""
    try:
        member.push_subscription()
    except MastodonNotFoundError:
        return True
    return False
