"""Law 3, tokens: each endpoint asks for its scope, whoever forgot what when adding it."""

from httpx2 import AsyncClient
from tests.harness.crowd import Town

from rostra.api.endpoint import Auth
from rostra.api.matrices import fill, scope_matrix
from rostra.api.routes import all_endpoints
from rostra.network.credentials import scopes

# How the edge refuses; handlers refuse in other words (`/oauth/revoke` a client, for instance).
_BY_THE_EDGE = ("The access token is invalid", "This action is outside the authorized scopes")


# Any token will do: nothing in these depends on who asks but flags on public posts.
PUBLIC = (
    "GET /api/v1/apps/verify_credentials",
    "GET /api/v1/announcements",
    "GET /api/v1/tags/{name}",
    "GET /api/v1/trends",
)


async def test_every_endpoint_asks_for_its_scope(town: Town) -> None:
    """No token, each single scope, a token without any: as the table says."""
    ann = await town.member("ann")
    clients: dict[frozenset[str] | None, AsyncClient] = {None: town.anybody}
    for granted in (frozenset[str](), *(frozenset({scope}) for scope in scopes.KNOWN)):
        clients[granted] = town.rostra.client(await town.token(ann.id, granted))
    wrong = []
    cases = list(scope_matrix(all_endpoints()))
    assert len(cases) > 3000
    for case in cases:
        if case.status == 0 and case.scopes is not None and len(case.endpoint.scopes) == 0:
            continue  # any token will do: asked once below, not with each scope
        answer = await clients[case.scopes].request(case.method, case.path)
        status = answer.status_code
        assert status < 500, (case.endpoint.name, answer.text)
        refused = status in {401, 403} and answer.json()["error"] in _BY_THE_EDGE
        if (case.status and status != case.status) or refused != bool(case.status):
            wrong.append((case.method, case.path, sorted(case.scopes or ()), status))
    assert wrong == []


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
