"""Following, asking to follow, and the lists of both."""

import asyncio
from typing import Any

import pytest
from tests.harness.neighbours import Asker, Place

from rostra.network.relations.jobs import DropEndedMutes, drop_ended_mutes
from rostra.store.query import query_text

_COUNTS = """SELECT a.id FROM accounts a WHERE
    a.followers_count <> (SELECT COUNT(*) FROM follows f WHERE f.target_id = a.id)
    OR a.following_count <> (SELECT COUNT(*) FROM follows f WHERE f.account_id = a.id)"""
MISCOUNTED = query_text(sqlite=_COUNTS, postgresql=_COUNTS)


_MANY = "UPDATE accounts SET following_count = 7500 WHERE id = {}"
FOLLOWS_MANY = query_text(
    sqlite=_MANY.format(":id"), postgresql=_MANY.format("CAST(:id AS bigint)")
)


_LEFT = "SELECT id FROM mutes"
MUTES_LEFT = query_text(sqlite=_LEFT, postgresql=_LEFT)
_PENDING = "UPDATE accounts SET state = 1 WHERE id = {}"
MAKE_PENDING = query_text(
    sqlite=_PENDING.format(":id"), postgresql=_PENDING.format("CAST(:id AS bigint)")
)


async def miscounted(place: Place) -> list[Any]:
    async with place.db.read() as reader:
        return await reader.all(MISCOUNTED)


async def lock(asker: Asker) -> None:
    await asker.change(locked=True)


async def test_following_tells_both_and_counts_once(place: Place) -> None:
    ann, ben = await place.member("ann"), await place.member("ben")
    first = await ann.relate("follow", ben)
    assert first["following"]
    assert first["showing_reblogs"]
    assert not first["notifying"]
    assert first["languages"] is None
    assert await ann.relate("follow", ben) == first
    seen = await ben.get("/api/v1/accounts/relationships", params={"id[]": ann.account_id})
    assert [entry["followed_by"] for entry in seen] == [True]
    account = await ann.get(f"/api/v1/accounts/{ben.account_id}")
    assert account["followers_count"] == 1
    gone = await ann.relate("unfollow", ben)
    assert not gone["following"]
    assert await ann.relate("unfollow", ben) == gone
    account = await ann.get(f"/api/v1/accounts/{ben.account_id}")
    assert account["followers_count"] == 0


async def test_a_follow_keeps_what_is_not_named_again(place: Place) -> None:
    ann, ben = await place.member("ann"), await place.member("ben")
    await ann.relate("follow", ben, reblogs=False, notify=True, languages=["de", "EN"])
    again = await ann.relate("follow", ben, notify=False)
    assert not again["showing_reblogs"]
    assert not again["notifying"]
    assert again["languages"] == ["de", "en"]
    await ann.relate("follow", ben, 422, languages=["not a language"])
    cleared = await ann.relate("follow", ben, languages=[])
    assert cleared["languages"] is None


async def test_nobody_follows_themselves_or_nobody(place: Place) -> None:
    ann = await place.member("ann")
    await ann.relate("follow", ann, 404)
    await ann.do("/api/v1/accounts/1234567890123456789/follow", 404)
    await ann.do("/api/v1/accounts/garbage/follow", 404)


async def test_who_is_not_there_yet_cannot_be_followed(place: Place) -> None:
    ann, ben = await place.members("ann", "ben")
    await ben.relate("follow", ann)
    async with place.db.write() as tx:
        await tx.run(MAKE_PENDING, id=ann.account_id)
    for verb in ("follow", "unfollow", "block", "mute", "note", "remove_from_followers"):
        await ben.relate(verb, ann, 404)
    assert await ben.get("/api/v1/accounts/relationships", params={"id": ann.account_id}) == []
    assert await ben.get(f"/api/v1/accounts/{ben.account_id}/following") == []


async def test_nobody_is_related_to_themselves(place: Place) -> None:
    ann = await place.member("ann")
    for verb in ("follow", "unfollow", "block", "unblock", "mute", "unmute"):
        await ann.relate(verb, ann, 404)
    assert await ann.get("/api/v1/accounts/relationships") == []
    assert await ann.get("/api/v1/accounts/familiar_followers") == []


async def test_a_locked_account_is_asked(place: Place) -> None:
    ann, ben = await place.member("ann"), await place.member("ben")
    await lock(ben)
    asked = await ann.relate("follow", ben, reblogs=False)
    assert asked["requested"]
    assert not asked["following"]
    assert not asked["showing_reblogs"]
    waiting = await ben.get("/api/v1/follow_requests")
    assert [account["username"] for account in waiting] == ["ann"]
    yes = await ben.do(f"/api/v1/follow_requests/{ann.account_id}/authorize")
    assert yes["followed_by"]
    assert not yes["requested_by"]
    assert await ben.get("/api/v1/follow_requests") == []
    relation = (await ann.get("/api/v1/accounts/relationships", params={"id": ben.account_id}))[0]
    assert relation["following"]
    assert not relation["showing_reblogs"]
    await ben.do(f"/api/v1/follow_requests/{ann.account_id}/authorize", 404)
    assert await miscounted(place) == []


async def test_a_request_can_be_refused_and_taken_back(place: Place) -> None:
    ann, ben = await place.member("ann"), await place.member("ben")
    await lock(ben)
    await ann.relate("follow", ben)
    no = await ben.do(f"/api/v1/follow_requests/{ann.account_id}/reject")
    assert not no["requested_by"]
    await ben.do(f"/api/v1/follow_requests/{ann.account_id}/reject", 404)
    await ann.relate("follow", ben)
    back = await ann.relate("unfollow", ben)
    assert not back["requested"]
    assert await ben.get("/api/v1/follow_requests") == []


async def test_who_waits_is_let_in_when_the_door_opens(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    await ann.change(locked=True)
    await ben.relate("follow", ann)
    await eve.relate("follow", ann)
    await ann.change(display_name="Ann")
    await place.app.work()
    assert len(await ann.get("/api/v1/follow_requests")) == 2
    await ann.change(locked=False)
    await place.app.work()
    assert await ann.get("/api/v1/follow_requests") == []
    followers = await ann.get(f"/api/v1/accounts/{ann.account_id}/followers")
    assert {account["username"] for account in followers} == {"ben", "eve"}
    assert await miscounted(place) == []


async def test_nobody_follows_without_end(place: Place) -> None:
    ann, ben = await place.members("ann", "ben")
    async with place.db.write() as tx:
        await tx.run(FOLLOWS_MANY, id=ann.account_id)
    await ann.relate("follow", ben, 422)


async def test_a_follower_can_be_removed(place: Place) -> None:
    ann, ben = await place.member("ann"), await place.member("ben")
    await ann.relate("follow", ben)
    forwards = await ben.get(
        f"/api/v1/accounts/{ben.account_id}/followers", params={"min_id": 1, "limit": 1}
    )
    assert [account["username"] for account in forwards] == ["ann"]
    removed = await ben.relate("remove_from_followers", ann)
    assert not removed["followed_by"]
    assert await miscounted(place) == []


async def test_blocks_end_follows_and_requests_both_ways(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    await lock(eve)
    await ann.relate("follow", ben)
    await ben.relate("follow", ann)
    await ann.relate("follow", eve)
    blocked = await ann.relate("block", ben)
    assert blocked["blocking"]
    assert not blocked["following"]
    assert not blocked["followed_by"]
    assert await ann.relate("block", ben) == blocked
    await eve.relate("block", ann)
    assert await eve.get("/api/v1/follow_requests") == []
    assert await miscounted(place) == []
    # Whoever is blocked finds nobody; whoever blocks must unblock first.
    await ben.relate("follow", ann, 404)
    await ann.relate("follow", ben, 403)
    back = await ben.relate("block", ann)
    assert back["blocking"]
    assert back["blocked_by"]
    listed = await ann.get("/api/v1/blocks")
    assert [account["username"] for account in listed] == []  # ben blocks ann: gone for her
    await ben.relate("unblock", ann)
    listed = await ann.get("/api/v1/blocks")
    assert [account["username"] for account in listed] == ["ben"]
    unblocked = await ann.relate("unblock", ben)
    assert not unblocked["blocking"]
    await ben.relate("follow", ann)


@pytest.mark.postgresql
async def test_mutes_end_by_themselves(place: Place) -> None:
    ann, ben = await place.member("ann"), await place.member("ben")
    muted = await ann.relate("mute", ben, duration=60, notifications=False)
    assert muted["muting"]
    assert not muted["muting_notifications"]
    assert muted["muting_expires_at"]
    listed = await ann.get("/api/v1/mutes")
    assert listed[0]["mute_expires_at"] == muted["muting_expires_at"]
    assert listed[0]["username"] == "ben"
    place.clock.advance(61_000)
    assert await ann.get("/api/v1/mutes") == []
    seen = await ann.get("/api/v1/accounts/relationships", params={"id": ben.account_id})
    assert not seen[0]["muting"]
    for_good = await ann.relate("mute", ben)
    assert for_good["muting_notifications"]
    assert for_good["muting_expires_at"] is None
    await ann.relate("mute", ben, 422, duration=-1)
    assert not (await ann.relate("unmute", ben))["muting"]
    await ann.relate("mute", ben, duration=60)
    place.clock.advance(61_000)
    await drop_ended_mutes(place.services, DropEndedMutes())
    async with place.db.read() as reader:
        assert await reader.all(MUTES_LEFT) == []


async def test_notes_are_the_writers_alone(place: Place) -> None:
    ann, ben = await place.member("ann"), await place.member("ben")
    noted = await ann.relate("note", ben, comment=" met in Lund ")
    assert noted["note"] == "met in Lund"
    seen = await ben.get("/api/v1/accounts/relationships", params={"id": ann.account_id})
    assert seen[0]["note"] == ""
    await ann.relate("note", ben, 422, comment="x" * 2001)
    assert (await ann.relate("note", ben, comment=""))["note"] == ""
    await ann.relate("note", ann, 404, comment="me")
    await ben.relate("block", ann)
    await ann.relate("note", ben, 404, comment="blocked me")


async def test_lists_page_by_links(place: Place) -> None:
    ann = await place.member("ann")
    fans = [await place.member(f"fan{number}") for number in range(5)]
    for fan in fans:
        await fan.relate("follow", ann)
        place.clock.advance(1)
    path: str | None = f"/api/v1/accounts/{ann.account_id}/followers?limit=2"
    seen: list[str] = []
    pages = 0
    while path:
        answer = await place.nobody.client.get(path)
        seen += [account["username"] for account in answer.json()]
        path = answer.links.get("next", {}).get("url")
        pages += 1
    assert seen == [f"fan{number}" for number in (4, 3, 2, 1, 0)]
    assert pages == 3
    following = await fans[0].get(f"/api/v1/accounts/{fans[0].account_id}/following")
    assert [account["username"] for account in following] == ["ann"]
    # Whom one blocks or who blocks one is left out of others' lists.
    await fans[1].relate("block", fans[0])
    await fans[0].relate("block", fans[2])
    listed = await fans[0].get(f"/api/v1/accounts/{ann.account_id}/followers")
    assert [account["username"] for account in listed] == ["fan4", "fan3", "fan0"]


async def test_hidden_lists_are_empty_for_others(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    await ben.relate("follow", ann)
    await eve.relate("follow", ben)
    familiar = {"id[]": [ann.account_id]}
    found = await eve.get("/api/v1/accounts/familiar_followers", params=familiar)
    assert found[0]["id"] == str(ann.account_id)
    assert [account["username"] for account in found[0]["accounts"]] == ["ben"]
    await ann.change(hide_collections=True)
    assert await eve.get(f"/api/v1/accounts/{ann.account_id}/followers") == []
    own = await ann.get(f"/api/v1/accounts/{ann.account_id}/followers")
    assert [account["username"] for account in own] == ["ben"]
    found = await eve.get("/api/v1/accounts/familiar_followers", params=familiar)
    assert found == [{"id": str(ann.account_id), "accounts": []}]
    await ann.change(hide_collections=False)
    await ann.relate("block", eve)
    found = await eve.get("/api/v1/accounts/familiar_followers", params=familiar)
    assert found == [{"id": str(ann.account_id), "accounts": []}]
    await eve.get(f"/api/v1/accounts/{ann.account_id}/followers", 404)
    assert await eve.get("/api/v1/domain_blocks") == []


async def test_homes_follow_relations(place: Place) -> None:
    ann, ben = await place.member("ann"), await place.member("ben")
    post = await ben.post("before")
    await ann.relate("follow", ben)
    home = await ann.get("/api/v1/timelines/home")
    assert [status["id"] for status in home] == [post["id"]]
    await ann.relate("block", ben)
    assert await ann.get("/api/v1/timelines/home") == []


@pytest.mark.parametrize("size", [1, 40])
async def test_the_cost_of_lists_does_not_grow(place: Place, size: int) -> None:
    ann = await place.member("ann")
    fans = [await place.member(f"fan{number}") for number in range(size)]
    for fan in fans:
        await fan.relate("follow", ann)
    ids = [fan.account_id for fan in fans]
    await ann.get(f"/api/v1/accounts/{ann.account_id}/followers")  # fills the fragments
    await place.settle()
    with place.app.counted() as listing:
        assert len(await ann.get(f"/api/v1/accounts/{ann.account_id}/followers")) == size
    assert listing.statements == 4  # token, account, page, heads
    with place.app.counted() as relating:
        await ann.get("/api/v1/accounts/relationships", params={"id[]": ids})
    assert relating.statements == 2  # token, relations


async def test_counts_hold_when_all_change_at_once(place: Place) -> None:
    people = [await place.member(f"member{number}") for number in range(6)]
    verbs = ("follow", "follow", "unfollow", "block", "unblock", "remove_from_followers")
    asks = [
        one.client.post(f"/api/v1/accounts/{other.account_id}/{verb}", json={})
        for verb in verbs
        for one in people
        for other in people
        if one is not other
    ]
    answers = await asyncio.gather(*asks)
    assert {answer.status_code for answer in answers} <= {200, 403, 404}
    assert await miscounted(place) == []
