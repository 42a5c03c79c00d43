"""What filters do to the posts that a member gets."""

import pytest
from tests.api.filters.filing import PATH, make, seen
from tests.harness.neighbours import Place

from rostra.network.filters import matching
from rostra.network.filters.events import FiltersChanged
from rostra.network.filters.model import Subject


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


async def test_streams_can_ask_for_many_and_hear_of_changes(place: Place) -> None:
    """What a stream needs: which members have filters, what matches, and when that changes."""
    ann, ben, eve = await place.members("ann", "ben", "eve")
    told = place.told(FiltersChanged)
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
    assert warm.statements == 2  # as without filters
    assert cold.statements == warm.statements + 3
