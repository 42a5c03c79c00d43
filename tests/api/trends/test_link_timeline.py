"""Posts that lead to a link which trends: only public ones of those who want to be found."""

from typing import Any

import pytest
from tests.api.trends.street import Street, fetched, page
from tests.api.trends.talk import allow, decide, open_people
from tests.harness.neighbours import Asker

from rostra.network.trends.model import Decision, Kind

URL = "/api/v1/timelines/link"
PEOPLE = ("ann", "ben", "eve")


async def led(who: Asker, url: str, **given: Any) -> list[str]:
    """The posts that somebody is shown of a link."""
    return [post["id"] for post in await who.get(URL, params={"url": url, **given})]


async def told(street: Street) -> Any:
    """Who may read it, as clients are told."""
    instance = await street.nobody.get("/api/v2/instance")
    return instance["configuration"]["timelines_access"]["trending_link_feeds"]["local"]


async def talked_of(street: Street, url: str, *people: Asker) -> list[str]:
    """The posts of each, the newest first, once the link trends."""
    posts = [(await one.post(f"look {url}"))["id"] for one in people]
    await fetched(street)
    return posts[::-1]


@pytest.mark.postgresql
async def test_only_a_link_that_trends_and_was_approved_has_one(street: Street) -> None:
    people = await open_people(street, *PEOPLE)
    news = page(street, "news")
    posts = await talked_of(street, news, *people)
    assert await told(street) == "public"
    body = await street.nobody.get(URL, 404, params={"url": news})
    unknown = page(street, "unknown")
    assert await street.nobody.get(URL, 404, params={"url": unknown}) == body
    await decide(street, Kind.LINK, news, Decision.APPROVED)
    assert await led(street.nobody, news) == await led(people[0], news) == posts
    answer = await street.nobody.get(URL, params={"url": news})
    assert {post["card"]["url"] for post in answer} == {news}
    assert await led(people[0], news, limit=1) == posts[:1]
    assert await led(people[0], news, max_id=posts[0]) == posts[1:]
    assert await led(people[0], news, limit=1, min_id=posts[2]) == posts[1:2]
    first = await people[0].client.get(URL, params={"url": news, "limit": 2})
    more = await people[0].client.get(first.links["next"]["url"])
    assert [post["id"] for post in more.json()] == posts[2:]
    await allow(street, public_timelines=False)
    assert await told(street) == "authenticated"
    assert await street.nobody.get(URL, 404, params={"url": news}) == body
    assert await led(people[0], news) == posts
    await decide(street, Kind.LINK, news, Decision.REJECTED)
    assert await people[0].get(URL, 404, params={"url": news}) == body
    await allow(street, trends_unreviewed=True, trends=False)
    assert await told(street) == "disabled"
    assert await people[0].get(URL, 404, params={"url": news}) == body
    assert "Url" in (await people[0].get(URL, 422))["error"]


async def test_what_it_never_shows(street: Street) -> None:
    *people, shy = await open_people(street, *PEOPLE, "shy")
    await allow(street, trends_unreviewed=True)
    await shy.change(discoverable=False)
    news = page(street, "news")
    for one in people[1:]:
        await one.relate("follow", people[0])
    for visibility in ("unlisted", "private", "direct"):
        await people[0].post(f"@ben {news}", visibility=visibility)
    await shy.post(news)
    posts = await talked_of(street, news, *people)
    assert await led(people[1], news) == posts
    await people[0].edit(posts[-1], "nothing of it")
    await street.app.work()
    assert await street.nobody.get(URL, 404, params={"url": news})
    again = (await people[0].post(news))["id"]
    await shy.change(discoverable=True)
    await fetched(street)
    assert (await led(shy, news))[:2] == [again, posts[0]]
    assert len(await led(shy, news)) == 4
    await people[2].delete(posts[0])
    await fetched(street)
    assert posts[0] not in await led(shy, news)


async def test_blocks_mutes_and_filters_hold(street: Street) -> None:
    ann, ben, eve, zoe, lou = await open_people(street, *PEOPLE, "zoe", "lou")
    await allow(street, trends_unreviewed=True)
    news = page(street, "news")
    posts = await talked_of(street, news, ann, ben, eve)
    await zoe.relate("mute", ann)
    await ann.relate("block", lou)
    assert await led(zoe, news) == await led(lou, news) == posts[:2]
    await zoe.relate("block", ben)
    assert await led(zoe, news) == posts[:1]
    await eve.do(
        "/api/v2/filters",
        title="no news",
        context=["public"],
        filter_action="warn",
        keywords_attributes=[{"keyword": "look", "whole_word": True}],
    )
    shown = await eve.get(URL, params={"url": news})
    assert [bool(post["filtered"]) for post in shown] == [True, True, True]


async def test_addresses_that_lead_to_one_page_are_one_link(street: Street) -> None:
    people = await open_people(street, *PEOPLE)
    await allow(street, trends_unreviewed=True)
    there = page(street, "there")
    short = street.site.url("/short")
    street.site.pages["/short"] = (302, there, b"")
    posts = [(await one.post(f"look {there}"))["id"] for one in people]
    shortened = await talked_of(street, short, *people)
    every = shortened + posts[::-1]
    assert await led(people[0], there) == every
    assert await led(people[0], short) == shortened
    assert await led(people[0], there, limit=4) == every[:4]
    assert await led(people[0], there, limit=4, min_id=every[-1]) == every[1:5]


async def test_the_number_of_statements_is_the_same_for_many(street: Street) -> None:
    people = await open_people(street, *PEOPLE)
    await allow(street, trends_unreviewed=True)
    news = page(street, "news")
    await talked_of(street, news, *people)
    counts = []
    for _ in range(2):
        assert await led(people[0], news)
        await street.settle()
        with street.app.counted() as reading:
            await led(people[0], news)
        counts.append(reading.statements)
        for one in people:
            await one.post(f"again {news}")
            await one.post(f"and again {news}")
        await fetched(street)
    assert counts == [4, 4]  # token, link, page, posts
