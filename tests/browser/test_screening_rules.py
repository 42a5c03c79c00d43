"""A rule from its first word to its end, in a browser: shadow, live, and back by itself."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect
from tests.browser.stage import chromium
from tests.browser.town import KEEPER, Kept, Town
from tests.harness.patience import wait_for
from tests.harness.served import Served, free_port

from rostra.app import Ports, build
from rostra.network.accounts.sign_up import Seat, seat_member
from rostra.network.credentials import passwords
from rostra.network.credentials.model import Role
from rostra.network.credentials.tokens import issue_token
from rostra.settings import load
from rostra.store.migrate import migrate_sqlite

PASSWORD = "correct horse battery"
MEMBERS = ("ann", "bob", "cem")  # one of them alone puts no rule back
HERE = "/console/screening/rules"
STATUSES = "/api/v1/statuses"
WRONG = '''"""Calls to meet."""
when(matches(post.tex, "old lighthouse"))
hold(category="violence_incitement", within="12h", message="Somebody looks at it first.")
catches("At noon at the old lighthouse")
spares("The new lighthouse")
'''
RIGHT = WRONG.replace("post.tex,", "post.text,")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A place with an admin and members, of whom each has a token."""
    data = tmp_path_factory.mktemp("screening") / "data"
    data.mkdir(mode=0o700)
    tokens = asyncio.run(_settled(data))
    port = free_port()
    given = {
        "ROSTRA_SERVER__PORT": str(port),
        "ROSTRA_SITE__BASE_URL": f"http://127.0.0.1:{port}",
    }
    with chromium() as browser, Served(data, **given) as served:
        kept = Kept(port, {KEEPER: PASSWORD}, facts=dict(zip(MEMBERS, tokens, strict=True)))
        yield Town(browser, served.ready(), kept)


async def _settled(data: Path) -> list[str]:
    migrate_sqlite(data / "rostra.sqlite3")
    services = build(load(data=data), Ports(alone=True)).services
    hashed = await passwords.hashed(PASSWORD)
    async with services.db.write() as tx:
        keeper = Seat(username=KEEPER, email="", password_hash=hashed, role=Role.ADMIN)
        await seat_member(services, tx, keeper)
        tokens = []
        for name in MEMBERS:
            member = await seat_member(
                services, tx, Seat(username=name, email="", password_hash="")
            )
            issued = await issue_token(
                services, tx, app_id=0, account_id=member, granted=frozenset({"read", "write"})
            )
            tokens.append(issued.access_token)
    await services.db.close()
    return tokens


def _post(town: Town, number: int) -> str:
    """A post of one of the members that the rule catches; its id."""
    text = f"Meeting {number}: at noon at the old lighthouse"
    made = town.ask("POST", STATUSES, town.facts[MEMBERS[number % len(MEMBERS)]], status=text)
    return str(made["id"])


def _is_seen(town: Town, post_id: str) -> bool:
    """Whether anybody sees it."""
    status, _ = town.served.ask("GET", f"{STATUSES}/{post_id}")
    assert status in {200, 404}
    return status == 200


def _written(tab: Tab, town: Town) -> str:
    """Write the rule with what completes words and marks faults; its address."""
    tab.goto(f"{town.base}{HERE}/new")
    tab.fill("#name", "lighthouse")
    tab.fill("#source", WRONG)
    expect(tab.locator("[data-editor-said]")).to_contain_text(
        "Line 2, column 14: there is no feature post.tex; post.text may be meant"
    )
    expect(tab.locator(".editor-mirror mark")).to_have_text("post.tex")
    tab.locator(".editor-fault").click()  # leads there, so that it is typed over
    tab.keyboard.type("post.te")
    expect(tab.locator(".editor-option").first).to_contain_text("post.text")
    tab.keyboard.press("Enter")
    expect(tab.locator("#source")).to_have_value(RIGHT)
    expect(tab.locator("[data-editor-said]")).to_contain_text("This is a rule")
    tab.fill("#most_an_hour", "2")
    tab.fill("#reason", "Calls to meet there")
    with tab.expect_navigation(url=lambda url: not url.endswith("/new")):
        tab.click("#rule [type=submit]")
    expect(tab.locator(".flash")).to_contain_text("It is kept, and off.")
    return tab.url


def _switch(tab: Tab, rule: str, state: str) -> None:
    tab.goto(rule)
    tab.check(f"input[name=state][value={state}]")
    tab.fill("#reason", "It is time")
    with tab.expect_navigation():
        tab.click('form[action$="/switch"] [type=submit]')


def _tried(tab: Tab) -> None:
    """Wait until the try-out is over, as somebody does who loads the page again."""

    def over() -> bool:
        tab.reload()
        return tab.locator("#tryouts-h ~ .happened", has_text="Would have caught").count() > 0

    wait_for(over, 1.0)


@pytest.mark.slow
def test_a_rule_goes_from_shadow_to_live_and_back_by_itself(town: Town) -> None:
    with town.context("desktop", "light", "") as context:
        tab = context.new_page()
        town.sign_in(tab, KEEPER)
        rule = _written(tab, town)
        assert _is_seen(town, _post(town, 1))
        # Live at once? Not without saying why.
        _switch(tab, rule, "live")
        expect(tab.locator("main")).to_contain_text("never tried on the past and never in shadow")
        tab.click('form[action$="/tryouts"] [type=submit]')
        _tried(tab)
        expect(tab.locator("main")).to_contain_text("Would have caught 1 of")
        _switch(tab, rule, "shadow")
        expect(tab.locator("main")).to_contain_text("It is in shadow")
        assert _is_seen(town, _post(town, 2))
        tab.goto(f"{town.base}{HERE}")
        row = tab.locator("tr", has_text="lighthouse")
        expect(row.locator("td")).to_contain_text(["In shadow", "1", "1", "0"])
        _switch(tab, rule, "live")
        expect(tab.locator("main")).to_contain_text("It is live")
        held = [_post(town, 3), _post(town, 4)]
        assert not any(_is_seen(town, each) for each in held)
        # One more than it may catch: that one is spared, and the rule is in shadow.
        assert _is_seen(town, _post(town, 5))
        tab.goto(rule)
        expect(tab.locator("main")).to_contain_text("Version 1 put itself back to shadow")
        expect(tab.locator("main")).to_contain_text("It caught more than 2 posts within an hour")
        assert _is_seen(town, _post(town, 6))
        assert not any(_is_seen(town, each) for each in held)
        # Each that waits does so by a decision that names the rule and its version.
        tab.goto(f"{town.base}/console/decisions")
        lines = tab.locator("li.case", has_text="lighthouse")
        expect(lines).to_have_count(2)
        lines.first.locator("[data-open]").click()
        expect(tab.locator("main")).to_contain_text("lighthouse")
        expect(tab.locator("main")).to_contain_text("version 1")
