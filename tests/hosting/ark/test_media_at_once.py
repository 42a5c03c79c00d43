"""Media are at the places as soon as they are stored: a host that dies takes none with it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.harness.app import InProcess, running
from tests.harness.crowd import Town
from tests.hosting.ark.afloat import database_in
from tests.hosting.ark.test_jobs import hold
from tests.hosting.providers import places_file
from tests.pictures import photo

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.jobs import CopyAll, copy_all, copy_now, prune_here, stores_of
from rostra.hosting.ark.keys import Keys
from rostra.hosting.ark.manifest import PIECES
from rostra.hosting.ark.media.bring import Brought, bring, later_media
from rostra.hosting.ark.media.installation import ferry_of
from rostra.hosting.ark.media.read import marks, verify_media
from rostra.hosting.ark.media.record import record_key
from rostra.hosting.ark.media.send import Ferry, none_is_sent, notes_of, waiting
from rostra.hosting.ark.read import ArkError
from rostra.hosting.ark.restore import choose, restore
from rostra.hosting.ark.seal import Sealer
from rostra.hosting.ark.verify import Fault
from rostra.hosting.places.port import Store
from rostra.kernel.clock import DAY, HOUR
from rostra.store.gates import file_gates
from rostra.store.named_media import every_named


class House:
    """An installation with a copy at three places, and the ferry."""

    def __init__(self, rostra: InProcess, keys: Keys) -> None:
        self.rostra, self.keys = rostra, keys
        self.services = rostra.services
        self.data_dir = self.services.settings.data_dir
        self.stores: list[Store] = stores_of(self.services.settings)
        ferry = ferry_of(self.services)
        assert ferry is not None
        self.ferry: Ferry = ferry

    async def cross(self) -> int:
        """Send all that is noted; how many keys."""
        sent = 0
        while some := await self.ferry.round():
            sent += some
        return sent

    async def restored(
        self, to: Path, stores: list[Store] | None = None, until: int | None = None
    ) -> Brought:
        """A directory as it is after the host is lost; what came beside the copy."""
        stores = stores or self.stores
        found = await choose(stores)
        await restore(stores, found, self.keys.opened, to, _silent)
        made_at, sealer = found.manifest.made_at, Sealer(self.keys.data_key)
        told = await later_media(stores, sealer, self.keys.public, made_at, until)
        named = every_named(to / "rostra.sqlite3")
        return await bring(stores, told, sealer, to, named=named, tell=_silent)

    async def faults(self) -> list[tuple[str, str]]:
        """What reading back finds."""
        newest = await choose(self.stores)
        found = verify_media(self.stores, self.keys.public, newest.manifest.made_at)
        return [(each.place, each.what) async for each in found if isinstance(each, Fault)]


@pytest.fixture
async def house(data_dir: Path, tmp_path: Path) -> AsyncIterator[House]:
    """It holds the fence and has made a copy, an hour ago."""
    file = places_file(tmp_path / "places.toml", tmp_path / "places")
    url = database_in(data_dir)
    async with running(data_dir, url, None, ROSTRA_HOSTING__PLACES=str(file)) as rostra:
        keys = ark_keys.make(data_dir, (ark_keys.new_paper_key()[1],))
        await hold(rostra.services.settings)
        await rostra.services.blobs.put("media/aa/old.png", b"of before", "image/png")
        await copy_all(rostra.services, CopyAll())
        notes_of(data_dir).forget()
        rostra.clock.advance(HOUR)
        yield House(rostra, keys)


async def test_what_came_after_the_copy_comes_back(house: House, tmp_path: Path) -> None:
    town = Town(house.rostra)
    alice = await town.member("alice")
    picture = await town.picture(alice, photo().jpegsave_buffer())
    await town.post(alice, "A picture.", media_ids=[picture["id"]])
    before = {path: path.read_bytes() for path in _media_in(house.data_dir)}
    assert len(before) > 1
    assert waiting(house.data_dir).count == len(before) - 1
    await house.cross()
    assert waiting(house.data_dir).count == 0
    brought = await house.restored(tmp_path / "there", house.stores[1:])
    assert brought.came == len(before) - 1
    assert brought.lacking == ()
    there = tmp_path / "there"
    came = {house.data_dir / path.relative_to(there): path for path in _media_in(there)}
    assert {path: here.read_bytes() for path, here in came.items()} == before
    assert await house.faults() == []


async def test_what_went_since_does_not_come_back(house: House, tmp_path: Path) -> None:
    blobs = house.services.blobs
    await blobs.put("media/bb/new.png", b"new", "image/png")
    await house.cross()
    house.rostra.clock.advance(1_000)
    await blobs.delete(["media/aa/old.png", "media/bb/new.png"])
    assert await house.cross() == 2
    brought = await house.restored(tmp_path / "there")
    assert (brought.came, brought.went) == (0, 1)
    assert _media_in(tmp_path / "there") == []


async def test_what_the_database_still_names_stays(house: House, tmp_path: Path) -> None:
    """A picture that somebody has exchanged since: the older database shows the old one."""
    town = Town(house.rostra)
    alice = await town.member("alice")
    changing = {"avatar": ("a.jpg", photo().jpegsave_buffer(), "image/jpeg")}
    path = "/api/v1/accounts/update_credentials"
    assert (await alice.client.patch(path, files=changing)).status_code == 200
    await house.cross()
    await copy_now(house.services, house.keys, house.stores)
    house.rostra.clock.advance(1_000)
    assert (await alice.client.patch(path, files=changing)).status_code == 200
    await town.settle()
    await house.cross()
    there = tmp_path / "there"
    await house.restored(there)
    names = every_named(there / "rostra.sqlite3")
    assert names
    assert all((there / "media" / key).exists() for key in names)


async def test_until_a_time(house: House, tmp_path: Path) -> None:
    await house.services.blobs.put("media/bb/one.png", b"one", "image/png")
    await house.cross()
    until = house.rostra.clock.now() + 500
    house.rostra.clock.advance(1_000)
    await house.services.blobs.put("media/cc/two.png", b"two", "image/png")
    await house.services.blobs.delete(["media/aa/old.png"])
    await house.cross()
    await house.restored(tmp_path / "there", until=until)
    assert [path.name for path in _media_in(tmp_path / "there")] == ["one.png"]


async def test_too_few_places_take_it_and_it_waits(house: House, tmp_path: Path) -> None:
    await house.services.blobs.put("media/bb/new.png", b"new", "image/png")
    for name in ("north", "south"):
        (tmp_path / "places" / name).rename(tmp_path / name)
    with pytest.raises(ArkError, match="north: "):
        await house.ferry.round()
    assert waiting(house.data_dir).count == 1
    (tmp_path / "north").rename(tmp_path / "places" / "north")
    assert await house.ferry.round() == 1  # two of three are enough
    assert waiting(house.data_dir).count == 0
    brought = await house.restored(tmp_path / "there")
    assert brought.came == 1


async def test_a_process_that_is_killed_between_loses_none(house: House) -> None:
    await house.services.blobs.put("media/bb/new.png", b"new", "image/png")
    assert notes_of(house.data_dir).take(50) == ["media/bb/new.png"]  # and killed
    again = ferry_of(house.services)
    assert again is not None
    assert await again.round() == 1
    assert waiting(house.data_dir).count == 0


async def test_only_who_may_write_sends(house: House) -> None:
    await house.services.blobs.put("media/bb/new.png", b"new", "image/png")
    write, _ = file_gates(house.data_dir)
    write.close("for a test")
    assert await house.ferry.round() == 0
    assert waiting(house.data_dir).count == 1
    write.open()
    assert await house.ferry.round() == 1


async def test_what_is_wrong_is_named(house: House) -> None:
    await house.services.blobs.put("media/bb/new.png", b"new", "image/png")
    before = set(await house.stores[0].keys(PIECES, limit=1_000))
    await house.cross()
    (piece,) = set(await house.stores[0].keys(PIECES, limit=1_000)) - before
    await house.stores[0].put(piece, b"flipped")
    (mark,) = await marks(house.stores[1])
    await house.stores[1].put(record_key(mark), b"{}")
    await house.stores[2].delete(record_key(mark))
    assert await house.faults() == [
        ("north", f"piece {piece.rpartition('/')[2][:16]}… is damaged"),
        ("south", f"what is told of media at {mark} is damaged"),
        ("everywhere", "media of 1 records stand at too few places"),
    ]


async def test_what_no_place_has_is_told_and_the_rest_comes(house: House, tmp_path: Path) -> None:
    before = set(await house.stores[0].keys(PIECES, limit=1_000))
    await house.services.blobs.put("media/bb/lost.png", b"lost", "image/png")
    await house.cross()
    lost = set(await house.stores[0].keys(PIECES, limit=1_000)) - before
    await house.services.blobs.put("media/cc/new.png", b"new", "image/png")
    await house.cross()
    for store in house.stores:
        for key in lost:
            await store.delete(key)
    brought = await house.restored(tmp_path / "there")
    assert brought == Brought(came=1, went=0, lacking=("media/bb/lost.png",))
    names = [path.name for path in _media_in(tmp_path / "there")]
    assert names == ["old.png", "new.png"]


async def test_pruning_leaves_what_came_since_the_newest_copy(house: House, tmp_path: Path) -> None:
    services, clock = house.services, house.rostra.clock
    await services.blobs.put("media/bb/gone.png", b"gone", "image/png")
    await house.cross()
    clock.advance(2 * HOUR)
    await services.blobs.delete(["media/bb/gone.png"])
    await house.cross()
    clock.advance(8 * DAY)
    await copy_now(services, house.keys, house.stores)
    clock.advance(1_000)
    await services.blobs.put("media/cc/new.png", b"new", "image/png")
    await house.cross()
    assert len(await marks(house.stores[0])) == 3
    assert await prune_here(services, house.keys, house.stores, clock.now()) == []
    assert len(await marks(house.stores[0])) == 1
    brought = await house.restored(tmp_path / "there")
    assert (brought.came, brought.lacking) == (1, ())
    assert [path.name for path in _media_in(tmp_path / "there")] == ["old.png", "new.png"]


async def test_nothing_is_removed_while_a_medium_is_on_its_way(house: House) -> None:
    async with none_is_sent(house.data_dir):
        await house.services.blobs.put("media/bb/new.png", b"new", "image/png")
        assert await house.ferry.round() == 0
        with pytest.raises(ArkError, match="media are being sent"):
            async with none_is_sent(house.data_dir, tries=1):
                pass
        now = house.rostra.clock.now()
        pruning = asyncio.create_task(prune_here(house.services, house.keys, house.stores, now))
        await asyncio.sleep(0.2)
        assert not pruning.done()
    assert await pruning == []
    assert await house.ferry.round() == 1


async def test_without_keys_no_notes_pile_up(data_dir: Path, tmp_path: Path) -> None:
    file = places_file(tmp_path / "places.toml", tmp_path / "places")
    url = database_in(data_dir)
    async with running(data_dir, url, None, ROSTRA_HOSTING__PLACES=str(file)) as rostra:
        await hold(rostra.services.settings)
        await rostra.services.blobs.put("media/aa/one.png", b"one", "image/png")
        ferry = ferry_of(rostra.services)
        assert ferry is not None
        assert waiting(data_dir).count == 1
        assert await ferry.round() == 0
        assert waiting(data_dir).count == 0


def _media_in(data_dir: Path) -> list[Path]:
    folder = data_dir / "media"
    return sorted(
        path for path in folder.rglob("*") if path.is_file() and ".incoming" not in path.parts
    )


def _silent(_count: int, _what: str) -> None:
    """Nobody is told."""
