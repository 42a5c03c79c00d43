"""What changes the way into an account asks for the code too, and is told by letter."""

import pyotp
import pytest
from tests.harness.app import InProcess
from tests.harness.browser import Browser
from tests.harness.crowd import Member
from tests.web.conftest import Streets
from tests.web.test_settings import PASSWORD, with_password

from rostra.network.accounts import access
from rostra.network.credentials.second_factor import begin_totp, codes_left, confirm_totp
from rostra.outside.mail import MemoryMailer

OFF = "/settings/two-factor/off"
CODES = "/settings/two-factor/codes"


async def letters(rostra: InProcess) -> list[tuple[str, str]]:
    """To whom letters went since this was asked last, and what about."""
    await rostra.work()
    assert isinstance(rostra.mailer, MemoryMailer)
    found = [(mail.to, mail.subject.partition(" - ")[0]) for mail in rostra.mailer.sent]
    rostra.mailer.sent.clear()
    return sorted(found)


async def careful(streets: Streets) -> tuple[Member, Browser, pyotp.TOTP]:
    """A member with a second step, a browser in which they are signed in, and what makes codes."""
    member, _ = await with_password(streets)
    rostra = streets.rostra
    async with rostra.db.write() as tx:
        totp = pyotp.TOTP((await begin_totp(rostra.services, tx, member.id)).secret)
    async with rostra.db.write() as tx:
        await confirm_totp(rostra.services, tx, member.id, totp.at(rostra.clock.now() // 1000))
    browser = await streets.signed_in(member.id, proven=True)
    await letters(rostra)
    return member, browser, totp


def fresh(streets: Streets, totp: pyotp.TOTP) -> str:
    """A code that was not used yet."""
    streets.rostra.clock.advance(60_000)
    return totp.at(streets.rostra.clock.now() // 1000)


@pytest.mark.postgresql
async def test_the_second_step_goes_off_by_a_code_alone(streets: Streets) -> None:
    member, browser, totp = await careful(streets)
    await browser.open("/settings/two-factor")
    for code in ("", "000000"):
        refused = await browser.send(OFF, current_password=PASSWORD, code=code)
        assert refused.status_code == 422
        assert "This is wrong or was used already." in browser.text
    assert await letters(streets.rostra) == []
    await browser.send(OFF, current_password=PASSWORD, code=fresh(streets, totp))
    assert "Two-step sign-in is off." in browser.text
    assert await letters(streets.rostra) == [("ada@members.example", "Two-step sign-in is off")]
    async with streets.rostra.db.read() as reader:
        assert not (await access.user(reader, member.id)).totp_secret


async def test_new_recovery_codes_take_a_code(streets: Streets) -> None:
    member, browser, totp = await careful(streets)
    await browser.open("/settings/two-factor")
    wrong = await browser.send(CODES, current_password="no", code=fresh(streets, totp))
    assert (wrong.status_code, 'id="codes_password-error"' in browser.text) == (422, True)
    refused = await browser.send(CODES, current_password=PASSWORD, code="000000")
    assert (refused.status_code, 'id="codes_code-error"' in browser.text) == (422, True)
    await browser.send(CODES, current_password=PASSWORD, code=fresh(streets, totp))
    recovery = browser.text.split("<li><code>")[1].split("<")[0]
    await browser.open("/settings/two-factor")
    await browser.send(OFF, current_password=PASSWORD, code=recovery)
    assert "Two-step sign-in is off." in browser.text
    async with streets.rostra.db.read() as reader:
        assert await codes_left(reader, member.id) == 0


@pytest.mark.postgresql
async def test_another_address_takes_a_code_and_both_are_told(streets: Streets) -> None:
    _, browser, totp = await careful(streets)
    await browser.open("/settings/account")
    wish = {"email": "ada@new.example", "current_password": PASSWORD}
    refused = await browser.send("/settings/email", **wish, code="000000")
    assert (refused.status_code, "This is wrong or was used already." in browser.text) == (
        422,
        True,
    )
    assert await letters(streets.rostra) == []
    await browser.send("/settings/email", **wish, code=fresh(streets, totp))
    await streets.rostra.work()
    assert isinstance(streets.rostra.mailer, MemoryMailer)
    [letter] = streets.rostra.mailer.sent
    link = letter.text.partition("/confirm?token=")[2].split()[0]
    await letters(streets.rostra)
    await browser.open(f"/confirm?token={link}")
    await browser.send(f"/confirm?token={link}")
    assert await letters(streets.rostra) == [
        ("ada@members.example", "Your address has changed"),
        ("ada@new.example", "Your address has changed"),
    ]


async def test_who_has_no_second_step_is_asked_for_no_code(streets: Streets) -> None:
    _, browser = await with_password(streets)
    for part in ("account", "passkeys"):
        await browser.open(f"/settings/{part}")
        assert 'name="code"' not in browser.text
    await browser.open("/settings/account")
    await browser.send("/settings/email", email="ada@new.example", current_password=PASSWORD)
    assert "Open the link that we sent to it." in browser.text


async def test_a_passkey_is_begun_with_a_code(streets: Streets) -> None:
    _, browser, totp = await careful(streets)
    await browser.open("/settings/passkeys")
    form = {**browser.form("/settings/passkeys").fields, "current_password": PASSWORD}
    begin = "/settings/passkeys/begin"
    refused = await browser.client.post(begin, data={**form, "code": "000000"})
    assert (refused.status_code, refused.json()) == (
        422,
        {"error": "This is wrong or was used already."},
    )
    given = await browser.client.post(begin, data={**form, "code": fresh(streets, totp)})
    assert "challenge" in given.json()


async def test_a_new_password_is_told(streets: Streets) -> None:
    _, browser = await with_password(streets)
    await letters(streets.rostra)
    new = "another long password"
    await browser.open("/settings/password")
    await browser.send(
        "/settings/password", current_password=PASSWORD, password=new, password_again=new
    )
    assert await letters(streets.rostra) == [("ada@members.example", "Your password has changed")]
