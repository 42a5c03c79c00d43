"""Who is told of what, and who is not."""

from typing import Any

import pytest
from tests.harness.neighbours import Asker, Place

PATH = "/api/v1/notifications"


async def told(asker: Asker, **params: Any) -> list[tuple[str, str]]:
    found = await asker.get(PATH, params=params)
    return [(each["type"], each["account"]["username"]) for each in found]


async def test_every_kind_is_told(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    await ann.relate("follow", eve, notify=True)
    post = await ann.post("hello")
    await ben.relate("follow", ann)
    await ben.react("favourite", post["id"])
    await ben.react("reblog", post["id"])
    await ben.post("@ann look", visibility="direct")
    await eve.post("news")
    await ann.change(locked=True)
    await eve.relate("follow", ann)
    assert await told(ann) == [
        ("follow_request", "eve"),
        ("status", "eve"),
        ("mention", "ben"),
        ("reblog", "ben"),
        ("favourite", "ben"),
        ("follow", "ben"),
    ]
    newest = (await ann.get(PATH, params={"types[]": ["favourite"]}))[0]
    assert newest["status"]["id"] == post["id"]
    assert newest["created_at"].endswith("Z")
    assert newest["group_key"]
    assert await ann.get(f"{PATH}/{newest['id']}") == newest
    assert await told(ben) == []
    await ann.edit(post["id"], "hello again")
    assert await told(ben) == [("update", "ann")]
    await ann.edit(post["id"], "hello @eve")
    assert await told(ben) == [("update", "ann")]
    assert await told(eve) == [("mention", "ann"), ("follow", "ann")]


async def test_nobody_is_told_twice_or_of_themselves(place: Place) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    await ann.relate("follow", ben, notify=True)
    await ben.post("@ann @ann and @ben")
    assert await told(ann) == [("mention", "ben")]
    assert await told(ben) == [("follow", "ann")]
    own = await ann.post("mine")
    await ann.react("favourite", own["id"])
    await ann.react("reblog", own["id"])
    assert await told(ann) == [("mention", "ben")]


async def test_what_is_taken_back_is_not_told(place: Place) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    post = await ann.post("hello")
    await ben.relate("follow", ann)
    await ben.react("favourite", post["id"])
    await ben.react("reblog", post["id"])
    reply = await ben.post("@ann hi")
    assert len(await told(ann)) == 4
    await ben.delete(reply["id"])
    await ben.react("unfavourite", post["id"])
    await ben.react("unreblog", post["id"])
    await ben.relate("unfollow", ann)
    assert await told(ann) == []
    await ben.react("favourite", post["id"])
    await ann.delete(post["id"])
    assert await told(ann) == []
    await ann.change(locked=True)
    await ben.relate("follow", ann)
    await ann.do(f"/api/v1/follow_requests/{ben.account_id}/authorize")
    assert await told(ann) == [("follow", "ben")]


async def test_blocks_and_mutes_silence(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    post = await ann.post("hello")
    await ben.react("favourite", post["id"])
    await ann.relate("mute", ben)
    assert await told(ann) == []
    await ben.post("@ann muted")
    await ann.relate("unmute", ben)
    assert await told(ann) == [("favourite", "ben")]  # hidden, not lost; what came after, never
    await ann.relate("mute", ben, notifications=False)
    await ben.post("@ann not muted")
    assert await told(ann) == [("mention", "ben"), ("favourite", "ben")]
    await ann.relate("block", ben)
    await ann.relate("unblock", ben)
    assert await told(ann) == []
    await eve.relate("block", ann)
    await ann.post("@eve are you there")
    assert await told(eve) == []


async def test_a_mute_that_ends_lets_them_through(place: Place) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    await ann.relate("mute", ben, duration=60)
    place.clock.advance(61_000)
    await ben.post("@ann back")
    assert await told(ann) == [("mention", "ben")]


async def test_a_muted_conversation_is_quiet(place: Place) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    post = await ann.post("hello")
    await ann.react("mute", post["id"])
    await ben.post("@ann reply", in_reply_to_id=post["id"])
    await ben.react("favourite", post["id"])
    await ben.react("reblog", post["id"])
    assert await told(ann) == []


async def test_followers_are_told_of_posts_but_not_of_replies(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    await ann.relate("follow", ben, notify=True)
    post = await eve.post("hello")
    await ben.post("@eve hi", in_reply_to_id=post["id"])
    await ben.post("secret", visibility="direct")
    await ben.react("reblog", post["id"])
    assert await told(ann) == []
    mine = await ben.post("mine", visibility="private")
    await ben.post("more", in_reply_to_id=mine["id"])
    assert await told(ann) == [("status", "ben"), ("status", "ben")]
    # Who no longer follows no longer sees what was for followers.
    hidden = (await ann.get(PATH))[-1]
    assert hidden["status"]["id"] == mine["id"]
    await ben.relate("remove_from_followers", ann)
    await ann.get(f"{PATH}/{hidden['id']}", 404)
    assert await told(ann) == [("status", "ben")]
    assert (await ann.get(f"{PATH}/unread_count"))["count"] == 1


@pytest.mark.postgresql
async def test_pages_and_filters(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    for number in range(4):
        await ben.post(f"@ann {number}")
    await eve.relate("follow", ann)
    assert await told(ann, **{"types[]": ["follow"]}) == [("follow", "eve")]
    assert await told(ann, **{"types[]": ["nonsense"]}) == []
    assert await told(ann, **{"exclude_types[]": ["follow"]}) == [("mention", "ben")] * 4
    assert await told(ann, account_id=eve.account_id) == [("follow", "eve")]
    first = await ann.client.get(PATH, params={"limit": 2})
    ids = [each["id"] for each in first.json()]
    second = await ann.client.get(first.links["next"]["url"])
    assert [each["type"] for each in second.json()] == ["mention", "mention"]
    back = await ann.get(PATH, params={"min_id": second.json()[0]["id"], "limit": 2})
    assert [each["id"] for each in back] == ids
    since = await ann.get(PATH, params={"since_id": ids[1]})
    assert [each["id"] for each in since] == ids[:1]
    mentions = {"types[]": ["mention"]}
    forward = await ann.get(PATH, params={"min_id": ids[1], "limit": 2, **mentions})
    assert [each["status"]["content"] for each in forward] == []
    oldest = second.json()[-1]["id"]
    forward = await ann.get(PATH, params={"min_id": oldest, "limit": 1, **mentions})
    assert [each["id"] for each in forward] == [second.json()[0]["id"]]


async def test_unread_follows_the_marker(place: Place) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    for number in range(3):
        await ben.post(f"@ann {number}")
        count = f"{PATH}/unread_count"
    assert await ann.get(count) == {"count": 3}
    assert await ann.get(count, params={"limit": 2}) == {"count": 2}
    ids = [each["id"] for each in await ann.get(PATH)]
    await ann.do("/api/v1/markers", notifications={"last_read_id": ids[1]})
    assert await ann.get(count) == {"count": 1}
    assert await ann.get(count, params={"types[]": ["follow"]}) == {"count": 0}


@pytest.mark.parametrize(("method", "end"), [("POST", "/dismiss"), ("DELETE", "")])
async def test_dismissing_is_for_ones_own(place: Place, method: str, end: str) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    await ben.post("@ann one")
    await ben.post("@ann two")
    ids = [each["id"] for each in await ann.get(PATH)]
    await eve.get(f"{PATH}/{ids[0]}", 404)
    await eve.ask(method, f"{PATH}/{ids[0]}{end}", 404)
    assert await ann.ask(method, f"{PATH}/{ids[0]}{end}") == {}
    await ann.ask(method, f"{PATH}/{ids[0]}{end}", 404)
    assert [each["id"] for each in await ann.get(PATH)] == ids[1:]
    assert await ann.do(f"{PATH}/clear") == {}
    assert await told(ann) == []
    await place.nobody.get(PATH, 401)


@pytest.mark.parametrize("size", [1, 30])
async def test_the_cost_does_not_grow(place: Place, size: int) -> None:
    ann = await place.member("ann")
    fans = [await place.member(f"fan{number}") for number in range(size)]
    post = await ann.post("hello")
    for fan in fans:
        await fan.react("favourite", post["id"])
        await fan.relate("follow", ann, notify=True)
    await ann.get(PATH)  # fills the fragments
    with place.app.counted() as reading:
        assert len(await ann.get(PATH)) == min(2 * size, 40)
    assert reading.statements == 4  # token, page, posts, accounts
    await ann.post("to all")
    assert await told(fans[0]) == [("status", "ann")]
