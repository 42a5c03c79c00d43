"""The page of signals in the console."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.harness.app import running
from tests.safety.screening.listener import Broken, Listener
from tests.web.conftest import Streets
from tests.web.console import post, staff, waiting

from rostra.kernel.clock import DAY
from rostra.network.credentials.model import Role
from rostra.safety.categories.model import Category
from rostra.safety.decisions import decide as deciding
from rostra.safety.decisions.model import Action, ActionKind, Ground, Ruling
from rostra.safety.tallies.count import LAG_MS, Count, count
from rostra.safety.team.model import Actor, Duty
from rostra.web.console.signals_page import took

SIGNALS = "/console/screening/signals"
HARM = {"kill": {"violence": 0.97, "hate": 0.2}}


@pytest.fixture
async def judged(database_url: str, data_dir: Path) -> AsyncIterator[Streets]:
    """People in browsers, where a signal judges and another one breaks."""
    signals = (Listener(HARM, name="near_copies"), Broken(name="broken"))
    async with running(data_dir, database_url, signals=signals) as app:
        made = Streets(app)
        yield made
        for browser in made.browsers:
            await browser.client.aclose()


async def counted(streets: Streets) -> None:
    streets.rostra.clock.advance(LAG_MS + 1)
    async with streets.rostra.db.write() as tx:
        await count(streets.rostra.services, tx, Count())


async def dismissed(streets: Streets) -> None:
    """Somebody sees nothing wrong in what waits first."""
    streets.rostra.clock.advance(1)
    case = (await waiting(streets))[0]
    ruling = Ruling(
        actions=(Action(kind=ActionKind.NONE),),
        category=Category.HARASSMENT,
        ground=Ground.RULE,
        facts="It is a figure of speech.",
    )
    async with streets.rostra.db.write() as tx:
        await deciding.decide(
            streets.rostra.services, tx, Actor(1, Role.MODERATOR), ruling, [case.id]
        )


async def test_what_signals_find_is_told_and_drawn(judged: Streets) -> None:
    ada, _ = await judged.member("ada")
    _, browser = await staff(judged)
    new = (await browser.open(SIGNALS)).text
    assert "words; always asked" in new, "who judges is told before anything is judged"
    assert "All together" not in new
    for _ in range(2):
        await post(ada, "I will kill you")
        await post(ada, "a fine day")
        await dismissed(judged)
        await counted(judged)
        judged.rostra.clock.advance(7 * DAY)
    await post(ada, "a fine day")
    await post(ada, "I could kill him")
    await counted(judged)
    text = (await browser.open(SIGNALS)).text
    for words in (
        "All together",
        "near copies",
        "Week by week, in numbers",
        'aria-label="Decisions that agreed, by week"',
        'aria-label="Decisions, by week"',
        'aria-label="Above the threshold, by day"',
        'aria-label="Scores, by tenths"',
        "50 %",
        'aria-current="page">Screening',
        'aria-current="page">Signals',
    ):
        assert words in text, words
    assert "<style" not in text
    month = (await browser.open(f"{SIGNALS}?window=month")).text
    assert "<td>6</td>" in month
    assert "<td>6</td>" not in text
    assert (await browser.open(f"{SIGNALS}?window=ever")).status_code == 404


async def test_it_is_for_those_who_keep_the_record(judged: Streets) -> None:
    assert "Week by week" not in (await judged.visitor().open(SIGNALS)).text
    _, member = await judged.member("bela")
    assert (await member.open(SIGNALS)).status_code == 404
    _, reviewer = await staff(judged, Role.MEMBER, Duty.REVIEWER, (Category.SPAM,))
    assert (await reviewer.open(SIGNALS)).status_code == 403
    assert SIGNALS not in (await reviewer.open("/console")).text


@pytest.mark.parametrize(
    ("us", "words"), [(None, "-"), (85, "85 µs"), (1_240, "1.2 ms"), (2_500_000, "2.5 s")]
)
def test_times_are_told_in_their_unit(us: int | None, words: str) -> None:
    assert took(us) == words
