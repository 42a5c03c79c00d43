"""What opens an account, and what ends everything that is open: one waits for the other."""

import pyotp
import pytest
from tests.harness.app import InProcess
from tests.harness.people import OUT_OF_BAND, PASSWORD, join, register
from tests.harness.turns import in_turn

from rostra.kernel.errors import Forbidden, Unauthorized
from rostra.network.accounts.admission import set_disabled
from rostra.network.credentials import access, authorise, changing, second_factor, sign_in
from rostra.network.credentials.authorise import AuthoriseRequest, Consent
from rostra.network.credentials.ending import end_everything
from rostra.network.credentials.tokens import TokenRequest, exchange
from rostra.store.database import Transaction

AT = {"address": "198.51.100.7", "user_agent": "Firefox"}


async def changed(server: InProcess, account_id: int) -> None:
    async with server.db.write() as tx:
        await changing.change_password(tx, account_id, "another hash")


async def test_a_session_does_not_outlive_the_password_that_opened_it(quiet: InProcess) -> None:
    alice = await join(quiet, "alice")
    identity = await sign_in.identify(quiet.services, "alice", PASSWORD)
    opened: list[str] = []

    async def enter(tx: Transaction) -> None:
        opened.append(await sign_in.open_session(quiet.services, tx, identity, **AT))

    await in_turn(quiet.db, enter, changed(quiet, int(alice.id)))
    async with quiet.db.read() as reader:
        assert await access.viewer_by_session(reader, quiet.services, opened[0]) is None


async def test_a_token_does_not_outlive_what_ended_its_code(quiet: InProcess) -> None:
    program = await register(quiet)
    alice = await join(quiet, "alice", program)
    asked = AuthoriseRequest(
        response_type="code", client_id=program.client_id, redirect_uri=OUT_OF_BAND, scope="read"
    )
    async with quiet.db.write() as tx:
        consent = await authorise.examine(tx, asked)
        assert isinstance(consent, Consent)
        granted = await authorise.grant(quiet.services, tx, consent, int(alice.id))
    request = TokenRequest(
        grant_type="authorization_code",
        client_id=program.client_id,
        client_secret=program.client_secret,
        code=granted.code,
        redirect_uri=OUT_OF_BAND,
    )
    issued: list[str] = []

    async def redeem(tx: Transaction) -> None:
        issued.append((await exchange(quiet.services, tx, request)).access_token)

    await in_turn(quiet.db, redeem, changed(quiet, int(alice.id)))
    mine = quiet.client(issued[0])
    assert (await mine.get("/api/v1/accounts/verify_credentials")).status_code == 401


async def test_a_second_step_that_was_switched_on_meanwhile_is_asked_for(quiet: InProcess) -> None:
    alice = await join(quiet, "alice")
    identity = await sign_in.identify(quiet.services, "alice", PASSWORD)
    async with quiet.db.read() as reader:
        by_passkey = await sign_in.known(reader, int(alice.id))
    async with quiet.db.write() as tx:
        given = await second_factor.begin_totp(quiet.services, tx, int(alice.id))
        code = pyotp.TOTP(given.secret).at(quiet.clock.now() // 1000)
        await second_factor.confirm_totp(quiet.services, tx, int(alice.id), code)
    with pytest.raises(Unauthorized, match="second step"):
        async with quiet.db.write() as tx:
            await sign_in.open_session(quiet.services, tx, identity, **AT)
    async with quiet.db.write() as tx:
        assert await sign_in.open_session(quiet.services, tx, by_passkey, **AT)


async def test_a_sign_in_that_was_switched_off_meanwhile_opens_nothing(quiet: InProcess) -> None:
    alice = await join(quiet, "alice")
    identity = await sign_in.identify(quiet.services, "alice", PASSWORD)

    async def freeze(tx: Transaction) -> None:
        await set_disabled(quiet.services, tx, int(alice.id), disabled=True)
        await end_everything(tx, int(alice.id))

    async def enter() -> None:
        async with quiet.db.write() as tx:
            await sign_in.open_session(quiet.services, tx, identity, **AT)

    with pytest.raises(Forbidden):
        await in_turn(quiet.db, freeze, enter())
