"""Followed hashtags: what they bring into homes, and what they do not."""

from typing import Any

import pytest
from sqlalchemy import select
from tests.harness.crowd import ids_of
from tests.harness.neighbours import Asker, Place

from rostra.network.accounts.removal import remove_account
from rostra.network.tags import keep
from rostra.network.timelines import access
from rostra.network.trends.count import WAIT
from rostra.store.query import query
from rostra.store.tables.posts import tags
from rostra.store.tables.tags import featured_tags, tag_follows


async def home(who: Asker, **given: Any) -> list[str]:
    """The ids of a home."""
    return ids_of(await who.get("/api/v1/timelines/home", params=given))


async def test_follow_and_unfollow(place: Place) -> None:
    ann, ben = await place.members("ann", "ben")
    await ben.post("a #Harbour")
    place.clock.advance(WAIT)
    await place.app.work()
    found = await ann.do("/api/v1/tags/harbour/follow")
    assert found["name"] == "harbour"
    assert found["following"]
    assert not found["featuring"]
    assert found["history"][0]["uses"] == "1"
    assert await ann.do("/api/v1/tags/HARBOUR/follow") == found
    assert await ann.get("/api/v1/tags/harbour") == found
    assert not (await ben.get("/api/v1/tags/harbour"))["following"]
    assert "following" not in await place.nobody.get("/api/v1/tags/harbour")
    search = await ann.get("/api/v2/search", params={"q": "harb", "type": "hashtags"})
    assert search["hashtags"] == [found]
    assert await ann.get("/api/v1/followed_tags") == [found]
    gone = await ann.do("/api/v1/tags/harbour/unfollow")
    assert not gone["following"]
    assert not (await ann.do("/api/v1/tags/harbour/unfollow"))["following"]
    assert await ann.get("/api/v1/followed_tags") == []


async def test_a_hashtag_that_nobody_has_used(place: Place) -> None:
    ann = await place.member("ann")
    assert (await ann.do("/api/v1/tags/Ölfarbe/follow"))["name"] == "olfarbe"
    assert ids_of(await ann.get("/api/v1/followed_tags")) != ["0"]
    for verb in ("follow", "unfollow", "feature", "unfeature"):
        for name in ("a b", "1234567890123456789", "9" * 30, "no-tag", "%20"):
            await ann.do(f"/api/v1/tags/{name}/{verb}", 404)
    await ann.do("/api/v1/tags/olfarbe/unfollow")
    await place.app.work()
    async with place.db.read() as reader:
        assert await reader.all(query(select(tags.c.name))) == []


async def test_pages_and_bound(place: Place) -> None:
    ann = await place.member("ann")
    for at in range(keep.FOLLOWED_MAX):
        await ann.do(f"/api/v1/tags/tag{at}/follow")
    refused = await ann.do("/api/v1/tags/another/follow", 422)
    assert list(refused["details"]) == ["base"]
    seen: list[str] = []
    path: str | None = "/api/v1/followed_tags?limit=40"
    while path:
        answer = await ann.client.get(path)
        seen += [tag["name"] for tag in answer.json()]
        path = answer.links.get("next", {}).get("url")
    assert seen == [f"tag{at}" for at in reversed(range(keep.FOLLOWED_MAX))]


@pytest.mark.postgresql
async def test_posts_of_followed_tags_stand_in_home(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    await ann.relate("follow", ben)
    before = (await eve.post("before #harbour"))["id"]
    assert await home(ann) == []
    await ann.do("/api/v1/tags/harbour/follow")
    await ann.do("/api/v1/tags/quay/follow")
    assert await home(ann) == [before]
    both = (await eve.post("#harbour and #Quay"))["id"]
    by_ben = (await ben.post("without"))["id"]
    twice = (await ben.post("followed, and #harbour"))["id"]
    mine = (await ann.post("my #quay"))["id"]
    reply = (await eve.post("an answer #quay", in_reply_to_id=by_ben))["id"]
    for hidden in ("unlisted", "private", "direct"):
        await eve.post("for some #harbour @ann", visibility=hidden)
    await eve.post("another #ships")
    expected = [reply, mine, twice, by_ben, both, before]
    assert await home(ann) == expected
    assert await home(ann, limit=2, max_id=mine) == [twice, by_ben]
    assert await home(ann, limit=2, min_id=before) == [by_ben, both]
    for limit in (1, 3, 40):
        found: list[str] = []
        while page := await home(ann, limit=limit, max_id=found[-1] if found else ""):
            found += page
        assert found == expected
    await eve.delete(both)
    await eve.edit(before, "no tag any more")
    assert await home(ann) == [reply, mine, twice, by_ben]
    await ann.do("/api/v1/tags/quay/unfollow")
    assert await home(ann) == [mine, twice, by_ben]


async def test_who_is_hidden_stays_hidden(place: Place) -> None:
    ann, ben, eve, zoe = await place.members("ann", "ben", "eve", "zoe")
    await ann.do("/api/v1/tags/harbour/follow")
    by_ben = (await ben.post("#harbour"))["id"]
    named = (await eve.post("#harbour with @ben"))["id"]
    by_zoe = (await zoe.post("#harbour"))["id"]
    assert await home(ann) == [by_zoe, named, by_ben]
    await ann.relate("mute", ben, duration=60)
    assert await home(ann) == [by_zoe]
    place.clock.advance(61_000)
    assert await home(ann) == [by_zoe, named, by_ben]
    await ann.relate("block", ben)
    assert await home(ann) == [by_zoe]
    await ann.relate("unblock", ben)
    await zoe.relate("block", ann)
    assert await home(ann) == [named, by_ben]
    await ann.relate("follow", ben)
    listed = await ann.do("/api/v1/lists", title="Alone", exclusive=True)
    path = f"/api/v1/lists/{listed['id']}/accounts"
    await ann.do(path, account_ids=[str(ben.account_id)])
    assert await home(ann) == [named]


async def test_for_whom_streams_send_it(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    await ann.do("/api/v1/tags/harbour/follow")
    await ben.do("/api/v1/tags/harbour/follow")
    listening = [each.account_id for each in (ann, ben, eve)]

    async def wanted(post: Any) -> list[int]:
        async with place.db.read() as reader:
            found = await access.wanted_by_tag(
                reader, int(post["id"]), listening, now=place.clock.now()
            )
        return sorted(found)

    assert await wanted(await eve.post("#harbour")) == sorted(listening[:2])
    assert await wanted(await eve.post("#quay")) == []
    assert await wanted(await eve.post("#harbour", visibility="unlisted")) == []
    await ben.relate("block", eve)
    assert await wanted(await eve.post("#harbour")) == [ann.account_id]
    async with place.db.read() as reader:
        assert await access.wanted_by_tag(reader, 1, [], now=0) == []


@pytest.mark.parametrize("size", [1, 15])
async def test_the_cost_does_not_grow(place: Place, size: int) -> None:
    ann, ben = await place.members("ann", "ben")
    for at in range(size):
        await ben.post(f"#tag{at}")
    await home(ann)
    await place.settle()
    with place.app.counted() as without:
        assert await home(ann) == []
    for at in range(size):
        await ann.do(f"/api/v1/tags/tag{at}/follow")
    await home(ann)
    with place.app.counted() as reading:
        assert len(await home(ann)) == size
    assert reading.statements == 5  # token, home, whether it sleeps, hashtags, rows
    assert without.statements == 3  # token, home, whether it sleeps
    with place.app.counted() as listing:
        assert len(await ann.get("/api/v1/followed_tags")) == size
    assert listing.statements == 4  # token, hashtags, history, mine


async def test_they_go_with_the_account(place: Place) -> None:
    ann = await place.member("ann")
    await ann.do("/api/v1/tags/harbour/follow")
    await ann.do("/api/v1/tags/quay/feature")
    async with place.db.write() as tx:
        await remove_account(place.services, tx, ann.account_id)
    await place.app.work()
    async with place.db.read() as reader:
        for table in (tags, tag_follows, featured_tags):
            assert await reader.all(query(select(table))) == []
