"""Law 3 for conversations: only those named are in one, and each sees only what is for them."""

from typing import Any

import pytest
from tests.harness.crowd import Member, Town, good, ids_of
from tests.law.changes import SHARED, Change
from tests.law.surfaces import MADE_UP, where

NEEDLE = "Quarzgeheimnis"
LISTS = ("/api/v1/conversations", "/api/v1/timelines/direct")


async def inbox(who: Member) -> list[Any]:
    found: list[Any] = good(await who.client.get("/api/v1/conversations"))
    return found


async def everywhere(town: Town, who: Member) -> dict[str, str]:
    """The lists and the page in which conversations stand."""
    found = {path: (await who.client.get(path)).text for path in LISTS}
    page = await (await town.browser(who)).get("/messages")
    assert page.status_code == 200
    return {**found, "/messages": page.text}


async def shown(town: Town, who: Member, needle: str = NEEDLE) -> list[str]:
    return where(await everywhere(town, who), needle)


async def test_only_those_named_have_it(town: Town) -> None:
    ann, bob, cat, dan = await town.members("ann", "bob", "cat", "dan")
    mod = await town.member("mod", role=1)
    await town.follow(cat, ann)
    await town.block(ann, dan)
    post = await town.post(ann, f"{NEEDLE} for @bob and @dan", visibility="direct")
    for other in ("public", "unlisted", "private"):
        await town.post(ann, f"Open {NEEDLE}2 for @bob", visibility=other)
    for who in (ann, bob):
        assert await shown(town, who) == [*LISTS, "/messages"], who.name
        assert [each["last_status"]["id"] for each in await inbox(who)] == [post]
    for who in (cat, dan, mod):
        assert await shown(town, who) == [], who.name
        assert await inbox(who) == []
    for path in LISTS:
        assert (await town.anybody.get(path)).status_code == 401


async def test_a_conversation_of_others_does_not_exist(town: Town) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    await town.post(ann, f"{NEEDLE} for @bob", visibility="direct")
    (his,) = ids_of(await inbox(bob))
    (hers,) = ids_of(await inbox(ann))
    assert his != hers  # not even those who take part share one
    for who in (ann, cat):
        for method, end in (("POST", "/read"), ("POST", "/unread"), ("DELETE", "")):
            other, never = [
                await who.client.request(method, f"/api/v1/conversations/{each}{end}")
                for each in (his, MADE_UP)
            ]
            assert (other.status_code, other.text) == (never.status_code, never.text)
            assert other.status_code == 404
    (kept,) = await inbox(bob)
    assert (kept["id"], kept["unread"]) == (his, True)


async def test_who_is_left_out_of_an_answer_does_not_hear_it(town: Town) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    first = await town.post(ann, "all of us: @bob @cat", visibility="direct")
    answer = {"in_reply_to_id": first, "visibility": "direct"}
    await town.post(bob, f"{NEEDLE} @ann alone", **answer)
    assert await shown(town, ann) != []
    assert await shown(town, cat) == []
    assert [each["last_status"]["id"] for each in await inbox(cat)] == [first]


async def _named_no_more(_town: Town, _ann: Member, bob: Member, post: str) -> None:
    body = {"status": f"{NEEDLE} for myself", "visibility": "direct"}
    good(await bob.client.put(f"/api/v1/statuses/{post}", json=body))


async def _taken_back(_town: Town, _ann: Member, bob: Member, post: str) -> None:
    body = {"status": "@ann other words", "visibility": "direct"}
    good(await bob.client.put(f"/api/v1/statuses/{post}", json=body))


CHANGES: dict[str, Change] = {
    **SHARED,
    "he names her no more": _named_no_more,
    "he takes the words back": _taken_back,
}


@pytest.mark.parametrize("what", CHANGES)
async def test_what_was_for_her_is_gone_at_once(town: Town, what: str) -> None:
    """Before any job has run, and after all have."""
    ann, bob, cat = await town.members("ann", "bob", "cat")
    post = await town.post(bob, f"{NEEDLE} for @ann and @cat", visibility="direct")
    assert await shown(town, ann) == [*LISTS, "/messages"]
    await CHANGES[what](town, ann, bob, post)
    expected = [*LISTS, "/messages"] if what == "nothing" else []
    assert await shown(town, ann) == expected
    await town.rostra.work()
    assert await shown(town, ann) == expected
    if what.startswith("she"):  # which is no business of the other one's
        assert await shown(town, cat) == [*LISTS, "/messages"]


async def test_who_blocks_a_member_is_not_among_those_who_take_part(town: Town) -> None:
    """Neither their name nor their picture: they do not exist for whom they block."""
    ann, bob = await town.members("ann", "bob")
    cat = await town.member("catharina")
    first = await town.post(ann, "@bob @catharina hello", visibility="direct")
    answer = {"in_reply_to_id": first, "visibility": "direct"}
    await town.post(bob, "@ann @catharina hello", **answer)
    (before,) = await inbox(ann)
    assert {each["username"] for each in before["accounts"]} == {"bob", "catharina"}
    await town.block(cat, ann)
    await town.rostra.work()
    (after,) = await inbox(ann)
    assert {each["username"] for each in after["accounts"]} == {"bob"}
    assert str(cat.id) not in ids_of(after["accounts"])


async def test_the_last_post_that_is_left_is_shown(town: Town) -> None:
    """A hidden newer one neither shows nor hides the conversation, and bounds no page."""
    ann, bob, cat = await town.members("ann", "bob", "cat")
    first = await town.post(bob, "@ann @cat one", visibility="direct")
    answer = {"in_reply_to_id": first, "visibility": "direct"}
    second = await town.post(cat, f"@ann @bob {NEEDLE}", **answer)
    (told,) = await inbox(ann)
    assert told["last_status"]["id"] == second
    await town.block(cat, ann)
    await town.rostra.work()
    assert await shown(town, ann) == []
    answer_now = await ann.client.get("/api/v1/conversations")
    assert second not in answer_now.text + answer_now.headers.get("link", "")
