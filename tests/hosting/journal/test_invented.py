"""A place that lists what nobody has written keeps nobody from going on, and is named."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from obstore.store import MemoryStore
from tests.harness.crowd import Town, good
from tests.hosting.journal.afloat import Noted, noted

from rostra.hosting.ark.log.records import RECORDS
from rostra.hosting.ark.manifest import manifest_key, mark_of
from rostra.hosting.ark.read import ArkError, newest
from rostra.hosting.journal import chain
from rostra.hosting.journal.listed import marks
from rostra.hosting.journal.mend import mend
from rostra.hosting.journal.part import key_of, shown
from rostra.hosting.journal.send import Sender
from rostra.hosting.places.bucket import BucketStore
from rostra.hosting.places.listing import Listing
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Stored

FAR = "9999999999-0000000000000001"


class Counted(BucketStore):
    """A place that counts what it is asked for, and can make up its listing."""

    def __init__(self, name: str) -> None:
        super().__init__(name, MemoryStore())
        self.reads = 0
        self.circles = False
        self.hidden = ""  # a key that it does not show

    async def read(self, key: str) -> Stored | None:
        """What is there."""
        self.reads += 1
        if key == self.hidden:
            raise PlaceFailed(self.name, "not now")
        return await super().read(key)

    async def keys(self, prefix: str, *, after: str = "", limit: int = 1_000) -> list[str]:
        """The keys, or the same ones again and again."""
        return await super().keys(prefix, after="" if self.circles else after, limit=limit)


@pytest.fixture
async def place(data_dir: Path) -> AsyncIterator[Noted]:
    """A place whose acts are noted, at three places."""
    async with noted(data_dir) as it:
        ark = it.ark
        ark.stores.append(Counted("west"))
        clock = it.rostra.services.clock
        it.sender = Sender(it.rostra.db, ark.data_dir, ark.keys, ark.stores, clock)
        yield it


@pytest.fixture
def town(place: Noted) -> Town:
    """People for it."""
    return Town(place.rostra)


def _west(place: Noted) -> Counted:
    west = place.ark.stores[2]
    assert isinstance(west, Counted)
    return west


async def _deletes(place: Noted, town: Town, times: int, epoch: int = 1) -> None:
    """Posts that come and go, each told of in a part of its own."""
    alice = await town.member("alice")
    for _ in range(times):
        good(await alice.client.delete(f"/api/v1/statuses/{await town.post(alice)}"))
        await place.send(epoch)


async def test_an_invented_part_is_named_and_left_out(
    place: Noted, town: Town, tmp_path: Path
) -> None:
    await place.copy(1)
    await _deletes(place, town, 3)
    await _west(place).put(key_of(FAR), b"{}")
    restored = await place.restore(tmp_path / "to")
    assert restored.notes == 3
    (strange,) = restored.strange
    assert strange.startswith("west alone: part 9999999999-1 of the journal, which no place has")
    # The journal goes on behind the parts that there are.
    end = await chain.newest(place.ark.stores, place.ark.keys.public)
    assert end is not None
    assert (end.part.epoch, end.part.last) == (1, 3)


async def test_an_invented_epoch_asks_for_nothing_that_was_removed(
    place: Noted, town: Town
) -> None:
    await place.copy(1)
    await _deletes(place, town, 3)
    first, *_ = await marks(_west(place))
    for store in place.ark.stores:
        await store.delete(key_of(first))  # as it is once no copy needs it
    await _west(place).put(key_of(FAR), b"{}")
    signer = place.ark.keys.public
    found = await chain.chain(place.ark.stores, signer, after=1, epoch=1)
    assert [each.part.first for each in found.parts] == [2, 3]


async def test_an_invented_part_hides_none_before_it(place: Noted, town: Town) -> None:
    await place.copy(1)
    alice = await town.member("alice")
    for count in (4, 1):
        for _ in range(count):
            good(await alice.client.delete(f"/api/v1/statuses/{await town.post(alice)}"))
        await place.send(1)
    # Between a part of four notes and the next: as though the first held one alone.
    await _west(place).put(key_of("0000000001-0000000000000002"), b"{}")
    found = await chain.chain(place.ark.stores, place.ark.keys.public, after=2, epoch=1)
    assert [each.part.first for each in found.parts] == [1, 5]


async def test_what_most_places_list_is_missed(place: Noted, town: Town) -> None:
    await _deletes(place, town, 2)
    last = (await marks(_west(place)))[-1]
    for store in place.ark.stores[1:]:
        await store.put(key_of(last), b"{}")
    await place.ark.stores[0].delete(key_of(last))
    named = f"part {shown(last)} of the journal is damaged at every place, or not shown; "
    named += "listed by south, west"
    with pytest.raises(ArkError, match=named):
        await chain.chain(place.ark.stores, place.ark.keys.public)
    # One that only one place lists, and nobody has, is told.
    await place.ark.stores[1].delete(key_of(last))
    found = await chain.chain(place.ark.stores, place.ark.keys.public)
    assert found.last == 1
    assert len(found.strange) == 1
    # Where that place does not show it now, it may well be there.
    _west(place).hidden = key_of(last)
    with pytest.raises(ArkError, match="is damaged at every place, or not shown; listed by west"):
        await chain.chain(place.ark.stores, place.ark.keys.public)


async def test_nobody_is_asked_for_thousands_of_them(place: Noted, town: Town) -> None:
    await place.copy(1)
    await _deletes(place, town, 3)
    west, signer = _west(place), place.ark.keys.public
    for number in range(1, 400):
        await west.put(key_of(f"9999999999-{number:016d}"), b"{}")
        await west.put(manifest_key(mark_of(9_999_999_999, number)), b"{}")
    west.reads = 0
    found = await chain.chain(place.ark.stores, signer, epoch=1)
    assert found.last == 3
    begins = "west alone: part 9999999999-399 of the journal and 398 more, "
    assert found.strange[0].startswith(begins)
    assert west.reads < 130
    assert await mend(place.ark.stores, signer) == {"north": 0, "south": 0, "west": 0}
    west.reads = 0
    copied = await newest(place.ark.stores, signer)
    assert copied is not None
    assert copied.manifest.epoch == 1
    assert west.reads < 130


async def test_a_listing_ends(place: Noted, town: Town) -> None:
    await _deletes(place, town, 3)
    west = _west(place)
    assert len(await Listing(west, "ark/v1/journal").all()) == 3
    assert await Listing(west, RECORDS).all() == []
    with pytest.raises(PlaceFailed, match="lists more than 2 objects below ark/v1/journal"):
        await Listing(west, "ark/v1/journal", most=2).all()
    west.circles = True
    listing = Listing(west, "ark/v1/journal")
    await listing.page()
    with pytest.raises(PlaceFailed, match="does not list ark/v1/journal/ in order"):
        await listing.page()
