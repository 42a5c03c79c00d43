"""Posts stand in homes from the commit on, also before they are written there."""

from typing import Any

import pytest
from tests.harness.crowd import Member, Town, good, ids_of

from rostra.kernel.clock import DAY
from rostra.network.timelines import fan_out
from rostra.network.timelines.jobs import KeepHomes, keep_homes, write_homes
from rostra.network.timelines.model import WriteHomes
from rostra.store.tables.timelines import arrivals, home

HOME = "/api/v1/timelines/home"


@pytest.fixture(autouse=True)
def _everybody_gathers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two followers are many."""
    monkeypatch.setattr(fan_out, "A_FEW_FOLLOWERS", 0)


async def _home(member: Member, **params: str | int) -> list[str]:
    return ids_of(good(await member.client.get(HOME, params=params)))


async def _post(town: Town, member: Member, status: str, **fields: Any) -> str:
    """A post of a millisecond of its own, so that the order is known."""
    town.rostra.clock.advance(1)
    return await town.post(member, status, **fields)


async def test_a_post_is_shown_once_before_and_after_it_is_written(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.follow(ann, bob)
    post = await town.post(bob, "hello")
    assert await town.count(arrivals) == 1
    assert await town.count(home, home.c.account_id == ann.id) == 0
    assert await _home(ann) == await _home(bob) == [post]
    await town.rostra.work()  # the job waits for its time
    assert await town.count(arrivals) == 1
    town.rostra.clock.advance(2 * fan_out.GATHERED_MS)
    await town.rostra.work()
    assert await town.count(arrivals) == 0
    assert await town.count(home, home.c.account_id == ann.id) == 1
    assert await _home(ann) == await _home(bob) == [post]


async def test_pages_run_through_both(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.follow(ann, bob)
    posts = [await _post(town, bob, f"written {n}") for n in range(3)]
    await write_homes(town.services, WriteHomes())
    posts += [await _post(town, bob, f"waiting {n}") for n in range(3)]
    newest = posts[::-1]
    assert await _home(ann) == newest
    assert await _home(ann, limit=2) == newest[:2]
    assert await _home(ann, limit=2, max_id=newest[1]) == newest[2:4]
    assert await _home(ann, limit=2, max_id=newest[3]) == newest[4:]
    assert await _home(ann, limit=2, min_id=newest[4]) == newest[2:4]
    assert await _home(ann, since_id=newest[4]) == newest[:4]


async def test_half_written_posts_are_shown_once(town: Town) -> None:
    """What a crash between two stretches leaves behind is shown once, and finished later."""
    ann, bob, eve = await town.members("ann", "bob", "eve")
    for follower in (ann, eve):
        await town.follow(follower, bob)
    post = await town.post(bob, "hello")
    async with town.db.write() as tx:
        await fan_out.write_homes(tx, [int(post)], 0, min(ann.id, eve.id))
    assert await town.count(home, home.c.account_id != bob.id) == 1
    assert await _home(ann) == await _home(eve) == [post]
    await write_homes(town.services, WriteHomes())
    assert await town.count(home, home.c.account_id != bob.id) == 2
    assert await town.count(arrivals) == 0
    assert await _home(ann) == await _home(eve) == [post]


async def test_homes_are_written_in_stretches(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fan_out, "_STRETCH", 2)
    bob, *others = await town.members("bob", *(f"reader{n}" for n in range(7)))
    for follower in others:
        await town.follow(follower, bob)
    posts = [await town.post(bob, f"post {n}") for n in range(2)]
    batch = await town.db.slowly(fan_out.arrived)
    assert batch == fan_out.Batch([int(post) for post in posts], 14)
    ranges = await town.db.slowly(lambda reader: fan_out.stretches(reader, batch.entries))
    assert len(ranges) > 3
    assert ranges[0][0] == 0
    assert [after for after, _ in ranges[1:]] == [until for _, until in ranges[:-1]]
    await write_homes(town.services, WriteHomes())
    assert await town.count(home, home.c.account_id != bob.id) == 14
    assert await town.count(arrivals) == 0


async def test_a_deleted_post_is_neither_waiting_nor_written(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.follow(ann, bob)
    post = await town.post(bob, "hello")
    good(await bob.client.delete(f"/api/v1/statuses/{post}"))
    assert await town.count(arrivals) == 0
    assert await _home(ann) == []
    await write_homes(town.services, WriteHomes())
    assert await town.count(home) == 0


async def test_what_waits_follows_the_relations_of_now(town: Town) -> None:
    """Unfollowing, blocking and muting hold at once, and nothing is written against them."""
    bob, leaver, blocker, muter, stays = await town.members(
        "bob", "leaver", "blocker", "muter", "stays"
    )
    for follower in (leaver, blocker, muter, stays):
        await town.follow(follower, bob)
    post = await town.post(bob, "hello")
    for member, verb in ((leaver, "unfollow"), (blocker, "block"), (muter, "mute")):
        good(await member.client.post(f"/api/v1/accounts/{bob.id}/{verb}"))
        assert await _home(member) == []
    assert await _home(stays) == [post]
    await write_homes(town.services, WriteHomes())
    for member in (leaver, blocker, muter):
        assert await _home(member) == []
    for member in (leaver, blocker):
        assert await town.count(home, home.c.account_id == member.id) == 0
    assert await _home(stays) == [post]


async def test_only_what_belongs_into_a_home_is_shown(town: Town) -> None:
    """Replies to strangers, unwanted reblogs and languages, and direct posts."""
    ann, bob, eve, stranger = await town.members("ann", "bob", "eve", "stranger")
    await town.follow(ann, bob)
    await town.follow(eve, bob)
    follow = f"/api/v1/accounts/{bob.id}/follow"
    good(await eve.client.post(follow, json={"reblogs": False, "languages": ["de"]}))
    said = await _post(town, stranger, "something")
    reply = await _post(town, bob, "an answer", in_reply_to_id=said)
    german = await _post(town, bob, "Guten Tag", language="de")
    english = await _post(town, bob, "Good day", language="en")
    direct = await _post(town, bob, "@ann psst", visibility="direct")
    town.rostra.clock.advance(1)
    reblog = good(await bob.client.post(f"/api/v1/statuses/{said}/reblog"))["id"]
    for _ in range(2):  # as they wait, and as they are written
        assert await _home(ann) == [reblog, direct, english, german]
        assert await _home(eve) == [german]
        assert set(await _home(bob)) == {reblog, direct, english, german, reply}
        await write_homes(town.services, WriteHomes())
        assert await town.count(arrivals) == 0


async def test_a_sleeping_home_is_built_and_not_only_what_waits(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.follow(ann, bob)
    before = await _post(town, bob, "before")
    await write_homes(town.services, WriteHomes())
    town.rostra.clock.advance((fan_out.AWAY_DAYS + 2) * DAY)
    await _home(bob)
    await town.settle()
    await keep_homes(town.services, KeepHomes())
    waiting = await _post(town, bob, "waiting")
    assert await _home(ann) == [waiting, before]
    await write_homes(town.services, WriteHomes())
    assert await _home(ann) == [waiting, before]


async def test_homes_are_written_at_once_where_nobody_writes_them_later(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.follow(ann, bob)
    first = await _post(town, bob, "nobody comes for it")
    town.rostra.clock.advance(fan_out.LAGGING_MS + 1)
    second = await _post(town, bob, "and so")
    assert await town.count(arrivals) == 1
    assert await town.count(home, home.c.account_id == ann.id) == 1
    assert await _home(ann) == [second, first]


async def test_a_post_that_waits_costs_few_statements(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.follow(ann, bob)
    await town.post(bob, "first")
    with town.rostra.counted() as waiting:
        await town.post(bob, "hello")
    await _home(ann)
    with town.rostra.counted() as home_page:
        await _home(ann)
    await write_homes(town.services, WriteHomes())
    with town.rostra.counted() as home_later:
        await _home(ann)
    assert waiting.statements <= 21  # two tell whether what judges has changed
    assert home_page.statements == home_later.statements
