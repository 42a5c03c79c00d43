"""Panels on pages: the console sends and takes back, members answer on a phone without script."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.harness.app import running
from tests.harness.browser import Browser
from tests.harness.crowd import Member
from tests.safety.panels.sitting import OPEN
from tests.web.conftest import Streets
from tests.web.console import HERE, case, post, said, staff, waiting

from rostra.network.credentials.model import Role

OWN = "/settings/panel"
AUTHOR = "zyxauthorix"


@pytest.fixture
async def streets(database_url: str, data_dir: Path) -> AsyncIterator[Streets]:
    """People in browsers at a place with panels of three."""
    few: dict[str, Any] = {"ROSTRA_PANELS__SEATS": "3", "ROSTRA_PANELS__VOTES": "2"}
    async with running(data_dir, database_url, **OPEN, **few) as rostra:
        made = Streets(rostra)
        yield made
        for browser in made.browsers:
            await browser.client.aclose()


async def seat_of(browser: Browser) -> str:
    """Open the first case that waits for somebody."""
    await browser.open(OWN)
    found = browser.text.partition(f'href="{OWN}/')[2].partition('"')[0]
    await browser.open(f"{OWN}/{found}")
    return f"{OWN}/{found}"


async def _invited(streets: Streets, mia: Browser) -> list[tuple[Member, Browser]]:
    """Three members who accept, after some mistakes."""
    people = [await streets.member(name) for name in ("cleo", "dan", "eve")]
    assert "not invited" in (await people[0][1].open(OWN)).text
    for member, browser in people:
        await mia.open(f"{HERE}/panels")
        await mia.send(f"{HERE}/panels/invite", name="@" + member.name)
        assert f"@{member.name} is invited." in mia.text
        await browser.open(OWN)
        wrong = await browser.send(OWN, daily_limit="99")
        assert (wrong.status_code, "must lie between" in browser.text) == (422, True)
        await browser.send(OWN, daily_limit="5", languages="en, de")
        assert "Nothing waits for you" in browser.text
    await mia.send(f"{HERE}/panels/invite", name="nobody")
    assert "nobody here" in mia.text
    return people


async def _told(streets: Streets, author: Member, own: Browser) -> None:
    """Whoever it was about reads that a panel was asked."""
    await streets.rostra.work()
    note = (await author.client.get("/api/v1/notifications")).json()[0]
    page = await own.open(f"/settings/moderation/{note['id']}")
    assert "A panel of members of this place was asked before" in page.text


async def _gone(mia: Browser, first: Browser, third: Browser, member: Member) -> None:
    """One leaves, another is taken off."""
    await third.open(OWN)
    await third.send(f"{OWN}/leave")
    assert "You do not sit on panels." in third.text
    await mia.send(f"{HERE}/panels/{member.id}/take-off")
    assert "not invited" in (await first.open(OWN)).text


@pytest.mark.postgresql
async def test_from_the_console_to_the_members_and_back(streets: Streets) -> None:
    _, mia = await staff(streets, Role.ADMIN)
    people = await _invited(streets, mia)
    author, own = await streets.member(AUTHOR)
    bela, _ = await streets.member("bela")
    await said(streets, bela, author, await post(author, f"I, {AUTHOR}, say: you <b>fool</b>"))
    (found,) = await waiting(streets)
    here = f"{HERE}/cases/{found.id}"
    await mia.open(here)
    await mia.send(f"{here}/panel")
    assert "A panel of members looks at it until" in mia.text
    assert "With a panel" in (await mia.open(HERE)).text
    await mia.open(here)
    await mia.send(f"{here}/take-back")
    assert (await case(streets, found.id)).status.panel_id == 0
    await said(streets, bela, author, await post(author, f"@{AUTHOR}: you <i>liar</i>"))
    (other,) = [each for each in await waiting(streets) if each.id != found.id]
    here = f"{HERE}/cases/{other.id}"
    await mia.open(here)
    await mia.send(f"{here}/panel")
    seats = [(browser, await seat_of(browser)) for _, browser in people]
    for browser, seat in seats:
        assert AUTHOR not in browser.text
        assert "[author]: you &lt;i&gt;liar&lt;/i&gt;" in browser.text
        assert (await own.open(seat)).status_code == 404
    first, second, third = (browser for browser, _ in seats)
    assert (await first.send(f"{seats[0][1]}/vote")).status_code == 422
    assert "Choose one of these." in first.text
    await first.send(f"{seats[0][1]}/vote", choice="remove", reason="It insults.")
    assert "Your vote counts." in first.text
    assert "The panel is not done yet" in first.text
    await second.send(f"{seats[1][1]}/vote", choice="remove")
    assert "The panel: remove it" in second.text
    # It is over: whoever comes late is led back.
    await third.send(f"{seats[2][1]}/pass")
    assert "That case is not there any more" in third.text
    await mia.open(here)
    assert "2 for remove" in mia.text
    assert "It insults." in mia.text
    await mia.send("/console/decide", step="confirm")
    assert "Nothing has happened yet" in mia.text
    await mia.send("/console/decide", step="decide")
    assert "Decided." in mia.text
    await mia.open(f"{HERE}/panels")
    assert "1 of 1 as the team decided later (100%)" in mia.text
    assert "Taken back" in mia.text
    await _gone(mia, first, third, people[0][0])
    await _told(streets, author, own)
