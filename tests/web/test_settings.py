"""The settings by plain forms, and what they end."""

import io
import json
import re
import zipfile

import pyotp
import pytest
from tests.harness.browser import Browser
from tests.harness.crowd import Member
from tests.harness.people import register
from tests.pictures import photo
from tests.web.conftest import Streets

from rostra.network.credentials import changing, passwords
from rostra.network.credentials.apps import app_by_client
from rostra.outside.mail import MemoryMailer

PASSWORD = "a long password of mine"
PARTS = (
    "profile", "preferences", "account", "password", "two-factor", "passkeys", "sessions",
    "apps", "blocks", "featured", "mutes", "invites", "data", "cleanup",
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


@pytest.mark.postgresql
async def test_profile_and_preferences_are_kept(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    await browser.open("/settings/profile")
    await browser.send(
        "/settings/profile", display_name="Ada L.", field_name_1="Site", field_value_1="here"
    )
    assert "Your profile is saved." in browser.text
    assert browser.form("/settings/profile").fields["field_value_1"] == "here"
    await browser.open("/settings/preferences")
    assert "report_mails" in browser.form("/settings/preferences").fields  # until they say no
    await browser.send("/settings/preferences", theme="dark", default_visibility="unlisted")
    assert browser.client.cookies.get("rostra_theme") == "dark"
    fields = browser.form("/settings/preferences").fields
    assert (fields["default_visibility"], fields["default_quote_policy"]) == ("unlisted", "public")
    await browser.send("/settings/preferences", default_quote_policy="nobody")
    fields = browser.form("/settings/preferences").fields
    assert (fields["default_visibility"], fields["default_quote_policy"]) == ("unlisted", "nobody")
    refused = await browser.send("/settings/preferences", default_quote_policy="few")
    assert refused.status_code == 422
    assert "is not included in the list" in browser.text


async def test_the_sites_of_an_author_are_lines(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    profile = "/settings/profile"

    async def kept() -> list[str]:
        own = await ada.client.get("/api/v1/accounts/verify_credentials")
        return list(own.json()["source"]["attribution_domains"])

    await browser.open(profile)
    lines = "Blog.example\r\n\r\n https://paper.example/ada \r\nblog.example"
    await browser.send(profile, attribution_domains=lines)
    assert "Your profile is saved." in browser.text
    assert await kept() == ["blog.example", "paper.example"]
    shown = browser.form(profile).fields["attribution_domains"]
    assert shown == "blog.example\npaper.example"
    await browser.send(profile, display_name="Ada")
    assert await kept() == ["blog.example", "paper.example"]

    wrong = "good.example\n\nno domain\n<b>.example\n" + "127.0.0.1\n" * 5
    answer = await browser.send(profile, attribution_domains=wrong, display_name="Ada L.")
    assert answer.status_code == 422
    beside = browser.text.split('id="attribution_domains-error">')[1].split("</p>")[0]
    assert "Line 3 is not a domain: “no domain”. Line 4 is not a domain: “&lt;b&gt;.ex" in beside
    assert "Line 7 is not a domain" in beside
    assert "Line 8" not in beside
    assert "And 2 more." in beside
    fields = browser.form(profile).fields
    assert (fields["attribution_domains"], fields["display_name"]) == (wrong, "Ada L.")
    assert await kept() == ["blog.example", "paper.example"]

    many = "\n".join(f"{number}.example" for number in range(101))
    assert (await browser.send(profile, attribution_domains=many)).status_code == 422
    assert "These are too many (maximum is 100)" in browser.text
    await browser.send(profile, attribution_domains="")
    assert await kept() == []


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


@pytest.mark.postgresql
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


async def test_an_archive_of_ones_own(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    for number in range(3):
        await browser.open("/compose")
        await browser.send("/compose", text=f"Words {number}")
        streets.rostra.clock.advance(1000)
    await browser.open("/settings/data")
    await browser.send("/settings/data")
    assert "It is being made." in browser.text
    token = {"csrf_token": browser.forms()[0].fields["csrf_token"]}
    await browser.client.post("/settings/data", data=token)
    await browser.open("/settings/data")
    assert "is being made already" in browser.text
    await streets.rostra.work()
    assert isinstance(streets.rostra.mailer, MemoryMailer)
    assert "/settings/data" in streets.rostra.mailer.sent[-1].text
    await browser.open("/settings/data")
    found = re.search(r'href="(/settings/data/archives/\d+)"', browser.text)
    assert found
    answer = await browser.client.get(found[1])
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    outbox = json.loads(archive.read("outbox.json"))["orderedItems"]
    texts = [item["object"]["source"]["content"] for item in outbox]
    assert texts == ["Words 0", "Words 1", "Words 2"]
    await browser.send(f"{found[1]}/delete")
    assert "The archive is deleted." in browser.text
    assert (await browser.client.get(found[1])).status_code == 404


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


async def test_pictures_of_the_profile(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    await browser.open("/settings/profile")
    files = {
        "avatar": ("me.png", bytes(photo(300, 200).pngsave_buffer()), "image/png"),
        "header": ("sky.jpg", bytes(photo(900, 300).jpegsave_buffer()), "image/jpeg"),
    }
    await browser.send("/settings/profile", files, display_name="Ada")
    assert "Your profile is saved." in browser.text
    shown = pictures_of(browser)
    assert [url.split("/media/")[1].split("/")[0] for url in shown] == ["avatars", "headers"]
    for url in shown:
        assert (await browser.client.get(url)).status_code == 200
    await streets.visitor().open("/@ada")
    assert all(url in streets.browsers[-1].text for url in shown)
    # saved again without files, they stay
    await browser.send("/settings/profile", {"avatar": ("", b"", "application/octet-stream")})
    assert pictures_of(browser) == shown
    await browser.send("/settings/profile", remove_avatar="1", remove_header="1")
    assert pictures_of(browser) == []
    await streets.rostra.work()
    for url in shown:
        assert (await browser.client.get(url)).status_code == 404


def pictures_of(browser: Browser) -> list[str]:
    """The stored pictures that the page shows: picture and banner."""
    found = re.findall(r'<img (?:class="[^"]*" )?src="([^"]+)"', browser.text)
    return sorted({url for url in found if "/avatars/" in url or "/headers/" in url})


async def test_what_is_no_picture_is_told_beside_its_field(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    await browser.open("/settings/profile")
    for files, words in (
        ({"avatar": ("me.png", b"<svg/>", "image/png")}, "not a picture that is accepted"),
        ({"header": ("a.jpg", bytes(photo(9, 9).pngsave_buffer()), "image/jpeg")}, "declared"),
        (
            {"avatar": ("a.png", bytes(photo(99, 99).pngsave_buffer())[:200], "image/png")},
            "damaged",
        ),
    ):
        answer = await browser.send("/settings/profile", files, display_name="Ada L.")
        assert answer.status_code == 422
        assert words in answer.text
        assert browser.form("/settings/profile").fields["display_name"] == "Ada L."
    huge = {"avatar": ("me.png", b"\x89PNG\r\n\x1a\n" + bytes(8_500_000), "image/png")}
    answer = await browser.send("/settings/profile", huge)
    assert answer.status_code == 413
    assert "too large" in answer.text
    await browser.open("/settings/profile")
    assert browser.form("/settings/profile").fields["display_name"] == ""
    assert [blob.key async for blob in streets.rostra.services.blobs.list()] == []


@pytest.mark.postgresql
async def test_one_session_is_ended_and_then_all_others(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    phone, desk = await streets.signed_in(ada.id), await streets.signed_in(ada.id)
    _, stranger = await streets.member("bob")
    await browser.open("/settings/sessions")
    ends = session_forms(browser)
    assert len(ends) == 2  # the browser itself has no such button
    await stranger.open("/settings/sessions")
    token = {"csrf_token": stranger.forms()[0].fields["csrf_token"]}
    assert (await stranger.client.post(ends[0], data=token)).status_code == 404
    await browser.send(ends[0])
    assert "It is signed out." in browser.text
    alive = []
    for each in (phone, desk):
        await each.open("/settings/sessions")
        alive.append(not each.path.startswith("/sign-in"))
    assert sorted(alive) == [False, True]
    third = await streets.signed_in(ada.id)
    await browser.open("/settings/sessions")
    await browser.send("/settings/sessions/end-others")
    assert session_forms(browser) == []
    for each in (phone, desk, third):
        await each.open("/settings/sessions")
        assert each.path.startswith("/sign-in")
    assert (await browser.open("/settings/sessions")).status_code == 200
    await stranger.open("/settings/sessions")
    assert stranger.path == "/settings/sessions"


def session_forms(browser: Browser) -> list[str]:
    """The addresses of the forms that end one session."""
    actions = [form.attributes.get("action", "") for form in browser.forms()]
    return [action for action in actions if re.fullmatch(r"/settings/sessions/\d+/end", action)]


async def test_an_app_loses_its_access_at_once(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    bob, other = await streets.member("bob")
    program = await register(streets.rostra)
    async with streets.rostra.db.read() as reader:
        app = await app_by_client(reader, program.client_id)
    assert app
    tokens = [
        await streets.town.token(who.id, granted, app.id)
        for who, granted in ((ada, "read"), (ada, "write:statuses"), (bob, "read"))
    ]
    await browser.open("/settings/apps")
    assert "<code>read</code>" in browser.text
    assert "<code>write:statuses</code>" in browser.text
    revoke = f"/settings/apps/{app.id}/revoke"
    await browser.send(revoke)
    assert "The app has no access any more." in browser.text
    assert revoke not in browser.text
    me = "/api/v1/accounts/verify_credentials"
    seen = [(await streets.rostra.client(token).get(me)).status_code for token in tokens]
    assert seen == [401, 401, 200]
    # the app itself is still known, and another member's access is theirs to end
    await other.open("/settings/apps")
    assert revoke in [form.attributes.get("action") for form in other.forms()]
    again = {"csrf_token": browser.forms()[0].fields["csrf_token"]}
    assert (await browser.client.post(revoke, data=again)).status_code == 404
