"""The page of the pace of moderation."""

import pytest
from tests.web.conftest import Streets
from tests.web.console import post, said, staff

from rostra.kernel.clock import HOUR
from rostra.network.credentials.model import Role
from rostra.safety.categories.model import Category
from rostra.safety.pace.count import LAG_MS, Count, count
from rostra.safety.team.model import Duty


async def test_the_page_draws_the_hours_and_leads_to_what_is_late(streets: Streets) -> None:
    ada, bela = await streets.town.members("ada", "bela")
    _, browser = await staff(streets)
    assert "Too little is known yet" in (await browser.open("/console/pace")).text
    await said(streets, bela, ada, await post(ada, "You are a fool"), category=Category.SPAM)
    streets.rostra.clock.advance(30 * HOUR + LAG_MS)
    async with streets.rostra.db.write() as tx:
        await count(streets.rostra.services, tx, Count())
    text = (await browser.open("/console/pace")).text
    for words in (
        "Spam: 1 case is not decided in time",
        'href="/console?view=due&amp;category=spam"',
        "never done",
        "late by 6 hours",
        'aria-label="Cases that wait"',
    ):
        assert words in text, words
    assert "<style" not in text
    assert (await browser.open("/console/pace?window=ever")).status_code == 404
    _, reviewer = await staff(streets, Role.MEMBER, Duty.REVIEWER, (Category.SPAM,))
    assert (await reviewer.open("/console/pace")).status_code == 403


@pytest.mark.postgresql
async def test_measures_are_agreed_to_and_everybody_sees_them(streets: Streets) -> None:
    _, boss = await staff(streets, Role.ADMIN)
    visitor = streets.visitor()
    await boss.open("/console/pace")
    form = {"measure": "hold_first_posts", "hours": "9", "most": "0", "when_hours": "x"}
    await boss.send("/console/pace/agree", **form)
    assert "most: " in boss.text
    assert "when hours: " in boss.text
    await boss.send("/console/pace/agree", **form | {"most": "9", "when_hours": "48"})
    assert "For 9 hours at most, 9 posts a day at most, by itself where" in boss.text
    assert "under a flood" not in (await visitor.open("/public")).text
    await boss.send("/console/pace/switch", measure="hold_first_posts", to="on")
    assert "in force until" in boss.text
    assert "first posts of new accounts wait for a look" in (await visitor.open("/public")).text
    assert "at the latest" in (await visitor.open("/about")).text
    _, new = await streets.member("newcomer")
    await new.open("/compose")
    await new.send("/compose", text="Hello")
    assert "waits until somebody has looked at it" in new.text
    _, plain = await staff(streets)
    assert "Agree to a measure" not in (await plain.open("/console/pace")).text
