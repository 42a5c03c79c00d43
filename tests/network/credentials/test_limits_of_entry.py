"""How often anybody may try to get in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from httpx2 import Response
from tests.harness.app import InProcess, running
from tests.harness.people import PASSWORD, join, register, sign_up_form

from rostra.kernel.clock import HOUR
from rostra.network.accounts.access import any_by_username
from rostra.network.accounts.admission import set_disabled
from rostra.network.credentials import access
from rostra.network.credentials.apps import authorised_apps
from rostra.network.credentials.letters import Letter
from rostra.network.instance import settings as place_settings
from rostra.outside.mail import MemoryMailer, NoMailer


@pytest.fixture
async def limited(data_dir: Path, sqlite_url: str) -> AsyncIterator[InProcess]:
    """A server with its rate limits on."""
    async with running(data_dir, sqlite_url, NoMailer(), ROSTRA_LIMITS__SCALE="1") as server:
        yield server


async def test_passwords_cannot_be_guessed_for_long(limited: InProcess) -> None:
    program = await register(limited)
    await join(limited, "alice", program)
    async with limited.db.write() as tx:
        await place_settings.change(limited.services, tx, {"password_grant": True})
    form = {
        "grant_type": "password",
        "client_id": program.client_id,
        "client_secret": program.client_secret,
        "username": "alice",
        "password": "guess",
    }

    async def said(at: int, login: str, password: str) -> Response:
        client = limited.client(address=f"198.51.100.{at}")
        return await client.post(
            "/oauth/token", data=form | {"username": login, "password": password}
        )

    for at in range(10):
        login = "alice" if at % 2 else "ALICE@example.org"
        assert (await said(at, login, "guess")).status_code == 400
    # The account was tried ten times: nothing opens it, and nothing tells that the two are one.
    for at in range(5):
        assert (await said(at, "alice", PASSWORD)).json()["error"] == "invalid_grant"
    told = await said(5, "alice", PASSWORD)
    assert told.status_code == 429
    assert int(told.headers["retry-after"]) > 0
    limited.clock.advance(HOUR)
    assert (await said(6, "alice", PASSWORD)).status_code == 200


async def test_sign_ups_and_apps_from_one_address(limited: InProcess) -> None:
    client = limited.client(address="198.51.100.9")
    form = {"client_name": "App", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob"}
    said = [(await client.post("/api/v1/apps", json=form)).status_code for _ in range(21)]
    assert said == [200] * 20 + [429]
    program = await register(limited)
    client = limited.client(program.token, address="198.51.100.10")
    said = []
    for _ in range(26):
        answer = await client.post("/api/v1/accounts", json=sign_up_form("admin"))
        said.append(answer.status_code)
    assert said == [422] * 25 + [429]


async def test_letters_go_out_a_few_times_only(data_dir: Path, sqlite_url: str) -> None:
    async with running(data_dir, sqlite_url, ROSTRA_LIMITS__SCALE="1") as server:
        assert isinstance(server.mailer, MemoryMailer)
        alice = await join(server, "alice")
        url = "/api/v1/emails/confirmations"
        said = []
        for _ in range(6):
            said.append((await alice.client.post(url)).status_code)
            await server.work()
        assert said == [200] * 5 + [429]
        links = {letter.text for letter in server.mailer.sent}
        assert len(links) >= 5  # each with a secret of its own


async def test_the_letter_can_go_to_a_corrected_address(mailing: InProcess) -> None:
    assert isinstance(mailing.mailer, MemoryMailer)
    alice = await join(mailing, "alice")
    await mailing.work()
    url = "/api/v1/emails/confirmations"
    waiting = await alice.client.get("/api/v1/emails/check_confirmation")
    assert waiting.json() is False
    assert (await alice.client.post(url, json={"email": "nonsense"})).status_code == 422
    assert (await alice.client.post(url, json={"email": "right@example.org"})).status_code == 200
    await mailing.work()
    assert mailing.mailer.sent[-1].to == "right@example.org"
    bob = await join(mailing, "bob")
    assert (await bob.client.get("/api/v1/timelines/home")).status_code == 403


async def test_nothing_waits_without_mail(quiet: InProcess) -> None:
    alice = await join(quiet, "alice")
    answer = await alice.client.post("/api/v1/emails/confirmations")
    assert answer.status_code == 403
    assert (await alice.client.get("/api/v1/emails/check_confirmation")).json() is True
    async with quiet.db.write() as tx:
        await tx.enqueue("credentials.send_letter", Letter(int(alice.id), "reset"))
    await quiet.work()  # nobody to hand it to: the job ends


async def test_the_apps_of_a_member(quiet: InProcess) -> None:
    program = await register(quiet)
    alice = await join(quiet, "alice", program)
    async with quiet.db.read() as reader:
        (app,) = await authorised_apps(reader, int(alice.id))
    assert (app.name, "read" in app.scopes) == ("Test", True)
    assert app.last_used_day > 0


async def test_a_disabled_member_is_told_so_and_hidden_from_nobody(quiet: InProcess) -> None:
    alice = await join(quiet, "alice")
    async with quiet.db.write() as tx:
        await set_disabled(quiet.services, tx, int(alice.id), disabled=True)
        assert await any_by_username(tx, "alice")
    answer = await alice.client.get("/api/v1/accounts/verify_credentials")
    assert (answer.status_code, "disabled" in answer.json()["error"]) == (403, True)
    assert (await quiet.client().get(f"/api/v1/accounts/{alice.id}")).status_code == 200


async def test_the_edge_asks_for_the_viewer_of_a_token(quiet: InProcess) -> None:
    alice = await join(quiet, "alice")
    ask = access.authenticator(quiet.services)
    found = await ask(alice.token)
    assert found is not None
    assert str(found.account_id) == alice.id
    assert await ask("guess") is None
