"""Letting apps in: code and PKCE, out of band, refusals, and addresses that nobody registered."""

import base64
import hashlib
import html
import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from tests.harness.browser import Browser
from tests.harness.turns import in_turn
from tests.web.conftest import Streets

from rostra.network.credentials.ending import end_everything
from rostra.store.database import Transaction

URI = "https://app.example/callback"
OOB = "urn:ietf:wg:oauth:2.0:oob"
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode()[:-1]


async def app_of(streets: Streets) -> dict[str, Any]:
    async with streets.rostra.client() as client:
        answer = await client.post(
            "/api/v1/apps",
            json={"client_name": "Tusky", "redirect_uris": [URI, OOB], "scopes": "read write"},
        )
    made: dict[str, Any] = answer.json()
    return made


def asking(app: dict[str, Any], **more: str) -> str:
    query = {
        "response_type": "code", "client_id": app["client_id"], "redirect_uri": URI,
        "scope": "read", "state": "s 1", "code_challenge": CHALLENGE,
        "code_challenge_method": "S256", **more,
    }  # fmt: skip
    return f"/oauth/authorize?{urlencode(query)}"


async def answered(browser: Browser, decision: str) -> dict[str, list[str]]:
    """Press a button; what the app is told."""
    fields = {**browser.form("/oauth/authorize").fields, "decision": decision}
    answer = await browser.client.post("/oauth/authorize", data=fields)
    assert answer.status_code == 303
    where = answer.headers["location"]
    assert where.startswith(URI)
    return parse_qs(urlsplit(where).query)


@pytest.mark.postgresql
async def test_code_with_pkce_ends_in_a_token(streets: Streets) -> None:
    app = await app_of(streets)
    member, browser = await streets.member("ada")
    page = await browser.open(asking(app))
    assert "https://app.example" in page.headers["content-security-policy"]
    told = await answered(browser, "allow")
    assert told["state"] == ["s 1"]
    exchange = {
        "grant_type": "authorization_code", "code": told["code"][0], "redirect_uri": URI,
        "client_id": app["client_id"], "client_secret": app["client_secret"],
        "code_verifier": VERIFIER,
    }  # fmt: skip
    async with streets.rostra.client() as client:
        token = (await client.post("/oauth/token", data=exchange)).json()["access_token"]
        again = await client.post("/oauth/token", data=exchange)
    assert again.status_code == 400
    async with streets.rostra.client(token) as client:
        known = await client.get("/api/v1/accounts/verify_credentials")
        assert known.json()["id"] == str(member.id)
        await browser.open("/settings/apps")
        await browser.send(f"/settings/apps/{app['id']}/revoke")
        assert (await client.get("/api/v1/accounts/verify_credentials")).status_code == 401


async def test_denied(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    await browser.open(asking(await app_of(streets)))
    told = await answered(browser, "deny")
    assert told["error"] == ["access_denied"]
    assert told["state"] == ["s 1"]


async def test_rule_11_codes_are_shown_out_of_band(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    await browser.open(asking(await app_of(streets), redirect_uri=OOB))
    await browser.send("/oauth/authorize", decision="allow")
    assert browser.page.status_code == 200
    assert "Authorisation code" in browser.text


@pytest.mark.parametrize(
    "wrong", [{"redirect_uri": "https://evil.example/"}, {"client_id": "nobody"}]
)
async def test_nobody_is_sent_to_strangers(streets: Streets, wrong: dict[str, str]) -> None:
    _, browser = await streets.member("ada")
    answer = await browser.client.get(asking(await app_of(streets), **wrong))
    assert answer.status_code == 422
    assert "location" not in answer.headers


async def test_visitors_sign_in_and_come_back(streets: Streets) -> None:
    browser = streets.visitor()
    await browser.open(asking(await app_of(streets)))
    assert browser.path.startswith("/sign-in?next=")
    assert "client_id" in browser.form("/sign-in").fields["next"]


async def test_rule_11_force_login_asks_members_again(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    await browser.open(asking(await app_of(streets), force_login="true"))
    assert browser.path.startswith("/sign-in?again=1")
    assert browser.form("/sign-in")


@pytest.mark.postgresql
async def test_an_app_is_not_let_in_by_a_browser_that_is_signed_out_meanwhile(
    streets: Streets,
) -> None:
    member, browser = await streets.member("ada")
    await browser.open(asking(await app_of(streets), redirect_uri=OOB))

    async def sign_out(tx: Transaction) -> None:
        await end_everything(tx, member.id)

    fields = {**browser.form("/oauth/authorize").fields, "decision": "allow"}
    allowing = browser.client.post("/oauth/authorize", data=fields)
    answer = await in_turn(streets.rostra.db, sign_out, allowing)
    assert answer.status_code == 401
    assert "Authorisation code" not in answer.text


IMPOSSIBLE: list[dict[str, str]] = [
    {"scope": "nonsense"},
    {"response_type": "token"},
    {"code_challenge_method": "plain"},
]


@pytest.mark.parametrize("wrong", IMPOSSIBLE)
async def test_no_link_leads_elsewhere_by_itself(streets: Streets, wrong: dict[str, str]) -> None:
    app = await app_of(streets)
    visitor = streets.visitor()
    for more in ({}, {"force_login": "true"}):
        answer = await visitor.client.get(asking(app, **wrong, **more))
        assert answer.status_code == 303
        assert urlsplit(answer.headers["location"]).path == "/sign-in"
        assert "app.example" not in urlsplit(answer.headers["location"]).netloc
    _, browser = await streets.member("ada")
    answer = await browser.client.get(asking(app, **wrong))
    assert answer.status_code == 400
    assert "Its address is app.example." in answer.text
    back = re.search(r'href="(https://app.example/callback[^"]*)"', answer.text)
    assert back
    told = parse_qs(urlsplit(html.unescape(back[1])).query)
    assert set(told) == {"error", "error_description", "state"}
    assert told["state"] == ["s 1"]


async def test_an_impossible_request_out_of_band_leads_nowhere(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    answer = await browser.open(asking(await app_of(streets), redirect_uri=OOB, scope="nonsense"))
    assert answer.status_code == 400
    assert "The app has not declared what it asks for." in browser.text
    assert "Back to the app" not in browser.text
