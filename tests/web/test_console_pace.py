"""The page of the pace of moderation."""

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
