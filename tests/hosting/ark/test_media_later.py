"""Media that a move has left at the places: they come when asked for, and by themselves."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from obstore.store import MemoryStore
from tests.harness.patience import PATIENCE_S, until, until_asked
from tests.hosting.ark.afloat import Ark, always, database_in

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.copy import Source, copy
from rostra.hosting.ark.jobs import prune_all
from rostra.hosting.ark.manifest import piece_key
from rostra.hosting.ark.media import behind as behind_module
from rostra.hosting.ark.media.behind import Behind, Bringer, Lacking
from rostra.hosting.ark.media.later import Later, awaited_path, left_in
from rostra.hosting.ark.read import entries
from rostra.hosting.ark.restore import choose
from rostra.hosting.ark.seal import Sealer
from rostra.hosting.places.bucket import BucketStore
from rostra.hosting.places.file import PlacesError
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Stored
from rostra.kernel.clock import DAY, HOUR, ManualClock
from rostra.kernel.errors import NotFound, Unavailable
from rostra.store.alone import alone
from rostra.store.blobs import Awaited, AwaitedBlobs, AwaitedList, Left, LocalBlobs

KEYS = tuple(f"media/aa/{name}.png" for name in ("one", "two", "three"))
LARGE = bytes(range(256)) * 20_000  # more than a piece


class Place(BucketStore):
    """A place that counts what is read, and can be held up or be away."""

    def __init__(self, name: str) -> None:
        super().__init__(name, MemoryStore())
        self.reads = 0
        self.away = False
        self.may = asyncio.Event()
        self.may.set()

    async def keys(self, prefix: str, *, after: str = "", limit: int = 1_000) -> list[str]:
        """The keys below a prefix."""
        if self.away:
            raise PlaceFailed(self.name, "away")
        return await super().keys(prefix, after=after, limit=limit)

    async def read(self, key: str) -> Stored | None:
        """What is there."""
        self.reads += 1
        await self.may.wait()
        if self.away:
            raise PlaceFailed(self.name, "away")
        return await super().read(key)


class There:
    """A directory of a network that has moved, all of whose media are at two places."""

    def __init__(self, old: Path, to: Path) -> None:
        self.to = to
        self.ark = Ark(old)
        self.places = [Place("north"), Place("south")]
        self.ark.stores = [*self.places]
        self.clock = ManualClock(0)
        self.old = LocalBlobs(old / "media")

    async def fill(self) -> None:
        """Make a copy of the old host, and note what is in it at the new one."""
        for number, key in enumerate(KEYS):
            await self.old.put(key, LARGE if number == 2 else key.encode(), "image/png")
        stored = [info.stored_at async for info in self.old.list()]
        self.clock.advance(max(stored) + HOUR)
        await copy(self.source(self.ark.data_dir, self.old), self.ark.keys, self.places)
        database_in(self.to)
        (self.to / ark_keys.FOLDER).mkdir(mode=0o700)
        kept = Path(ark_keys.FOLDER) / ark_keys.FILE
        shutil.copy(self.ark.data_dir / kept, self.to / kept)
        await self.note()
        self.folder = LocalBlobs(self.to / "media")
        self.awaited = AwaitedList(awaited_path(self.to))
        self.bringer = Bringer(self.to, self.folder, self.awaited, lambda: self.places)
        self.blobs = AwaitedBlobs(self.folder, self.awaited, self.bringer)

    async def note(self) -> None:
        """Take in the listing of the newest copy."""
        noted = Later(self.to)
        noted.begin()
        found = await choose(self.places)
        async for entry in entries(self.places, found.manifest, Sealer(self.ark.keys.data_key)):
            if entry.kind == "media":
                noted.add(entry)
        noted.flush()
        noted.close()

    def source(self, data_dir: Path, blobs: LocalBlobs | AwaitedBlobs) -> Source:
        """What a copy of a directory is made of."""
        return Source(
            data_dir=data_dir,
            database=data_dir / "rostra.sqlite3",
            blobs=blobs,
            domain="rostra.example",
            clock=self.clock,
        )

    def behind(self) -> Behind:
        """The task that brings the rest."""
        return Behind(self.to, self.bringer, self.awaited, always, every_s=0.01)

    def reads(self) -> int:
        """What was read at the places since the last call."""
        found = sum(place.reads for place in self.places)
        for place in self.places:
            place.reads = 0
        return found


@pytest.fixture
async def there(data_dir: Path, tmp_path: Path) -> There:
    database_in(data_dir)
    made = There(data_dir, tmp_path / "to")
    made.to.mkdir()
    await made.fill()
    made.reads()
    return made


async def test_each_comes_when_it_is_asked_for_and_the_rest_by_itself(there: There) -> None:
    assert left_in(there.to).count == 3
    answers = await asyncio.gather(*(there.blobs.get(KEYS[2]) for _ in range(20)))
    assert set(answers) == {LARGE}
    assert there.reads() == 2  # two pieces, each once, whoever asks
    assert left_in(there.to).count == 2
    await asyncio.wait_for(there.behind().run(), PATIENCE_S)
    assert left_in(there.to) == Left()
    assert [await there.folder.get(key) for key in KEYS[:2]] == [key.encode() for key in KEYS[:2]]
    with pytest.raises(NotFound):
        await there.blobs.get("media/aa/never.png")


async def test_a_copy_of_the_new_host_keeps_what_is_not_here_yet(there: There) -> None:
    made = await copy(there.source(there.to, there.blobs), there.ark.keys, there.places)
    assert left_in(there.to).count == 3  # nothing was fetched for it
    assert made.manifest.content_bytes > len(LARGE)
    there.clock.advance(DAY)
    await there.blobs.get(KEYS[0])  # it has the time that it had: it is not sent again
    await there.blobs.delete([KEYS[1]])
    made = await copy(there.source(there.to, there.blobs), there.ark.keys, there.places)
    named = [entry async for entry in _media(there, made.manifest.mark)]
    assert sorted(named) == sorted([KEYS[0], KEYS[2]])
    assert left_in(there.to).count == 1
    assert await prune_all(there.places, there.clock.now(), there.ark.keys.public, always) == []
    assert await there.blobs.get(KEYS[2]) == LARGE


async def test_a_copy_is_made_although_one_is_lost_and_still_names_it(there: There) -> None:
    row = there.awaited.get(KEYS[0])
    assert row is not None
    for place in there.places:
        await place.delete(piece_key(row.pieces[0]))
    there.ark.stores = [*there.places, Place("west")]  # has nothing yet, so that all is read
    made = await copy(there.source(there.to, there.blobs), there.ark.keys, there.ark.stores)
    assert made.places == ("north", "south", "west")
    named = [entry async for entry in _media(there, made.manifest.mark)]
    assert sorted(named) == sorted(KEYS)
    assert left_in(there.to).count == 1


async def _media(there: There, mark: str) -> AsyncIterator[str]:
    found = await choose(there.places, mark)
    async for entry in entries(there.places, found.manifest, Sealer(there.ark.keys.data_key)):
        if entry.kind == "media":
            yield entry.path


async def test_what_no_place_has_is_not_asked_for_again_at_once(
    there: There, caplog: pytest.LogCaptureFixture
) -> None:
    for place in there.places:
        place.away = True
    with pytest.raises(Unavailable) as told:
        await there.blobs.get(KEYS[0])
    assert told.value.retry_after_s == 30
    assert "on its way here" in told.value.safe
    there.reads()
    for _ in range(5):
        with pytest.raises(Unavailable):
            await there.blobs.get(KEYS[0])
    assert there.reads() == 0
    behind = asyncio.create_task(there.behind().run())
    await until(lambda: "3 can't be had from any place" in caplog.text)
    behind.cancel()
    there.places[0].away = False
    started_again = Bringer(there.to, there.folder, there.awaited, lambda: there.places)
    there.blobs.brings = started_again
    assert await there.blobs.get(KEYS[0]) == KEYS[0].encode()


async def test_places_that_are_away_are_not_asked_for_millions(
    there: There, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(behind_module, "_ROUND", 10)
    piece = "5a" * 32
    there.awaited.add(Awaited(f"media/zz/{at:03}.png", 1, 0, (piece,)) for at in range(200))
    for place in there.places:
        place.away = True
    lacking = await there.bringer.all(lambda _count, _what: None)
    assert lacking.count == 10
    for place in there.places:
        place.away = False
    lacking = await there.bringer.all(lambda _count, _what: None)
    assert (lacking.count, len(lacking.told)) == (200, 100)  # these are at no place
    assert left_in(there.to).count == 200


async def test_a_file_of_places_that_can_not_be_used_is_a_matter_of_time(there: There) -> None:
    def stores() -> list[Place]:
        raise PlacesError("nonsense")

    there.blobs.brings = Bringer(there.to, there.folder, there.awaited, stores)
    with pytest.raises(Unavailable, match="nonsense"):
        await there.blobs.get(KEYS[0])


async def test_one_that_is_lost_keeps_no_other(there: There) -> None:
    row = there.awaited.get(KEYS[0])
    assert row is not None
    for place in there.places:
        await place.put(piece_key(row.pieces[0]), b"damaged")
    lacking = await there.bringer.all(lambda _count, _what: None)
    assert lacking.count == 1
    assert lacking.told[0].startswith(f"{KEYS[0]}: piece ")
    assert left_in(there.to).count == 1
    with pytest.raises(Unavailable):
        await there.blobs.get(KEYS[0])
    assert not list((there.to / "media" / ".incoming").iterdir())


async def test_what_is_deleted_while_it_is_fetched_does_not_come(there: There) -> None:
    for place in there.places:
        place.may.clear()
    asking = asyncio.create_task(there.blobs.get(KEYS[0]))
    await until(lambda: there.places[0].reads + there.places[1].reads > 0)
    await there.blobs.delete([KEYS[0]])
    for place in there.places:
        place.may.set()
    with pytest.raises(NotFound):
        await asking
    assert not await there.blobs.exists(KEYS[0])
    assert not (there.to / "media" / KEYS[0]).exists()


async def test_whoever_goes_away_ends_it_for_nobody_else(there: There) -> None:
    for place in there.places:
        place.may.clear()
    one, other = (asyncio.create_task(there.blobs.get(KEYS[0])) for _ in range(2))
    await until(lambda: there.places[0].reads + there.places[1].reads > 0)
    one.cancel()
    await asyncio.gather(one, return_exceptions=True)
    for place in there.places:
        place.may.set()
    assert await other == KEYS[0].encode()


async def test_a_disk_that_is_as_good_as_full_is_left_alone(
    there: There, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(behind_module, "SPARE", 1 << 60)
    behind = asyncio.create_task(there.behind().run())
    await until(lambda: "the disk is full" in caplog.text)
    behind.cancel()
    assert left_in(there.to).count == 3
    assert await there.blobs.get(KEYS[0]) == KEYS[0].encode()  # what somebody asks for comes


async def test_only_one_process_brings_the_rest_and_only_where_it_may(there: There) -> None:
    may = [False]
    waits = Behind(there.to, there.bringer, there.awaited, lambda: may[0], every_s=0.01)
    task = asyncio.create_task(waits.run())
    await asyncio.sleep(0.1)
    assert left_in(there.to).count == 3
    with alone(there.to / ark_keys.FOLDER / behind_module.LOCK):
        may[0] = True
        await asyncio.sleep(0.1)
        assert left_in(there.to).count == 3
    await asyncio.wait_for(task, PATIENCE_S)
    assert left_in(there.to) == Left()


async def test_what_is_here_by_half_of_a_crash_is_settled(there: There) -> None:
    """The file was put, and its note was not removed."""
    await there.folder.put(KEYS[0], KEYS[0].encode(), "image/png")
    there.reads()
    assert await there.bringer.all(lambda _count, _what: None) == Lacking()
    assert there.reads() == 3  # the other two: a piece, and two
    assert left_in(there.to) == Left()

    async def none_left() -> bool:
        return [info.key async for info in there.blobs.list()] == [
            info.key async for info in there.folder.list()
        ]

    await until_asked(none_left)


async def test_noted_again_what_is_here_is_not_awaited(there: There) -> None:
    await there.blobs.get(KEYS[0])
    await there.note()
    assert left_in(there.to).count == 2
    assert {each.key for each in there.awaited.some("", 9)} == set(KEYS[1:])
