"""Laws 1, 2, 3 and 6 for files that members bring in."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.harness.app import running
from tests.harness.browser import Browser
from tests.harness.crowd import Town, good, ids_of
from tests.law.files import failed, known, names_of, offered, one_chunk
from tests.law.surfaces import MADE_UP

from rostra.kernel.clock import DAY
from rostra.network.accounts.admission import set_disabled
from rostra.network.accounts.removal import remove_account
from rostra.network.credentials.leaving import begin_leaving
from rostra.network.portability import imports
from rostra.network.portability.carry_out import import_some
from rostra.network.portability.import_model import ImportState, Outcome
from rostra.network.portability.imports import ImportSome
from rostra.network.portability.sheets import Kind
from rostra.store.tables.portability import import_chunks, import_kept
from rostra.store.tables.portability import imports as imports_table
from rostra.store.tables.posts import bookmarks
from rostra.store.tables.relations import follow_requests, follows, mutes


async def test_what_is_brought_in_does_not_exist_for_others(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    import_id = await offered(town, ann, Kind.BLOCKS, "Quarzgeheimnis\n")
    await town.rostra.work()
    mine, theirs = await town.browser(ann), await town.browser(bob)
    place = f"/settings/import/{import_id}"
    for path in (place, f"{place}/failures.csv"):
        assert "Quarzgeheimnis" in (await mine.get(path)).text
        other = await theirs.get(path)
        never = await theirs.get(path.replace(str(import_id), MADE_UP))
        assert other.status_code == never.status_code == 404
        assert "Quarzgeheimnis" not in other.text
        assert (await town.anybody.get(path)).status_code == 303
    page = Browser(town.rostra)
    page.client = theirs
    await page.open("/settings/import")
    assert "Whom you block</b>" not in page.text
    token = {"csrf_token": page.forms()[0].fields["csrf_token"]}
    for verb in ("confirm", "cancel"):
        assert (await theirs.post(f"{place}/{verb}", data=token)).status_code == 404
    assert (await known(town, ann, import_id)).state == ImportState.DONE


async def test_a_file_can_do_no_more_than_its_member(town: Town) -> None:
    """Who is locked is asked, who blocks is not there, whom one blocks stays so."""
    ann, bob, cat, dan = await town.members("ann", "bob", "cat", "dan")
    eve = await town.member("eve", locked=True)
    await town.member("fay", waiting=True)
    await town.block(cat, ann)
    await town.block(ann, dan)
    text = "bob\ncat\ndan\neve\nfay\nnobody\nann\nEVE\n"
    import_id = await offered(town, ann, Kind.FOLLOWS, text)
    await town.rostra.work()
    found = await known(town, ann, import_id)
    assert (found.made, found.asked, found.same, found.failed) == (1, 1, 1, 5)
    why = {line.cells[0]: line.why for line in await failed(town, ann, import_id)}
    assert why.pop("dan") == "is blocked by you"
    assert why.pop("ann") == "is yourself"
    assert set(why) == {"cat", "fay", "nobody"}
    assert len(set(why.values())) == 1  # the same words: whether they are there is not told
    assert await names_of(town, ann) == ["bob"]
    assert ids_of(good(await eve.client.get("/api/v1/follow_requests"))) == [str(ann.id)]
    assert good(await cat.client.get(f"/api/v1/accounts/{cat.id}/followers")) == []
    lists = await offered(town, ann, Kind.LISTS, "L,bob\nL,eve\nL,cat\nL,dan\nL,ann\n")
    await town.rostra.work()
    assert (await known(town, ann, lists)).made == 2
    assert await town.count(follow_requests) == 1
    assert await town.count(follows) == 1
    assert bob.id


async def slow_town(data_dir: Path, database_url: str) -> AsyncIterator[Town]:
    a_day = "3"
    async with running(
        data_dir, database_url, ROSTRA_ACCOUNTS__IMPORT_FOLLOWS_A_DAY=a_day
    ) as rostra:
        yield Town(rostra)


async def test_no_more_are_followed_in_a_day_than_may_be(data_dir: Path, database_url: str) -> None:
    async for town in slow_town(data_dir, database_url):
        ann, *_ = await town.members("ann", *(f"friend{number}" for number in range(7)))
        await town.member("friend7", locked=True)
        text = "\n".join(f"friend{number}" for number in (7, *range(7)))
        import_id = await offered(town, ann, Kind.FOLLOWS, text)
        await town.rostra.work()
        found = await known(town, ann, import_id)
        assert (found.made, found.asked, found.running) == (2, 1, True)
        assert found.waits_until == found.day_from + DAY
        browser = await town.browser(ann)
        assert "It goes on" in (await browser.get(f"/settings/import/{import_id}")).text
        # Neither does the same job once more follow anybody, nor another file.
        await one_chunk(town, import_id)
        assert len(await names_of(town, ann)) == 2
        async with town.db.write() as tx:
            await imports.cancel(town.services, tx, ann.id, import_id)
        again = await offered(town, ann, Kind.FOLLOWS, text)
        await town.rostra.work()
        assert len(await names_of(town, ann)) == 2
        town.rostra.clock.advance(DAY)
        await town.rostra.work()
        assert len(await names_of(town, ann)) == 5
        town.rostra.clock.advance(DAY)
        await town.rostra.work()
        assert len(await names_of(town, ann)) == 7
        found = await known(town, ann, again)
        assert (found.state, found.same, found.made) == (ImportState.DONE, 3, 5)


class Crash(Exception):
    """The process is gone."""


async def test_a_crash_loses_nothing_and_repeats_nothing(town: Town) -> None:
    ann, *people = await town.members("ann", *(f"friend{number}" for number in range(45)))
    import_id = await offered(
        town, ann, Kind.FOLLOWS, "\n".join(each.name for each in people), replaces=True
    )

    async def dies() -> None:
        async with town.db.write() as tx:
            await import_some(town.services, tx, ImportSome(import_id))
            raise Crash

    for done in (0, 20, 40):
        with pytest.raises(Crash):
            await dies()
        found = await known(town, ann, import_id)
        assert (found.made, found.place, found.in_day) == (done, done // 20, done)
        assert await town.count(follows) == done
        await one_chunk(town, import_id)
    await town.rostra.work()  # the jobs that were left while all this went on
    found = await known(town, ann, import_id)
    assert (found.state, found.made, found.same, found.removed) == (ImportState.DONE, 45, 0, 0)
    assert await town.count(follows) == 45
    for each in people[::15]:
        told = good(await each.client.get("/api/v1/notifications"))
        assert [item["type"] for item in told] == ["follow"]
    me = good(await ann.client.get("/api/v1/accounts/verify_credentials"))
    assert me["following_count"] == 45
    await one_chunk(town, import_id)  # and a job that comes late does nothing
    assert await known(town, ann, import_id) == found


async def test_cancelling_ends_it_where_it_is(town: Town) -> None:
    ann, *people = await town.members("ann", *(f"friend{number}" for number in range(25)))
    await town.follow(ann, people[24])
    text = "\n".join(each.name for each in people[:24])
    import_id = await offered(town, ann, Kind.FOLLOWS, text, replaces=True)
    await one_chunk(town, import_id)
    async with town.db.write() as tx:
        await imports.cancel(town.services, tx, ann.id, import_id)
    await town.rostra.work()
    found = await known(town, ann, import_id)
    assert (found.state, found.made, found.removed) == (ImportState.CANCELLED, 20, 0)
    assert await town.count(follows) == 21
    assert await town.count(import_kept) == 0


async def test_it_goes_with_the_account(town: Town) -> None:
    ann, *people = await town.members("ann", *(f"friend{number}" for number in range(25)))
    text = "\n".join(each.name for each in people)
    import_id = await offered(town, ann, Kind.FOLLOWS, text, replaces=True)
    await one_chunk(town, import_id)
    async with town.db.write() as tx:
        await remove_account(town.services, tx, ann.id)
    await town.rostra.work()
    for table in (imports_table, import_chunks, import_kept, follows):
        assert await town.count(table) == 0


@pytest.mark.parametrize("how", ["leaves", "is disabled", "stays"])
async def test_nothing_is_done_for_who_may_not_act_any_more(town: Town, how: str) -> None:
    ann, *people = await town.members("ann", *(f"friend{number}" for number in range(25)))
    import_id = await offered(town, ann, Kind.FOLLOWS, "\n".join(each.name for each in people))
    await one_chunk(town, import_id)
    async with town.db.write() as tx:
        if how == "leaves":
            await begin_leaving(town.services, tx, ann.id)
        elif how == "is disabled":
            await set_disabled(town.services, tx, ann.id, disabled=True)
    await town.rostra.work()
    found = await known(town, ann, import_id)
    over = ImportState.DONE if how == "stays" else ImportState.CANCELLED
    assert (found.state, found.made) == (over, 25 if how == "stays" else 20)


async def test_members_who_bring_in_each_other_do_not_wait_for_each_other(town: Town) -> None:
    """Chunks of several members at once, which name each other, are all carried out."""
    people = await town.members(*(f"friend{number}" for number in range(12)))
    texts = ["\n".join(each.name for each in people), "\n".join(p.name for p in people[::-1])]
    found = [
        (who, await offered(town, who, kind, texts[number % 2]))
        for number, who in enumerate(people[:8])
        for kind in (Kind.FOLLOWS, Kind.MUTES)
    ]
    await asyncio.gather(*(one_chunk(town, import_id) for _, import_id in found))
    await town.rostra.work()
    for who, import_id in found:
        assert (await known(town, who, import_id)).made == 11
    assert await town.count(follows) == await town.count(mutes) == 8 * 11


async def test_who_goes_meanwhile_spoils_nothing(town: Town) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    import_id = await offered(town, ann, Kind.MUTES, "bob\ncat\n")
    async with town.db.write() as tx:
        await remove_account(town.services, tx, bob.id)
    await town.rostra.work()
    assert await names_of(town, ann, Kind.MUTES) == ["cat"]
    assert (await known(town, ann, import_id)).failed == 1
    assert cat.id


async def test_a_chunk_asks_for_all_its_accounts_at_once(town: Town) -> None:
    """What is there already costs no statement a line but for the savepoint."""
    ann, *people = await town.members("ann", *(f"friend{number}" for number in range(20)))
    for each in people:
        await town.follow(ann, each)
    costs = []
    for number in (1, 20):
        text = "\n".join(each.name for each in people[:number])
        import_id = await offered(town, ann, Kind.FOLLOWS, text)
        with town.rostra.counted() as counted:
            await one_chunk(town, import_id)
        costs.append(counted.statements)
        await town.rostra.work()
    assert costs[0] <= 14
    assert costs[1] - costs[0] <= 2 * 19


async def test_a_long_file_is_carried_out(town: Town) -> None:
    """Mostly of nothing, in a hundred chunks."""
    ann, bob = await town.members("ann", "bob")
    post = await town.post(bob)
    base = town.services.settings.site.base_url
    uris = [f"{base}/@bob/{post}", *(f"{base}/@bob/{10**18 + n}" for n in range(1_999))]
    import_id = await offered(town, ann, Kind.BOOKMARKS, "\n".join(uris))
    await town.rostra.work()
    found = await known(town, ann, import_id)
    assert (found.state, found.made, found.failed) == (ImportState.DONE, 1, 1_999)
    assert await town.count(bookmarks) == 1
    assert Outcome.FAILED in {line.outcome for line in await failed(town, ann, import_id)}
