"""A moderator goes through the console by keyboard alone, from signing in to decided cases."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Page as Tab
from tests.browser.stage import chromium
from tests.browser.town import KEEPER, Kept, Town
from tests.harness.served import Served, free_port

from rostra.app import Ports, build
from rostra.kernel.paging import Page
from rostra.network.accounts.sign_up import Seat, seat_member
from rostra.network.credentials import passwords
from rostra.network.credentials.model import Role
from rostra.network.posts.model import Draft
from rostra.network.posts.prepare import prepare
from rostra.network.posts.publish import publish
from rostra.network.posts.screened import screened
from rostra.network.services import Services
from rostra.safety.appeals.file import appeal
from rostra.safety.categories.model import Category
from rostra.safety.decisions.decide import decide_subjects
from rostra.safety.decisions.model import Action, ActionKind, Ruling
from rostra.safety.reports import file
from rostra.safety.reports.model import Said
from rostra.safety.statements import access as statements_access
from rostra.safety.subjects import Subject, SubjectKind
from rostra.safety.team.model import Actor
from rostra.settings import load
from rostra.store.migrate import migrate_sqlite

NUMBER = 20
# What is said of them has nothing in common, so that no two make a cluster.
WORDS = (
    "harbour", "ladder", "thistle", "bargain", "copper", "lantern", "marrow", "pigeon", "quarrel",
    "saddle", "turnip", "velvet", "walnut", "yonder", "zephyr", "anchor", "blister", "cobble",
)  # fmt: skip
PASSWORD = "correct horse battery"
FLOOD = (
    "They sold our town. Saturday at noon we meet at the old market square, bring rope and make "
    "the mayor pay for what he did!"
)


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
        "ROSTRA_MAIL__HOST": "127.0.0.1",  # nobody is there: what is sent waits
        "ROSTRA_MAIL__PORT": str(free_port()),
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
        other = Seat(username="other", email="", password_hash="", role=Role.MODERATOR)
        colleague = await seat_member(services, tx, other)
    reporter, *authors = people
    for at, author in enumerate(authors):
        words = Random(at).sample(WORDS, 6)  # noqa: S311 (nothing secret)
        await _told(services, reporter, author, " ".join(words))
    for author in authors[:3]:
        await _told(services, reporter, author, FLOOD)
    await _objected(services, colleague, authors[3])
    await services.db.close()


async def _told(services: Services, reporter: int, author: int, text: str) -> None:
    """Somebody posts, and is reported."""
    async with services.db.write() as tx:
        prepared = prepare(services.settings, Draft(text=text))
        post_id = await publish(services, tx, author, await screened(services, author, prepared))
        said = Said(
            reporter_id=reporter,
            target_account_id=author,
            post_ids=(post_id,),
            wire_category="violation",
        )
        await file.report(services, tx, said)


async def _objected(services: Services, colleague: int, member: int) -> None:
    """Somebody else of the team has warned a member, who objects."""
    ruling = Ruling(
        actions=(Action(ActionKind.WARN),), category=Category.HARASSMENT, facts="It is rude."
    )
    about = [Subject(SubjectKind.ACCOUNT, member)]
    actor = Actor(colleague, Role.MODERATOR)
    async with services.db.write() as tx:
        made = await decide_subjects(services, tx, actor, ruling, about)
    async with services.db.write() as tx:
        page = Page(limit=1)
        found = await statements_access.page(tx, member, page)
        assert found.items[0].row.decision_id == made.id
        await appeal(services, tx, found.items[0], "I was quoting my grandmother.")


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


def _sign_in(tab: Tab, town: Town) -> None:
    """Sign in without a pointer."""
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


def _decided(tab: Tab, town: Town) -> int:
    tab.goto(f"{town.base}/console/decisions")
    return tab.locator("li.case").count()


@pytest.mark.slow
def test_the_whole_desk_is_worked_without_a_pointer(town: Town) -> None:
    with town.context("desktop", "light", "") as context:
        tab = context.new_page()
        _sign_in(tab, town)
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
        _cluster(tab)
        _letter(tab, town)
        _appeal(tab)


def _part(tab: Tab, name: str) -> None:
    """Go to a part of the console by its tab."""
    _reach(tab, f"a[href='/console/{name}']")
    _follow(tab, "Enter", f"/console/{name}")


def _cluster(tab: Tab) -> None:
    """One cluster: a member is left out, the others are decided at once."""
    _part(tab, "clusters")
    _press(tab, "j")
    _follow(tab, "Enter", "/console/clusters/")
    assert tab.locator("#members [data-choose]").count() == 3
    _press(tab, "j")
    _follow(tab, "x", "/console/clusters/")
    assert tab.locator("#members [data-choose]").count() == 2
    assert tab.locator("#outliers [data-choose]").count() == 1
    _follow(tab, "2", "/console/decide")
    assert "2 cases" in tab.inner_text("main")
    _follow(tab, "Enter", "/console/decisions/")
    assert "The cluster that it is about" in tab.inner_text("main")


def _letter(tab: Tab, town: Town) -> None:
    """One letter: typed, read, answered as it was drafted."""
    _part(tab, "letters")
    _press(tab, "n")
    tab.keyboard.insert_text(
        "From: Abuse desk <abuse@host.example>\nMessage-ID: <1@host.example>\n"
        f"Subject: [AbuseID:4711] Your server\n\nAct within 12 hours:\n{town.base}/@member5\n"
    )
    _reach(tab, "#form")
    tab.keyboard.type("A mail")
    _reach(tab, "form[action='/console/letters'] button")
    _follow(tab, "Enter", "/console/letters/")
    shown = tab.inner_text("main")
    assert "12 hours left" in shown or "11 hours" in shown
    _follow(tab, "a", "/answer")
    assert "Nothing has been sent yet" in tab.inner_text("main")
    _follow(tab, "Enter", "/console/letters/")
    assert "answered in time" in tab.inner_text("main")


def _appeal(tab: Tab) -> None:
    """One appeal: somebody else's decision, answered with reasons."""
    _part(tab, "appeals")
    _press(tab, "j")
    _follow(tab, "Enter", "/console/appeals/")
    assert "I was quoting my grandmother." in tab.inner_text("main")
    _press(tab, "1")
    tab.keyboard.type("You were, and said so.")
    _reach(tab, ".form-end button[value='confirm']")
    _follow(tab, "Enter", "/answer")
    assert "all that it did to them ends" in tab.inner_text("main")
    _follow(tab, "Enter", "/console/appeals")
    assert "No appeals wait" in tab.inner_text("main")


@pytest.mark.slow
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
