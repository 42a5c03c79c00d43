"""Filters: made, changed, removed, and what they do to the posts that a member gets."""

from typing import Any

import pytest
from tests.harness.neighbours import Asker, Place

from rostra.network.filters import change, matching
from rostra.network.filters.events import FiltersChanged
from rostra.network.filters.model import Subject

PATH = "/api/v2/filters"
OLD = "/api/v1/filters"
MADE_UP = "1887436799999999999"


async def make(asker: Asker, *keywords: str, status: int = 200, **more: Any) -> Any:
    wish = {
        "title": "Mine",
        "context": ["home"],
        "keywords_attributes": [{"keyword": each} for each in keywords],
    }
    return await asker.do(PATH, status, **{**wish, **more})


async def seen(asker: Asker, post_id: str) -> list[tuple[str, Any, Any]]:
    post = await asker.get(f"/api/v1/statuses/{post_id}")
    return [
        (each["filter"]["title"], each["keyword_matches"], each["status_matches"])
        for each in post["filtered"]
    ]


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


async def test_every_answer_tells_what_matched(place: Place) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    await ann.relate("follow", ben)
    post = await ben.post("@ann A CAT sat. #pets")
    other = await ben.post("no such animal", in_reply_to_id=post["id"])
    await ben.react("reblog", post["id"])
    await ann.react("favourite", post["id"])
    await ann.react("bookmark", post["id"])
    made = await make(ann, "cat", filter_action="hide", context=["home", "thread"])
    expected = [
        {
            "filter": {
                "id": made["id"],
                "title": "Mine",
                "context": ["home", "thread"],
                "expires_at": None,
                "filter_action": "hide",
            },
            "keyword_matches": ["cat"],
            "status_matches": None,
        }
    ]
    lists = (
        "/api/v1/timelines/home",
        "/api/v1/timelines/public",
        "/api/v1/timelines/tag/pets",
        f"/api/v1/accounts/{ben.account_id}/statuses",
        f"/api/v1/statuses?id[]={post['id']}",
        "/api/v1/favourites",
        "/api/v1/bookmarks",
    )
    for path in lists:
        found = await ann.get(path)
        marked = [each for each in found if "CAT" in str(each)]
        assert marked, path
        for each in marked:
            assert each["filtered"] == expected, path
            if each["reblog"]:
                assert each["reblog"]["filtered"] == expected
        assert all(each["filtered"] == [] for each in found if each["id"] == other["id"])
        assert all("filtered" not in each or not each["filtered"] for each in await ben.get(path))
    thread = await ann.get(f"/api/v1/statuses/{other['id']}/context")
    assert thread["ancestors"][0]["filtered"] == expected
    told = await ann.get("/api/v1/notifications")
    assert told[0]["status"]["filtered"] == expected
    found = await ann.get("/api/v2/search", params={"q": "sat", "type": "statuses"})
    assert all(each["filtered"] == expected for each in found["statuses"])


async def test_a_text_cannot_forge_the_field(place: Place) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    text = '"filtered":[] and "filtered\\":[] cat'
    post = await ben.post(text)
    reblog = await ben.react("reblog", post["id"])
    await make(ann, "cat")
    for post_id in (post["id"], reblog["id"]):
        found = await ann.get(f"/api/v1/statuses/{post_id}")
        original = found["reblog"] or found
        assert len(found["filtered"]) == len(original["filtered"]) == 1
        assert "&quot;filtered" in original["content"] or '"filtered":[] and' in original["content"]


async def test_words_are_looked_for_in_all_that_is_read(place: Place) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    warned = await ben.post("of something", spoiler_text="Mentions a cat")
    plain = await ben.post("of something")
    asked = await ben.post("which?", poll={"options": ["a dog", "a cat"], "expires_in": 3600})
    await make(ann, "CAT")
    assert await seen(ann, warned["id"]) == [("Mine", ["CAT"], None)]
    assert await seen(ann, plain["id"]) == []
    assert await seen(ann, asked["id"]) == [("Mine", ["CAT"], None)]
    await ben.edit(plain["id"], "now of a Cat")
    assert await seen(ann, plain["id"]) == [("Mine", ["CAT"], None)]
    await ben.edit(plain["id"], "of a dog again")
    assert await seen(ann, plain["id"]) == []


async def test_a_change_is_seen_at_once(place: Place) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    post = await ben.post("a cat and a dog")
    assert await seen(ann, post["id"]) == []
    made = await make(ann, "cat")
    assert await seen(ann, post["id"]) == [("Mine", ["cat"], None)]
    at = f"{PATH}/keywords/{made['keywords'][0]['id']}"
    await ann.ask("PUT", at, json={"keyword": "dog"})
    assert await seen(ann, post["id"]) == [("Mine", ["dog"], None)]
    await ann.ask("PUT", f"{PATH}/{made['id']}", json={"title": "Pets"})
    assert await seen(ann, post["id"]) == [("Pets", ["dog"], None)]
    second = await make(ann, "and a", title="Two")
    assert [title for title, *_ in await seen(ann, post["id"])] == ["Pets", "Two"]
    await ann.ask("DELETE", f"{PATH}/{made['id']}")
    assert await seen(ann, post["id"]) == [("Two", ["and a"], None)]
    await ann.ask("DELETE", f"{PATH}/{second['id']}")
    assert await seen(ann, post["id"]) == []


async def test_a_filter_that_has_expired_matches_nothing(place: Place) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    post = await ben.post("a cat")
    made = await make(ann, "cat", expires_in=60)
    assert len(await seen(ann, post["id"])) == 1
    place.clock.advance(61_000)
    assert await seen(ann, post["id"]) == []
    assert [each["id"] for each in await ann.get(PATH)] == [made["id"]]
    await ann.ask("PUT", f"{PATH}/{made['id']}", json={"expires_in": 60})
    assert len(await seen(ann, post["id"])) == 1


async def test_a_reblog_can_be_filed_itself(place: Place) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    post = await ben.post("a cat")
    reblog = await ben.react("reblog", post["id"])
    made = await make(ann)
    await ann.do(f"{PATH}/{made['id']}/statuses", status_id=reblog["id"])
    assert await seen(ann, reblog["id"]) == [("Mine", None, [reblog["id"]])]
    assert await seen(ann, post["id"]) == []
    await ann.do(f"{PATH}/{made['id']}/statuses", status_id=post["id"])
    assert await seen(ann, reblog["id"]) == [("Mine", None, [reblog["id"], post["id"]])]


async def test_what_is_deleted_leaves_nothing(place: Place) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    post = await ben.post("a cat")
    made = await make(ann)
    await ann.do(f"{PATH}/{made['id']}/statuses", status_id=post["id"])
    await ben.delete(post["id"])
    assert (await ann.get(PATH))[0]["statuses"] == []


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


async def test_old_clients_see_keywords_as_filters(place: Place) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    answer = await ann.client.post(
        OLD, json={"phrase": "cat", "context": ["home", "account"], "irreversible": "true"}
    )
    old = answer.json()
    assert answer.headers["deprecation"]
    assert old == {
        "id": old["id"],
        "phrase": "cat",
        "context": ["home", "account"],
        "whole_word": False,
        "expires_at": None,
        "irreversible": True,
    }
    new = (await ann.get(PATH))[0]
    assert (new["title"], new["filter_action"]) == ("cat", "hide")
    assert new["keywords"] == [{"id": old["id"], "keyword": "cat", "whole_word": False}]
    at = f"{OLD}/{old['id']}"
    assert await ann.get(OLD) == [old]
    assert await ann.get(at) == old
    changes = {"phrase": "dog", "context": ["thread"], "irreversible": False, "expires_in": 60}
    changed = await ann.ask("PUT", at, json={**changes, "whole_word": True})
    assert (changed["phrase"], changed["context"]) == ("dog", ["thread"])
    assert (changed["whole_word"], changed["irreversible"]) == (True, False)
    assert changed["expires_at"]
    await ann.do(f"{PATH}/{new['id']}/keywords", keyword="bird")
    refused = await ann.ask("PUT", at, 422, json={"context": ["home"]})
    assert "more than one filter keyword" in refused["error"]
    assert (await ann.ask("PUT", at, json={"phrase": "horse"}))["phrase"] == "horse"
    await ben.ask("DELETE", at, 404)
    assert await ann.ask("DELETE", at) == {}
    await ann.get(at, 404)
    assert [each["phrase"] for each in await ann.get(OLD)] == ["bird"]
    for body in ({"context": ["home"]}, {"phrase": "", "context": ["home"]}):
        assert list((await ann.do(OLD, 422, **body))["details"]) == ["phrase"]
    assert list((await ann.do(OLD, 422, phrase="x"))["details"]) == ["context"]


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


async def test_streams_can_ask_for_many_and_hear_of_changes(place: Place) -> None:
    """What a stream needs: which members have filters, what matches, and when that changes."""
    ann, ben, eve = await place.members("ann", "ben", "eve")
    told: list[FiltersChanged] = []
    place.db.ties.hooks.after(FiltersChanged, told.append)  # type: ignore[attr-defined] # both databases have it
    made = await make(ann, "cat", filter_action="hide")
    post = await ben.post("a cat")
    async with place.db.read() as reader:
        known = await matching.versions(reader, [ann.account_id, ben.account_id, eve.account_id])
        assert list(known) == [ann.account_id]
        assert told[-1] == FiltersChanged(ann.account_id, known[ann.account_id])
        subject = Subject(int(post["id"]), int(post["id"]), 1)
        version = known[ann.account_id]
        matched = await matching.matches(place.services, reader, ann.account_id, version, [subject])
    assert [each.filter.id for each in matched[subject.id]] == [int(made["id"])]
    await ann.ask("DELETE", f"{PATH}/{made['id']}")
    assert told[-1] == FiltersChanged(ann.account_id, 0)


@pytest.mark.parametrize("size", [1, 30])
async def test_the_cost_does_not_grow(place: Place, size: int) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    await ann.relate("follow", ben)
    for number in range(size):
        await ben.post(f"cat {number}")
        await make(ann, "cat", f"word{number}", title=f"Filter {number}")
    home = "/api/v1/timelines/home"
    await ann.get(home, params={"limit": 40})
    with place.app.counted() as first:
        filters = await ann.get(PATH)
    assert (len(filters), first.statements) == (size, 4)
    await make(ann, "dog")
    with place.app.counted() as cold:  # a new version of the filters: they are loaded
        found = await ann.get(home, params={"limit": 40})
    with place.app.counted() as warm:
        assert await ann.get(home, params={"limit": 40}) == found
    assert all(len(each["filtered"]) == size for each in found)
    assert warm.statements == 3  # as without filters
    assert cold.statements == warm.statements + 3
