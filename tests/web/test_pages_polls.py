"""Polls by plain forms: asked, voted in, looked at, changed."""

import re

from tests.harness.browser import Browser
from tests.web.conftest import Streets

from rostra.kernel.clock import DAY

OPTIONS = {"option_1": "Tea", "option_2": "Coffee <b>", "option_4": "Neither"}


async def ask(browser: Browser, **fields: str) -> str:
    """Write a post with a poll; its id."""
    await browser.open("/compose")
    answer = await browser.send("/compose", None, text="Which?", **(OPTIONS | fields))
    assert answer.status_code == 200, answer.text
    return browser.path.rpartition("/")[2]


async def test_ask_vote_and_look(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    _, voter = await streets.member("bob")
    post = await ask(browser, poll_lasts="86400")
    known = (await ada.client.get(f"/api/v1/polls/{post}")).json()
    assert [option["title"] for option in known["options"]] == ["Tea", "Coffee <b>", "Neither"]
    # The author and visitors see bars, and no form.
    for other in (browser, streets.visitor()):
        page = (await other.open(f"/@ada/{post}")).text
        assert page.count("<progress") == 3
        assert f'action="/posts/{post}/vote"' not in page
        assert "Coffee &lt;b&gt;" in page
    await voter.open(f"/@ada/{post}")
    assert "<progress" not in voter.text
    await voter.send(f"/posts/{post}/vote")
    assert "Choose something first." in voter.text
    await voter.send(f"/posts/{post}/vote", None, **{"choices[]": "1"})
    assert "Your vote is counted." in voter.text
    assert voter.path.startswith(f"/@ada/{post}")
    assert "100%" in voter.text
    assert "Your vote" in voter.text
    assert f'action="/posts/{post}/vote"' not in voter.text
    again = await voter.client.get(f"/@ada/{post}")
    assert "1 person has voted" in again.text


async def test_a_second_vote_is_refused(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    _, voter = await streets.member("bob")
    post = await ask(browser)
    await voter.open(f"/@ada/{post}")
    form = voter.form(f"/posts/{post}/vote").fields
    for words in ("Your vote is counted.", "already voted"):
        data = {**form, "choices[]": "0"}
        answer = await voter.client.post(f"/posts/{post}/vote", data=data, follow_redirects=True)
        assert words in answer.text


async def test_hidden_results_come_at_the_end(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    _, voter = await streets.member("bob")
    post = await ask(browser, poll_lasts="86400", poll_hidden="1", poll_multiple="1")
    await voter.open(f"/@ada/{post}")
    data = {**voter.form(f"/posts/{post}/vote").fields, "choices[]": ["0", "2"]}
    await voter.client.post(f"/posts/{post}/vote", data=data)
    await voter.open(f"/@ada/{post}")
    assert "<progress" not in voter.text
    assert "Results are shown at the end" in voter.text
    streets.rostra.clock.advance(DAY)
    await streets.rostra.work()
    await voter.open(f"/@ada/{post}")
    assert voter.text.count('value="100"') == 2
    assert "ended a poll you took part in" in (await voter.open("/notifications")).text


async def test_a_poll_that_is_wrong_is_shown_again(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    await browser.open("/compose")
    answer = await browser.send("/compose", None, text="Which?", option_1="Tea", option_2=" Tea ")
    assert answer.status_code == 422
    assert "must all be different" in answer.text
    assert re.search(r'name="option_1"[^>]*value="Tea"', answer.text)
    await browser.send("/compose", option_2="Coffee")
    assert "Your post is out." in browser.text


async def test_an_edit_keeps_the_poll_or_takes_it_away(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    bob, _ = await streets.member("bob")
    post = await ask(browser, poll_multiple="1")
    votes = f"/api/v1/polls/{post}/votes"
    before = (await bob.client.post(votes, json={"choices": [0]})).json()
    await browser.open(f"/posts/{post}/edit")
    await browser.send(f"/posts/{post}/edit", None, text="Which, then?")
    after = (await bob.client.get(f"/api/v1/polls/{post}")).json()
    assert after == before
    await browser.open(f"/posts/{post}/edit")
    empty = {f"option_{at}": "" for at in range(1, 5)}
    await browser.send(f"/posts/{post}/edit", None, **empty)
    assert (await ada.client.get(f"/api/v1/statuses/{post}")).json()["poll"] is None


async def test_written_anew_it_asks_the_same(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    post = await ask(browser, poll_multiple="1")
    await browser.open(f"/posts/{post}/delete")
    await browser.send(f"/posts/{post}/delete", None, redraft="1")
    await browser.send("/compose")
    again = browser.path.rpartition("/")[2]
    assert again != post
    poll = (await ada.client.get(f"/api/v1/polls/{again}")).json()
    assert [option["title"] for option in poll["options"]] == ["Tea", "Coffee <b>", "Neither"]
    assert poll["multiple"] is True
