"""The settings by plain forms, and what they end."""

import json

import pyotp
import pytest
from tests.harness.browser import Browser
from tests.harness.crowd import Member
from tests.web.conftest import Streets

from rostra.network.credentials import changing, passwords

PASSWORD = "a long password of mine"
PARTS = (
    "profile", "preferences", "account", "password", "two-factor", "sessions", "apps", "blocks",
    "mutes", "invites", "data",
)  # fmt: skip


async def with_password(streets: Streets, name: str = "ada") -> tuple[Member, Browser]:
    """A member whose password is known, and their browser."""
    member, _ = await streets.member(name)
    hashed = await passwords.hashed(PASSWORD)
    async with streets.rostra.services.db.write() as tx:
        await changing.change_password(tx, member.id, hashed)
    return member, await streets.signed_in(member.id)


async def test_every_part_opens(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    for part in PARTS:
        answer = await browser.open(f"/settings/{part}")
        assert answer.status_code == 200, part
        assert "no-store" in answer.headers["cache-control"]


async def test_profile_and_preferences_are_kept(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    await browser.open("/settings/profile")
    await browser.send(
        "/settings/profile", display_name="Ada L.", field_name_1="Site", field_value_1="here"
    )
    assert "Your profile is saved." in browser.text
    assert browser.form("/settings/profile").fields["field_value_1"] == "here"
    await browser.open("/settings/preferences")
    await browser.send("/settings/preferences", theme="dark", default_visibility="unlisted")
    assert browser.client.cookies.get("rostra_theme") == "dark"


async def test_a_new_password_ends_everything_else(streets: Streets) -> None:
    member, browser = await with_password(streets)
    other = await streets.signed_in(member.id)
    await browser.open("/settings/password")
    wrong = await browser.send(
        "/settings/password", current_password="x", password="y" * 12, password_again="y" * 12
    )
    assert wrong.status_code == 422
    new = "another long password"
    await browser.send(
        "/settings/password", current_password=PASSWORD, password=new, password_again=new
    )
    assert "Your password is changed." in browser.text
    await other.open("/settings/sessions")
    assert other.path.startswith("/sign-in")


async def test_second_step(streets: Streets) -> None:
    _, browser = await with_password(streets)
    await browser.open("/settings/two-factor")
    assert 'class="secret"' not in browser.text
    await browser.send("/settings/two-factor/start")
    secret = browser.text.split('class="secret">')[1].split("<")[0].replace(" ", "")
    code = pyotp.TOTP(secret).at(streets.rostra.clock.now() // 1000)
    await browser.send("/settings/two-factor", code=code, current_password=PASSWORD)
    codes = browser.text.count("<li><code>")
    recovery = browser.text.split("<li><code>")[1].split("<")[0]
    assert codes == 10
    fresh = streets.visitor()
    await fresh.open("/sign-in?next=/settings/apps")
    await fresh.send("/sign-in", login="ada", password=PASSWORD)
    assert fresh.path.startswith("/sign-in/code")
    assert not fresh.client.cookies.get("rostra_session")
    await fresh.send("/sign-in/code", code=recovery)
    assert fresh.path == "/settings/apps"


async def test_a_copy_of_ones_posts(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    for number in range(3):
        await browser.open("/compose")
        await browser.send("/compose", text=f"Words {number}")
        streets.rostra.clock.advance(1000)
    await browser.open("/settings/data")
    answer = await browser.send("/settings/data")
    assert "attachment" in answer.headers["content-disposition"]
    assert [post["text"] for post in json.loads(answer.text)] == ["Words 2", "Words 1", "Words 0"]


async def test_leaving(streets: Streets) -> None:
    _, browser = await with_password(streets)
    await browser.open("/settings/account")
    answer = await browser.send("/settings/delete", password=PASSWORD, confirm="1")
    assert answer.status_code == 200
    assert (await streets.visitor().open("/@ada")).status_code == 404


@pytest.mark.parametrize("part", ["profile", "sessions"])
async def test_visitors_sign_in_first(streets: Streets, part: str) -> None:
    browser = streets.visitor()
    await browser.open(f"/settings/{part}")
    assert browser.path.startswith("/sign-in")
