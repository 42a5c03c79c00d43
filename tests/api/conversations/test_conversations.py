"""The inbox: what comes in, what is read, and what goes."""

from typing import Any

import pytest
from sqlalchemy import select
from tests.harness.crowd import ids_of
from tests.harness.neighbours import Asker, Place

from rostra.network.accounts.removal import remove_account
from rostra.network.conversations.events import ConversationChanged
from rostra.store.query import query
from rostra.store.tables.conversations import (
    conversation_members,
    conversation_posts,
    conversations,
)

PATH = "/api/v1/conversations"


async def inbox(who: Asker, **given: Any) -> list[tuple[list[str], str, bool]]:
    """Who takes part, the id of the last post, and whether it is new."""
    found = await who.get(PATH, params=given)
    return [
        (
            sorted(each["username"] for each in one["accounts"]),
            one["last_status"]["id"],
            one["unread"],
        )
        for one in found
    ]


async def say(who: Asker, text: str, to: Any = None) -> str:
    """A direct post; its id."""
    more = {"in_reply_to_id": to} if to else {}
    return str((await who.post(text, visibility="direct", **more))["id"])


async def test_a_conversation(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    assert await inbox(ann) == []
    await ann.post("@ben in public")
    await ann.post("@ben for followers", visibility="private")
    first = await say(ann, "@ben hello")
    assert await inbox(ann) == [(["ben"], first, False)]
    assert await inbox(ben) == [(["ann"], first, True)]
    assert await inbox(eve) == []
    second = await say(ben, "@ann hello", first)
    assert await inbox(ann) == [(["ben"], second, True)]
    assert await inbox(ben) == [(["ann"], second, False)]
    third = await say(ann, "@ben @eve come in", second)  # another circle
    assert await inbox(ann) == [(["ben", "eve"], third, False), (["ben"], second, True)]
    assert await inbox(eve) == [(["ann", "ben"], third, True)]
    alone = await say(ann, "a note to myself")
    assert (await inbox(ann))[0] == (["ann"], alone, False)  # as with Mastodon
    assert len(await inbox(ben)) == 2


async def test_read_unread_and_removed(place: Place) -> None:
    ann, ben = await place.members("ann", "ben")
    first = await say(ann, "@ben hello")
    one = (await ben.get(PATH))[0]
    path = f"{PATH}/{one['id']}"
    assert await ben.do(f"{path}/read") == one | {"unread": False}
    assert await inbox(ben) == [(["ann"], first, False)]
    assert await ben.do(f"{path}/unread") == one
    for who in (ann, place.nobody):
        status = 404 if who is ann else 401
        for verb in ("read", "unread"):
            await who.do(f"{path}/{verb}", status)
        await who.ask("DELETE", path, status)
    assert await ben.ask("DELETE", path) == {}
    await ben.ask("DELETE", path, 404)
    assert await inbox(ben) == []
    assert await inbox(ann) == [(["ben"], first, False)]
    await ben.get(f"/api/v1/statuses/{first}")
    second = await say(ann, "@ben again", first)
    assert await inbox(ben) == [(["ann"], second, True)]


async def test_deleted_posts_leave_it(place: Place) -> None:
    ann, ben = await place.members("ann", "ben")
    first = await say(ann, "@ben hello")
    second = await say(ann, "@ben and more", first)
    await ann.delete(second)
    assert await inbox(ben) == [(["ann"], first, True)]
    await ann.delete(first)
    assert await inbox(ben) == []
    assert await inbox(ann) == []
    async with place.db.read() as reader:
        for table in (conversations, conversation_members, conversation_posts):
            assert await reader.all(query(select(table))) == []


async def test_an_edit_changes_who_has_it(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    first = await say(ann, "@ben hello")
    await ann.edit(first, "@eve hello")
    assert await inbox(ben) == []
    assert await inbox(eve) == [(["ann"], first, True)]
    await ben.get(f"/api/v1/statuses/{first}", 404)
    await ann.edit(first, "@eve hello, once more")
    assert await inbox(eve) == [(["ann"], first, True)]


async def test_blocks_and_mutes(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    first = await say(ann, "@ben hello")
    among = await say(ben, "@ann @eve all of us")
    theirs = await say(ann, "@ben @eve yes", among)
    await ben.relate("mute", ann)
    assert await inbox(ben) == []
    await ben.relate("unmute", ann)
    assert len(await inbox(ben)) == 2
    await ann.relate("block", ben)
    assert await inbox(ann) == []
    assert await inbox(ben) == [(["eve"], among, False)]
    assert await inbox(eve) == [(["ann", "ben"], theirs, True)]
    for post_id in (first, theirs):
        await ben.get(f"/api/v1/statuses/{post_id}", 404)
    await ann.relate("unblock", ben)
    await ben.relate("block", eve)
    named = await say(ben, "@ann @eve who is blocked")
    assert (await inbox(ann))[0][1] == named
    assert named not in [post_id for _, post_id, _ in await inbox(eve)]


@pytest.mark.postgresql
async def test_pages_and_old_clients(place: Place) -> None:
    ann, ben = await place.members("ann", "ben")
    posts = [await say(ann, f"@ben hello {at}") for at in range(5)]
    seen: list[str] = []
    path: str | None = f"{PATH}?limit=2"
    while path:
        answer = await ben.client.get(path)
        seen += [one["last_status"]["id"] for one in answer.json()]
        path = answer.links.get("next", {}).get("url")
    assert seen == posts[::-1]
    later = await inbox(ben, min_id=posts[1], limit=2)
    assert [post_id for _, post_id, _ in later] == [posts[3], posts[2]]
    answer = await ben.client.get("/api/v1/timelines/direct", params={"limit": 3})
    assert ids_of(answer.json()) == posts[:1:-1]
    assert "deprecation" in answer.headers
    found = await ben.get("/api/v1/timelines/direct", params={"min_id": posts[2]})
    assert ids_of(found) == [posts[4], posts[3]]


@pytest.mark.parametrize("size", [1, 9])
async def test_the_cost_does_not_grow(place: Place, size: int) -> None:
    ann, *others = await place.members("ann", *(f"friend{at}" for at in range(size)))
    for other in others:
        await say(other, "@ann hello")
    await inbox(ann)
    await place.settle()
    with place.app.counted() as reading:
        assert len(await inbox(ann)) == size
    assert reading.statements == 5  # token, page, members, heads, rows


async def test_streams_are_told(place: Place) -> None:
    ann, ben = await place.members("ann", "ben")
    told = place.told(ConversationChanged)
    post_id = await say(ann, "@ben hello")
    one = (await ben.get(PATH))[0]["id"]
    assert {(each.account_id, each.post_id) for each in told} == {
        (ann.account_id, int(post_id)),
        (ben.account_id, int(post_id)),
    }
    assert int(one) in {each.conversation_id for each in told}
    await ann.post("@ben in public")
    assert len(told) == 2


async def test_they_go_with_the_account(place: Place) -> None:
    ann, ben = await place.members("ann", "ben")
    first = await say(ann, "@ben hello")
    await say(ben, "@ann hello", first)
    async with place.db.write() as tx:
        await remove_account(place.services, tx, ben.account_id)
    await place.app.work()
    assert await inbox(ann) == [(["ann"], first, False)]
    async with place.db.write() as tx:
        await remove_account(place.services, tx, ann.account_id)
    await place.app.work()
    async with place.db.read() as reader:
        for table in (conversations, conversation_members, conversation_posts):
            assert await reader.all(query(select(table))) == []


@pytest.mark.postgresql
async def test_an_older_post_that_comes_in_by_an_edit_is_not_the_last_one(place: Place) -> None:
    ann, _, eve = await place.members("ann", "ben", "eve")
    first = await say(ann, "@ben hello")
    second = await say(ann, "@ben @eve hello", first)
    [one] = await eve.get(PATH)
    await eve.ask("POST", f"{PATH}/{one['id']}/read")
    await ann.ask("PUT", f"/api/v1/statuses/{first}", json={"status": "@ben @eve hello"})
    assert await inbox(eve) == [(["ann", "ben"], second, True)]
    await ann.ask("DELETE", f"/api/v1/statuses/{second}")
    assert await inbox(eve) == [(["ann", "ben"], first, True)]
