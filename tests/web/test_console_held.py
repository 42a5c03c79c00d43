"""What rules hold and how adapters do, on pages of the console."""

from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import pytest
from tests.harness.app import running
from tests.harness.neighbours import Place
from tests.safety.adapters.elsewhere import Elsewhere, elsewhere, moderation, nothing, settings
from tests.safety.rules.keeping import live
from tests.safety.screening.test_rules import HOLD
from tests.web.conftest import Streets
from tests.web.console import HERE, post, staff, waiting

from rostra.kernel.clock import HOUR, MINUTE
from rostra.network.credentials.model import Role
from rostra.safety.categories.model import Category
from rostra.safety.team.model import Duty

HELD = f"{HERE}/screening/held"
ADAPTERS = f"{HERE}/screening/adapters"


async def test_what_is_held_says_why_and_is_let_go_together(streets: Streets) -> None:
    _, mod = await staff(streets)
    assert "Nothing is held" in (await mod.open(HELD)).text
    rule = await live(Place(streets.rostra), name="pills", source=HOLD)
    ada, browser = await streets.member("ada")
    made = [await post(ada, f"cheap pills {at}") for at in range(3)]
    _, visitor = await streets.member("bela")
    text = unescape((await mod.open(HELD)).text)
    assert [f"cheap pills {at}" in text for at in range(3)] == [True] * 3
    assert f'<a href="/console/screening/rules/{rule.id}">pills</a>, version 1, since' in text
    assert "Beyond its limit" not in text
    chosen = [str(each.id) for each in await waiting(streets)]
    await mod.send(f"{HERE}/together", None, **{"cases[]": chosen[:2]})
    assert "2 cases" in mod.text
    await mod.send(
        f"{HERE}/decide", None, step="confirm",
        **{"cases[]": chosen[:2], "actions[]": "none", "category": "spam", "facts": "Fine."},
    )  # fmt: skip
    await mod.send(f"{HERE}/decide", None, step="decide", **{"cases[]": chosen[:2]})
    left = unescape((await mod.open(HELD)).text)
    assert sum(f"cheap pills {at}" in left for at in range(3)) == 1
    seen = [(await visitor.open(f"/posts/{each}")).status_code for each in made]
    assert sorted(seen) == [200, 200, 404]
    assert browser


async def test_what_nobody_has_looked_at_in_time_is_marked(streets: Streets) -> None:
    await live(Place(streets.rostra), name="pills", source=HOLD)
    ada, _ = await streets.member("ada")
    await post(ada, "cheap pills")
    _, mod = await staff(streets)
    streets.rostra.clock.advance(13 * HOUR)
    assert "Beyond its limit" in (await mod.open(HELD)).text
    assert "is released" in mod.text


async def test_each_sees_what_is_held_of_their_categories(streets: Streets) -> None:
    rule = await live(Place(streets.rostra), name="pills", source=HOLD)
    ada, member = await streets.member("ada")
    await post(ada, "cheap pills")
    _, spam = await staff(streets, Role.MEMBER, Duty.REVIEWER, (Category.SPAM,))
    assert "cheap pills" in (await spam.open(HELD)).text
    assert f"/rules/{rule.id}" not in spam.text, "rules are not theirs to read"
    _, hate = await staff(streets, Role.MEMBER, Duty.REVIEWER, (Category.HATE,))
    assert "cheap pills" not in (await hate.open(HELD)).text
    assert "Nothing is held" in hate.text
    assert (await member.open(HELD)).status_code == 404
    assert (await member.open(ADAPTERS)).status_code == 404


@pytest.fixture
async def service() -> AsyncIterator[Elsewhere]:
    """A program elsewhere that listens."""
    async with elsewhere() as made:
        yield made


async def test_how_an_adapter_does_is_told(
    database_url: str, data_dir: Path, service: Elsewhere
) -> None:
    given = settings(service, "moderation", model="omni")
    async with running(data_dir, database_url, None, **given) as app:
        streets = Streets(app)
        _, mod = await staff(streets)
        assert "Not asked so far" in (await mod.open(ADAPTERS)).text
        ada, _ = await streets.member("ada")
        service.reply = moderation(violence=0.97)
        await post(ada, "Let them burn.")
        await app.work()
        assert ">Answers<" in (await mod.open(ADAPTERS)).text
        assert f"127.0.0.1:{service.port}" in mod.text
        service.reply = nothing
        await post(ada, "Let it rain.")
        app.clock.advance(MINUTE)
        await app.work()
        text = (await mod.open(ADAPTERS)).text
        assert ">Fails<" in text
        assert "Why it failed" in text
        assert "It is asked nothing before" in text
        for browser in streets.browsers:
            await browser.client.aclose()


async def test_without_adapters_it_is_said_that_no_post_leaves(streets: Streets) -> None:
    _, mod = await staff(streets)
    assert "No post leaves" in (await mod.open(ADAPTERS)).text
