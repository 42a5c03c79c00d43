"""Sign-in step by step: throttles, the second step, letters with a new password."""

import re
from pathlib import Path

import pyotp
import pytest
from tests.harness.app import InProcess, running
from tests.harness.browser import Browser

from rostra.network.accounts.access import any_by_username
from rostra.network.credentials.second_factor import begin_totp, confirm_totp
from rostra.outside.mail import MemoryMailer

PASSWORD = "correct horse battery"
NEW = "another battery horse"


async def joined(browser: Browser) -> None:
    await browser.open("/join")
    fields = {"username": "ann", "email": "ann@example.org", "password": PASSWORD}
    await browser.send("/join", **fields, agreement="1")


async def signed_out(browser: Browser) -> None:
    browser.client.cookies.clear()


async def test_guessing_is_slowed_down(data_dir: Path, database_url: str) -> None:
    limited = running(data_dir, database_url, None, ROSTRA_LIMITS__SCALE="1")
    async with limited as rostra, Browser(rostra) as browser:
        answers = []
        for _ in range(12):
            await browser.open("/sign-in")
            await browser.send("/sign-in", login="ann", password="wrong")
            answers.append(browser.page.status_code)
    assert answers[:10] == [401] * 10
    assert answers[-1] == 429


async def with_second_step(rostra: InProcess) -> pyotp.TOTP:
    async with Browser(rostra) as browser:
        await joined(browser)
    async with rostra.db.write() as tx:
        account = await any_by_username(tx, "ann")
        assert account
        account_id = account.id
        begun = await begin_totp(rostra.services, tx, account_id)
    totp = pyotp.TOTP(begun.secret)
    async with rostra.db.write() as tx:
        code = totp.at(rostra.clock.now() // 1000)
        await confirm_totp(rostra.services, tx, account_id, code)
    rostra.clock.advance(120_000)
    return totp


@pytest.mark.postgresql
async def test_the_second_step_takes_a_code_once(rostra: InProcess) -> None:
    totp = await with_second_step(rostra)
    async with Browser(rostra) as browser:
        await browser.open("/sign-in?next=/bookmarks")
        await browser.send("/sign-in", login="ann", password=PASSWORD)
        assert "rostra_session" not in browser.client.cookies
        await browser.send("/sign-in/code", code="000000")
        assert browser.page.status_code in {401, 422}
        code = totp.at(rostra.clock.now() // 1000)
        await browser.send("/sign-in/code", code=code)
        assert browser.path == "/bookmarks"
    async with Browser(rostra) as browser:
        await browser.open("/sign-in")
        await browser.send("/sign-in", login="ann", password=PASSWORD)
        await browser.send("/sign-in/code", code=code)
        assert browser.page.status_code in {401, 422}
        assert "rostra_session" not in browser.client.cookies


def letter_token(rostra: InProcess) -> str:
    assert isinstance(rostra.mailer, MemoryMailer)
    found = re.search(r"token=([\w-]+)", rostra.mailer.sent[-1].text)
    assert found
    return found[1]


async def test_a_letter_brings_a_new_password(rostra: InProcess) -> None:
    async with Browser(rostra) as browser:
        await joined(browser)
        await rostra.work()
        await browser.open(f"/confirm?token={letter_token(rostra)}")
        confirming = next(
            action
            for form in browser.forms()
            for action in form.actions(browser.path)
            if action.startswith("/confirm")
        )
        await browser.send(confirming)
        assert (await browser.open("/home")).status_code == 200
        await signed_out(browser)
        await browser.open("/forgotten")
        await browser.send("/forgotten", email="ann@example.org")
        await rostra.work()
        token = letter_token(rostra)
        await browser.open(f"/reset?token={token}")
        await browser.send("/reset", password=NEW, password_again="different")
        assert browser.page.status_code == 422
        await browser.send("/reset", password=NEW, password_again=NEW)
        await browser.open("/sign-in")
        await browser.send("/sign-in", login="ann", password=NEW)
        assert "rostra_session" in browser.client.cookies
        assert (await browser.open(f"/reset?token={token}")).status_code >= 400


async def test_a_letter_for_nobody_is_told_of_like_any_other(rostra: InProcess) -> None:
    async with Browser(rostra) as browser:
        await browser.open("/forgotten")
        await browser.send("/forgotten", email="nobody@example.org")
        assert browser.page.status_code == 200
        await rostra.work()
    assert isinstance(rostra.mailer, MemoryMailer)
    assert rostra.mailer.sent == []
