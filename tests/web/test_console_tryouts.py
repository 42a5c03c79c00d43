"""Rules tried on the past on pages: asked for, waited for, given up, compared."""

import re
from html import unescape

from sqlalchemy import update
from tests.harness.browser import Browser
from tests.safety.rules.keeping import LINKS, MORE_LINKS, admin
from tests.web.conftest import Streets
from tests.web.console import post, staff

from rostra.network.credentials.model import Role
from rostra.safety.rules import edit
from rostra.safety.team.model import Duty
from rostra.safety.tryout.kept import State
from rostra.store.query import number, query
from rostra.store.tables.tryouts import rule_tryouts

RULES = "/console/screening/rules"
TWO = "https://a.example and https://b.example"
_RUNNING = query(
    update(rule_tryouts)
    .where(rule_tryouts.c.id == number("id"))
    .values(state=int(State.RUNNING), total=40, done=7)
)


async def a_rule(streets: Streets) -> str:
    """A rule of two versions, and where it is tried."""
    async with streets.rostra.db.write() as tx:
        made = await edit.add(
            streets.rostra.services, tx, admin(), name="links", source=LINKS, reason="Spam in July"
        )
    streets.rostra.clock.advance(1)
    async with streets.rostra.db.write() as tx:
        await edit.change(
            streets.rostra.services, tx, admin(), made.id,
            version=1, source=MORE_LINKS, reason="One is enough",
        )  # fmt: skip
    return f"{RULES}/{made.id}/try"


async def boss(streets: Streets) -> Browser:
    """Somebody who may try rules."""
    _, browser = await staff(streets, Role.ADMIN)
    return browser


async def test_two_versions_are_compared(streets: Streets) -> None:
    ada, _ = await streets.member("ada")
    await post(ada, TWO)
    await post(ada, "See https://a.example/one")
    await post(ada, "Only for you: https://a.example/secret", visibility="private")
    await post(ada, "Nothing")
    here, browser = await a_rule(streets), await boss(streets)
    rule = await browser.open(here.removesuffix("/try"))
    assert f'href="{here}"' in rule.text
    page = (await browser.open(here)).text
    assert "Not tried so far" in page
    assert "Version 2: the one that holds" in unescape(page)
    await browser.send(here, None, version="2", against="1", days="2")
    tryout = browser.path
    waiting = unescape(browser.text)
    assert re.fullmatch(r"/console/screening/tryouts/\d+", tryout)
    assert "It waits for its turn" in waiting
    assert "Version 2 beside version 1" in waiting
    assert "Give it up" in waiting
    await streets.rostra.work()
    text = unescape((await browser.open(tryout)).text)
    assert "Give it up" not in text
    assert "hx-get" not in text
    rows = re.findall(r'<th scope="row">(Version \d)</th><td>(\d+) ', text)
    assert rows == [("Version 2", "3"), ("Version 1", "1")]
    assert "Caught by both" in text
    assert "2 posts by 1 member" in text
    assert "Caught by version 1 alone" in text
    assert "See https://a.example/one" in text
    assert "secret" not in text, "few may see it"
    listed = unescape((await browser.open(here)).text)
    assert "3 and 1 of 4 posts caught" in listed


async def test_one_version_alone(streets: Streets) -> None:
    ada, _ = await streets.member("ada")
    await post(ada, TWO)
    here, browser = await a_rule(streets), await boss(streets)
    await browser.open(here)
    await browser.send(here, None, version="1", against="0", days="1")
    tryout = browser.path
    await streets.rostra.work()
    text = unescape((await browser.open(tryout)).text)
    assert "Posts that it would have caught" in text
    assert "@ada" in text
    assert "beside" not in text.partition('id="far-h"')[2]


async def test_it_is_told_how_far_it_is_and_given_up(streets: Streets) -> None:
    here, browser = await a_rule(streets), await boss(streets)
    await browser.open(here)
    await browser.send(here, None, version="2", against="0", days="2")
    tryout = browser.path
    async with streets.rostra.db.write() as tx:
        await tx.run(_RUNNING, id=int(tryout.rpartition("/")[2]))
    running = (await browser.open(tryout)).text
    assert '<progress class="progress" max="40" value="7"' in running
    assert f'hx-get="{tryout}"' in running
    late = await boss(streets)
    await late.open(tryout)
    await browser.send(f"{tryout}/cancel", None)
    assert "It is given up." in browser.text
    assert "Give it up" not in browser.text
    await late.send(f"{tryout}/cancel", None)
    assert "It is given up." in late.text, "whoever comes late reads the same"
    await streets.rostra.work()
    assert "Given up" in (await browser.open(tryout)).text


async def test_what_is_wrong_is_said_at_the_field(streets: Streets) -> None:
    here, browser = await a_rule(streets), await boss(streets)
    await browser.open(here)
    for days, words in (("soon", "must be a whole number"), ("0", "must be 1 to 3650")):
        answer = await browser.send(here, None, version="2", against="0", days=days)
        assert answer.status_code == 422
        assert words in unescape(answer.text)
        assert f'value="{days}"' in answer.text
    answer = await browser.send(here, None, version="9", against="0", days="3")
    assert answer.status_code == 404


async def test_who_may_not_switch_rules_looks_on(streets: Streets) -> None:
    here, browser = await a_rule(streets), await boss(streets)
    await browser.open(here)
    await browser.send(here, None, version="2", against="0", days="2")
    tryout = browser.path
    _, auditor = await staff(streets, Role.MEMBER, Duty.AUDITOR)
    page = (await auditor.open(here)).text
    assert "Tried so far" in page
    assert "How many days back" not in page
    assert "Give it up" not in (await auditor.open(tryout)).text
    _, member = await streets.member("bela")
    assert (await member.open(here)).status_code == 404
    assert (await member.open(tryout)).status_code == 404
