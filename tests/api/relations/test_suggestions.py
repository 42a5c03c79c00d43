"""Whom members might want to follow: only those who want to be found."""

import pytest
from tests.harness.neighbours import Asker, Place


async def found(who: Asker) -> list[tuple[str, str]]:
    """Who is suggested, and why."""
    each = await who.get("/api/v2/suggestions")
    return [(one["account"]["username"], one["sources"][0]) for one in each]


async def open_members(place: Place, *names: str) -> list[Asker]:
    """Members who want to be found."""
    made = await place.members(*names)
    for one in made:
        await one.change(discoverable=True)
    return made


async def test_friends_of_friends_then_the_most_followed(place: Place) -> None:
    ann, ben, eve, zoe, kim = await open_members(place, "ann", "ben", "eve", "zoe", "kim")
    shy = (await place.members("shy"))[0]
    await shy.change(discoverable=False)
    await ann.relate("follow", ben)
    await ann.relate("follow", kim)
    for friend in (ben, kim):
        await friend.relate("follow", eve)
        await friend.relate("follow", shy)
    await eve.relate("follow", zoe)
    await ben.relate("follow", ann)
    friends = "friends_of_friends"
    assert await found(ann) == [("eve", friends), ("zoe", "most_followed")]
    v1 = await ann.client.get("/api/v1/suggestions", params={"limit": 1})
    assert [each["username"] for each in v1.json()] == ["eve"]
    assert "deprecation" in v1.headers
    await kim.change(hide_collections=True)
    await ben.change(hide_collections=True)
    assert await found(ann) == [("eve", "most_followed"), ("zoe", "most_followed")]
    await place.nobody.get("/api/v2/suggestions", 401)


async def test_who_is_not_suggested(place: Place) -> None:
    ann, ben, eve, zoe, kim, lou = await open_members(
        place, "ann", "ben", "eve", "zoe", "kim", "lou"
    )
    await lou.change(locked=True)
    assert len(await found(ann)) == 5
    await ann.relate("follow", lou)
    await ann.relate("mute", ben)
    await ann.relate("block", eve)
    await zoe.relate("block", ann)
    assert await found(ann) == [("kim", "most_followed")]
    await kim.change(discoverable=False)
    assert await found(ann) == []


async def test_the_directory_leaves_out_whom_one_blocks_or_mutes(place: Place) -> None:
    ann, ben, eve, zoe = await open_members(place, "ann", "ben", "eve", "zoe")
    await ben.post("hello")

    async def listed(**given: str) -> list[str]:
        each = await ann.get("/api/v1/directory", params=given)
        return [one["username"] for one in each]

    assert await listed() == ["ben", "zoe", "eve", "ann"]
    assert await listed(order="new", limit="2", offset="1", local="true") == ["eve", "ben"]
    await ann.relate("block", eve)
    await zoe.relate("block", ann)
    await ann.relate("mute", ben, duration=60)
    assert await listed() == await listed(order="new") == ["ann"]
    place.clock.advance(61_000)
    assert await listed() == ["ben", "ann"]


@pytest.mark.postgresql
async def test_dismissed(place: Place) -> None:
    ann, ben = await open_members(place, "ann", "ben")
    path = f"/api/v1/suggestions/{ben.account_id}"
    for _ in range(2):
        assert await ann.ask("DELETE", path) == {}
    assert await found(ann) == []
    assert await found(ben) == [("ann", "most_followed")]
    await ann.ask("DELETE", "/api/v1/suggestions/1234567890123456789", 404)
    await ben.relate("block", ann)
    await ann.ask("DELETE", path, 404)


@pytest.mark.parametrize("size", [1, 9])
async def test_the_cost_does_not_grow(place: Place, size: int) -> None:
    ann, *others = await open_members(place, "ann", *(f"other{at}" for at in range(size)))
    assert len(await found(ann)) == len(others) == size
    await place.settle()
    with place.app.counted() as reading:
        await found(ann)
    assert reading.statements == 4  # token, friends, popular, heads


async def test_what_there_is_nothing_of(place: Place) -> None:
    ann = await place.member("ann")
    assert await ann.get("/api/v1/annual_reports") == {
        "annual_reports": [],
        "accounts": [],
        "statuses": [],
    }
    assert await ann.get("/api/v1/annual_reports/2025/state") == {"state": "ineligible"}
    await ann.get("/api/v1/annual_reports/2025", 404)
    assert await ann.get(f"/api/v1/accounts/{ann.account_id}/identity_proofs") == []
    await ann.get("/api/v1/accounts/1234567890123456789/identity_proofs", 404)
    assert await ann.get("/api/v1/peers/search") == []
    preview = await ann.get("/api/v1/domain_blocks/preview", params={"domain": "x.example"})
    assert preview == {"following_count": 0, "followers_count": 0}
    answer = await ann.client.get("/api/v1/donation_campaigns")
    assert (answer.status_code, answer.content) == (204, b"")
