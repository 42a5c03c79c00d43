"""Hashtags that people talk about: by people, not by posts, and only what an operator lets pass."""

from collections.abc import Sequence
from typing import Any

import pytest
from tests.api.trends.talk import PEOPLE, allow, decide, open_people, ranked, rows
from tests.harness.neighbours import Asker, Place

from rostra.kernel.clock import DAY, HOUR
from rostra.kernel.errors import NotFound
from rostra.network.trends import access
from rostra.network.trends.count import WAIT, CountDay
from rostra.network.trends.model import Decision, Kind
from rostra.network.trends.rank import Prune, prune
from rostra.store.tables.trends import trend_days, trend_hours, trend_uses, trends


async def names(who: Asker, **given: Any) -> list[str]:
    """The hashtags that somebody is shown."""
    return [tag["name"] for tag in await who.get("/api/v1/trends/tags", params=given)]


async def say(people: Sequence[Asker], text: str, **more: Any) -> list[str]:
    """Everybody says the same; the ids of the posts."""
    return [(await one.post(text, **more))["id"] for one in people]


@pytest.mark.postgresql
async def test_what_many_say_trends_once_an_operator_approves_it(place: Place) -> None:
    people = await open_people(place, *PEOPLE)
    await say(people, "look at the #Eclipse")
    await say(people[:3], "#tea")
    await ranked(place)
    assert await names(place.nobody) == []
    async with place.db.read() as reader:
        waiting = await access.listed(reader, Kind.TAG, decision=Decision.NONE)
    assert [(each.title, each.accounts) for each in waiting] == [("eclipse", 4), ("tea", 3)]
    await decide(place, Kind.TAG, "#ECLIPSE", Decision.APPROVED)
    assert await names(place.nobody) == ["eclipse"]
    await decide(place, Kind.TAG, str(waiting[1].subject_id), Decision.APPROVED)
    assert await names(people[0]) == ["eclipse", "tea"]
    await decide(place, Kind.TAG, "eclipse", Decision.REJECTED)
    assert await names(people[0]) == ["tea"]
    await decide(place, Kind.TAG, "eclipse", Decision.NONE)
    assert await names(people[0]) == ["tea"]
    await allow(place, trends_unreviewed=True)
    assert await names(people[0]) == ["eclipse", "tea"]
    await allow(place, trends=False)
    assert await names(people[0]) == []
    for missing in ("unheard", "12"):
        with pytest.raises(NotFound):
            await decide(place, Kind.TAG, missing, Decision.APPROVED)


async def test_a_trend_is_a_tag_with_its_week_for_the_viewer(place: Place) -> None:
    people = await open_people(place, *PEOPLE)
    await allow(place, trends_unreviewed=True)
    await say(people, "#harbour")
    await people[0].post("#harbour again")
    await people[0].do("/api/v1/tags/harbour/follow")
    await ranked(place)
    [tag] = await people[0].get("/api/v1/trends")
    assert tag == await people[0].get("/api/v1/tags/harbour")
    assert (tag["history"][0]["uses"], tag["history"][0]["accounts"]) == ("5", "4")
    assert tag["following"]
    [tag] = await place.nobody.get("/api/v1/trends/tags")
    assert "following" not in tag


async def test_a_search_can_leave_out_what_nobody_approved(place: Place) -> None:
    ann = await place.member("ann")
    await ann.post("#harbour #harbours #harbouring")
    await place.app.work()
    await decide(place, Kind.TAG, "harbours", Decision.APPROVED)
    await decide(place, Kind.TAG, "harbouring", Decision.REJECTED)
    asked = {"q": "harb", "type": "hashtags"}
    found = await ann.get("/api/v2/search", params=asked)
    assert len(found["hashtags"]) == 3
    found = await ann.get("/api/v2/search", params={**asked, "exclude_unreviewed": "true"})
    assert [tag["name"] for tag in found["hashtags"]] == ["harbours"]
    asked = {"q": "#Harbour", "type": "hashtags", "exclude_unreviewed": "true"}  # by its name
    found = await ann.get("/api/v2/search", params=asked)
    assert [tag["name"] for tag in found["hashtags"]] == ["harbour", "harbours"]
    await allow(place, trends_unreviewed=True)  # nothing waits for a review
    found = await ann.get("/api/v2/search", params=asked)
    assert len(found["hashtags"]) == 3


async def test_people_are_counted_not_posts(place: Place) -> None:
    ann, ben, eve, kim = await open_people(place, *PEOPLE)
    await allow(place, trends_unreviewed=True)
    for number in range(9):
        await ann.post(f"#spam {number}")
        await ben.post(f"#spam {number}")
    place.clock.advance(DAY)
    await say((ann, ben), "#spam")  # two people on two days are two people
    await say((ann, ben, eve), "#few")
    await ranked(place)
    assert await names(kim) == ["few"]


async def test_who_and_what_does_not_count(place: Place) -> None:
    ann, ben, eve, shy = await open_people(place, "ann", "ben", "eve", "shy")
    await shy.change(discoverable=False)
    await allow(place, trends_unreviewed=True)
    await say((ann, ben, shy), "#undiscoverable")
    for visibility in ("unlisted", "private", "direct"):
        await say((ann, ben), f"#{visibility}")
        await eve.post(f"#{visibility}", visibility=visibility)
    await say((ann, ben), "#covered")
    await eve.post("#covered", sensitive=True)
    await say((ann, ben), "#warned")
    await eve.post("#warned", spoiler_text="careful")
    await say((ann, ben, eve), "#counted")
    await ranked(place)
    assert await names(place.nobody) == ["counted"]
    covered = await ann.get("/api/v1/tags/covered")
    assert covered["history"][0]["accounts"] == "3"  # told of, but no reason to show it around
    hidden = await ann.get("/api/v1/tags/private")
    assert hidden["history"][0]["accounts"] == "2"
    await shy.change(discoverable=True)
    await ranked(place)
    assert await names(place.nobody) == ["counted", "undiscoverable"]
    await shy.change(discoverable=False)
    await place.app.work()
    assert await names(place.nobody) == ["counted"]  # before it is ranked anew


async def test_deleting_and_editing_lower_what_was_counted(place: Place) -> None:
    people = await open_people(place, "ann", "ben", "eve")
    await allow(place, trends_unreviewed=True)
    posts = await say(people, "#gone")
    await people[0].post("#gone, said twice")
    others = await say(people, "#edited")
    await ranked(place)
    assert set(await names(place.nobody)) == {"gone", "edited"}
    await people[0].delete(posts[0])
    await place.app.work()
    assert "gone" in await names(place.nobody)  # still said by three
    await people[1].delete(posts[1])
    await people[2].edit(others[2], "#other")
    await place.app.work()
    assert await names(place.nobody) == []
    gone = await people[0].get("/api/v1/tags/gone")
    assert (gone["history"][0]["uses"], gone["history"][0]["accounts"]) == ("2", "2")
    other = await people[0].get("/api/v1/tags/other")
    assert other["history"][0]["uses"] == "1"
    await ranked(place)
    assert await names(place.nobody) == []


async def test_nothing_is_left_of_tags_and_people_who_are_gone(place: Place) -> None:
    people = await open_people(place, "ann", "ben", "eve")
    await allow(place, trends_unreviewed=True)
    await decide_on(place, people[0])
    posts = await say(people, "#fleeting")
    await ranked(place)
    assert await names(place.nobody) == ["fleeting"]
    for one, post in zip(people, posts, strict=True):
        await one.delete(post)
        assert (await names(place.nobody) == []) == (one is people[2])  # without any job
    await ranked(place)
    for table in (trend_uses, trend_days, trend_hours):
        assert await rows(place, table) == 0
    assert await rows(place, trends) == 1
    async with place.db.read() as reader:
        assert [each.title for each in await access.listed(reader, Kind.AUTHOR)] == ["ann"]


async def decide_on(place: Place, who: Asker) -> None:
    """Trust an author."""
    await decide(place, Kind.AUTHOR, f"@{who.username}", Decision.APPROVED)


async def test_a_decision_outlives_the_posts(place: Place) -> None:
    people = await open_people(place, "ann", "ben", "eve")
    await allow(place, trends_unreviewed=True)
    posts = await say(people, "#insult")
    await ranked(place)
    await decide(place, Kind.TAG, "insult", Decision.REJECTED)
    for one, post in zip(people, posts, strict=True):
        await one.delete(post)
    await place.app.work()
    await say(people, "#insult")
    await ranked(place)
    assert await names(place.nobody) == []


async def test_it_fades_and_what_is_usual_is_no_trend(place: Place) -> None:
    people = await open_people(place, *PEOPLE)
    await allow(place, trends_unreviewed=True)
    for _ in range(6):
        await say(people, "#goodmorning")
        place.clock.advance(DAY)
    await say(people, "#goodmorning")
    await say(people[:3], "#storm")
    await ranked(place)
    assert await names(place.nobody) == ["storm", "goodmorning"]
    place.clock.advance(12 * HOUR)
    await say(people[:3], "#calm")
    await ranked(place)
    assert await names(place.nobody) == ["calm", "storm"]
    place.clock.advance(49 * HOUR)
    await ranked(place)
    assert await names(place.nobody) == []
    assert await rows(place, trends) == 0


@pytest.mark.postgresql
async def test_old_counts_are_pruned(place: Place) -> None:
    people = await open_people(place, "ann", "ben", "eve")
    await say(people, "#old")
    await place.app.work()
    place.clock.advance(6 * DAY)
    await prune(place.services, Prune())
    assert [await rows(place, t) for t in (trend_uses, trend_days, trend_hours)] == [3, 1, 0]
    tag = await people[0].get("/api/v1/tags/old")
    assert tag["history"][6]["uses"] == "3"
    place.clock.advance(DAY)
    await people[0].post("#old")
    place.clock.advance(WAIT)
    await place.app.work()
    await prune(place.services, Prune())
    assert [await rows(place, t) for t in (trend_uses, trend_days, trend_hours)] == [1, 1, 1]
    async with place.db.write() as tx:  # a job that comes late brings nothing old back
        await tx.enqueue(
            "trends.count_day",
            CountDay(people[1].account_id, place.clock.now() // DAY - 7),
        )
    await place.app.work()
    assert await rows(place, trend_uses) == 1


async def test_pages_of_a_ranking(place: Place) -> None:
    people = await open_people(place, "ann", "ben", "eve")
    await allow(place, trends_unreviewed=True)
    for number in range(5):
        await say(people, f"#tag{number}")
    await ranked(place)
    everything = await names(place.nobody)
    assert len(everything) == 5
    assert await names(place.nobody, limit=2) == everything[:2]
    assert await names(place.nobody, limit=2, offset=2) == everything[2:4]
    answer = await place.nobody.client.get("/api/v1/trends/tags", params={"limit": 2, "offset": 2})
    assert "limit=2&offset=4" in answer.headers["link"].split(",")[0]
    assert 'offset=0>; rel="prev"' in answer.headers["link"]
    assert await names(place.nobody, offset=100) == []
    assert await names(place.nobody, offset=10**30) == []
    answer = await place.nobody.client.get("/api/v1/trends/tags", params={"limit": 20})
    assert "link" not in answer.headers


@pytest.mark.parametrize("size", [1, 9])
async def test_the_cost_does_not_grow(place: Place, size: int) -> None:
    people = await open_people(place, "ann", "ben", "eve")
    await allow(place, trends_unreviewed=True)
    for number in range(size):
        await say(people, f"#tag{number}")
    await ranked(place)
    assert len(await names(people[0])) == size
    await place.settle()
    with place.app.counted() as reading:
        await names(people[0])
    assert reading.statements == 4  # token, ranking, weeks, what the viewer follows
