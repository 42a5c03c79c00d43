"""Hashtags and people on profiles."""

from typing import Any

from tests.harness.crowd import ids_of
from tests.harness.neighbours import Place

from rostra.network.relations import endorse
from rostra.network.tags import keep
from rostra.store.query import insert
from rostra.store.tables.relations import endorsements

FEATURED = "/api/v1/featured_tags"


async def test_hashtags_on_a_profile(place: Place) -> None:
    ann, ben = await place.members("ann", "ben")
    shown = await ann.do(FEATURED, name="#Harbour")
    assert shown == {
        "id": shown["id"],
        "name": "Harbour",
        "url": f"{place.services.settings.site.base_url}/@ann/tagged/Harbour",
        "statuses_count": "0",
        "last_status_at": None,
    }
    post = await ann.post("#harbour")
    await ann.post("#harbour", visibility="unlisted")
    for hidden in ("private", "direct"):
        await ann.post("#harbour", visibility=hidden)
    await ben.post("#harbour")
    counted = shown | {"statuses_count": "2", "last_status_at": "2027-01-15"}
    path = f"/api/v1/accounts/{ann.account_id}/featured_tags"
    for who in (ann, ben, place.nobody):
        assert await who.get(path) == [counted]
    assert await ann.get(FEATURED) == [counted]
    assert (await ann.get("/api/v1/profile"))["featured_tags"] == [counted]
    await ann.delete(post["id"])
    assert (await ann.get(FEATURED))[0]["statuses_count"] == "1"
    tagged = await ben.get(
        f"/api/v1/accounts/{ann.account_id}/statuses", params={"tagged": "Harbour"}
    )
    assert len(tagged) == 1
    await ann.relate("block", ben)
    await ben.get(path, 404)
    assert await ann.ask("DELETE", f"{FEATURED}/{shown['id']}") == {}
    await ann.ask("DELETE", f"{FEATURED}/{shown['id']}", 404)
    assert await ann.get(FEATURED) == []


async def test_what_cannot_be_featured(place: Place) -> None:
    ann, ben = await place.members("ann", "ben")
    for given in ({}, {"name": ""}, {"name": "no tag"}, {"name": "#"}, {"name": "12"}):
        refused = await ann.do(FEATURED, 422, **given)
        assert list(refused["details"]) == ["name"]
    shown = await ann.do(FEATURED, name="tag0")
    again = await ann.do(FEATURED, 422, name="#TAG0")
    assert again["details"]["name"][0]["error"] == "ERR_TAKEN"
    await ben.ask("DELETE", f"{FEATURED}/{shown['id']}", 404)
    for at in range(1, keep.FEATURED_MAX):
        await ann.do(FEATURED, name=f"tag{at}")
    refused = await ann.do(FEATURED, 422, name="one_too_many")
    assert list(refused["details"]) == ["base"]
    await ann.do("/api/v1/tags/one_too_many/feature", 422)
    assert len(await ann.get(FEATURED)) == keep.FEATURED_MAX


async def test_by_the_hashtag_itself(place: Place) -> None:
    ann = await place.member("ann")
    await ann.post("#harbour")
    known = await ann.get("/api/v1/tags/harbour")
    assert not known["featuring"]
    for name in ("Harbour", "harbour", known["id"]):
        assert (await ann.do(f"/api/v1/tags/{name}/feature"))["featuring"]
    assert [each["name"] for each in await ann.get(FEATURED)] == ["Harbour"]
    for name in (known["id"], "harbour"):
        assert not (await ann.do(f"/api/v1/tags/{name}/unfeature"))["featuring"]
    assert await ann.get(FEATURED) == []
    assert (await ann.do(f"/api/v1/tags/{known['id']}/feature"))["name"] == "harbour"
    assert [each["name"] for each in await ann.get(FEATURED)] == ["harbour"]


async def test_suggested_hashtags(place: Place) -> None:
    ann = await place.member("ann")
    assert await ann.get(f"{FEATURED}/suggestions") == []
    for text in ("#often #seldom", "#often", "#often #shown"):
        await ann.post(text)
    await ann.post("#secret", visibility="private")
    await ann.do(FEATURED, name="shown")
    found = await ann.get(f"{FEATURED}/suggestions")
    assert [tag["name"] for tag in found] == ["often", "seldom"]


async def test_people_on_a_profile(place: Place) -> None:
    ann, ben, eve, zoe = await place.members("ann", "ben", "eve", "zoe")
    refused = await ann.relate("endorse", ben, 422)
    assert "following" in refused["error"]
    for other in (ben, eve, zoe):
        await ann.relate("follow", other)
    assert (await ann.relate("endorse", ben))["endorsed"]
    assert (await ann.relate("endorse", ben))["endorsed"]
    old = await ann.client.post(f"/api/v1/accounts/{eve.account_id}/pin")
    assert old.json()["endorsed"]
    assert old.headers["deprecation"].startswith("@")
    await ann.relate("endorse", zoe)
    path = f"/api/v1/accounts/{ann.account_id}/endorsements"

    async def names(who: Any, where: str = path, **given: Any) -> list[str]:
        return [each["username"] for each in await who.get(where, params=given)]

    assert await names(ann, "/api/v1/endorsements") == ["zoe", "eve", "ben"]
    for who in (ann, ben, place.nobody):
        assert await names(who) == ["zoe", "eve", "ben"]
    assert await names(ben, limit=1) == ["zoe"]
    await ben.relate("mute", zoe)
    await eve.relate("block", ben)
    assert await names(ben) == ["ben"]
    assert not (await ann.relate("unendorse", ben))["endorsed"]
    assert not (await ann.relate("unpin", eve))["endorsed"]
    await ann.relate("unfollow", zoe)
    assert await names(ann) == []
    await ann.relate("follow", zoe)
    assert not (await ann.relate("unendorse", zoe))["endorsed"]
    await ann.relate("endorse", ann, 404)
    await ann.relate("block", ben)
    await ben.get(path, 404)


async def test_a_profile_shows_no_crowd(place: Place) -> None:
    ann, ben = await place.members("ann", "ben")
    await ann.relate("follow", ben)
    crowd = [
        {"account_id": ann.account_id, "target_id": at, "id": at}
        for at in range(1, endorse.ENDORSED_MAX + 1)
    ]
    async with place.db.write() as tx:
        await tx.run_many(insert(endorsements), crowd)
    await ann.relate("endorse", ben, 422)
    found = await ann.get("/api/v1/accounts/relationships", params={"id": ben.account_id})
    assert not found[0]["endorsed"]
    assert ids_of(await ann.get("/api/v1/endorsements")) == []
