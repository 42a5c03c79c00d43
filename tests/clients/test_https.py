"""Behind a proxy that speaks TLS, as places really stand: what clients refuse to do without."""

from collections.abc import Iterator

import pytest
from mastodon import Mastodon, MastodonUnauthorizedError
from tests.clients.listening import Proxy, proxying
from tests.clients.place import SCOPES, Place, authorise


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    with proxying() as running:
        yield running


@pytest.fixture(scope="module")
def environ(proxy: Proxy) -> dict[str, str]:
    return {
        "ROSTRA_SITE_BASE_URL": f"https://127.0.0.1:{proxy.port}",
        "ROSTRA_SERVER_TRUSTED_PROXIES": "127.0.0.1",
    }


@pytest.fixture
def ada(place: Place, proxy: Proxy) -> Mastodon:
    """Signed in by the page, as apps do."""
    proxy.target = place.served.port
    place.joined("ada")
    scopes = [*SCOPES, "profile"]
    program = place.program(scopes=scopes)
    code = authorise(program.auth_request_url(scopes=scopes), "ada@example.org")
    program.log_in(code=code, scopes=scopes)
    return program


def test_signing_in_and_out_with_nothing_but_https(place: Place, ada: Mastodon) -> None:
    told = ada.oauth_userinfo()
    assert (told.preferred_username, told.iss.rstrip("/")) == ("ada", place.url)
    post = ada.status_post("hello")
    assert post.url.startswith(f"{place.url}/@ada/")
    assert ada.instance_v2().configuration.urls.streaming == place.url.replace("https", "wss")
    ada.revoke_access_token()
    with pytest.raises(MastodonUnauthorizedError):
        place.program("gone").me()
