"""What is noted, how it comes to the places, and what happens when some of it is missing."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from obstore.store import MemoryStore
from tests.harness.app import InProcess
from tests.harness.crowd import Member, Town, good, ids_of
from tests.harness.patience import PATIENCE_S, until
from tests.hosting.ark.afloat import always
from tests.hosting.journal.afloat import Noted, gone_on_with, noted
from tests.hosting.providers import Hanging, Keeping
from tests.pictures import photo

from rostra.hosting.ark.read import ArkError
from rostra.hosting.ark.seal import Sealer
from rostra.hosting.journal.chain import chain
from rostra.hosting.journal.keep import Recorder
from rostra.hosting.journal.listed import marks
from rostra.hosting.journal.mend import mend
from rostra.hosting.journal.part import key_of, opened, shown
from rostra.hosting.journal.prune import prune
from rostra.hosting.journal.send import Sender, Spool
from rostra.hosting.places.bucket import BucketStore
from rostra.hosting.places.model import PlaceFailed
from rostra.kernel.clock import DAY, HOUR
from rostra.store.journal import Note, triggers
from rostra.store.query import query_text
from rostra.store.tables import metadata
from rostra.store.watched import LEFT_OUT, WATCHED


class Wavering(BucketStore):
    """A place that is away at times."""

    away = False

    def __init__(self, name: str, store: MemoryStore) -> None:
        super().__init__(name, store)
        self.made: list[str] = []

    async def create(self, key: str, content: bytes) -> bool:
        """Store it, or fail."""
        if self.away:
            raise PlaceFailed(self.name, "on fire")
        self.made.append(key)
        return await super().create(key, content)


@pytest.fixture
async def place(data_dir: Path) -> AsyncIterator[Noted]:
    """A place whose acts are noted."""
    async with noted(data_dir) as it:
        yield it


@pytest.fixture
def town(place: Noted) -> Town:
    """People for it."""
    return Town(place.rostra)


async def _notes(place: Noted) -> list[Note]:
    found = await chain(place.ark.stores, place.ark.keys.public)
    sealer = Sealer(place.ark.keys.data_key)
    return [note for each in found.parts for note in opened(sealer, each.part)]


async def _deletes(place: Noted, town: Town, who: Member, times: int = 1) -> None:
    """Posts that come and go, each told of in a part of its own."""
    for _ in range(times):
        post = await town.post(who)
        good(await who.client.delete(f"/api/v1/statuses/{post}"))
        await place.send()


def _as(restored: InProcess, who: Member) -> Any:
    return restored.client(who.token)


def test_every_table_is_watched_or_left_out() -> None:
    assert set(metadata.tables) == set(WATCHED) | LEFT_OUT
    assert not set(WATCHED) & LEFT_OUT
    for name, watch in WATCHED.items():
        assert {*watch.kept, *watch.changed} <= set(metadata.tables[name].columns.keys()), name


async def test_what_a_member_takes_back(place: Noted, town: Town, tmp_path: Path) -> None:
    alice, bob, carol = await town.members("alice", "bob", "carol")
    await town.follow(alice, bob)
    await town.follow(carol, alice)
    post = await town.post(bob)
    await town.act(alice, "favourite", post)
    await town.act(alice, "bookmark", post)
    picture = await town.picture(alice, photo().jpegsave_buffer())
    shown_post = await town.post(alice, media_ids=[picture["id"]])
    made = good(await alice.client.post("/api/v1/lists", json={"title": "friends"}))
    later = {"status": "Later.", "scheduled_at": "2027-06-01T00:00:00Z"}
    waiting = good(await alice.client.post("/api/v1/statuses", json=later))
    await place.copy()
    await town.act(alice, "unfavourite", post)
    await town.act(alice, "unbookmark", post)
    good(await alice.client.post(f"/api/v1/accounts/{bob.id}/unfollow"))
    good(await alice.client.post(f"/api/v1/accounts/{carol.id}/block"))
    good(await alice.client.post(f"/api/v1/accounts/{bob.id}/mute"))
    good(await alice.client.delete(f"/api/v1/statuses/{shown_post}"))
    good(await alice.client.delete(f"/api/v1/lists/{made['id']}"))
    good(await alice.client.delete(f"/api/v1/scheduled_statuses/{waiting['id']}"))
    await place.send()
    await place.restore(tmp_path / "to")
    async with gone_on_with(tmp_path / "to") as restored:
        client = _as(restored, alice)
        assert good(await client.get("/api/v1/favourites")) == []
        assert good(await client.get("/api/v1/bookmarks")) == []
        assert good(await client.get("/api/v1/lists")) == []
        assert good(await client.get("/api/v1/scheduled_statuses")) == []
        assert ids_of(good(await client.get("/api/v1/mutes"))) == [str(bob.id)]
        assert ids_of(good(await client.get("/api/v1/blocks"))) == [str(carol.id)]
        of_bob = good(await client.get(f"/api/v1/statuses/{post}"))
        assert of_bob["favourites_count"] == 0
        me = good(await client.get("/api/v1/accounts/verify_credentials"))
        assert (me["followers_count"], me["following_count"], me["statuses_count"]) == (0, 0, 0)
        await restored.work()
        assert [each.key async for each in restored.services.blobs.list()] == []


async def test_who_was_taken_out_of_a_quote_stays_out(
    place: Noted, town: Town, tmp_path: Path
) -> None:
    alice, bob = await town.members("alice", "bob")
    said = await town.post(alice)
    quoting = await town.post(bob, quoted_status_id=said)
    await place.copy()
    good(await alice.client.post(f"/api/v1/statuses/{said}/quotes/{quoting}/revoke"))
    await place.send()
    await place.restore(tmp_path / "to")
    async with gone_on_with(tmp_path / "to") as restored:
        client = _as(restored, bob)
        assert good(await client.get(f"/api/v1/statuses/{quoting}"))["quote"]["state"] == "revoked"
        assert good(await client.get(f"/api/v1/statuses/{said}"))["quotes_count"] == 0


async def test_a_picture_is_gone_with_a_post_that_the_copy_has_not(
    place: Noted, town: Town, tmp_path: Path
) -> None:
    alice = await town.member("alice")
    picture = await town.picture(alice, photo().jpegsave_buffer())
    await place.copy()
    post = await town.post(alice, media_ids=[picture["id"]])
    good(await alice.client.delete(f"/api/v1/statuses/{post}?delete_media=true"))
    await place.rostra.work()
    await place.send()
    await place.restore(tmp_path / "to")
    async with gone_on_with(tmp_path / "to") as restored:
        await restored.work()
        assert [each.key async for each in restored.services.blobs.list()] == []


async def test_what_is_taken_back_again_stays_so(place: Noted, town: Town, tmp_path: Path) -> None:
    alice, bob = await town.members("alice", "bob")
    await town.block(alice, bob)
    await place.copy()
    good(await alice.client.post(f"/api/v1/accounts/{bob.id}/unblock"))
    await town.follow(alice, bob)
    await place.copy()
    await place.send()
    await place.restore(tmp_path / "first", "0000000000-0000000001")
    async with gone_on_with(tmp_path / "first") as restored:
        assert good(await _as(restored, alice).get("/api/v1/blocks")) == []
    # What came before a copy is not done to it again: the follow after the block is still there.
    await place.restore(tmp_path / "second")
    async with gone_on_with(tmp_path / "second") as restored:
        me = good(await _as(restored, alice).get("/api/v1/accounts/verify_credentials"))
        assert me["following_count"] == 1


async def test_notes_hold_no_words(place: Noted, town: Town) -> None:
    alice, bob = await town.members("alice", "bob")
    post = await town.post(alice, "A secret of mine.", spoiler_text="hush")
    good(await alice.client.post(f"/api/v1/accounts/{bob.id}/note", json={"comment": "dull"}))
    good(await alice.client.post(f"/api/v1/accounts/{bob.id}/note", json={"comment": ""}))
    good(await alice.client.delete(f"/api/v1/statuses/{post}"))
    await place.send()
    notes = await _notes(place)
    assert [note.what for note in notes] == ["-account_notes", "-posts"]
    assert notes[1].row == {"id": int(post)}


async def test_a_missing_part_is_named(place: Noted, town: Town, tmp_path: Path) -> None:
    alice = await town.member("alice")
    await place.copy()
    await _deletes(place, town, alice, times=3)
    found = await marks(place.ark.stores[0])
    assert len(found) == 3
    assert await place.faults() == []
    for store in place.ark.stores:
        await store.delete(key_of(found[1]))
    named = f"part {shown(found[1])} of the journal is missing"
    assert ("everywhere", f"{named}, which part {shown(found[2])} follows") in await place.faults()
    with pytest.raises(ArkError, match=named):
        await place.restore(tmp_path / "to")


async def test_one_place_that_is_whole_is_enough(place: Noted, town: Town, tmp_path: Path) -> None:
    alice = await town.member("alice")
    await place.copy()
    await _deletes(place, town, alice, times=2)
    north, south = place.ark.stores
    first, second = await marks(north)
    await north.delete(key_of(first))
    stored = await south.read(key_of(second))
    assert stored is not None
    await south.put(key_of(second), stored.content.replace(b'"last\\":2', b'"last\\":3'))
    assert await place.faults() == [
        ("north", f"part {shown(first)} of the journal is missing"),
        ("south", f"part {shown(second)} of the journal is damaged, or not signed"),
    ]
    assert (await place.restore(tmp_path / "to")).notes == 2
    assert await mend(place.ark.stores, place.ark.keys.public) == {"north": 1, "south": 1}
    assert await place.faults() == []


async def test_the_end_of_the_journal_is_missed(place: Noted, town: Town, tmp_path: Path) -> None:
    alice = await town.member("alice")
    await place.copy()
    await _deletes(place, town, alice)
    await place.copy()
    for store in place.ark.stores:
        for mark in await marks(store):
            await store.delete(key_of(mark))
    lost = "the journal is gone, and had come to entry 1 once"
    assert await place.faults() == [("everywhere", lost)]
    with pytest.raises(ArkError, match="the journal is gone, and had come to entry 1 once"):
        await place.restore(tmp_path / "to", "0000000000-0000000001")


async def test_a_place_that_hangs_does_not_keep_the_journal_from_the_others(
    place: Noted, town: Town
) -> None:
    ark, west = place.ark, BucketStore("west", MemoryStore())
    await _deletes(place, town, await town.member("alice"))
    stores = [Hanging(ark.stores[0], hangs=True, deadline_s=10 * PATIENCE_S), ark.stores[1], west]
    sender = Sender(place.rostra.db, ark.data_dir, ark.keys, stores, place.rostra.clock)
    async with asyncio.timeout(PATIENCE_S):
        sent = await sender.send(1)
    assert sent.failed == {"north": "no answer in time"}
    assert await marks(west) == await marks(ark.stores[1]) != []


async def test_a_place_that_was_away_gets_what_it_lacks(place: Noted, town: Town) -> None:
    alice = await town.member("alice")
    wavering = Wavering("wavering", MemoryStore())
    place.recorder = type(place.recorder)(place.rostra.services, [*place.ark.stores, wavering])
    wavering.away = True
    await _deletes(place, town, alice, times=3)
    assert await marks(wavering) == []
    spool = Spool(place.ark.data_dir)
    assert len(spool.parts()) == 3
    wavering.away = False
    await place.send()
    assert await marks(wavering) == await marks(place.ark.stores[0])
    assert len(spool.parts()) == 1
    # Another process goes on where this one was, also when nothing is left here.
    spool.drop(spool.parts()[0].part.mark)
    place.recorder = type(place.recorder)(place.rostra.services, place.ark.stores)
    await _deletes(place, town, alice)
    assert len(await marks(wavering)) == 3
    assert len(await marks(place.ark.stores[0])) == 4
    assert await place.faults() == []


async def test_old_parts_go_with_the_copies_that_need_them(place: Noted, town: Town) -> None:
    alice = await town.member("alice")
    await place.copy()
    await _deletes(place, town, alice, times=2)
    place.rostra.clock.advance(DAY)
    stores, signer = place.ark.stores, place.ark.keys.public
    assert await prune(stores, signer, always) == 0
    await place.copy()
    await _deletes(place, town, alice)
    assert await prune(stores, signer, always) == 0  # the first copy still needs them
    for store in stores:
        for key in await store.keys("ark/v1/manifest", limit=1):
            await store.delete(key)
    assert await prune(stores, signer, always) == 4
    assert len(await marks(stores[0])) == 1
    assert await place.faults() == []


async def test_a_place_that_lets_no_part_go_keeps_none_of_the_others(
    place: Noted, town: Town
) -> None:
    alice = await town.member("alice")
    await _deletes(place, town, alice, times=2)
    place.rostra.clock.advance(DAY)
    await place.copy()
    keeping = Keeping("keeping", MemoryStore())
    for key in await place.ark.stores[0].keys("ark/v1"):
        stored = await place.ark.stores[0].read(key)
        assert stored is not None
        await keeping.put(key, stored.content)
    with pytest.raises(PlaceFailed, match="may not"):
        await prune([keeping, *place.ark.stores], place.ark.keys.public, always)
    assert len(await marks(keeping)) == 2
    assert len(await marks(place.ark.stores[0])) == 1


async def test_what_was_noted_between_restoring_and_opening(
    place: Noted, town: Town, tmp_path: Path
) -> None:
    alice = await town.member("alice")
    post = await town.post(alice)
    await place.copy()
    to = tmp_path / "to"
    assert (await place.restore(to)).notes == 0
    good(await alice.client.delete(f"/api/v1/statuses/{post}"))
    await place.send()
    place.rostra.clock.advance(HOUR)
    assert (await place.replay(to)).notes == 1
    assert (await place.replay(to)).notes == 0
    async with gone_on_with(to) as restored:
        answer = await _as(restored, alice).get(f"/api/v1/statuses/{post}")
        assert answer.status_code == 404
    with pytest.raises(ArkError, match="accepts writes"):
        await place.replay(to)


async def test_of_two_branches_one_is_the_journal(place: Noted, town: Town, tmp_path: Path) -> None:
    """The old host goes on when another has taken over; a copy of each is restored."""
    alice = await town.member("alice")
    posts = [await town.post(alice) for _ in range(4)]
    await place.copy(epoch=1)
    good(await alice.client.delete(f"/api/v1/statuses/{posts[0]}"))
    await place.send(epoch=1)
    there = tmp_path / "there"
    assert (await place.restore(there)).notes == 1
    # Here two more are deleted, and a copy is made of that; there it is another.
    good(await alice.client.delete(f"/api/v1/statuses/{posts[1]}"))
    good(await alice.client.delete(f"/api/v1/statuses/{posts[2]}"))
    late = await place.copy(epoch=1)
    async with gone_on_with(there) as other:
        async with other.db.write() as tx:
            for told in triggers():
                await tx.run(query_text(sqlite=told, postgresql=told))
        client = _as(other, alice)
        good(await client.delete(f"/api/v1/statuses/{posts[3]}"))
        ark = place.ark
        sender = Sender(other.db, there, ark.keys, ark.stores, other.services.clock)
        assert (await sender.send(2)).last == 2
    assert await place.faults() == []
    # Of the branch that was gone on with, all; of the other nothing, though its copy had it.
    again = await place.restore(tmp_path / "again", "0000000001-0000000001")
    assert (again.notes, again.aside) == (2, 2)
    of_late = await place.restore(tmp_path / "late", late)
    assert (of_late.notes, of_late.aside) == (1, 2)
    async with gone_on_with(tmp_path / "late") as restored:
        for post in posts:
            answer = await _as(restored, alice).get(f"/api/v1/statuses/{post}")
            assert answer.status_code == 404


async def test_the_server_sends_it_by_itself(
    place: Noted, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    alice = await town.member("alice")
    store = Wavering("wavering", MemoryStore())
    store.away = True
    recorder = Recorder(place.rostra.services, [store], every_s=0.01)
    running = asyncio.create_task(recorder.run())
    post = await town.post(alice)
    good(await alice.client.delete(f"/api/v1/statuses/{post}"))
    await until(lambda: "on fire" in caplog.text)
    store.away = False
    await until(lambda: len(store.made) == 1)
    assert caplog.text.count("on fire") == 1
    # While writes are off, nothing is sent: this may be a copy.
    place.rostra.services.write_gate.close("a move")
    assert await recorder.round() is None
    place.rostra.services.write_gate.open()
    place.rostra.services.egress.close("a move", channel="ark")
    assert await recorder.round() is None
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
