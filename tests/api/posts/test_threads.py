"""The thread around a post: order, bounds, what is hidden, and very long ones."""

from typing import Any

import pytest
from tests.harness.crowd import Member, Town, good, ids_of
from tests.harness.patience import Watch

from rostra.store.tables.posts import post_texts, posts

URL = "/api/v1/statuses"


async def context(town: Town, who: Member | None, post_id: str) -> tuple[list[str], list[str]]:
    client = who.client if who else town.anybody
    found = good(await client.get(f"{URL}/{post_id}/context"))
    return ids_of(found["ancestors"]), ids_of(found["descendants"])


async def test_above_from_the_first_on_and_below_depth_first(town: Town) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")

    async def answer(who: Member, parent: str) -> str:
        town.rostra.clock.advance(10)
        return await town.post(who, "words", in_reply_to_id=parent)

    root = await town.post(ann)
    one = await answer(bob, root)
    two = await answer(eve, root)
    one_a = await answer(eve, one)
    mine = await answer(ann, root)  # goes on answering herself
    one_b = await answer(ann, one)
    one_a_a = await answer(bob, one_a)
    assert await context(town, ann, root) == ([], [mine, one, one_a, one_a_a, one_b, two])
    assert await context(town, None, one_a) == ([root, one], [one_a_a])
    assert await context(town, bob, one_a_a) == ([root, one, one_a], [])


async def test_hidden_posts_leave_gaps_and_what_is_below_them_stays(town: Town) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")
    root = await town.post(ann)
    private = await town.post(ann, visibility="private", in_reply_to_id=root)
    await town.follow(bob, ann)
    below = await town.post(bob, in_reply_to_id=private)
    last = await town.post(ann, in_reply_to_id=below)
    assert await context(town, bob, below) == ([root, private], [last])
    assert await context(town, eve, below) == ([root], [last])
    assert await context(town, eve, root) == ([], [below, last])
    good(await eve.client.get(f"{URL}/{private}/context"), 404)
    await town.mute(eve, bob)
    assert await context(town, eve, root) == ([], [last])
    assert await context(town, eve, last) == ([root], [])


async def chain(town: Town, author: Member, length: int, *, wide: int = 0) -> list[int]:
    """A chain of answers, the first one first, and ``wide`` answers to its first post."""
    first = 1_000_000
    ids = list(range(first, first + length))
    shared = {"account_id": author.id, "thread_id": first, "in_reply_to_account_id": author.id}
    rows: list[dict[str, Any]] = [
        {"id": n, "in_reply_to_id": n - 1 if n > first else 0, "depth": n - first, **shared}
        for n in ids
    ]
    rows += [
        {"id": first + length + n, "in_reply_to_id": first, "depth": 1, **shared}
        for n in range(wide)
    ]
    await town.rows(posts, rows)
    texts = [{"post_id": row["id"], "text": "t", "html": "<p>t</p>"} for row in rows]
    await town.rows(post_texts, texts)
    return ids


async def test_a_chain_of_ten_thousand_answers(town: Town) -> None:
    ann = await town.member("ann")
    ids = await chain(town, ann, 10_000)
    middle = ids[5000]
    assert await context(town, ann, str(ids[-1]))  # what is done once a day is done
    town.services.fragments.clear()
    # Fractions of a second; a plan that reads the table for every level takes ten and more.
    with town.rostra.counted() as counted, Watch() as watch:
        above, below = await context(town, ann, str(middle))
    assert watch.seconds < 30
    assert above == [str(n) for n in ids[5000 - 4096 : 5000]]
    assert below == [str(n) for n in ids[5001 : 5001 + 4096]]
    assert counted.statements <= 16
    above, below = await context(town, None, str(middle))
    assert above == [str(n) for n in ids[4960:5000]]
    assert below == [str(n) for n in ids[5001:5021]]
    last = await town.post(ann, "and on", in_reply_to_id=str(ids[-1]))
    assert (await context(town, ann, last))[0][-1] == str(ids[-1])


async def test_a_very_wide_thread_is_bounded(town: Town) -> None:
    ann = await town.member("ann")
    ids = await chain(town, ann, 3, wide=5000)
    assert len((await context(town, ann, str(ids[0])))[1]) == 4096
    assert len((await context(town, None, str(ids[0])))[1]) == 60


async def test_statements_do_not_grow_with_the_thread(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    root = parent = await town.post(ann)
    counts = []
    for _ in range(3):
        for _ in range(4):
            parent = await town.post(bob, in_reply_to_id=parent)
        await context(town, ann, root)  # the lasting parts are cached from here on
        with town.rostra.counted() as counted:
            await context(town, ann, root)
        counts.append(counted.statements)
    assert counts == [5, 5, 5]


@pytest.mark.postgresql
async def test_answers_that_one_may_not_see_starve_no_thread(town: Town) -> None:
    """Direct ones by somebody who wants the others not to be found, and answers to those."""
    ann, bob, eve = await town.members("ann", "bob", "eve")
    root = await town.post(ann)
    number, depth = int(root), {"thread_id": int(root), "depth": 1}
    unseen: list[dict[str, Any]] = []
    for n in range(1, 5_001):
        to = number if n % 2 else number + n - 1
        row = {"id": number + n, "account_id": eve.id, "visibility": 3, "in_reply_to_id": to}
        unseen.append({**row, "in_reply_to_account_id": eve.id, **depth})
    followers = [
        {**row, "id": row["id"] + 5_000, "visibility": 2, "in_reply_to_id": number}
        for row in unseen[:100]
    ]
    await town.rows(posts, unseen + followers)
    texts = [{"post_id": row["id"], "text": "t", "html": ""} for row in (*unseen, *followers)]
    await town.rows(post_texts, texts)
    seen = [await town.post(bob, "seen", in_reply_to_id=root) for _ in range(3)]
    direct = await town.post(bob, "@ann psst", in_reply_to_id=root, visibility="direct")
    assert await context(town, None, root) == ([], seen)
    assert await context(town, ann, root) == ([], [*seen, direct])
    assert await context(town, bob, root) == ([], [*seen, direct])
