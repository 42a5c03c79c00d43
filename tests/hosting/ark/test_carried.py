"""Media that are in the copy before are not read again, unless something may be different."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from obstore.store import MemoryStore
from tests.hosting.ark.afloat import Ark, database_in, faults

from rostra.hosting.ark.carried import SETTLED_MS
from rostra.hosting.ark.copy import Copied, Source, copy
from rostra.hosting.ark.manifest import manifest_key, piece_key
from rostra.hosting.places.bucket import BucketStore
from rostra.kernel.clock import HOUR, ManualClock
from rostra.store.blobs import LocalBlobs

_KEYS = tuple(f"media/ab/{name}.webp" for name in ("one", "two", "three"))


class Read(LocalBlobs):
    """Media that know which of them were read."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.keys: list[str] = []

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        """The content, and note it."""
        self.keys.append(key)
        async for part in super().stream(key):
            yield part

    def taken(self) -> list[str]:
        """What was read since the last call, in order of its name."""
        found, self.keys = sorted(self.keys), []
        return found


class House:
    """A network with three media, and its copies."""

    def __init__(self, data_dir: Path) -> None:
        database_in(data_dir)
        self.ark = Ark(data_dir)
        self.media = Read(data_dir / "media")
        self.clock = ManualClock(0)
        self.settled()

    def settled(self) -> None:
        """Time passes: what lies there was stored a while ago."""
        newest = (path.stat().st_mtime_ns for path in self.ark.data_dir.rglob("*.webp"))
        self.clock.advance(max(newest, default=0) // 1_000_000 + HOUR - self.clock.now())

    async def put(self, key: str, content: bytes) -> None:
        """Store a medium, some time ago."""
        await self.media.put(key, content, "image/webp")
        self.settled()

    async def copy(self, *, again: bool = False) -> Copied:
        """Make a copy."""
        source = Source(
            data_dir=self.ark.data_dir,
            database=self.ark.data_dir / "rostra.sqlite3",
            blobs=self.media,
            domain="rostra.example",
            clock=self.clock,
        )
        return await copy(source, self.ark.keys, self.ark.stores, again=again)


@pytest.fixture
async def house(data_dir: Path) -> House:
    """With three media, one of two pieces, and a copy of them."""
    made = House(data_dir)
    for key, size in zip(_KEYS, (40, 5 << 20, 300), strict=True):
        await made.put(key, key.encode() * (size // len(key)))
    await made.copy()
    assert made.media.taken() == sorted(_KEYS)
    return made


async def test_what_the_copy_before_has_is_not_read_again(house: House, tmp_path: Path) -> None:
    copied = await house.copy()
    assert house.media.taken() == []
    assert copied.sent == {"north": 0, "south": 0}
    third = await house.copy()  # carried on from what was carried
    assert house.media.taken() == []
    assert third.manifest.content_bytes == copied.manifest.content_bytes
    assert await faults(house.ark.stores) == []
    await house.ark.restore(tmp_path / "there")
    for key in _KEYS:
        assert (tmp_path / "there" / "media" / key).read_bytes() == await house.media.get(key)
    assert list((house.ark.data_dir / "ark").glob("spool-*")) == []


async def test_what_is_new_replaced_or_gone_is_seen(house: House, tmp_path: Path) -> None:
    one, two, three = _KEYS
    await house.put(one, b"another!!")
    await house.put("media/ab/four.webp", b"new")
    await house.media.delete([three])
    await house.copy()
    assert house.media.taken() == ["media/ab/four.webp", one]
    await house.ark.restore(tmp_path / "there")
    folder = tmp_path / "there" / "media"
    assert (folder / one).read_bytes() == b"another!!"
    assert sorted(path.name for path in folder.rglob("*.webp")) == [
        "four.webp",
        "one.webp",
        "two.webp",
    ]
    assert (folder / two).stat().st_size == await house.media.size(two)


async def test_a_place_without_the_copy_before_gets_all_of_it(house: House) -> None:
    house.ark.stores.append(BucketStore("west", MemoryStore()))
    copied = await house.copy()
    assert house.media.taken() == sorted(_KEYS)
    assert copied.sent["west"] > copied.sent["north"] == 0
    assert await faults(house.ark.stores) == []
    await house.copy()
    assert house.media.taken() == []


async def test_all_is_read_where_it_is_asked_for_or_the_copy_before_cant_be(house: House) -> None:
    mended = await house.copy(again=True)
    assert house.media.taken() == sorted(_KEYS)
    for store in house.ark.stores:
        await store.delete(piece_key(mended.manifest.listing[0]))
    last = await house.copy()
    assert house.media.taken() == sorted(_KEYS)
    for store in house.ark.stores:
        await store.delete(manifest_key(last.manifest.mark))
    await house.copy()
    assert house.media.taken() == sorted(_KEYS)


async def test_what_was_stored_a_moment_ago_is_read_once_more(house: House) -> None:
    """Within a tick of the clock it may have been replaced after it was listed."""
    await house.media.put(_KEYS[0], b"just now", "image/webp")
    at = (house.ark.data_dir / "media" / _KEYS[0]).stat().st_mtime_ns // 1_000_000
    house.clock.set(at + SETTLED_MS - 1)
    await house.copy()
    house.settled()
    house.media.taken()
    await house.copy()
    assert house.media.taken() == [_KEYS[0]]
    await house.copy()
    assert house.media.taken() == []
