"""Law 3, tokens: each endpoint asks for its scope, whoever forgot what when adding it."""

from collections.abc import Iterator
from typing import Any

from httpx2 import AsyncClient
from tests.harness.crowd import Town

from rostra.api.endpoint import Auth, Endpoint
from rostra.api.matrices import fill
from rostra.api.routes import all_endpoints
from rostra.network.credentials import scopes

# How the edge refuses a wrong scope and no token; handlers refuse in other words (`/oauth/revoke` a
# client, for instance).
_REFUSALS = (
    (403, "This action is outside the authorized scopes"),
    (401, "The access token is invalid"),
)
_BY_THE_EDGE = tuple(words for _, words in _REFUSALS)

# Any token will do: nothing in these depends on who asks but flags on public posts.
PUBLIC = (
    "GET /api/v1/apps/verify_credentials",
    "GET /api/v1/announcements",
    "GET /api/v1/tags/{name}",
    "GET /api/v1/trends",
)


def _tokens(endpoint: Endpoint[Any]) -> Iterator[tuple[frozenset[str], bool]]:
    """Scopes of a token, and whether they are enough: each that is, and all others together."""
    enough = {scope for scope in scopes.KNOWN if scopes.covers(frozenset({scope}), endpoint.scopes)}
    if not endpoint.scopes:
        yield frozenset({"push"}), True
        return
    yield from ((frozenset({scope}), True) for scope in sorted(enough))
    yield scopes.KNOWN - enough, False
    yield frozenset(), False


async def test_every_endpoint_asks_for_its_scope(town: Town) -> None:
    """No token, each scope that is enough, all the others together, a token without any."""
    ann = await town.member("ann")
    clients: dict[frozenset[str], AsyncClient] = {}
    wrong, asked = [], 0
    for endpoint in all_endpoints():
        cases: list[tuple[frozenset[str] | None, bool]] = [
            (None, endpoint.auth in {Auth.NONE, Auth.OPTIONAL})
        ]
        if endpoint.auth is not Auth.NONE:
            cases += _tokens(endpoint)
        for granted, allowed in cases:
            if granted is not None and granted not in clients:
                clients[granted] = town.rostra.client(await town.token(ann.id, granted))
            client = town.anybody if granted is None else clients[granted]
            for method in endpoint.methods:
                answer = await client.request(method, fill(endpoint.path, {}))
                assert answer.status_code < 500, (endpoint.name, answer.text)
                refusal = answer.json().get("error") if answer.status_code in {401, 403} else ""
                if allowed:
                    right = refusal not in _BY_THE_EDGE
                else:
                    right = (answer.status_code, refusal) == _REFUSALS[granted is None]
                if not right:
                    wrong.append((method, endpoint.path, sorted(granted or ()), answer.text[:80]))
                asked += 1
    assert wrong == []
    assert asked > 4 * len(all_endpoints())


async def test_scopes_are_declared_wherever_a_member_acts() -> None:
    """A token of `read` must write nothing; endpoints without scopes are told here."""
    without = [
        endpoint.name
        for endpoint in all_endpoints()
        if endpoint.auth is not Auth.NONE
        and not endpoint.scopes
        and not endpoint.name.startswith(PUBLIC)
    ]
    assert without == []
    reading = [
        (endpoint.name, scope)
        for endpoint in all_endpoints()
        if endpoint.method != "GET" and endpoint.name != "POST /oauth/userinfo"
        for scope in endpoint.scopes
        if scopes.covers(frozenset({"read"}), (scope,))
    ]
    assert reading == []
    writing = [
        (endpoint.name, scope)
        for endpoint in all_endpoints()
        if endpoint.method == "GET" and not endpoint.path.startswith("/api/v1/media/")
        for scope in endpoint.scopes
        if scopes.covers(frozenset({"write"}), (scope,))
    ]
    assert writing == []


async def test_an_apps_own_token_is_nobody(town: Town) -> None:
    ann = await town.member("ann")
    hidden = await town.post(ann, "needle", visibility="private")
    app = town.rostra.client(await town.token(0, scopes.KNOWN, app_id=1))
    for endpoint in all_endpoints():
        for method in endpoint.methods:
            answer = await app.request(method, fill(endpoint.path, {}, hidden))
            assert "needle" not in answer.text, endpoint.name
            if endpoint.auth in {Auth.USER, Auth.USER_PENDING}:
                assert answer.status_code == 422, (endpoint.name, answer.text)
                assert answer.json()["error"] == "This method requires an authenticated user"


async def test_a_wrong_token_is_refused_everywhere(town: Town) -> None:
    ann = await town.member("ann")
    for token in ("x", ann.token + "x", ann.token[:-1], ann.token.swapcase(), "x" * 5000, "'; --"):
        client = town.rostra.client(token)
        for endpoint in all_endpoints():
            if endpoint.auth is not Auth.NONE:
                answer = await client.request(endpoint.methods[0], fill(endpoint.path, {}))
                assert answer.status_code == 401, (endpoint.name, token[:20])
                assert "www-authenticate" in answer.headers
