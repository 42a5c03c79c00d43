"""Every operator of the search box, over posts of several languages, on both databases."""

from typing import Any

import pytest
from tests.harness.neighbours import Asker, Place
from tests.pictures import photo

from rostra.kernel.clock import DAY
from rostra.network.accounts.removal import remove_account
from rostra.network.search import finding
from rostra.network.search.index import Rebuild
from rostra.store.query import query_text

PATH = "/api/v2/search"


async def posts(asker: Asker, q: str, **params: Any) -> list[str]:
    found = await asker.get(PATH, params={"q": q, "type": "statuses", **params})
    return [
        status["content"].removeprefix("<p>").removesuffix("</p>") for status in found["statuses"]
    ]


async def open_book(place: Place, name: str) -> Asker:
    writer = await place.member(name)
    await writer.change(indexable=True)
    return writer


async def picture(asker: Asker, description: str = "") -> str:
    files = {"file": ("photo.png", bytes(photo(64, 48).pngsave_buffer()), "image/png")}
    data = {"description": description}
    found = await asker.ask("POST", "/api/v2/media", files=files, data=data)
    return str(found["id"])


async def test_who_wrote_it(place: Place) -> None:
    ann, ben = await open_book(place, "ann"), await open_book(place, "Ben")
    await ann.post("tea of ann")
    await ben.post("tea of ben")
    domain = place.services.settings.domain
    assert await posts(ann, "from:me") == ["tea of ann"]
    assert await posts(ann, f"tea from:@BEN@{domain}") == ["tea of ben"]
    assert await posts(ann, "tea -from:me") == ["tea of ben"]
    assert await posts(ann, "tea -from:nobody") == ["tea of ben", "tea of ann"]
    assert await posts(ann, "from:ann from:ben") == []
    assert await posts(ann, "from:ann@elsewhere.example") == []
    await ben.relate("block", ann)
    assert await posts(ann, "from:ben") == []
    assert await posts(ann, "tea -from:ben") == ["tea of ann"]


@pytest.mark.postgresql
async def test_what_it_has_and_is(place: Place) -> None:
    ann, ben = await open_book(place, "ann"), await place.member("ben")
    first = await ann.post("plain words")
    shown = await picture(ann, "a heron in reeds")
    await ann.post("with a picture", media_ids=[shown])
    await ann.post("see https://example.org/page")
    await ann.post("an answer", in_reply_to_id=first["id"])
    await ann.post("careful", spoiler_text="loud")
    assert await posts(ben, "has:image") == ["with a picture"]
    assert await posts(ben, "has:media -has:image") == []
    assert await posts(ben, "heron") == ["with a picture"]
    assert await posts(ben, "has:video") == await posts(ben, "has:audio") == []
    assert len(await posts(ben, "has:link")) == 1
    assert await posts(ben, "is:reply") == ["an answer"]
    assert await posts(ben, "is:sensitive loud") == ["careful"]
    assert await posts(ben, "from:ann -is:reply -is:sensitive -has:link -has:media") == [
        "plain words"
    ]
    assert await posts(ben, "is:quote") == await posts(ben, "has:embed") == []
    shown = await ann.post("look at this", quoted_status_id=first["id"])
    assert await posts(ben, "is:quote") == ["look at this"]
    assert "look at this" not in await posts(ben, "from:ann -is:quote")
    await ann.edit(shown["id"], "look here")
    assert await posts(ben, "is:quote") == ["look here"]
    await ann.delete(shown["id"])
    assert await posts(ben, "is:quote") == []


async def test_polls_and_their_options(place: Place) -> None:
    ann, ben = await open_book(place, "ann"), await place.member("ben")
    poll = {"options": ["heron", "kingfisher"], "expires_in": 3600}
    asked = await ann.post("which bird", poll=poll)
    await ann.post("no bird")
    assert await posts(ben, "has:poll") == await posts(ben, "kingfisher") == ["which bird"]
    assert await posts(ben, "bird -has:poll") == ["no bird"]
    changed = {"status": "which bird", "poll": poll | {"options": ["heron", "stork"]}}
    await ann.ask("PUT", f"/api/v1/statuses/{asked['id']}", json=changed)
    assert await posts(ben, "kingfisher") == []
    assert await posts(ben, "stork has:poll") == ["which bird"]
    await ann.edit(asked["id"], "which bird")
    assert await posts(ben, "stork") == await posts(ben, "has:poll") == []


async def test_when_it_was_written(place: Place) -> None:
    """The clock of the tests stands in the night of 2027-01-15."""
    ann = await open_book(place, "ann")
    for text in ("first day", "second day", "third day"):
        await ann.post(text)
        place.clock.advance(DAY)
    assert await posts(ann, "day before:2027-01-16") == ["first day"]
    assert await posts(ann, "day after:2027-01-16") == ["third day"]
    assert await posts(ann, "day during:2027-01-16") == ["second day"]
    assert await posts(ann, "day -during:2027-01-16") == ["third day", "first day"]
    assert await posts(ann, "during:2027-01") == ["third day", "second day", "first day"]
    assert await posts(ann, "during:2026") == await posts(ann, "after:2027") == []
    assert await posts(ann, "day after:2027-01-15 -after:2027-01-16") == ["second day"]


async def test_in_which_language(place: Place) -> None:
    ann = await open_book(place, "ann")
    await ann.post("Brot backen", language="de")
    await ann.post("bread baking", language="en")
    await ann.post("烤面包", language="zh-CN")
    assert await posts(ann, "language:de") == ["Brot backen"]
    assert await posts(ann, "from:me -language:de -language:zh") == ["bread baking"]
    assert await posts(ann, "language:zh") == await posts(ann, "language:zh-cn") == ["烤面包"]
    assert await posts(ann, "language:zh-TW") == []


@pytest.mark.parametrize(
    ("text", "found", "missed"),
    [
        ("今日は東京に行きました", ["東京", "行きました", "京", "今日 東京"], ["京東", "大阪"]),
        ("我在北京吃烤鸭", ["北京", "烤鸭", "吃", '"在北京吃"'], ["京北", "上海"]),
        ("서울에서 만나요", ["서울", "만나", "울", '"서울에서 만나요"'], ["부산", "울서"]),
        ("ไปกินข้าวกัน", ["กินข้าว", "ข้าว"], ["นอน"]),
        ("हिन्दी में लिखा", ["हिन्दी", "लिखा में"], ["हि"]),
        ("Łódź, ÅNGSTRÖM und Straße", ["angstrom", "strasse", "STRASSE łódź"], ["angst"]),
        ("ガスを使う", ["ガス", "ｶﾞｽ"], ["カス"]),
        ("كتابٌ جديد", ["كتاب"], ["كتب"]),
        (
            "naïve 東京tower café",
            ["東京tower", "tower cafe", "京tower"],
            ["京東cafe", "東京cafe tower x"],
        ),
    ],
)
async def test_words_of_all_scripts(
    place: Place, text: str, found: list[str], missed: list[str]
) -> None:
    ann, ben = await open_book(place, "ann"), await place.member("ben")
    await ann.post(text)
    for query in found:
        assert await posts(ben, query) == [text], query
    for query in missed:
        assert await posts(ben, query) == [], query


async def test_the_library_and_what_is_open(place: Place) -> None:
    ann, ben = await open_book(place, "ann"), await place.member("ben")
    shy = await place.member("shy")
    for text in ("tea one", "tea two", "tea three"):
        kept = await ann.post(text)
    hidden = await shy.post("tea of the shy")
    await shy.post("tea for @ben")
    await ben.post("tea of mine", visibility="private")
    await ben.react("bookmark", kept["id"])
    await ben.react("favourite", hidden["id"])
    library = await posts(ben, "tea in:library")
    assert library[0] == "tea of mine"
    assert library[2:] == ["tea of the shy", "tea three"]
    assert "@<span>ben" in library[1]
    assert await posts(ben, "tea in:public") == ["tea three", "tea two", "tea one"]
    assert len(await posts(ben, "tea")) == len(await posts(ben, "tea in:all")) == 6
    assert len(await posts(ben, "in:library")) == 4
    assert await posts(ben, "in:library -tea") == []
    assert await posts(ben, "in:library -from:me during:2027 -of") == [library[1], "tea three"]
    await ben.react("unbookmark", kept["id"])
    assert await posts(ben, "three in:library") == []
    assert await posts(shy, "tea in:public", limit=1) == ["tea three"]


async def test_a_large_library_is_searched_by_words(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Past the newest so many, what is kept is found where its words are few."""
    monkeypatch.setattr(finding, "MOST_KEPT", 2)
    shy, ben = await place.members("shy", "ben")
    for number in range(5):
        post = await shy.post(f"grape{number} common")
        await ben.react("bookmark", post["id"])
    assert await posts(ben, "grape0") == ["grape0 common"]
    assert await posts(ben, "in:library common") == [f"grape{n} common" for n in (4, 3, 2, 1, 0)]
    assert await posts(ben, "in:library") == ["grape4 common", "grape3 common"]


async def test_favourites_and_bookmarks_of_different_age_are_one_library(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing falls between the newest of the ones and the newest of the others."""
    monkeypatch.setattr(finding, "MOST_KEPT", 2)
    shy, ben = await place.members("shy", "ben")
    for number, kind in enumerate(("bookmark", "bookmark", "favourite", "favourite", "favourite")):
        post = await shy.post(f"grape{number} common")
        await ben.react(kind, post["id"])
    for number in range(5):
        assert await posts(ben, f"grape{number}") == [f"grape{number} common"]
    assert len(await posts(ben, "common")) == 5


async def test_consent_counts_at_once_when_taken_back(place: Place) -> None:
    ann, ben = await place.members("ann", "ben")
    await ann.post("cherries")
    await ann.change(indexable=True)
    await place.app.work()
    assert await posts(ben, "cherries") == ["cherries"]
    await ann.change(indexable=False)
    assert await posts(ben, "cherries") == await posts(ben, "cherries in:public") == []
    await place.app.work()
    assert await posts(ben, "cherries") == []
    assert await posts(ann, "cherries") == ["cherries"]


async def test_what_is_not_understood_is_told(place: Place) -> None:
    ann = await open_book(place, "ann")
    await ann.post("tea")
    answer = await ann.get(PATH, 422, params={"q": "tea has:wings", "type": "statuses"})
    assert "has: takes media, image" in answer["error"]
    assert list(answer["details"]) == ["q"]
    everything = await ann.get(PATH, params={"q": "tea has:wings"})
    assert len(everything["statuses"]) == 1


_DOCUMENTS = query_text(
    sqlite="SELECT text FROM post_search",
    postgresql="SELECT CAST(document AS text) FROM post_search",
    into=str,
)


async def documents(place: Place) -> str:
    async with place.db.read() as reader:
        return " ".join(await reader.all(_DOCUMENTS))


async def test_who_is_gone_leaves_no_mark(place: Place) -> None:
    ann, ben = await place.members("ann", "ben")
    await ann.post("hello @ben")
    assert len(await posts(ben, "hello in:library")) == 1
    mark = f"m{ben.account_id:x}"
    assert mark in await documents(place)
    async with place.db.write() as tx:
        await remove_account(place.services, tx, ben.account_id)
    await place.app.work()
    assert mark not in await documents(place)
    assert len(await posts(ann, "hello")) == 1


@pytest.mark.postgresql
async def test_everything_is_indexed_anew(place: Place) -> None:
    """As a migration asks for where the rules of words have changed."""
    ann, ben = await open_book(place, "ann"), await place.member("ben")
    for number in range(3):
        await ann.post(f"tea {number}")
    await ben.react("reblog", (await ann.post("tea 3"))["id"])
    before = await documents(place)
    async with place.db.write() as tx:
        for statement in ("DELETE FROM post_search", "DELETE FROM account_search"):
            await tx.run(query_text(sqlite=statement, postgresql=statement))
        await tx.enqueue("search.rebuild", Rebuild())
    assert await posts(ben, "tea") == []
    await place.app.work()
    assert len(await posts(ben, "tea")) == 4
    assert sorted(before.split()) == sorted((await documents(place)).split())
    found = await ben.get(PATH, params={"q": "an", "type": "accounts"})
    assert [each["username"] for each in found["accounts"]] == ["ann"]
