"""Passwords, sessions and the second step: one way in, and everything ends at once."""

import pyotp
import pytest
from tests.harness.app import InProcess
from tests.harness.people import PASSWORD, Member, join

from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unauthorized
from rostra.network.accounts.admission import set_disabled
from rostra.network.credentials import access, changing, passwords, second_factor, seen, sign_in
from rostra.network.credentials.ending import end_other_sessions, end_session
from rostra.network.credentials.model import MemberState, Viewer
from rostra.network.credentials.sign_in import Identity
from rostra.outside.mail import MemoryMailer


async def signed_in(server: InProcess, login: str = "alice", password: str = PASSWORD) -> str:
    identity = await sign_in.identify(server.services, login, password)
    return await opened(server, identity)


async def opened(server: InProcess, identity: Identity) -> str:
    async with server.db.write() as tx:
        return await sign_in.open_session(
            server.services, tx, identity, address="198.51.100.7", user_agent="Firefox"
        )


async def who(server: InProcess, session: str) -> Viewer | None:
    async with server.db.read() as reader:
        return await access.viewer_by_session(reader, server.services, session)


def secret_in_letter(server: InProcess, to: str, path: str) -> str:
    assert isinstance(server.mailer, MemoryMailer)
    letters = [letter for letter in server.mailer.sent if letter.to == to and path in letter.text]
    return letters[-1].text.partition(path)[2].split()[0]


async def token_works(member: Member) -> bool:
    answer = await member.client.get("/api/v1/accounts/verify_credentials")
    return answer.status_code == 200


@pytest.mark.parametrize("login", ["alice", "@Alice", "ALICE@example.org"])
async def test_by_name_or_by_address(quiet: InProcess, login: str) -> None:
    member = await join(quiet, "alice")
    viewer = await who(quiet, await signed_in(quiet, login))
    assert viewer is not None
    assert (str(viewer.account_id), viewer.state) == (member.id, MemberState.ACTIVE)


async def test_what_is_wrong_is_not_told(quiet: InProcess) -> None:
    await join(quiet, "alice")
    said = []
    for login, password in (("alice", "guess"), ("nobody", PASSWORD), ("no@body.example", "")):
        with pytest.raises(Unauthorized) as refused:
            await sign_in.identify(quiet.services, login, password)
        said.append(refused.value.safe)
    assert len(set(said)) == 1


async def test_a_disabled_sign_in_is_told_only_to_who_knows_the_password(quiet: InProcess) -> None:
    member = await join(quiet, "alice")
    session = await signed_in(quiet)
    async with quiet.db.write() as tx:
        await set_disabled(quiet.services, tx, int(member.id), disabled=True)
    with pytest.raises(Unauthorized):
        await sign_in.identify(quiet.services, "alice", "guess")
    with pytest.raises(Forbidden):
        await sign_in.identify(quiet.services, "alice", PASSWORD)
    viewer = await who(quiet, session)
    assert viewer is not None
    assert not viewer.is_member
    assert not await token_works(member)


async def test_a_changed_password_ends_everything_else(quiet: InProcess) -> None:
    member = await join(quiet, "alice")
    here, there = await signed_in(quiet), await signed_in(quiet)
    kept = await who(quiet, here)
    assert kept is not None
    with pytest.raises(Unauthorized):
        await sign_in.verify_password(quiet.services, int(member.id), "guess")
    await sign_in.verify_password(quiet.services, int(member.id), PASSWORD)
    new_hash = await passwords.hashed("another horse battery")
    async with quiet.db.write() as tx:
        await changing.change_password(tx, int(member.id), new_hash, kept_session=kept.session_id)
    assert await who(quiet, here) == kept
    assert await who(quiet, there) is None
    assert not await token_works(member)
    with pytest.raises(Unauthorized):
        await sign_in.identify(quiet.services, "alice", PASSWORD)


async def test_a_password_that_changes_in_between_opens_nothing(quiet: InProcess) -> None:
    member = await join(quiet, "alice")
    identity = await sign_in.identify(quiet.services, "alice", PASSWORD)
    new_hash = await passwords.hashed("another horse battery")
    async with quiet.db.write() as tx:
        await changing.change_password(tx, int(member.id), new_hash)
    with pytest.raises(Unauthorized):
        await opened(quiet, identity)


async def test_an_old_hash_is_renewed_at_sign_in(quiet: InProcess) -> None:
    member = await join(quiet, "alice")
    old = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRmb3Jub2JvZHk$AAAA"
    assert passwords.outdated(old)
    assert passwords.outdated("nonsense")
    identity = await sign_in.identify(quiet.services, "alice", PASSWORD)
    assert identity.new_hash == ""
    renewed = await passwords.hashed(PASSWORD)
    await opened(
        quiet,
        Identity(int(member.id), False, MemberState.ACTIVE, identity.password_hash, renewed),
    )
    again = await sign_in.identify(quiet.services, "alice", PASSWORD)
    assert again.password_hash == renewed


@pytest.mark.parametrize(
    ("password", "code"),
    [("", "ERR_BLANK"), ("short", "ERR_TOO_SHORT"), ("x" * 201, "ERR_TOO_LONG"),
     ("Alice_in_w", "ERR_INVALID")],
)  # fmt: skip
def test_passwords_that_nobody_should_use(quiet: InProcess, password: str, code: str) -> None:
    (fault,) = passwords.faults(quiet.services.settings, password, username="alice_in_w")
    assert (fault.field, fault.code) == ("password", code)


async def test_a_letter_resets_the_password_once(mailing: InProcess) -> None:
    member = await join(mailing, "alice")
    session = await signed_in(mailing)
    await mailing.work()
    async with mailing.db.write() as tx:
        await changing.request_reset(mailing.services, tx, "nobody@example.org")
        await changing.request_reset(mailing.services, tx, "Alice@example.org")
    await mailing.work()
    token = secret_in_letter(mailing, "alice@example.org", "/reset?token=")
    new_hash = await passwords.hashed("another horse battery")
    async with mailing.db.write() as tx:
        assert await changing.reset_target(tx, mailing.services, token) > 0
        await changing.reset_password(mailing.services, tx, token, new_hash)
    assert await who(mailing, session) is None
    assert not await token_works(member)
    identity = await sign_in.identify(mailing.services, "alice", "another horse battery")
    assert identity.state is MemberState.ACTIVE  # who reads the letter has confirmed the address
    with pytest.raises(NotFound):
        async with mailing.db.write() as tx:
            await changing.reset_password(mailing.services, tx, token, new_hash)


async def test_nobody_spoils_a_letter_by_asking_for_another(mailing: InProcess) -> None:
    await join(mailing, "alice")
    await mailing.work()
    tokens = []
    for _ in range(2):
        async with mailing.db.write() as tx:
            await changing.request_reset(mailing.services, tx, "alice@example.org")
        await mailing.work()
        tokens.append(secret_in_letter(mailing, "alice@example.org", "/reset?token="))
    new_hash = await passwords.hashed("another horse battery")
    async with mailing.db.write() as tx:
        await changing.reset_password(mailing.services, tx, tokens[0], new_hash)
    with pytest.raises(NotFound):
        async with mailing.db.read() as reader:
            await changing.reset_target(reader, mailing.services, tokens[1])


async def test_asking_for_a_letter_costs_the_same_for_everybody(mailing: InProcess) -> None:
    await join(mailing, "alice")
    await mailing.work()
    counts = []
    for email in ("alice@example.org", "nobody@example.org"):
        with mailing.counted() as counted:
            async with mailing.db.write() as tx:
                await changing.request_reset(mailing.services, tx, email)
        counts.append(counted.statements)
        await mailing.work()
    assert counts[0] == counts[1]


async def test_a_letter_is_worth_nothing_after_its_time(mailing: InProcess) -> None:
    await join(mailing, "alice")
    async with mailing.db.write() as tx:
        await changing.request_reset(mailing.services, tx, "alice@example.org")
    await mailing.work()
    token = secret_in_letter(mailing, "alice@example.org", "/reset?token=")
    mailing.clock.advance(3 * HOUR)
    with pytest.raises(NotFound):
        async with mailing.db.read() as reader:
            await changing.reset_target(reader, mailing.services, token)
    await mailing.work()  # the sweep has run


async def test_a_new_address_waits_for_its_letter(mailing: InProcess) -> None:
    member = await join(mailing, "alice")
    await join(mailing, "bob")
    services = mailing.services
    async with mailing.db.read() as reader:
        user = await sign_in.identify(services, "alice", PASSWORD)
    with pytest.raises(Invalid):
        async with mailing.db.write() as tx:
            await changing.request_email_change(services, tx, user.account_id, "bob@example.org")
    async with mailing.db.write() as tx:
        at_once = await changing.request_email_change(
            services, tx, user.account_id, "new@example.org"
        )
    assert not at_once
    await mailing.work()
    async with mailing.db.read() as reader:
        waiting = await changing.pending_email(reader, services, user.account_id)
    assert waiting == "new@example.org"
    token = secret_in_letter(mailing, "new@example.org", "/confirm?token=")
    async with mailing.db.write() as tx:
        assert await changing.confirm_email(services, tx, token) == user.account_id
    assert await sign_in.identify(services, "new@example.org", PASSWORD)
    with pytest.raises(Unauthorized):
        await sign_in.identify(services, "alice@example.org", PASSWORD)
    assert member.token


async def test_sessions_are_listed_and_ended(quiet: InProcess) -> None:
    member, other = await join(quiet, "alice"), await join(quiet, "bob")
    first, second, third = [await signed_in(quiet) for _ in range(3)]
    async with quiet.db.read() as reader:
        listed = await sign_in.sessions(reader, int(member.id))
    assert len(listed) == 3
    kept, ended = await who(quiet, first), await who(quiet, second)
    assert kept is not None
    assert ended is not None
    with pytest.raises(NotFound):
        async with quiet.db.write() as tx:
            await end_session(tx, int(other.id), ended.session_id)
    async with quiet.db.write() as tx:
        await end_session(tx, int(member.id), ended.session_id)
    assert await who(quiet, second) is None
    async with quiet.db.write() as tx:
        assert await end_other_sessions(tx, int(member.id), kept.session_id) == 1
    assert await who(quiet, third) is None
    assert await who(quiet, first) is not None


async def test_a_session_ends_when_it_is_not_used(quiet: InProcess) -> None:
    await join(quiet, "alice")
    session = await signed_in(quiet)
    quiet.clock.advance(60 * DAY)
    assert await who(quiet, session) is not None
    await seen.settle(quiet.services)
    quiet.clock.advance(60 * DAY)
    assert await who(quiet, session) is not None
    await seen.settle(quiet.services)
    quiet.clock.advance(91 * DAY)
    assert await who(quiet, session) is None


async def totp_on(server: InProcess, member: Member, session: int = 0) -> tuple[str, list[str]]:
    async with server.db.write() as tx:
        secret = (await second_factor.begin_totp(server.services, tx, int(member.id))).secret
    async with server.db.write() as tx:
        codes = await second_factor.confirm_totp(
            server.services, tx, int(member.id), code_at(server, secret), kept_session=session
        )
    return secret, list(codes)


def code_at(server: InProcess, secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(server.clock.now() // 1000 + 30 * steps)


async def check(server: InProcess, member: Member, code: str) -> bool:
    try:
        async with server.db.write() as tx:
            await second_factor.check_code(server.services, tx, int(member.id), code)
    except Invalid:
        return False
    return True


async def test_a_code_works_once_and_within_a_step(quiet: InProcess) -> None:
    member = await join(quiet, "alice")
    assert await check(quiet, member, "anything")  # no second step yet
    session = await signed_in(quiet)
    kept = await who(quiet, session)
    assert kept is not None
    secret, _ = await totp_on(quiet, member, kept.session_id)
    assert await who(quiet, session) is not None
    assert not await token_works(member)
    assert not await check(quiet, member, code_at(quiet, secret))  # used to switch it on
    quiet.clock.advance(MINUTE)
    assert not await check(quiet, member, code_at(quiet, secret, 2))
    assert await check(quiet, member, code_at(quiet, secret, 1))
    assert not await check(quiet, member, code_at(quiet, secret, 1))
    assert not await check(quiet, member, code_at(quiet, secret))  # older than the last used
    quiet.clock.advance(MINUTE)
    assert await check(quiet, member, code_at(quiet, secret))


async def test_it_is_not_on_before_the_first_code(quiet: InProcess) -> None:
    member = await join(quiet, "alice")
    async with quiet.db.write() as tx:
        waiting = await second_factor.begin_totp(quiet.services, tx, int(member.id))
    assert waiting.uri.startswith("otpauth://totp/")
    identity = await sign_in.identify(quiet.services, "alice", PASSWORD)
    assert not identity.needs_code
    with pytest.raises(Invalid):
        async with quiet.db.write() as tx:
            await second_factor.confirm_totp(quiet.services, tx, int(member.id), "000000")
    async with quiet.db.read() as reader:
        again = await second_factor.pending_totp(quiet.services, reader, int(member.id))
    assert again == waiting


async def test_recovery_codes_work_once_each(quiet: InProcess) -> None:
    member = await join(quiet, "alice")
    _, codes = await totp_on(quiet, member)
    assert len(set(codes)) == 10
    with pytest.raises(Conflict):
        async with quiet.db.write() as tx:
            await second_factor.begin_totp(quiet.services, tx, int(member.id))
    assert await check(quiet, member, codes[0].upper().replace("-", " "))
    assert not await check(quiet, member, codes[0])
    async with quiet.db.read() as reader:
        assert await second_factor.codes_left(reader, int(member.id)) == 9
    async with quiet.db.write() as tx:
        await second_factor.new_recovery_codes(quiet.services, tx, int(member.id))
    assert not await check(quiet, member, codes[1])
    async with quiet.db.write() as tx:
        await second_factor.disable_totp(tx, int(member.id))
    assert not (await sign_in.identify(quiet.services, "alice", PASSWORD)).needs_code


async def test_the_second_step_is_remembered_for_five_minutes(quiet: InProcess) -> None:
    member = await join(quiet, "alice")
    await totp_on(quiet, member)
    services = quiet.services
    identity = await sign_in.identify(services, "alice", PASSWORD)
    assert identity.needs_code
    async with quiet.db.write() as tx:
        step = await sign_in.begin_second_step(services, tx, identity)
    async with quiet.db.write() as tx:
        begun = await sign_in.second_step(tx, services, step)
        assert begun.account_id == int(member.id)
        assert await sign_in.end_second_step(tx, step)
        assert not await sign_in.end_second_step(tx, step)
    async with quiet.db.write() as tx:
        late = await sign_in.begin_second_step(services, tx, identity)
    quiet.clock.advance(6 * MINUTE)
    with pytest.raises(Unauthorized):
        async with quiet.db.read() as reader:
            await sign_in.second_step(reader, services, late)


async def test_a_request_asks_once_who_it_is(quiet: InProcess) -> None:
    member = await join(quiet, "alice")
    await seen.settle(quiet.services)
    with quiet.counted() as counted:
        async with quiet.db.read() as reader:
            assert await access.viewer_by_token(reader, quiet.services, member.token)
    assert counted.statements == 1


async def test_the_day_is_written_once_a_day(quiet: InProcess) -> None:
    member = await join(quiet, "alice")
    quiet.clock.advance(DAY)
    for statements in (3, 1):
        with quiet.counted() as counted:
            async with quiet.db.read() as reader:
                await access.viewer_by_token(reader, quiet.services, member.token)
            await seen.settle(quiet.services)
        assert counted.statements == statements
    quiet.services.write_gate.close("being moved")
    quiet.clock.advance(DAY)
    assert await token_works(member)
    await seen.settle(quiet.services)
    quiet.services.write_gate.open()
