"""Posts for later by plain forms: written, looked at, moved, cancelled."""

from tests.harness.browser import Browser
from tests.web.conftest import Streets
from tests.web.test_pages_writing import picture

from rostra.kernel.clock import HOUR

# The clock of tests stands at 08:00 of this day, UTC.
AT, LATER, PAST = "2027-01-15T09:00", "2027-01-15T10:00", "2027-01-15T07:00"


async def plan(browser: Browser, text: str, **fields: str) -> None:
    """Write a post for later."""
    await browser.open("/compose")
    files = {"picture_1": ("1.png", picture(), "image/png")}
    await browser.send("/compose", files, text=text, **({"scheduled_at": AT} | fields))


async def test_write_move_and_publish(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    await plan(browser, "Good <b>evening</b>", alt_1="The sea", visibility="unlisted")
    assert browser.path == "/scheduled"
    for words in ("Your post is scheduled.", "&lt;b&gt;evening", 'alt="The sea"', "Quiet", AT):
        assert words in browser.text
    [kept] = (await ada.client.get("/api/v1/scheduled_statuses")).json()
    await browser.send(f"/scheduled/{kept['id']}/move", None, scheduled_at=PAST)
    assert browser.page.status_code == 422
    assert "at least 5 minutes" in browser.text
    await browser.send(f"/scheduled/{kept['id']}/move", None, scheduled_at=LATER)
    assert "The time is changed." in browser.text
    streets.rostra.clock.advance(HOUR)
    await streets.rostra.work()
    assert "evening" not in (await browser.open("/@ada")).text
    streets.rostra.clock.advance(HOUR)
    await streets.rostra.work()
    assert "evening" in (await browser.open("/@ada")).text
    assert "Nothing is scheduled" in (await browser.open("/scheduled")).text


async def test_cancel(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    _, other = await streets.member("bob")
    await plan(browser, "Never mind")
    [kept] = (await ada.client.get("/api/v1/scheduled_statuses")).json()
    assert "Never mind" not in (await other.open("/scheduled")).text
    await browser.open("/scheduled")
    await browser.send(f"/scheduled/{kept['id']}/cancel")
    assert "The post is cancelled." in browser.text
    assert "Never mind" not in browser.text


async def test_a_time_that_is_wrong_is_shown_again(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    await plan(browser, "Too late", scheduled_at=PAST)
    assert browser.page.status_code == 422
    assert "at least 5 minutes" in browser.text
    assert f'value="{PAST}"' in browser.text


async def test_why_it_failed_is_said(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    bob, _ = await streets.member("bob")
    post = await streets.town.post(bob, "A question")
    await browser.open(f"/compose?reply_to={post}")
    await browser.send("/compose", None, text="An answer", scheduled_at=AT)
    await bob.client.delete(f"/api/v1/statuses/{post}")
    streets.rostra.clock.advance(HOUR)
    await streets.rostra.work()
    await browser.open("/scheduled")
    assert "It could not be published: What it refers to is no longer there." in browser.text
    assert (await ada.client.get(f"/api/v1/accounts/{ada.id}/statuses")).json() == []
