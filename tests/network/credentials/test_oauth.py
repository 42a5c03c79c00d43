"""Apps, codes and tokens."""

import base64
from typing import Any

import pytest
from httpx2 import Response
from tests.harness.app import InProcess
from tests.harness.people import OUT_OF_BAND, PASSWORD, Program, join, register

from rostra.kernel import crypto
from rostra.kernel.clock import MINUTE
from rostra.kernel.errors import Invalid
from rostra.network.credentials import authorise
from rostra.network.credentials.apps import is_redirect_uri
from rostra.network.credentials.authorise import AuthoriseRequest, Consent, SendBack
from rostra.network.credentials.ending import revoke_app
from rostra.network.credentials.tokens import tokens_of
from rostra.network.instance import settings as place_settings

VERIFIER = "v" * 50


def request(program: Program, **changes: Any) -> AuthoriseRequest:
    values = {
        "response_type": "code",
        "client_id": program.client_id,
        "redirect_uri": OUT_OF_BAND,
        "scope": "read write",
    }
    return AuthoriseRequest(**(values | changes))


async def examined(server: InProcess, asked: AuthoriseRequest) -> Consent | SendBack:
    async with server.db.read() as reader:
        return await authorise.examine(reader, asked)


async def a_code(server: InProcess, account_id: str, asked: AuthoriseRequest) -> str:
    consent = await examined(server, asked)
    assert isinstance(consent, Consent)
    async with server.db.write() as tx:
        granted = await authorise.grant(server.services, tx, consent, int(account_id))
    return granted.code


async def redeem(server: InProcess, program: Program, code: str, **changes: Any) -> Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": program.client_id,
        "client_secret": program.client_secret,
        "redirect_uri": OUT_OF_BAND,
    }
    return await server.client().post("/oauth/token", data=form | changes)


async def me(server: InProcess, token: str) -> int:
    answer = await server.client(token).get("/api/v1/accounts/verify_credentials")
    return answer.status_code


async def test_rule_11_an_app_registers_as_all_clients_do(quiet: InProcess) -> None:
    client = quiet.client()
    form = {
        "client_name": "Ivory",
        "redirect_uris": f"ivory://callback\nhttps://app.example/back\n{OUT_OF_BAND}",
        "scopes": "read write follow push",
        "website": "https://app.example",
    }
    as_form = (await client.post("/api/v1/apps", data=form)).json()
    assert as_form["redirect_uris"] == [
        "ivory://callback", "https://app.example/back", OUT_OF_BAND,
    ]  # fmt: skip
    assert as_form["scopes"] == ["follow", "push", "read", "write"]
    assert as_form["client_secret_expires_at"] == 0
    listed = form | {"redirect_uris": ["ivory://callback"], "scopes": ""}
    as_json = (await client.post("/api/v1/apps", json=listed)).json()
    assert (as_json["redirect_uri"], as_json["scopes"]) == ("ivory://callback", ["read"])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"client_name": " "}, "client_name"),
        ({"client_name": "x" * 61}, "client_name"),
        ({"redirect_uris": ""}, "redirect_uris"),
        ({"redirect_uris": "javascript:alert(1)"}, "redirect_uris"),
        ({"redirect_uris": "https://app.example/#part"}, "redirect_uris"),
        ({"scopes": "read everything"}, "scopes"),
        ({"website": "javascript:alert(1)"}, "website"),
    ],
)
async def test_a_bad_app_is_refused(quiet: InProcess, changes: dict[str, str], field: str) -> None:
    form = {"client_name": "App", "redirect_uris": OUT_OF_BAND} | changes
    answer = await quiet.client().post("/api/v1/apps", json=form)
    assert answer.status_code == 422
    assert list(answer.json()["details"]) == [field]


@pytest.mark.parametrize(
    ("uri", "accepted"),
    [
        (OUT_OF_BAND, True),
        ("icecubesapp://", True),
        ("com.tapbots.Ivory.22665:/request_token/x", True),
        ("tusky://oauth", True),
        ("http://localhost:3000/callback", True),
        ("JavaScript:alert(1)", False),
        ("data:text/html,x", False),
        ("https://user@app.example/", False),
        ("https:///path", False),
        ("//app.example/", False),
        ("/path", False),
        ("https://app.example/\u202emoc", False),
        ("x" * 3000 + "://a", False),
    ],
)
def test_redirect_uris(uri: str, *, accepted: bool) -> None:
    assert is_redirect_uri(uri) is accepted


async def test_a_code_gives_a_token_once(quiet: InProcess) -> None:
    program = await register(quiet)
    member = await join(quiet, "alice", program)
    code = await a_code(quiet, member.id, request(program))
    given = await redeem(quiet, program, code)
    assert given.status_code == 200
    token = given.json()
    assert (token["token_type"], token["scope"]) == ("Bearer", "read write")
    assert token["created_at"] == quiet.clock.now() // 1000
    assert await me(quiet, token["access_token"]) == 200
    again = await redeem(quiet, program, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


async def test_a_code_is_for_its_app_its_address_and_ten_minutes(quiet: InProcess) -> None:
    program, other = await register(quiet), await register(quiet)
    member = await join(quiet, "alice", program)
    code = await a_code(quiet, member.id, request(program))
    for answer in (
        await redeem(quiet, other, code),
        await redeem(quiet, program, code, redirect_uri="https://elsewhere.example/"),
        await redeem(quiet, program, code, code_verifier=VERIFIER),
        await redeem(quiet, program, "guess"),
    ):
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    wrong = await redeem(quiet, program, code, client_secret="guess")
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    quiet.clock.advance(11 * MINUTE)
    late = await redeem(quiet, program, code)
    assert late.json()["error"] == "invalid_grant"


async def test_rule_11_pkce_with_s256(quiet: InProcess) -> None:
    program = await register(quiet)
    member = await join(quiet, "alice", program)
    challenge = crypto.pkce_challenge(VERIFIER)
    asked = request(program, code_challenge=challenge, code_challenge_method="S256")
    code = await a_code(quiet, member.id, asked)
    assert (await redeem(quiet, program, code)).json()["error"] == "invalid_grant"
    wrong = await redeem(quiet, program, code, code_verifier="w" * 50)
    assert wrong.json()["error"] == "invalid_grant"
    assert (await redeem(quiet, program, code, code_verifier=VERIFIER)).status_code == 200
    plain = request(program, code_challenge=VERIFIER, code_challenge_method="plain")
    refused_here = await examined(quiet, plain)
    assert isinstance(refused_here, SendBack)
    assert refused_here.url == refused_here.host == ""


async def test_what_belongs_to_the_app_goes_back_to_it(quiet: InProcess) -> None:
    there = "https://app.example/back?one=1"
    program = await register(quiet, scopes="read", redirect_uris=[there])
    asked = request(program, redirect_uri=there, state="s 1", scope="read write")
    refused = await examined(quiet, asked)
    assert isinstance(refused, SendBack)
    assert refused.url.startswith(f"{there}&error=invalid_scope&")
    assert refused.url.endswith("&state=s+1")
    consent = await examined(quiet, request(program, redirect_uri=there, scope="read"))
    assert isinstance(consent, Consent)
    assert consent.redirect_host == "app.example"
    assert "error=access_denied" in authorise.deny(consent).url
    for broken in (
        request(program, redirect_uri="https://elsewhere.example/"),
        request(program, client_id="guess"),
    ):
        with pytest.raises(Invalid):
            await examined(quiet, broken)


async def test_scopes_of_an_app_bound_its_tokens(quiet: InProcess) -> None:
    program = await register(quiet, scopes="read:accounts")
    form = {
        "grant_type": "client_credentials",
        "client_id": program.client_id,
        "client_secret": program.client_secret,
    }
    client = quiet.client()
    wide = await client.post("/oauth/token", data=form | {"scope": "read"})
    assert (wide.status_code, wide.json()["error"]) == (400, "invalid_scope")
    coded = base64.b64encode(f"{program.client_id}:{program.client_secret}".encode()).decode()
    narrow = await client.post(
        "/oauth/token",
        data={"grant_type": "client_credentials", "scope": "read:accounts"},
        headers={"authorization": f"Basic {coded}"},
    )
    assert narrow.json()["scope"] == "read:accounts"
    sign_up = await quiet.client(program.token).post("/api/v1/accounts", json={})
    assert sign_up.status_code == 403


async def test_rule_11_the_password_grant_is_off_until_it_is_switched_on(quiet: InProcess) -> None:
    program = await register(quiet)
    member = await join(quiet, "alice", program)
    form = {
        "grant_type": "password",
        "client_id": program.client_id,
        "client_secret": program.client_secret,
        "username": "alice@example.org",
        "password": PASSWORD,
        "scope": "read",
    }
    client = quiet.client()
    refused = await client.post("/oauth/token", data=form)
    assert (refused.status_code, refused.json()["error"]) == (400, "unsupported_grant_type")
    async with quiet.db.write() as tx:
        await place_settings.change(quiet.services, tx, {"password_grant": True})
    given = await client.post("/oauth/token", data=form)
    assert await me(quiet, given.json()["access_token"]) == 200
    wrong = await client.post("/oauth/token", data=form | {"password": "guess"})
    assert wrong.json()["error"] == "invalid_grant"
    assert member.id


async def test_rule_11_only_its_own_app_revokes_a_token(quiet: InProcess) -> None:
    program, other = await register(quiet), await register(quiet)
    member = await join(quiet, "alice", program)
    client = quiet.client()

    async def revoke(app: Program, **changes: str) -> Response:
        form = {
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "token": member.token,
        }
        return await client.post("/oauth/revoke", data=form | changes)

    assert (await revoke(other)).status_code == 403
    assert (await revoke(program, client_secret="guess")).status_code == 403
    assert await me(quiet, member.token) == 200
    assert (await revoke(program)).status_code == 200
    assert await me(quiet, member.token) == 401
    assert (await revoke(program)).status_code == 200


async def test_a_member_takes_the_access_of_an_app_back(quiet: InProcess) -> None:
    program = await register(quiet)
    member = await join(quiet, "alice", program)
    async with quiet.db.write() as tx:
        (token,) = await tokens_of(tx, int(member.id))
        await revoke_app(tx, int(member.id), token.app_id)
    assert await me(quiet, member.token) == 401


async def test_rule_11_metadata_and_userinfo(quiet: InProcess) -> None:
    member = await join(quiet, "alice")
    base = quiet.services.settings.site.base_url
    told = (await quiet.client().get("/.well-known/oauth-authorization-server")).json()
    assert told["issuer"] == f"{base}/"
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert "profile" in told["scopes_supported"]
    who = (await member.client.get("/oauth/userinfo")).json()
    assert (who["preferred_username"], who["sub"]) == ("alice", f"{base}/users/alice")


async def test_the_app_of_a_token(quiet: InProcess) -> None:
    program = await register(quiet)
    told = (await quiet.client(program.token).get("/api/v1/apps/verify_credentials")).json()
    assert told["name"] == "Test"
    assert "client_secret" not in told
