"""Favourites, reblogs, bookmarks, pins and thread mutes: said twice, taken back, counted right."""

import asyncio
import random
from typing import Any

import pytest
from sqlalchemy import func, select
from tests.harness.crowd import Member, Town, good, ids_of

from rostra.store.query import query
from rostra.store.tables.accounts import accounts
from rostra.store.tables.posts import favourites, posts

URL = "/api/v1/statuses"
VERBS = {
    "favourite": "favourited",
    "reblog": "reblogged",
    "bookmark": "bookmarked",
    "mute": "muted",
    "pin": "pinned",
}


@pytest.mark.parametrize(("verb", "flag"), VERBS.items())
async def test_each_can_be_said_and_taken_back_twice(town: Town, verb: str, flag: str) -> None:
    ann = await town.member("ann")
    post_id = await town.post(ann)
    answers = [await town.act(ann, verb, post_id) for _ in range(2)]
    assert [(answer["reblog"] or answer)[flag] for answer in answers] == [True, True]
    assert answers[0]["id"] == answers[1]["id"]
    counts = good(await ann.client.get(f"{URL}/{post_id}"))
    assert counts["favourites_count"] == (verb == "favourite")
    assert counts["reblogs_count"] == (verb == "reblog")
    for _ in range(2):
        taken_back = await town.act(ann, f"un{verb}", post_id)
        assert (taken_back["id"], taken_back[flag]) == (post_id, False)
        assert (taken_back["favourites_count"], taken_back["reblogs_count"]) == (0, 0)


async def test_only_what_one_sees_can_be_reacted_to(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    hidden = await town.post(ann, "for friends", visibility="private")
    for verb in [*VERBS, *(f"un{verb}" for verb in VERBS)]:
        for post_id in (hidden, "1", "nonsense"):
            answer = good(await bob.client.post(f"{URL}/{post_id}/{verb}"), 404)
            assert answer == {"error": "Record not found"}
    shown = good(await ann.client.get(f"{URL}/{hidden}"))
    assert (shown["favourites_count"], shown["reblogs_count"]) == (0, 0)


async def test_what_is_taken_back_from_a_hidden_post_shows_nothing_of_it(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    post_id = await town.post(ann)
    reblog = await town.act(bob, "reblog", post_id)
    for verb in ("favourite", "bookmark"):
        await town.act(bob, verb, post_id)
    await town.block(ann, bob)
    for verb in ("unfavourite", "unbookmark", "unmute", "unpin"):
        answer = good(await bob.client.post(f"{URL}/{post_id}/{verb}"), 404)
        assert answer == {"error": "Record not found"}
    # And yet it is taken back: nobody is held to what they said.
    shown = good(await ann.client.get(f"{URL}/{post_id}"))
    assert shown["favourites_count"] == 0
    assert await town.count(favourites) == 0
    good(await bob.client.post(f"{URL}/{post_id}/unreblog"), 404)
    assert good(await ann.client.get(f"{URL}/{post_id}"))["reblogs_count"] == 0
    assert await town.count(posts, posts.c.id == int(reblog["id"])) == 0


async def test_reacting_to_a_reblog_means_the_original(town: Town) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")
    post_id = await town.post(ann)
    reblog = await town.act(bob, "reblog", post_id)
    await town.act(eve, "favourite", reblog["id"])
    again = await town.act(eve, "reblog", reblog["id"])
    assert again["reblog"]["id"] == post_id
    shown = good(await ann.client.get(f"{URL}/{post_id}"))
    assert (shown["favourites_count"], shown["reblogs_count"]) == (1, 2)
    by = good(await ann.client.get(f"{URL}/{reblog['id']}/favourited_by"))
    assert ids_of(by) == [str(eve.id)]
    await town.act(eve, "unfavourite", reblog["id"])
    assert good(await ann.client.get(f"{URL}/{post_id}"))["favourites_count"] == 0


@pytest.mark.parametrize(
    ("visibility", "author", "others"),
    [("public", 200, 200), ("unlisted", 200, 200), ("private", 200, 403), ("direct", 403, 403)],
)
async def test_who_may_reblog_what(town: Town, visibility: str, author: int, others: int) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.follow(bob, ann)
    post_id = await town.post(ann, "@bob look", visibility=visibility)
    good(await bob.client.post(f"{URL}/{post_id}/reblog"), others)
    reblog = good(await ann.client.post(f"{URL}/{post_id}/reblog"), author)
    if author == 200:
        assert reblog["visibility"] == visibility
        good(await town.anybody.get(f"{URL}/{reblog['id']}"), 404 if others == 403 else 200)


async def test_a_reblog_can_be_for_fewer_than_the_post(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    post_id = await town.post(ann)
    reblog = await town.act(bob, "reblog", post_id, visibility="private")
    assert reblog["visibility"] == "private"
    good(await town.anybody.get(f"{URL}/{reblog['id']}"), 404)
    # Whoever reblogged for their followers is not named to everybody.
    assert good(await town.anybody.get(f"{URL}/{post_id}/reblogged_by")) == []


async def test_pins_are_few_own_and_not_direct(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    made = [await town.post(ann, f"post {n}") for n in range(6)]
    for post_id in made[:5]:
        await town.act(ann, "pin", post_id)
    good(await ann.client.post(f"{URL}/{made[5]}/pin"), 422)
    await town.act(ann, "unpin", made[0])
    await town.act(ann, "pin", made[5])
    good(await bob.client.post(f"{URL}/{made[5]}/pin"), 422)
    direct = await town.post(ann, "@bob psst", visibility="direct")
    good(await ann.client.post(f"{URL}/{direct}/pin"), 422)
    reblog = await town.act(bob, "reblog", made[0])
    good(await bob.client.post(f"{URL}/{reblog['id']}/pin"), 422)
    pinned = good(
        await bob.client.get(f"/api/v1/accounts/{ann.id}/statuses", params={"pinned": "true"})
    )
    assert ids_of(pinned) == [made[5], *reversed(made[1:5])]


async def _pages(who: Member, path: str, limit: int) -> list[list[str]]:
    """Every page of a list, following `next`."""
    pages = []
    url: str | None = f"{path}?limit={limit}"
    while url:
        answer = await who.client.get(url)
        pages.append(ids_of(good(answer)))
        url = answer.links.get("next", {}).get("url")
    return pages


async def _whole(who: Member, path: str, limit: int) -> list[str]:
    """All pages joined."""
    return [item for page in await _pages(who, path, limit) for item in page]


async def test_lists_page_by_what_was_done_last(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    made = [await town.post(ann, f"post {n}") for n in range(5)]
    order = [made[n] for n in (3, 0, 4, 1, 2)]
    for post_id in order:
        await town.act(bob, "favourite", post_id)
        await town.act(bob, "bookmark", post_id)
    expected = [order[:2:-1], order[2:0:-1], order[:1]]
    for path in ("/api/v1/favourites", "/api/v1/bookmarks"):
        assert await _pages(bob, path, 2) == expected
        assert await _pages(ann, path, 2) == [[]]
    good(await ann.client.delete(f"{URL}/{order[2]}"))
    assert await _whole(bob, "/api/v1/favourites", 2) == [
        post_id for post_id in reversed(order) if post_id != order[2]
    ]


async def test_who_engaged_is_paged_and_leaves_out_the_hidden(town: Town) -> None:
    ann = await town.member("ann")
    fans = await town.members("bob", "eve", "ian", "zoe")
    post_id = await town.post(ann)
    for fan in fans:
        await town.act(fan, "favourite", post_id)
        await town.act(fan, "reblog", post_id)
    everybody = [str(fan.id) for fan in reversed(fans)]
    for path in (f"{URL}/{post_id}/favourited_by", f"{URL}/{post_id}/reblogged_by"):
        assert await _whole(ann, path, 3) == everybody
    await town.block(ann, fans[0])
    await town.mute(ann, fans[1])
    for path in (f"{URL}/{post_id}/favourited_by", f"{URL}/{post_id}/reblogged_by"):
        assert await _whole(ann, path, 3) == everybody[:2]


POST_COUNTS = query(
    select(posts.c.id, posts.c.replies_count, posts.c.reblogs_count, posts.c.favourites_count)
)
_other = posts.alias()
RIGHT_COUNTS = query(
    select(
        posts.c.id,
        select(func.count())
        .select_from(_other)
        .where(_other.c.in_reply_to_id == posts.c.id, _other.c.visibility < 2)
        .scalar_subquery(),
        select(func.count())
        .select_from(_other)
        .where(_other.c.reblog_of_id == posts.c.id)
        .scalar_subquery(),
        select(func.count())
        .select_from(favourites)
        .where(favourites.c.post_id == posts.c.id)
        .scalar_subquery(),
    )
)
_written = select(func.count()).select_from(posts)
_latest = select(func.coalesce(func.max(posts.c.created_at), 0))
_of = (posts.c.account_id == accounts.c.id, posts.c.visibility < 3)
ACCOUNT_COUNTS = query(
    select(accounts.c.id, accounts.c.statuses_count, accounts.c.last_post_at).order_by(
        accounts.c.id
    )
)
RIGHT_ACCOUNT_COUNTS = query(
    select(
        accounts.c.id,
        _written.where(*_of).scalar_subquery(),
        _latest.where(*_of).scalar_subquery(),
    ).order_by(accounts.c.id)
)


async def _random_step(town: Town, people: list[Member], made: list[str], dice: Any) -> None:
    who, verb = dice.choice(people), dice.choice(["post", "delete", "edit", *VERBS, *VERBS])
    town.rostra.clock.advance(dice.choice([0, 0, 1, 5000]))
    if verb == "post" or not made:
        parent = {"in_reply_to_id": dice.choice(made)} if made and dice.random() < 0.6 else {}
        visibility = dice.choice(["public", "public", "unlisted", "private", "direct"])
        body = {"status": f"@{dice.choice(people).name} #tag", "visibility": visibility, **parent}
        answer = await who.client.post(URL, json=body)
        if answer.status_code == 200:
            made.append(answer.json()["id"])
        return
    post_id = dice.choice(made)
    if verb == "delete":
        answer = await who.client.delete(f"{URL}/{post_id}")
    elif verb == "edit":
        answer = await who.client.put(f"{URL}/{post_id}", json={"status": "again #other"})
    else:
        undo = dice.choice(["", "un"])
        answer = await who.client.post(f"{URL}/{post_id}/{undo}{verb}")
        if verb == "reblog" and not undo and answer.status_code == 200:
            made.append(answer.json()["id"])
    assert answer.status_code in {200, 403, 404, 422}, answer.text


@pytest.mark.parametrize("seed", range(4))
async def test_counters_are_right_after_anything(town: Town, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 (the same steps in every run)
    people = await town.members("ann", "bob", "eve", "ian")
    for follower, target in ((0, 1), (1, 0), (2, 1), (3, 0)):
        await town.follow(people[follower], people[target])
    made: list[str] = []
    for _ in range(150):
        await _random_step(town, people, made, dice)
    await town.rostra.work()
    async with town.db.read() as reader:
        assert sorted(await reader.all(POST_COUNTS)) == sorted(await reader.all(RIGHT_COUNTS))
        counted = await reader.all(ACCOUNT_COUNTS)
        assert counted == await reader.all(RIGHT_ACCOUNT_COUNTS)


async def test_counters_are_right_after_many_at_once(town: Town) -> None:
    people = await town.members("ann", "bob", "eve", "ian")
    for follower in people:
        for target in people:
            if follower is not target:
                await town.follow(follower, target)
    made = [await town.post(people[n % 2], f"post {n} #tag") for n in range(4)]

    async def busy(seed: int) -> None:
        dice = random.Random(seed)  # noqa: S311 (the same steps in every run)
        for _ in range(40):
            await _random_step(town, people, made, dice)

    await asyncio.gather(*(busy(seed) for seed in range(6)))
    await town.rostra.work()
    async with town.db.read() as reader:
        assert sorted(await reader.all(POST_COUNTS)) == sorted(await reader.all(RIGHT_COUNTS))
        assert await reader.all(ACCOUNT_COUNTS) == await reader.all(RIGHT_ACCOUNT_COUNTS)
        doubled = query(
            select(posts.c.account_id, posts.c.reblog_of_id)
            .where(posts.c.reblog_of_id > 0)
            .group_by(posts.c.account_id, posts.c.reblog_of_id)
            .having(func.count() > 1)
        )
        assert await reader.all(doubled) == []
