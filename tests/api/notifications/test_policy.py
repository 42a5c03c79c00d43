"""Of whom a member wants to hear, and the requests of those who are set aside."""

from typing import Any

import pytest
from tests.harness.neighbours import Asker, Place

POLICY = "/api/v2/notifications/policy"
OLD_POLICY = "/api/v1/notifications/policy"
REQUESTS = "/api/v1/notifications/requests"
PATH = "/api/v1/notifications"
GROUPS = "/api/v2/notifications"
DAY = 86_400_000
SORTS = (
    "for_not_following",
    "for_not_followers",
    "for_new_accounts",
    "for_private_mentions",
    "for_limited_accounts",
)


async def told(asker: Asker, **params: Any) -> list[tuple[str, str]]:
    found = await asker.get(PATH, params=params)
    return [(each["type"], each["account"]["username"]) for each in found]


async def senders(asker: Asker) -> list[str]:
    return [each["account"]["username"] for each in await asker.get(REQUESTS)]


async def wish(asker: Asker, **changes: str) -> Any:
    return await asker.ask("PATCH", POLICY, json=changes)


async def test_the_policy_in_both_forms(place: Place) -> None:
    ann = await place.member("ann")
    none = {"pending_requests_count": 0, "pending_notifications_count": 0}
    assert await ann.get(POLICY) == {**dict.fromkeys(SORTS, "accept"), "summary": none}
    changed = await wish(ann, for_not_following="filter", for_new_accounts="drop")
    assert changed["for_not_following"] == "filter"
    assert changed["for_new_accounts"] == "drop"
    assert changed["for_not_followers"] == "accept"
    await ann.ask("PUT", POLICY, json={"for_limited_accounts": "filter"})
    assert (await ann.get(POLICY))["for_limited_accounts"] == "filter"
    refused = await ann.ask("PUT", POLICY, 422, json={"for_new_accounts": "maybe"})
    assert list(refused["details"]) == ["for_new_accounts"]
    old = await ann.get(OLD_POLICY)
    assert old == {
        "filter_not_following": True,
        "filter_not_followers": False,
        "filter_new_accounts": True,
        "filter_private_mentions": False,
        "summary": none,
    }
    changes = {"filter_not_following": "false", "filter_private_mentions": True}
    await ann.ask("PUT", OLD_POLICY, json=changes)
    policy = await ann.get(POLICY)
    assert (policy["for_not_following"], policy["for_private_mentions"]) == ("accept", "filter")
    assert policy["for_new_accounts"] == "drop"


async def test_whom_one_does_not_follow(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    await ann.relate("follow", eve)
    await eve.relate("follow", ben)  # whom others follow counts for nothing
    post = await ann.post("hello")
    await wish(ann, for_not_following="filter")
    for other in (ben, eve):
        await other.react("favourite", post["id"])
        await other.react("reblog", post["id"])
        await other.relate("follow", ann)
        await other.post("@ann hi")
    expected = [("mention", "eve"), ("follow", "eve"), ("reblog", "eve"), ("favourite", "eve")]
    assert await told(ann) == expected
    assert len(await told(ann, include_filtered=True)) == 8
    assert len(await told(ann, account_id=ben.account_id)) == 4
    assert (await ann.get(f"{PATH}/unread_count"))["count"] == 4
    groups = (await ann.get(GROUPS))["notification_groups"]
    assert [each["notifications_count"] for each in groups] == [1, 1, 1, 1]
    groups = (await ann.get(GROUPS, params={"include_filtered": "true"}))["notification_groups"]
    assert [each["notifications_count"] for each in groups] == [1, 2, 2, 2, 1]
    summary = (await ann.get(POLICY))["summary"]
    assert summary == {"pending_requests_count": 1, "pending_notifications_count": 4}
    (request,) = await ann.get(REQUESTS)
    assert request["account"]["username"] == "ben"
    assert request["notifications_count"] == "4"
    assert "@ann" not in request["account"]["note"]
    assert request["last_status"]["account"]["username"] == "ben"
    assert request["created_at"] < request["updated_at"]
    assert await ann.get(f"{REQUESTS}/{request['id']}") == request


async def test_what_is_dropped_is_nowhere(place: Place) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    post = await ann.post("hello")
    await wish(ann, for_not_following="drop")
    await ben.react("favourite", post["id"])
    await ben.post("@ann hi")
    await ben.post("@ann again", visibility="direct")
    assert await told(ann, include_filtered=True) == []
    assert await ann.get(REQUESTS) == []
    await wish(ann, for_not_following="accept")
    await ben.post("@ann and now")
    assert await told(ann) == [("mention", "ben")]


async def test_who_does_not_follow_for_long(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    await ben.relate("follow", ann)
    await eve.relate("follow", ben)  # whom else they follow counts for nothing
    await wish(ann, for_not_followers="filter")
    for other in (ben, eve):
        await other.post("@ann one")
    assert sorted(await senders(ann)) == ["ben", "eve"]
    place.clock.advance(3 * DAY + 1)
    for other in (ben, eve):
        await other.post("@ann two")
    assert await told(ann) == [("mention", "ben"), ("follow", "ben")]


async def test_new_accounts(place: Place) -> None:
    ann, ben = await place.members("ann", "ben")
    place.clock.advance(31 * DAY)
    eve, joe = await place.members("eve", "joe")
    await ann.relate("follow", joe)
    await wish(ann, for_new_accounts="filter")
    for other in (ben, eve, joe):
        await other.post("@ann hi")
    assert await told(ann) == [("mention", "joe"), ("mention", "ben")]
    assert await senders(ann) == ["eve"]


async def test_private_mentions_that_nobody_asked_for(place: Place) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    await wish(ann, for_private_mentions="filter")
    await ben.post("@ann in public")
    await ben.post("@ann psst", visibility="direct")
    asked = await ann.post("@ben tell me", visibility="direct")
    await ben.post("@ann well", visibility="direct", in_reply_to_id=asked["id"])
    await ann.relate("follow", ben)
    await ben.post("@ann as a friend", visibility="direct")
    assert await told(ann) == [("mention", "ben")] * 3
    (request,) = await ann.get(REQUESTS)
    assert "psst" in request["last_status"]["content"]


async def test_accepting_and_dismissing(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    joe = await place.member("joe")
    await wish(ann, for_not_following="filter")
    for other in (ben, eve, joe):
        await other.post("@ann one")
        await other.post("@ann two")
    ids = {each["account"]["username"]: each["id"] for each in await ann.get(REQUESTS)}
    assert list(ids) == ["joe", "eve", "ben"]
    await eve.do(f"{REQUESTS}/{ids['ben']}/accept", 404)
    await eve.get(f"{REQUESTS}/{ids['ben']}", 404)
    await eve.do(f"{REQUESTS}/accept", id=[ids["ben"]])
    assert await ann.do(f"{REQUESTS}/{ids['ben']}/accept") == {}
    assert await ann.get(f"{REQUESTS}/merged") == {"merged": True}
    assert await told(ann) == [("mention", "ben")] * 2
    await ben.post("@ann three")
    assert await told(ann) == [("mention", "ben")] * 3
    await ann.do(f"{REQUESTS}/{ids['ben']}/accept", 404)
    assert await ann.do(f"{REQUESTS}/{ids['eve']}/dismiss") == {}
    assert await senders(ann) == ["joe"]
    assert await told(ann, account_id=eve.account_id) == []
    await eve.post("@ann four")
    assert await senders(ann) == ["eve", "joe"]
    several = [each["id"] for each in await ann.get(REQUESTS)]
    first = await ann.client.get(REQUESTS, params={"limit": 1})
    second = await ann.client.get(first.links["next"]["url"])
    assert [each["id"] for each in (*first.json(), *second.json())] == several
    assert await ann.do(f"{REQUESTS}/dismiss", id=[*several[:1], "17"]) == {}
    assert await senders(ann) == ["joe"]
    assert await ann.do(f"{REQUESTS}/accept", id=several) == {}
    assert await ann.get(REQUESTS) == []
    assert ("mention", "joe") in await told(ann)


async def test_a_request_goes_with_what_it_holds(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    await wish(ann, for_not_following="filter")
    post = await ben.post("@ann one")
    await eve.post("@ann two")
    await ben.delete(post["id"])
    assert await senders(ann) == ["eve"]
    await ann.relate("mute", eve)
    assert await senders(ann) == []
    assert (await ann.get(POLICY))["summary"]["pending_requests_count"] == 0
    await ann.relate("unmute", eve)
    await ann.relate("block", eve)
    await ann.relate("unblock", eve)
    assert await senders(ann) == []


@pytest.mark.parametrize("size", [1, 12])
async def test_the_cost_does_not_grow(place: Place, size: int) -> None:
    ann = await place.member("ann")
    await wish(ann, for_not_following="filter")
    for number in range(size):
        other = await place.member(f"other{number}")
        await other.post("@ann hi")
    await ann.get(REQUESTS)
    with place.app.counted() as reading:
        assert len(await ann.get(REQUESTS)) == size
    assert reading.statements == 4  # token, requests, accounts, posts
