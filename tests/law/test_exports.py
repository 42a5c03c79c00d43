"""Law 3 for files that members take along, and what a file costs."""

import tracemalloc

from tests.harness.crowd import Town, good, ids_of
from tests.law.files import exported

from rostra.network.accounts.removal import remove_account
from rostra.network.portability import exports
from rostra.network.portability.sheets import Kind
from rostra.store.tables.accounts import accounts
from rostra.store.tables.relations import blocks, follows, mutes


async def test_a_file_holds_nothing_that_its_member_may_not_see(town: Town) -> None:
    """Of people who are gone and of posts that were hidden since, not even that they are there."""
    ann, bob, cat, dan = await town.members("ann", "bob", "cat", "dan")
    for each in (bob, cat, dan):
        await town.follow(ann, each)
    (crew,) = ids_of([good(await ann.client.post("/api/v1/lists", json={"title": "Crew"}))])
    members = {"account_ids": [str(each.id) for each in (bob, cat, dan)]}
    good(await ann.client.post(f"/api/v1/lists/{crew}/accounts", json=members))
    seen, hidden = await town.post(bob), await town.post(bob, visibility="private")
    blocked, removed = await town.post(cat), await town.post(dan)
    direct = await town.post(bob, "for @ann", visibility="direct")
    gone = await town.post(bob, "gone")
    for post in (seen, hidden, blocked, removed, direct, gone):
        await town.act(ann, "bookmark", post)
    await town.mute(ann, dan)
    assert len(await exported(town, ann, Kind.BOOKMARKS)) == 6
    await town.unfollow(ann, bob)
    await town.block(cat, ann)
    good(await bob.client.delete(f"/api/v1/statuses/{gone}"))
    body = {"status": "no more", "visibility": "direct"}
    good(await bob.client.put(f"/api/v1/statuses/{direct}", json=body))
    async with town.db.write() as tx:
        await remove_account(town.services, tx, dan.id)
    base = town.services.settings.site.base_url
    assert await exported(town, ann, Kind.BOOKMARKS) == [[f"{base}/users/bob/statuses/{seen}"]]
    for kind in (Kind.FOLLOWS, Kind.LISTS, Kind.MUTES):
        assert await exported(town, ann, kind) == []


async def test_whom_a_member_blocks_is_told_to_them_alone(town: Town) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    await town.block(ann, bob)
    await town.block(bob, ann)  # which changes nothing of what she did herself
    await town.mute(ann, cat)
    await town.block(cat, ann)
    browsers = {each.name: await town.browser(each) for each in (ann, bob, cat)}
    for kind, told in ((Kind.BLOCKS, "bob@"), (Kind.MUTES, "cat@")):
        path = f"/settings/data/{kind.word}.csv"
        assert told in (await browsers["ann"].get(path)).text
        for other in ("bob", "cat"):
            assert told not in (await browsers[other].get(path)).text
        nobody = await town.anybody.get(path)
        assert nobody.headers["location"].endswith("/sign-in?next=" + path.replace("/", "%2F"))


STATEMENTS = {
    Kind.FOLLOWS: 4,
    Kind.BLOCKS: 2,
    Kind.MUTES: 3,
    Kind.LISTS: 4,  # for each list
    Kind.BOOKMARKS: 3,
    Kind.FILTERS: 3,
    Kind.DOMAINS: 0,
}


async def test_a_file_costs_the_same_however_many_lines_it_has(town: Town) -> None:
    ann = await town.member("ann")
    (crew,) = ids_of([good(await ann.client.post("/api/v1/lists", json={"title": "Crew"}))])
    for number in (2, 9):
        people = await town.members(*(f"friend{number}x{each}" for each in range(number)))
        for each in people:
            await town.follow(ann, each)
            await town.mute(ann, each)
            await town.act(ann, "bookmark", await town.post(each))
        for each in await town.members(*(f"foe{number}x{each}" for each in range(number))):
            await town.block(ann, each)
        members = {"account_ids": [str(each.id) for each in people]}
        good(await ann.client.post(f"/api/v1/lists/{crew}/accounts", json=members))
        body = {"title": f"Films {number}", "context": ["home"]}
        good(await ann.client.post("/api/v2/filters", json=body))
        for kind, expected in STATEMENTS.items():
            with town.rostra.counted() as counted:
                await exported(town, ann, kind)
            assert counted.statements == expected, kind


async def test_memory_does_not_grow_with_what_is_taken_along(town: Town) -> None:
    ann = await town.member("ann")
    count = 8_000
    first = 1 << 60
    base = {"state": 0}
    await town.rows(
        accounts,
        [{"id": first + n, "username": f"p{n}", "username_key": f"p{n}", **base}
         for n in range(count)],
    )  # fmt: skip
    pairs = [{"account_id": ann.id, "target_id": first + n, "id": first + n} for n in range(count)]
    await town.rows(follows, pairs)
    await town.rows(mutes, pairs)
    await town.rows(blocks, pairs)
    for kind in (Kind.FOLLOWS, Kind.BLOCKS, Kind.MUTES):
        lines = 0
        tracemalloc.start()
        try:
            async for piece in exports.exported(town.services, ann.id, kind):
                lines += piece.count(b"\n")
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert lines == count + int(kind.sheet.headed)
        assert peak < 3_000_000
