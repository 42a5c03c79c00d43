"""Posts that people talk about: for those who may see them, and only what an operator lets pass."""

from typing import Any

import pytest
from tests.api.trends.talk import PEOPLE, allow, decide, open_people, ranked, rows
from tests.harness.crowd import ids_of
from tests.harness.neighbours import Asker, Place

from rostra.kernel.clock import HOUR
from rostra.kernel.errors import NotFound
from rostra.network.trends import access
from rostra.network.trends.model import Decision, Kind
from rostra.network.trends.rank import Rank, rank
from rostra.store.tables.trends import trends

URL = "/api/v1/trends/statuses"


async def shown(who: Asker) -> list[str]:
    """The ids of the posts that somebody is shown."""
    return ids_of(await who.get(URL))


async def liked(author: Asker, fans: list[Asker], text: str, **more: Any) -> str:
    """A post that others favourite; its id."""
    post = await author.post(text, **more)
    for fan in fans:
        await fan.react("favourite", post["id"])
    return str(post["id"])


@pytest.mark.postgresql
async def test_what_many_like_trends_once_an_operator_approves_it(place: Place) -> None:
    ann, *fans = await open_people(place, *PEOPLE)
    best = await liked(ann, fans, "very good")
    await fans[0].react("reblog", best)
    two = await liked(ann, fans[:2], "good")
    await ann.react("favourite", two)  # one's own does not count
    three = await liked(ann, fans[:2], "also good")
    await fans[2].react("reblog", three)
    await ranked(place)
    assert await shown(place.nobody) == []
    async with place.db.read() as reader:
        waiting = await access.listed(reader, Kind.POST, decision=Decision.NONE)
    assert [(str(each.subject_id), each.accounts) for each in waiting] == [(three, 3), (best, 3)]
    assert waiting[0].title == "@ann also good"
    await decide(place, Kind.POST, best, Decision.APPROVED)
    assert await shown(place.nobody) == [best]
    await decide(place, Kind.AUTHOR, "ann", Decision.APPROVED)
    assert await shown(ann) == [three, best]
    await decide(place, Kind.POST, three, Decision.REJECTED)
    assert await shown(ann) == [best]
    await decide(place, Kind.AUTHOR, str(ann.account_id), Decision.REJECTED)
    await decide(place, Kind.POST, best, Decision.NONE)
    assert await shown(ann) == []
    await allow(place, trends_unreviewed=True)
    assert await shown(ann) == []
    await decide(place, Kind.AUTHOR, "ann", Decision.NONE)
    assert await shown(ann) == [best]
    await allow(place, trends=False)
    assert await shown(ann) == []
    for kind, missing in ((Kind.POST, "12"), (Kind.POST, "x"), (Kind.AUTHOR, "nobody")):
        with pytest.raises(NotFound):
            await decide(place, kind, missing, Decision.APPROVED)


async def test_what_never_trends(place: Place) -> None:
    ann, shy, *fans = await open_people(place, "ann", "shy", "ben", "eve", "kim")
    await shy.change(discoverable=False)
    await allow(place, trends_unreviewed=True)
    good = await liked(ann, fans, "good")
    for given in (
        {"visibility": "unlisted"},
        {"sensitive": True},
        {"spoiler_text": "careful"},
        {"in_reply_to_id": (await ann.post("first"))["id"], "visibility": "unlisted"},
        {"in_reply_to_id": (await fans[0].post("what do you think?"))["id"]},
    ):
        await liked(ann, fans, "no", **given)
    for fan in fans:
        await fan.relate("follow", ann)
    await liked(ann, fans, "for followers", visibility="private")
    quiet = await liked(shy, fans, "good, but not for everybody")
    for fan in fans:
        await fan.react("reblog", quiet)
    await ranked(place)
    assert await shown(place.nobody) == [good]
    assert await rows(place, trends) == 1
    with pytest.raises(NotFound):
        await decide(place, Kind.POST, (await ann.post("x", visibility="direct"))["id"],
                     Decision.APPROVED)  # fmt: skip


async def test_what_changes_after_the_ranking_holds_at_once(place: Place) -> None:
    ann, *fans = await open_people(place, *PEOPLE)
    await allow(place, trends_unreviewed=True)
    kept = await liked(ann, fans, "good")
    gone = await liked(ann, fans, "soon gone")
    await ranked(place)
    assert await shown(place.nobody) == [gone, kept]
    await ann.delete(gone)
    assert await shown(place.nobody) == [kept]
    assert await rows(place, trends) == 1
    await ann.ask("PUT", f"/api/v1/statuses/{kept}", json={"status": "x", "sensitive": True})
    assert await shown(place.nobody) == []
    await ann.ask("PUT", f"/api/v1/statuses/{kept}", json={"status": "x", "sensitive": False})
    assert await shown(place.nobody) == [kept]
    await ann.change(discoverable=False)
    assert await shown(place.nobody) == []


async def test_blocks_mutes_and_filters_hold(place: Place) -> None:
    ann, *fans = await open_people(place, *PEOPLE)
    zoe, lou = await place.members("zoe", "lou")
    await allow(place, trends_unreviewed=True)
    post = await liked(ann, fans, "a word on onions")
    await ranked(place)
    assert await shown(zoe) == await shown(lou) == [post]
    await zoe.relate("mute", ann)
    await ann.relate("block", lou)
    assert await shown(zoe) == await shown(lou) == []
    await fans[0].relate("block", ann)
    assert await shown(fans[0]) == []
    await fans[1].do(
        "/api/v2/filters",
        title="smells",
        context=["public"],
        keywords_attributes=[{"keyword": "onions"}],
    )
    [found] = await fans[1].get(URL)
    assert [each["filter"]["title"] for each in found["filtered"]] == ["smells"]
    assert await shown(place.nobody) == [post]
    await allow(place, public_timelines=False)
    assert await shown(place.nobody) == []
    assert await shown(ann) == [post]


async def test_newer_posts_come_first_and_old_ones_go(place: Place) -> None:
    ann, ben, *fans = await open_people(place, "ann", "ben", "eve", "kim", "lou", "zoe")
    await allow(place, trends_unreviewed=True)
    old = await liked(ann, fans, "old and popular")
    place.clock.advance(6 * HOUR)
    new = await liked(ben, fans[:3], "new")
    await ranked(place)
    assert await shown(place.nobody) == [new, old]
    await ben.react("favourite", old)
    await fans[3].react("unfavourite", old)
    place.clock.advance(43 * HOUR)
    await rank(place.services, Rank())
    assert await shown(place.nobody) == [new]


async def test_no_author_fills_the_list(place: Place) -> None:
    ann, ben, *fans = await open_people(place, "ann", "ben", "eve", "kim", "lou")
    await allow(place, trends_unreviewed=True)
    for number in range(5):
        await liked(ann, fans, f"number {number}")
    one = await liked(ben, fans, "mine")
    await ranked(place)
    found = await shown(place.nobody)
    assert len(found) == 4
    assert one in found
    ranked_pages = [ids_of(await ann.get(URL, params={"limit": 2, "offset": at})) for at in (0, 2)]
    assert [*ranked_pages[0], *ranked_pages[1]] == found


@pytest.mark.parametrize("size", [1, 3])
async def test_the_cost_does_not_grow(place: Place, size: int) -> None:
    ann, *fans = await open_people(place, *PEOPLE)
    await allow(place, trends_unreviewed=True)
    for number in range(size):
        await liked(ann, fans, f"number {number}")
    await ranked(place)
    assert len(await shown(ann)) == size
    await place.settle()
    with place.app.counted() as reading:
        await shown(ann)
    assert reading.statements == 3  # token, ranking, posts
