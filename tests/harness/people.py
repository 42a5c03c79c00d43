"""Members of a server in this process, made as clients make them: app, app's token, sign-up."""

from dataclasses import dataclass
from typing import Any

from httpx2 import AsyncClient
from tests.harness.app import InProcess

SCOPES = "read write follow push profile"
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
PASSWORD = "correct horse battery"


@dataclass(frozen=True, slots=True)
class Program:
    """A registered app with a token of its own."""

    client_id: str
    client_secret: str
    token: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who signed up."""

    id: str
    username: str
    token: str
    client: AsyncClient


async def register(
    server: InProcess, *, scopes: str = SCOPES, redirect_uris: Any = OUT_OF_BAND
) -> Program:
    """Register an app and get its own token."""
    client = server.client()
    answer = await client.post(
        "/api/v1/apps",
        json={"client_name": "Test", "redirect_uris": redirect_uris, "scopes": scopes},
    )
    assert answer.status_code == 200, answer.text
    app = answer.json()
    given = await client.post(
        "/oauth/token",
        json={
            "grant_type": "client_credentials",
            "client_id": app["client_id"],
            "client_secret": app["client_secret"],
            "scope": scopes,
        },
    )
    assert given.status_code == 200, given.text
    return Program(app["client_id"], app["client_secret"], given.json()["access_token"])


def sign_up_form(username: str, **changes: Any) -> dict[str, Any]:
    """A form that is accepted by a place with open registration."""
    form = {
        "username": username,
        "email": f"{username}@example.org",
        "password": PASSWORD,
        "agreement": True,
        "locale": "en",
    }
    return form | changes


async def join(
    server: InProcess, username: str, program: Program | None = None, **changes: Any
) -> Member:
    """Sign somebody up."""
    program = program or await register(server)
    form = sign_up_form(username, **changes)
    answer = await server.client(program.token).post("/api/v1/accounts", json=form)
    assert answer.status_code == 200, answer.text
    token = answer.json()["access_token"]
    client = server.client(token)
    me = await client.get("/api/v1/accounts/verify_credentials")
    known = me.json().get("id", "") if me.status_code == 200 else ""
    return Member(known, username, token, client)
