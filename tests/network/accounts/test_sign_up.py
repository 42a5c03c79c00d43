"""Signing up, through the API."""

import asyncio

import pytest
from httpx2 import Response
from tests.harness.app import InProcess
from tests.harness.people import PASSWORD, Program, join, register, sign_up_form

from rostra.kernel.clock import DAY
from rostra.kernel.errors import Invalid
from rostra.network.accounts import admission
from rostra.network.accounts.access import any_by_username
from rostra.network.accounts.sign_up import sign_up as sign_up_verb
from rostra.network.credentials.changing import confirm_email
from rostra.network.credentials.join import Form, let_in, prepare
from rostra.network.instance import settings as place_settings
from rostra.network.instance.invites import create_invite
from rostra.outside.mail import MemoryMailer


async def change(server: InProcess, **values: object) -> None:
    async with server.db.write() as tx:
        await place_settings.change(server.services, tx, dict(values))


async def sign_up(
    server: InProcess, program: Program, username: str, **changes: object
) -> Response:
    client = server.client(program.token)
    return await client.post("/api/v1/accounts", json=sign_up_form(username, **changes))


def faults(answer: Response) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {name: entries[0]["error"] for name, entries in answer.json()["details"].items()}


async def test_without_mail_the_token_is_usable_at_once(quiet: InProcess) -> None:
    member = await join(quiet, "Alice")
    shown = (await member.client.get("/api/v1/accounts/verify_credentials")).json()
    assert (shown["username"], shown["acct"]) == ("Alice", "Alice")
    assert shown["source"]["privacy"] == "public"
    assert shown["role"]["name"] == ""
    assert len(shown["id"]) == 19
    stranger = quiet.client()
    assert (await stranger.get(f"/api/v1/accounts/{member.id}")).status_code == 200


async def test_with_mail_the_address_is_confirmed_first(mailing: InProcess) -> None:
    member = await join(mailing, "alice")
    refused = await member.client.get("/api/v1/accounts/verify_credentials")
    assert refused.status_code == 403
    assert "confirmed" in refused.json()["error"]
    lookup = {"acct": "alice"}
    stranger = mailing.client()
    assert (await stranger.get("/api/v1/accounts/lookup", params=lookup)).status_code == 404
    await mailing.work()
    assert isinstance(mailing.mailer, MemoryMailer)
    (letter,) = mailing.mailer.sent
    assert letter.to == "alice@example.org"
    token = letter.text.partition("/confirm?token=")[2].split()[0]
    from_letter = await confirm(mailing, token)
    assert from_letter
    shown = await member.client.get("/api/v1/accounts/verify_credentials")
    assert shown.status_code == 200
    assert (await stranger.get("/api/v1/accounts/lookup", params=lookup)).status_code == 200


async def confirm(server: InProcess, token: str) -> int:
    async with server.db.write() as tx:
        return await confirm_email(server.services, tx, token)


async def test_every_fault_is_told_at_once(mailing: InProcess) -> None:
    program = await register(mailing)
    answer = await sign_up(mailing, program, "a-b", email="a%b@example.org", agreement=False)
    assert faults(answer) == {
        "email": "ERR_INVALID",
        "agreement": "ERR_ACCEPTED",
        "username": "ERR_INVALID",
    }
    answer = await sign_up(mailing, program, "", email="", password="")
    assert faults(answer) == {
        "password": "ERR_BLANK",
        "email": "ERR_BLANK",
        "username": "ERR_BLANK",
    }


@pytest.mark.parametrize("name", ["admin", "Adm1n", "support_", "rostra", "api"])
async def test_names_of_the_house_are_refused(quiet: InProcess, name: str) -> None:
    answer = await sign_up(quiet, await register(quiet), name)
    assert faults(answer) == {"username": "ERR_RESERVED"}


@pytest.mark.parametrize("name", ["ALICE", "a1ice", "al_ice"])
async def test_taken_and_look_alike_names_are_refused(quiet: InProcess, name: str) -> None:
    program = await register(quiet)
    await join(quiet, "alice", program)
    answer = await sign_up(quiet, program, name, email="other@example.org")
    assert faults(answer) == {"username": "ERR_TAKEN"}


async def test_of_two_look_alikes_at_the_same_instant_one_is_refused(quiet: InProcess) -> None:
    """The second asks for the name while the first's transaction is still open."""
    services, asked = quiet.services, asyncio.Event()

    async def second() -> None:
        form = await prepare(services, Form(username="a1ice", password=PASSWORD, agreement=True))
        asked.set()
        async with services.db.write() as tx:
            await sign_up_verb(services, tx, form)

    first = await prepare(services, Form(username="alice", password=PASSWORD, agreement=True))
    async with services.db.write() as tx:
        await sign_up_verb(services, tx, first)
        late = asyncio.create_task(second())
        await asked.wait()
        await asyncio.sleep(0.2)
        assert not late.done()
    with pytest.raises(Invalid) as refused:
        await late
    assert refused.value.details["username"][0]["error"] == "ERR_TAKEN"


async def test_of_many_look_alikes_at_once_one_is_let_in(quiet: InProcess) -> None:
    program = await register(quiet)
    alike = ("alice", "a1ice", "al_ice", "ALICE", "a_lice", "alic_e")
    answers = await asyncio.gather(
        *(
            sign_up(quiet, program, name, email=f"{place}@example.org")
            for place, name in enumerate(alike)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, *[422] * 5]


async def test_an_address_is_taken_in_any_case(quiet: InProcess) -> None:
    program = await register(quiet)
    await join(quiet, "alice", program)
    answer = await sign_up(quiet, program, "bob", email="ALICE@Example.org")
    assert faults(answer) == {"email": "ERR_TAKEN"}


async def test_closed(quiet: InProcess) -> None:
    await change(quiet, registrations="closed", closed_message="Come back in May")
    answer = await sign_up(quiet, await register(quiet), "alice")
    assert (answer.status_code, answer.json()["error"]) == (403, "Come back in May")


async def test_approval_wants_a_reason_and_a_yes(quiet: InProcess) -> None:
    await change(quiet, registrations="approval")
    program = await register(quiet)
    assert faults(await sign_up(quiet, program, "alice")) == {"reason": "ERR_BLANK"}
    assert faults(await sign_up(quiet, program, "alice", reason="x" * 501)) == {
        "reason": "ERR_TOO_LONG"
    }
    member = await join(quiet, "alice", program, reason="I knit")
    refused = await member.client.get("/api/v1/accounts/verify_credentials")
    assert (refused.status_code, "pending" in refused.json()["error"]) == (403, True)
    async with quiet.db.write() as tx:
        row = await any_by_username(tx, "alice")
        assert row is not None
        assert await let_in(quiet.services, tx, row.id)
    assert (await member.client.get("/api/v1/accounts/verify_credentials")).status_code == 200


async def test_a_rejected_name_is_free_again(quiet: InProcess) -> None:
    await change(quiet, registrations="approval")
    program = await register(quiet)
    member = await join(quiet, "alice", program, reason="I knit")
    async with quiet.db.write() as tx:
        row = await any_by_username(tx, "alice")
        assert row is not None
        await admission.reject(quiet.services, tx, row.id)
    gone = await member.client.get("/api/v1/accounts/verify_credentials")
    assert gone.status_code == 401
    await join(quiet, "alice", program, reason="I knit a lot")


async def test_invitations_are_used_up(quiet: InProcess) -> None:
    await change(quiet, registrations="invite")
    program = await register(quiet)
    assert faults(await sign_up(quiet, program, "alice")) == {"invite_code": "ERR_BLANK"}
    async with quiet.db.write() as tx:
        code = await create_invite(quiet.services, tx, owner_id=0, max_uses=1)
        late = await create_invite(
            quiet.services, tx, owner_id=0, expires_at=quiet.clock.now() + DAY
        )
    await join(quiet, "alice", program, invite_code=code.upper())
    answer = await sign_up(quiet, program, "bob", invite_code=code)
    assert faults(answer) == {"invite_code": "ERR_INVALID"}
    quiet.clock.advance(2 * DAY)
    answer = await sign_up(quiet, program, "bob", invite_code=late)
    assert faults(answer) == {"invite_code": "ERR_INVALID"}


async def test_terms_are_accepted_by_version(quiet: InProcess) -> None:
    program = await register(quiet)
    async with quiet.db.write() as tx:
        first = await place_settings.publish_terms(quiet.services, tx, "Be kind")
    quiet.clock.advance(1000)
    async with quiet.db.write() as tx:
        second = await place_settings.publish_terms(quiet.services, tx, "Be kinder")
    answer = await sign_up(quiet, program, "alice", terms_version=str(first))
    assert faults(answer) == {"terms_version": "ERR_INCLUSION"}
    await join(quiet, "alice", program, terms_version=str(second))


async def test_minimum_age(quiet: InProcess) -> None:
    await change(quiet, minimum_age=16)
    program = await register(quiet)
    assert faults(await sign_up(quiet, program, "alice")) == {"date_of_birth": "ERR_BLANK"}
    young = await sign_up(quiet, program, "alice", date_of_birth="2020-02-30")
    assert faults(young) == {"date_of_birth": "ERR_INVALID"}
    young = await sign_up(quiet, program, "alice", date_of_birth="2020-02-03")
    assert faults(young) == {"date_of_birth": "ERR_BELOW_LIMIT"}
    await join(quiet, "alice", program, date_of_birth="1990-02-03")
