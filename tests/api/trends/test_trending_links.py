"""Links that people talk about: in public posts, by people, and only what an operator lets pass."""

from typing import Any

import pytest
from tests.api.trends.street import Street, fetched, page
from tests.api.trends.talk import allow, decide, open_people, rows
from tests.harness.neighbours import Asker

from rostra.kernel.clock import HOUR
from rostra.kernel.errors import NotFound
from rostra.network.trends import access
from rostra.network.trends.model import Decision, Kind
from rostra.store.tables.previews import cards
from rostra.store.tables.trends import trend_days, trend_hours, trend_uses

URL = "/api/v1/trends/links"
PEOPLE = ("ann", "ben", "eve")


async def titles(who: Asker, **given: Any) -> list[str]:
    """The links that somebody is shown."""
    return [link["title"] for link in await who.get(URL, params=given)]


async def test_what_many_lead_to_trends_once_an_operator_approves_it(street: Street) -> None:
    people = await open_people(street, *PEOPLE)
    news, tea = page(street, "news"), page(street, "tea")
    for one in people:
        await one.post(f"look {news}")
    await people[0].post(f"again {news}")
    for one in people[:2]:
        await one.post(f"look {tea}")
        await one.post(f"look again {tea}")
    await fetched(street)
    assert await titles(street.nobody) == []
    async with street.db.read() as reader:
        waiting = await access.listed(reader, Kind.LINK, decision=Decision.NONE)
    assert [(each.title, each.accounts) for each in waiting] == [(news, 3)]
    await decide(street, Kind.LINK, news, Decision.APPROVED)
    [link] = await street.nobody.get(URL)
    assert (link["title"], link["url"]) == ("news", news)
    assert link["description"] == "About news"
    assert len(link["history"]) == 7
    assert (link["history"][0]["uses"], link["history"][0]["accounts"]) == ("4", "3")
    post = await people[0].post(news)
    card = (await people[0].get(f"/api/v1/statuses/{post['id']}"))["card"]
    assert {**card, "history": link["history"]} == link
    await decide(street, Kind.LINK, str(waiting[0].subject_id), Decision.REJECTED)
    assert await titles(people[0]) == []
    await allow(street, trends_unreviewed=True)
    assert await titles(people[0]) == []
    with pytest.raises(NotFound):
        await decide(street, Kind.LINK, "https://elsewhere.example/", Decision.APPROVED)


async def test_what_never_trends(street: Street) -> None:
    ann, ben, shy = await open_people(street, "ann", "ben", "shy")
    await shy.change(discoverable=False)
    await allow(street, trends_unreviewed=True)
    for visibility in ("unlisted", "private", "direct"):
        for one in (ann, ben):
            await one.post(page(street, visibility))
        await shy.post(page(street, visibility), visibility=visibility)
    for one in (ann, ben, shy):
        await one.post(page(street, "undiscoverable"))
        await one.post(page(street, "covered"), sensitive=one is ann)
        await one.post(street.site.url("/missing"))
    await fetched(street)
    assert await titles(street.nobody) == []
    await shy.change(discoverable=True)
    await fetched(street)
    assert await titles(street.nobody) == ["undiscoverable"]


async def test_deleting_lowers_it_and_a_decision_outlives_the_posts(street: Street) -> None:
    people = await open_people(street, *PEOPLE)
    await allow(street, trends_unreviewed=True)
    news, tea = page(street, "news"), page(street, "tea")
    posts = [(one, await one.post(f"{text} {at}")) for one in people
             for text, at in (("no", news), ("yes", tea))]  # fmt: skip
    await fetched(street)
    assert set(await titles(street.nobody)) == {"news", "tea"}
    await people[0].edit(posts[1][1]["id"], "nothing of it")
    await street.app.work()
    assert await titles(street.nobody) == ["news"]
    await decide(street, Kind.LINK, news, Decision.REJECTED)
    for one, post in posts:
        await one.delete(post["id"])
    await street.app.work()
    for table in (trend_days, trend_hours, trend_uses):
        assert await rows(street, table) == 0
    assert await rows(street, cards) == 1
    for one in people:
        await one.post(news)
    await fetched(street)
    assert await titles(street.nobody) == []


async def test_it_fades_and_has_pages(street: Street) -> None:
    people = await open_people(street, *PEOPLE)
    await allow(street, trends_unreviewed=True)
    for one in people:
        await one.post(page(street, "old"))
    street.clock.advance(12 * HOUR)
    for one in people:
        await one.post(page(street, "new"))
    await fetched(street)
    assert await titles(people[0]) == ["new", "old"]
    assert await titles(people[0], limit=1, offset=1) == ["old"]
    await street.settle()
    with street.app.counted() as reading:
        await titles(people[0])
    assert reading.statements == 3  # token, ranking, weeks
    await allow(street, trends=False)
    assert await titles(people[0]) == []
