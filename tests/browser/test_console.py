"""A moderator goes through the console by keyboard alone, from signing in to decided cases."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page as Tab
from tests.browser.stage import chromium
from tests.browser.town import KEEPER, Kept, Town
from tests.harness.served import Served, free_port

from rostra.app import Ports, build
from rostra.network.accounts.sign_up import Seat, seat_member
from rostra.network.credentials import passwords
from rostra.network.credentials.model import Role
from rostra.network.posts.model import Draft
from rostra.network.posts.prepare import prepare
from rostra.network.posts.publish import publish
from rostra.safety.reports import file
from rostra.safety.reports.model import Said
from rostra.settings import load
from rostra.store.migrate import migrate_sqlite

NUMBER = 20
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A place where posts of many people are reported, and one member moderates."""
    data = tmp_path_factory.mktemp("console") / "data"
    data.mkdir(mode=0o700)
    asyncio.run(_reported(data))
    port = free_port()
    given = {
        "ROSTRA_SERVER__PORT": str(port),
        "ROSTRA_SITE__BASE_URL": f"http://127.0.0.1:{port}",
    }
    with chromium() as browser, Served(data, **given) as served:
        yield Town(browser, served.ready(), Kept(port, {KEEPER: PASSWORD}))


async def _reported(data: Path) -> None:
    migrate_sqlite(data / "rostra.sqlite3")
    services = build(load(data=data), Ports(alone=True)).services
    hashed = await passwords.hashed(PASSWORD)
    async with services.db.write() as tx:
        keeper = Seat(username=KEEPER, email="", password_hash=hashed, role=Role.MODERATOR)
        await seat_member(services, tx, keeper)
        names = [f"member{at}" for at in range(NUMBER + 6)]
        people = [
            await seat_member(services, tx, Seat(username=name, email="", password_hash=""))
            for name in names
        ]
    reporter, *authors = people
    for at, author in enumerate(authors):
        async with services.db.write() as tx:
            prepared = prepare(services.settings, Draft(text=f"The {at}. of many, each its own."))
            post_id = await publish(services, tx, author, prepared)
            said = Said(
                reporter_id=reporter,
                target_account_id=author,
                post_ids=(post_id,),
                wire_category="violation",
            )
            await file.report(services, tx, said)
    await services.db.close()


def _press(tab: Tab, *keys: str) -> None:
    for key in keys:
        tab.keyboard.press(key)


def _reach(tab: Tab, selector: str) -> None:
    """Walk with Tab until the focus is there; nothing on the way holds it."""
    for _ in range(120):
        tab.keyboard.press("Tab")
        if tab.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never comes to {selector}")


def _follow(tab: Tab, key: str, where: str) -> None:
    """Press a key that leads to another page."""
    with tab.expect_navigation():
        tab.keyboard.press(key)
    assert where in tab.url


def _decided(tab: Tab, town: Town) -> int:
    tab.goto(f"{town.base}/console/decisions")
    return tab.locator("li.case").count()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_twenty_cases_are_decided_without_a_pointer(town: Town) -> None:
    with town.context("desktop", "light", "") as context:
        tab = context.new_page()
        tab.goto(f"{town.base}/sign-in?next=/console")
        _reach(tab, '[name="login"]')
        tab.keyboard.type(KEEPER)
        _reach(tab, '[name="password"]')
        tab.keyboard.type(town.kept.passwords[KEEPER])
        with tab.expect_navigation():
            tab.keyboard.press("Enter")
        if "/terms/accept" in tab.url:
            _reach(tab, "main button.button-wide")
            with tab.expect_navigation():
                tab.keyboard.press("Enter")
        before = _decided(tab, town)
        tab.goto(f"{town.base}/console")
        # In the list, to the second line and back, choosing on the way; the help and out of it.
        _press(tab, "j", "j", "x")
        assert tab.locator(".case-pick input:checked").count() == 1
        _press(tab, "x", "k", "?")
        assert tab.locator("#keys[open]").count() == 1
        _press(tab, "Escape")
        assert tab.locator("#keys[open]").count() == 0
        _follow(tab, "c", "/console/cases/")
        # A note: letters that are typed do nothing else.
        _press(tab, "n")
        tab.keyboard.type("descent? no, quick jokes")
        _reach(tab, "form[action$='/note'] button")
        _follow(tab, "Enter", "/console/cases/")
        assert "descent? no, quick jokes" in tab.inner_text(".happened")
        first = tab.url
        _follow(tab, "s", "/console/cases/")
        assert tab.url != first
        # Two actions at once, by hand: ticked with Shift, confirmed once.
        _press(tab, "Shift+Digit4", "Shift+Digit5")
        assert tab.locator(".act > input:checked").count() == 2
        _reach(tab, "#facts")
        _reach(tab, "button[data-go]:not(.button-small), .form-end button[value='confirm']")
        _follow(tab, "Enter", "/console/decide")
        _follow(tab, "Escape", "/console/decide")
        assert tab.locator(".act > input:checked").count() == 2
        # From here on a number and an Enter for each.
        for number in range(NUMBER):
            _follow(tab, ("1", "2", "4", "8")[number % 4], "/console/decide")
            assert "Nothing has happened yet" in tab.inner_text("main")
            _follow(tab, "Enter", "/console")
            if "/console/cases/" not in tab.url:
                pytest.fail(f"{number} decided, then: {tab.inner_text('main')[:200]}")
        assert _decided(tab, town) == before + NUMBER


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_letters_can_be_switched_off(town: Town) -> None:
    with town.context("desktop", "light", KEEPER) as context:
        tab = context.new_page()
        tab.goto(f"{town.base}/console")
        tab.click(".switches summary")
        tab.uncheck("#look-keys")
        tab.click(".switches button")
        here = tab.url
        _press(tab, "c", "?", "j")
        tab.wait_for_timeout(300)
        assert tab.url == here
        assert tab.locator("#keys").count() == 0
