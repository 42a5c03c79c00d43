"""Approvals by plain forms: chosen with the post, waited for, decided, and usual for new posts."""

from typing import Any

import pytest
from tests.harness.asking import asking
from tests.web.conftest import Streets


async def policy_of(who: Any, post: str) -> Any:
    """The interaction policy of a post, if it has one."""
    return (await who.client.get(f"/api/v1/statuses/{post}")).json().get("interaction_policy")


def decided_on(page: str) -> str:
    """The id of the latest request on the page of approvals."""
    return page.split('formaction="/approvals/')[1].partition("/")[0]


async def test_a_reply_waits_is_looked_at_and_approved(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    _, other = await streets.member("bob")
    _, third = await streets.member("cat")
    await browser.open("/compose")
    await browser.send("/compose", None, text="Ask me", answerers="ask")
    post = browser.path.rpartition("/")[2]
    for words, verb in (("Not this", "reject"), ("May I", "approve")):
        await other.open(f"/compose?reply_to={post}")
        await other.send("/compose", None, text=words)
        reply = other.path.rpartition("/")[2]
        assert "Your reply waits for an approval." in other.text
        assert "Waits for the approval of" in other.text
        assert f"/compose?reply_to={reply}" not in other.text
        assert words not in (await third.open(f"/@ada/{post}")).text
        page = (await browser.open(f"/@ada/{post}")).text
        assert words in page
        assert "Waits for your approval" in page
        notes = (await browser.open("/notifications")).text
        assert "1 request waits for your approval" in notes
        assert "asks to answer your post" in notes
        page = (await browser.open("/approvals")).text
        assert words in page
        assert "answers your post" in page
        await browser.send(f"/approvals/{decided_on(page)}/{verb}")
        assert "Nothing waits" in browser.text
        own = (await other.open(f"/@bob/{reply}")).text
        assert ("Was not approved" in own) == (verb == "reject")
        assert "Waits for the approval" not in own
        shown = (await third.open(f"/@ada/{post}")).text
        assert (words in shown) == (verb == "approve")


@pytest.mark.parametrize("verb", ["approve", "reject"])
async def test_a_reply_that_was_changed_is_shown_again(streets: Streets, verb: str) -> None:
    """What is decided is what stood on the page."""
    ada, browser = await streets.member("ada")
    bob, other = await streets.member("bob")
    _, third = await streets.member("cat")
    post = await asking(streets.town, ada)
    reply = await streets.town.post(bob, "kind words", in_reply_to_id=post)
    page = (await browser.open("/approvals")).text
    assert "kind words" in page
    action = f"/approvals/{decided_on(page)}/{verb}"
    await other.open(f"/posts/{reply}/edit")
    await other.send(f"/posts/{reply}/edit", None, text="other words")
    await browser.send(action)
    assert browser.path == "/approvals"
    assert "It was changed or taken back since you looked" in browser.text
    assert "other words" in browser.text
    assert "other words" not in (await third.open(f"/@ada/{post}")).text
    again = f"/approvals/{decided_on(browser.text)}/{verb}"
    assert again != action
    await browser.send(again)
    assert "It was changed" not in browser.text
    assert "Nothing waits" in browser.text
    shown = (await third.open(f"/@ada/{post}")).text
    assert ("other words" in shown) == (verb == "approve")


async def test_favourites_and_reblogs_wait_too(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    _, other = await streets.member("bob")
    post = await asking(streets.town, ada)
    await other.open(f"/@ada/{post}")
    for verb in ("favourite", "reblog"):
        await other.open(f"/@ada/{post}")
        await other.send(f"/posts/{post}/{verb}")
    page = (await browser.open("/approvals")).text
    assert "likes your post" in page
    assert "wants to reblog your post" in page
    ids = [part.partition("/")[0] for part in page.split('formaction="/approvals/')[1::2]]
    assert len(ids) == 2
    for each in ids:
        await browser.send(f"/approvals/{each}/approve")
    shown = (await ada.client.get(f"/api/v1/statuses/{post}")).json()
    assert (shown["favourites_count"], shown["reblogs_count"]) == (1, 1)


async def test_who_may_answer_is_chosen_and_has_a_default(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    _, other = await streets.member("bob")
    await browser.open("/settings/preferences")
    await browser.send("/settings/preferences", default_answerers="followers")
    assert (
        '<option value="followers" selected>' in (await browser.open("/settings/preferences")).text
    )
    await browser.open("/compose")
    assert '<option value="followers" selected>' in browser.text
    await browser.send("/compose", None, text="Few")
    post = browser.path.rpartition("/")[2]
    always = (await policy_of(ada, post))["can_reply"]["always"]
    assert always == ["author", "followers", "mentioned"]
    await other.open(f"/compose?reply_to={post}")
    await other.send("/compose", None, text="Hello")
    assert other.page.status_code == 422
    assert "does not let you answer it" in other.text
    await browser.open(f"/posts/{post}/edit")
    await browser.send(f"/posts/{post}/edit", None, answerers="public")
    assert await policy_of(ada, post) is None
    await browser.open("/compose")
    await browser.send("/compose", None, text="x", answerers="somebody")
    assert browser.page.status_code == 422
    await browser.open("/settings/preferences")
    await browser.send("/settings/preferences", default_answerers="somebody")
    assert browser.page.status_code == 422


async def test_what_only_apps_can_say_stays_as_it_is(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    policy = {"can_reply": {"always": ["mutuals"]}, "can_favourite": {"always": ["followers"]}}
    post = await streets.town.post(ada, "Few", interaction_policy=policy)
    before = await policy_of(ada, post)
    await browser.open(f"/posts/{post}/edit")
    assert "As it is now" in browser.text
    await browser.send(f"/posts/{post}/edit", None, text="Fewer")
    assert await policy_of(ada, post) == before
    await browser.open(f"/posts/{post}/edit")
    await browser.send(f"/posts/{post}/edit", None, answerers="public")
    after = await policy_of(ada, post)
    assert after["can_reply"]["always"] == ["public"]
    assert after["can_favourite"] == before["can_favourite"]
