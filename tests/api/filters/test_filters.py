"""Filters: made, changed, removed, and whose they are."""

from typing import Any

import pytest
from tests.api.filters.filing import MADE_UP, PATH, make, seen
from tests.harness.neighbours import Place
from tests.harness.turns import in_turn

from rostra.network.filters import change
from rostra.network.filters.model import FilterWish, KeywordWish
from rostra.store.database import Transaction


async def test_a_filter_from_its_making_to_its_end(place: Place) -> None:
    ann = await place.member("ann")
    made = await ann.do(
        PATH,
        title="News",
        context=["home", "public"],
        filter_action="hide",
        expires_in=3600,
        keywords_attributes=[{"keyword": "war", "whole_word": False}, {"keyword": "peace"}],
    )
    assert {name: made[name] for name in ("title", "context", "filter_action", "statuses")} == {
        "title": "News",
        "context": ["home", "public"],
        "filter_action": "hide",
        "statuses": [],
    }
    assert made["expires_at"] > "2027"
    assert [(k["keyword"], k["whole_word"]) for k in made["keywords"]] == [
        ("war", False),
        ("peace", True),
    ]
    one = f"{PATH}/{made['id']}"
    assert await ann.get(PATH) == [made]
    assert await ann.get(one) == made
    war, peace = (each["id"] for each in made["keywords"])
    changes = {
        "title": "Other news",
        "expires_in": "",
        "filter_action": "blur",
        "keywords_attributes": [
            {"id": war, "_destroy": True},
            {"id": peace, "keyword": "Peace!"},
            {"keyword": "truce"},
        ],
    }
    changed = await ann.ask("PUT", one, json=changes)
    assert changed["title"] == "Other news"
    assert changed["context"] == ["home", "public"]
    assert changed["filter_action"] == "blur"
    assert changed["expires_at"] is None
    assert [(k["id"] == peace, k["keyword"]) for k in changed["keywords"]] == [
        (True, "Peace!"),
        (False, "truce"),
    ]
    assert await ann.ask("DELETE", one) == {}
    await ann.get(one, 404)
    assert await ann.get(PATH) == []
    await ann.get(f"{PATH}/keywords/{peace}", 404)


async def test_a_filter_comes_as_a_form_too(place: Place) -> None:
    ann = await place.member("ann")
    form = (
        "title=test&context[]=public&keywords_attributes[][keyword]=foo"
        "&keywords_attributes[][whole_word]=false&keywords_attributes[][keyword]=bar"
        "&keywords_attributes[][whole_word]=true&filter_action=blur_media&expires_in="
    )
    kind = {"content-type": "application/x-www-form-urlencoded"}
    made = await ann.ask("POST", PATH, content=form, headers=kind)
    assert [(k["keyword"], k["whole_word"]) for k in made["keywords"]] == [
        ("foo", False),
        ("bar", True),
    ]
    assert made["filter_action"] == "blur"
    assert made["expires_at"] is None
    foo, bar = (each["id"] for each in made["keywords"])
    form = (
        f"keywords_attributes[][id]={foo}&keywords_attributes[][_destroy]=true"
        f"&keywords_attributes[][id]={bar}&keywords_attributes[][keyword]=baz"
    )
    changed = await ann.ask("PATCH", f"{PATH}/{made['id']}", content=form, headers=kind)
    assert [(k["id"], k["keyword"]) for k in changed["keywords"]] == [(bar, "baz")]


@pytest.mark.parametrize(
    ("field", "wish"),
    [
        ("title", {"title": " "}),
        ("title", {"title": None}),
        ("title", {"title": "x" * 257}),
        ("context", {"context": None}),
        ("context", {"context": []}),
        ("context", {"context": ["home", "nowhere"]}),
        ("filter_action", {"filter_action": "explode"}),
        ("expires_in", {"expires_in": "soon"}),
        ("expires_in", {"expires_in": -1}),
        ("expires_in", {"expires_in": 10**11}),
        ("keyword", {"keywords_attributes": [{"keyword": "x" * 513}]}),
        ("keyword", {"keywords_attributes": [{"whole_word": True}]}),
    ],
)
async def test_what_is_wrong_is_named(place: Place, field: str, wish: dict[str, Any]) -> None:
    ann = await place.member("ann")
    refused = await make(ann, "word", status=422, **wish)
    assert list(refused["details"]) == [field]
    assert await ann.get(PATH) == []


async def test_keywords_and_posts_have_addresses_of_their_own(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    made = await make(ann)
    one = f"{PATH}/{made['id']}"
    keyword = await ann.do(f"{one}/keywords", keyword="  far \n away ", whole_word="false")
    assert keyword == {"id": keyword["id"], "keyword": "far away", "whole_word": False}
    assert await ann.get(f"{one}/keywords") == [keyword]
    at = f"{PATH}/keywords/{keyword['id']}"
    assert await ann.get(at) == keyword
    keyword = await ann.ask("PUT", at, json={"keyword": "near", "whole_word": True})
    assert keyword == {"id": keyword["id"], "keyword": "near", "whole_word": True}
    assert "keyword" in (await ann.ask("PUT", at, 422, json={"keyword": ""}))["details"]
    assert "keyword" in (await ann.do(f"{one}/keywords", 422))["details"]
    post = await ben.post("hello")
    secret = await ben.post("hidden", visibility="direct")
    entry = await ann.do(f"{one}/statuses", status_id=post["id"])
    assert entry == {"id": entry["id"], "status_id": post["id"]}
    assert await ann.do(f"{one}/statuses", status_id=post["id"]) == entry
    assert await ann.get(f"{one}/statuses") == [entry]
    assert await ann.get(f"{PATH}/statuses/{entry['id']}") == entry
    unseen = [
        await ann.do(f"{one}/statuses", 404, status_id=each)
        for each in (secret["id"], MADE_UP, "nonsense")
    ]
    assert unseen[0] == unseen[1] == unseen[2]
    assert await seen(ann, post["id"]) == [("Mine", None, [post["id"]])]
    assert await seen(eve, post["id"]) == []
    assert await ann.ask("DELETE", f"{PATH}/statuses/{entry['id']}") == {}
    assert await seen(ann, post["id"]) == []
    assert await ann.ask("DELETE", at) == {}
    assert (await ann.get(one))["keywords"] == []
    for path in (at, f"{PATH}/statuses/{entry['id']}", f"{one}x", f"{PATH}/{MADE_UP}"):
        await ann.get(path, 404)


async def test_a_keyword_of_another_filter_is_not_there(place: Place) -> None:
    ann = await place.member("ann")
    one, two = await make(ann, "one"), await make(ann, "two")
    foreign = two["keywords"][0]["id"]
    for keyword_id in (foreign, MADE_UP, "nonsense"):
        body = {"keywords_attributes": [{"id": keyword_id, "keyword": "three"}], "title": "Lost"}
        await ann.ask("PUT", f"{PATH}/{one['id']}", 404, json=body)
    assert await ann.get(PATH) == [one, two]
    attributes = [{"id": foreign, "keyword": "three"}]
    await make(ann, status=404, keywords_attributes=attributes)


async def test_a_member_has_so_many_and_no_more(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change, "MAX_FILTERS", 2)
    monkeypatch.setattr(change, "MAX_KEYWORDS", 3)
    monkeypatch.setattr(change, "MAX_POSTS", 1)
    ann = await place.member("ann")
    one = await make(ann, "a", "b")
    await make(ann, "c")
    assert "base" in (await make(ann, status=422))["details"]
    refused = await ann.do(f"{PATH}/{one['id']}/keywords", 422, keyword="d")
    assert "At most 3 keywords" in refused["error"]
    statuses = f"{PATH}/{one['id']}/statuses"
    first, second = await ann.post("one"), await ann.post("two")
    await ann.do(statuses, status_id=first["id"])
    assert "status_id" in (await ann.do(statuses, 422, status_id=second["id"]))["details"]
    assert [len(each["keywords"]) for each in await ann.get(PATH)] == [2, 1]


async def test_filters_are_ones_own(place: Place) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    made = await make(ann, "word")
    keyword = made["keywords"][0]["id"]
    post = await ben.post("hello")
    for method, path in (
        ("GET", made["id"]),
        ("PUT", made["id"]),
        ("DELETE", made["id"]),
        ("GET", f"{made['id']}/keywords"),
        ("POST", f"{made['id']}/keywords"),
        ("POST", f"{made['id']}/statuses"),
        ("GET", f"keywords/{keyword}"),
        ("PUT", f"keywords/{keyword}"),
        ("DELETE", f"keywords/{keyword}"),
    ):
        body = {"title": "x", "keyword": "x", "status_id": post["id"]}
        await ben.ask(method, f"{PATH}/{path}", 404, json=body)
    assert await ann.get(PATH) == [made]
    assert await ben.get(PATH) == []
    await place.nobody.get(PATH, 401)


@pytest.mark.postgresql
async def test_a_filter_that_is_made_while_the_last_one_is_removed_works(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    old = await make(ann)

    async def new(tx: Transaction) -> None:
        wish = FilterWish(title="New", contexts=("home",), keywords=(KeywordWish(keyword="war"),))
        await change.create(place.services, tx, ann.account_id, wish)

    await in_turn(place.db, new, ann.ask("DELETE", f"{PATH}/{old['id']}"))
    post = await bob.post("war and peace")
    shown = await ann.get(f"/api/v1/statuses/{post['id']}")
    assert [each["filter"]["title"] for each in shown["filtered"]] == ["New"]
