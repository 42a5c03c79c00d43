"""Laws 3 and 6 for members who leave: hidden at once from everybody, gone when it is time."""

from pathlib import Path

from tests.harness.app import running
from tests.harness.browser import Browser
from tests.harness.crowd import PASSWORD, Member, Town, good
from tests.law.surfaces import everything, where

from rostra.kernel.clock import DAY
from rostra.network.accounts.access import any_by_username
from rostra.outside.mail import MemoryMailer
from rostra.store.tables.accounts import accounts, users
from rostra.store.tables.posts import posts

NEEDLE = "Quarzgeheimnis"
WORDS = {"name": "ann", "tag": NEEDLE.lower(), "word": "Suchwort"}


async def left(town: Town, who: Member) -> Browser:
    """Somebody who has pressed the button, and their browser."""
    browser = Browser(town.rostra)
    browser.client = await town.browser(who)
    await browser.open("/settings/account")
    await browser.send("/settings/delete", password=PASSWORD, confirm="1")
    return browser


async def signed_in(town: Town, who: Member) -> Browser:
    browser = Browser(town.rostra)
    await browser.open("/sign-in")
    await browser.send("/sign-in", login=who.name, password=PASSWORD)
    return browser


async def seen(town: Town, viewer: Member | None, *ids: str) -> list[str]:
    """Where anything of hers is shown."""
    found = await everything(town, viewer, [*ids], WORDS)
    return sorted({*where(found, NEEDLE), *where(found, f"{NEEDLE}.ann")})


async def test_nobody_sees_who_is_leaving_and_staying_brings_all_back(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    body = {"display_name": f"{NEEDLE}.ann"}
    good(await ann.client.patch("/api/v1/accounts/update_credentials", json=body))
    await town.follow(bob, ann)
    await town.follow(ann, bob)
    post = await town.post(ann, f"{NEEDLE} Suchwort @bob #{NEEDLE}")
    await town.rostra.work()
    viewers = (None, bob)
    before = [await seen(town, viewer, post, str(ann.id)) for viewer in viewers]
    assert {"/@ann", "/api/v1/accounts/lookup"} <= set(before[0])
    assert {"/api/v1/timelines/home", "/search"} <= set(before[1])
    browser = await left(town, ann)
    assert "Nobody sees your account any more" in browser.text
    await town.rostra.work()
    for viewer in viewers:
        assert await seen(town, viewer, post, str(ann.id)) == []
    me = "/api/v1/accounts/verify_credentials"
    assert (await ann.client.get(me)).status_code == 401
    assert isinstance(town.rostra.mailer, MemoryMailer)
    assert "in 14 days" in town.rostra.mailer.sent[-1].text
    again = await signed_in(town, ann)
    assert again.page.status_code == 403
    assert "Your account is about to be deleted" in again.text
    assert (await again.open("/compose")).status_code == 403
    late = town.rostra.client(await town.token(ann.id, "read write"))
    answer = await late.get(me)
    assert (answer.status_code, "about to be deleted" in answer.text) == (403, True)
    await again.send("/settings/stay")
    assert again.path == "/home"
    assert "Good that you stay." in again.text
    assert [await seen(town, viewer, post, str(ann.id)) for viewer in viewers] == before
    town.rostra.clock.advance(30 * DAY)
    await town.rostra.work()
    assert await town.count(users) == 2


async def test_when_the_time_has_come_nothing_is_left(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.post(ann, NEEDLE)
    await town.post(bob, "stays")
    await left(town, ann)
    town.rostra.clock.advance(13 * DAY)
    await town.rostra.work()
    assert await town.anywhere(NEEDLE) != []
    town.rostra.clock.advance(DAY)
    await town.rostra.work()
    await town.settle()
    assert await town.anywhere(NEEDLE) == []
    assert await town.anywhere("ann@members.example") == []
    assert (await town.count(accounts), await town.count(posts)) == (1, 1)
    assert "is wrong" in (await signed_in(town, ann)).text


async def test_who_stays_and_leaves_again_has_all_the_days_again(town: Town) -> None:
    ann = await town.member("ann")
    await left(town, ann)
    town.rostra.clock.advance(10 * DAY)
    again = await signed_in(town, ann)
    await again.send("/settings/stay")
    await again.open("/settings/account")
    await again.send("/settings/delete", password=PASSWORD, confirm="1")
    town.rostra.clock.advance(5 * DAY)  # the first time would be over
    await town.rostra.work()
    assert await town.count(users) == 1
    town.rostra.clock.advance(9 * DAY)
    await town.rostra.work()
    assert await town.count(users) == 0


async def test_the_last_owner_stays_until_there_is_another(town: Town) -> None:
    ann = await town.member("ann", role=3)
    browser = await left(town, ann)
    assert browser.page.status_code == 409
    assert "last owner" in browser.text
    await town.member("bob", role=3)
    await browser.send("/settings/delete", password=PASSWORD, confirm="1")
    assert browser.path == "/goodbye"


async def test_without_days_to_think_it_is_gone_at_once(data_dir: Path, database_url: str) -> None:
    setting = {"ROSTRA_ACCOUNTS__LEAVING_DAYS": "0"}
    async with running(data_dir, database_url, None, **setting) as rostra:
        town = Town(rostra)
        ann = await town.member("ann")
        browser = await left(town, ann)
        assert "Your account is deleted." in browser.text
        async with rostra.db.read() as reader:
            assert await any_by_username(reader, "ann") is None


async def test_nobody_but_who_leaves_can_stay(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    await left(town, ann)
    browser = Browser(town.rostra)
    browser.client = await town.browser(bob)
    await browser.open("/settings/account")
    token = {"csrf_token": browser.forms()[0].fields["csrf_token"]}
    assert (await browser.client.post("/settings/stay", data=token)).status_code == 404
    assert (await town.anybody.get("/@ann")).status_code == 404
