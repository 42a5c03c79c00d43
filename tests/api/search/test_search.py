"""What is found, in which order, and by whom."""

from typing import Any

import pytest
from tests.harness.neighbours import Asker, Place

from rostra.network.accounts.removal import remove_account
from rostra.network.trends.count import WAIT

PATH = "/api/v2/search"


async def posts(asker: Asker, q: str, **params: Any) -> list[str]:
    found = await asker.get(PATH, params={"q": q, "type": "statuses", **params})
    assert found["accounts"] == found["hashtags"] == []
    return [
        status["content"].removeprefix("<p>").removesuffix("</p>") for status in found["statuses"]
    ]


async def people(asker: Asker, q: str, **params: Any) -> list[str]:
    found = await asker.get(PATH, params={"q": q, "type": "accounts", **params})
    assert found["statuses"] == found["hashtags"] == []
    return [account["username"] for account in found["accounts"]]


async def tags(asker: Asker, q: str, **params: Any) -> list[str]:
    found = await asker.get(PATH, params={"q": q, "type": "hashtags", **params})
    return [tag["name"] for tag in found["hashtags"]]


async def open_book(place: Place, name: str) -> Asker:
    """Somebody whose public posts may be found."""
    writer = await place.member(name)
    await writer.change(indexable=True)
    return writer


async def test_words_rows_and_what_must_not_stand_there(place: Place) -> None:
    ann, ben = await open_book(place, "ann"), await place.member("ben")
    for text in ("Café in Lund", "the lund cafe opens", "Łódź and Lund", "東京に行く"):
        await ann.post(text)
    assert await posts(ben, "CAFE lund") == ["the lund cafe opens", "Café in Lund"]
    assert await posts(ben, '"lund cafe"') == ["the lund cafe opens"]
    assert await posts(ben, "lund -cafe") == ["Łódź and Lund"]
    assert await posts(ben, "-cafe") == []
    assert await posts(ben, "東京") == ["東京に行く"]
    assert await posts(ben, "京東") == []
    assert await posts(ben, "lun") == []
    assert await posts(ben, "from:ann opens") == ["the lund cafe opens"]
    assert await posts(ben, "from:@ben opens") == []
    assert await posts(ben, "from:nobody opens") == []
    assert await posts(ann, "from:me opens") == ["the lund cafe opens"]
    assert await posts(ben, "opens", account_id=ben.account_id) == []
    assert await posts(ben, "from:ann opens", account_id=ben.account_id) == []


async def test_only_those_who_agreed_are_found(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    shy = await ann.post("pears are ripe")
    assert await posts(ann, "pears") == ["pears are ripe"]
    assert await posts(ben, "pears") == []
    await ben.react("favourite", shy["id"])
    await eve.react("bookmark", shy["id"])
    assert await posts(ben, "pears") == ["pears are ripe"]
    assert await posts(eve, "pears") == ["pears are ripe"]
    await ben.react("unfavourite", shy["id"])
    assert await posts(ben, "pears") == []
    await ann.post("secret pears @eve", visibility="direct")
    assert len(await posts(eve, "secret")) == 1
    assert await posts(ben, "secret") == []
    await ann.change(indexable=True)
    await place.app.work()
    await ann.post("unlisted pears", visibility="unlisted")
    await ann.post("private pears", visibility="private")
    assert await posts(ben, "pears") == ["pears are ripe"]
    assert await posts(place.nobody, "pears") == []


async def test_who_is_blocked_finds_nothing(place: Place) -> None:
    ann, ben = await open_book(place, "ann"), await place.member("ben")
    post = await ann.post("plums")
    await ben.react("favourite", post["id"])
    await ben.relate("mute", ann)
    assert await posts(ben, "plums") == []
    await ben.relate("unmute", ann)
    assert await posts(ben, "plums") == ["plums"]
    await ann.relate("block", ben)
    assert await posts(ben, "plums") == []
    assert await people(ben, "ann") == []
    assert await people(ann, "ben") == ["ben"]


async def test_edits_and_deletions_are_followed(place: Place) -> None:
    ann = await open_book(place, "ann")
    post = await ann.post("apples", spoiler_text="fruit")
    assert len(await posts(ann, "fruit apples")) == 1
    await ann.edit(post["id"], "oranges")
    assert await posts(ann, "apples") == []
    assert len(await posts(ann, "oranges")) == 1
    await ann.delete(post["id"])
    assert await posts(ann, "oranges") == []


async def test_pages_by_offset_and_by_id(place: Place) -> None:
    ann = await open_book(place, "ann")
    ids = [(await ann.post(f"word{number} again"))["id"] for number in range(5)]
    assert await posts(ann, "again", limit=2) == ["word4 again", "word3 again"]
    assert await posts(ann, "again", limit=2, offset=2) == ["word2 again", "word1 again"]
    assert await posts(ann, "again", offset=5) == []
    assert await posts(ann, "again", offset=100_000) == []
    assert await posts(ann, "again", max_id=ids[1]) == ["word0 again"]
    assert await posts(ann, "again", min_id=ids[3]) == ["word4 again"]
    await place.nobody.get(PATH, 401, params={"q": "again", "offset": 1})
    await place.nobody.get(PATH, 401, params={"q": "again", "resolve": True})
    await ann.get(PATH, 422)


async def test_what_hides_most_of_many_is_found_still(place: Place) -> None:
    """Batches: the only post that may be found lies below many that may not."""
    ann, ben = await open_book(place, "ann"), await place.member("ben")
    shown = await ann.post("common")
    await ann.change(indexable=False)
    await ben.react("bookmark", shown["id"])
    for _ in range(130):
        await ann.post("common")
    assert len(await posts(ben, "common")) == 1


async def test_people_by_the_beginnings_of_their_names(place: Place) -> None:
    ann, anna, hanna, ben = await place.members("ann", "anna_maria", "hanna", "ben")
    await hanna.change(display_name="Änne Smith")
    await ben.relate("follow", anna)
    assert await people(ben, "ann") == ["ann", "anna_maria", "hanna"]
    assert await people(ben, "an") == ["anna_maria", "ann", "hanna"]
    assert await people(ben, "mar") == ["anna_maria"]
    assert await people(ben, "smi ÄNN") == ["hanna"]
    assert await people(ben, "@ANN") == ["ann", "anna_maria", "hanna"]
    assert await people(ben, "an", following=True) == ["anna_maria"]
    assert await people(ben, "an", limit=1, offset=1) == ["ann"]
    assert await people(ben, "zz") == []
    await hanna.change(display_name="")
    assert await people(ben, "smith") == []
    found = await ben.get("/api/v1/accounts/search", params={"q": "ann", "limit": 1})
    assert [account["username"] for account in found] == ["ann"]
    await place.nobody.get("/api/v1/accounts/search", 401, params={"q": "ann"})
    assert ann.username == "ann"


async def test_addresses_and_handles_of_this_place(place: Place) -> None:
    ann, ben = await place.members("ann", "ben")
    base = place.services.settings.site.base_url
    domain = place.services.settings.domain
    public, secret = await ann.post("hello"), await ann.post("hush", visibility="direct")
    for text in (f"@ann@{domain}", f"ann@{domain}", f"{base}/@ann", f"{base}/users/ann"):
        assert await people(ben, text) == ["ann"]
        found = await ben.get("/api/v1/accounts/search", params={"q": text, "resolve": True})
        assert [account["username"] for account in found] == ["ann"]
    for text in ("@ann@elsewhere.example", "https://elsewhere.example/@ann", f"{base}/about"):
        assert await people(ben, text) == []
    assert await posts(ben, public["url"]) == ["hello"]
    assert await posts(ben, public["uri"]) == ["hello"]
    assert await posts(place.nobody, public["url"]) == ["hello"]
    assert await posts(ben, secret["url"]) == []
    assert await posts(ben, public["url"], offset=1) == []
    everything = await ben.get(PATH, params={"q": public["url"]})
    assert everything["accounts"] == everything["hashtags"] == []


async def test_hashtags_by_their_beginnings(place: Place) -> None:
    ann = await place.member("ann")
    await ann.post("#Gardening #garden #Straße")
    await ann.post("#garden")
    await ann.post("#gardensecret", visibility="private")
    assert await tags(ann, "garden") == ["garden", "gardening"]
    assert await tags(place.nobody, "#GARD") == ["garden", "gardening"]
    assert await tags(ann, "gard", limit=1, offset=1) == ["gardening"]
    assert await tags(ann, "%") == []
    everything = await ann.get(PATH, params={"q": "garden"})
    assert len(everything["hashtags"]) == 2
    assert len(everything["statuses"]) == 2


async def test_a_hashtag_and_its_week(place: Place) -> None:
    ann, ben = await place.members("ann", "ben")
    await ann.post("#News")
    await ben.post("#news")
    await ben.post("#news secret", visibility="private")
    place.clock.advance(24 * 3_600_000)
    post = await ann.post("#news")
    place.clock.advance(WAIT)
    await place.app.work()
    tag = await ann.get("/api/v1/tags/NEWS")
    assert tag["name"] == "news"
    assert tag["url"].endswith("/tags/news")
    assert not tag["following"]
    assert len(tag["history"]) == 7
    used = [(day["uses"], day["accounts"]) for day in tag["history"]]
    assert used[:3] == [("1", "1"), ("2", "2"), ("0", "0")]
    assert int(tag["history"][0]["day"]) % 86_400 == 0
    await ann.delete(post["id"])
    await place.app.work()
    tag = await place.nobody.get("/api/v1/tags/news")
    assert tag["history"][0]["uses"] == "0"
    assert "following" not in tag
    unknown = await ann.get("/api/v1/tags/unheard")
    assert {day["uses"] for day in unknown["history"]} == {"0"}
    await ann.get("/api/v1/tags/not%20a%20tag", 404)


async def test_who_leaves_is_found_no_more(place: Place) -> None:
    ann, ben = await open_book(place, "ann"), await place.member("ben")
    await ann.post("farewell")
    await ben.relate("follow", ann)
    from_ben = await ben.get("/api/v1/accounts/relationships", params={"id": ann.account_id})
    assert from_ben[0]["following"]
    async with place.db.write() as tx:
        await remove_account(place.services, tx, ann.account_id)
    assert await posts(ben, "farewell") == []
    assert await people(ben, "ann") == []
    own = await ben.get(f"/api/v1/accounts/{ben.account_id}")
    assert own["following_count"] == 0
    assert await ben.get("/api/v1/notifications") == []


@pytest.mark.parametrize("size", [1, 30])
async def test_the_cost_of_a_search_does_not_grow(place: Place, size: int) -> None:
    ann = await open_book(place, "ann")
    for number in range(size):
        await ann.post(f"common #tag{number}")
        writer = await place.member(f"common{number}")
        await writer.relate("follow", ann)
    await ann.get(PATH, params={"q": "common", "limit": 40})  # fills the fragments
    posts = 5 if place.db.dialect == "sqlite" else 6
    for kind, statements in (("statuses", posts), ("accounts", 5), ("hashtags", 4)):
        word = "tag" if kind == "hashtags" else "common"
        with place.app.counted() as searching:
            found = await ann.get(PATH, params={"q": word, "type": kind, "limit": 40})
        assert len(found[kind]) == size
        assert searching.statements == statements, kind


EMPTY = [
    "/api/v1/scheduled_statuses", "/api/v1/trends", "/api/v1/trends/tags",
    "/api/v1/trends/statuses", "/api/v1/trends/links", "/api/v1/notifications/requests",
]  # fmt: skip


@pytest.mark.parametrize("path", EMPTY)
async def test_what_there_is_none_of_is_empty(place: Place, path: str) -> None:
    ann = await place.member("ann")
    assert await ann.get(path) == []
    answer = await ann.client.post(path, json={"title": "x", "name": "x"})
    assert answer.status_code in {404, 405}


async def test_other_empty_answers(place: Place) -> None:
    ann = await place.member("ann")
    await ann.get("/api/v1/push/subscription", 404)
    assert (await ann.get("/api/v2/notifications/policy"))["for_not_following"] == "accept"
    assert await ann.get("/api/v1/notifications/requests/merged") == {"merged": True}
    for path in ("featured_tags", "endorsements", "lists"):
        assert await ann.get(f"/api/v1/accounts/{ann.account_id}/{path}") == []
        await ann.get(f"/api/v1/accounts/12345/{path}", 404)
