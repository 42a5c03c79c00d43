"""A host that loses the fence while it removes old copies takes nothing from the one after it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from obstore.store import MemoryStore
from tests.harness.app import InProcess, running
from tests.harness.crowd import Town
from tests.hosting.ark.afloat import Ark, database_in

from rostra.hosting.ark.jobs import may_remove, prune_all
from rostra.hosting.ark.manifest import PIECES
from rostra.hosting.ark.prune import Stopped, prune
from rostra.hosting.ark.read import marks
from rostra.hosting.places.bucket import BucketStore
from rostra.kernel.clock import DAY


class Told(BucketStore):
    """A place that calls somebody when something was removed or stored there."""

    def __init__(self, name: str) -> None:
        super().__init__(name, MemoryStore())
        self.removed: Callable[[str], Awaitable[None]] | None = None
        self.stored: Callable[[str], Awaitable[None]] | None = None

    async def delete(self, key: str) -> None:
        """Remove it, and tell."""
        await super().delete(key)
        if self.removed is not None:
            await self.removed(key)

    async def create(self, key: str, content: bytes) -> bool:
        """Store it, and tell."""
        made = await super().create(key, content)
        if self.stored is not None:
            await self.stored(key)
        return made


@pytest.fixture
async def rostra(data_dir: Path) -> AsyncIterator[InProcess]:
    """An application in its data directory, as a server has it."""
    async with running(data_dir, database_in(data_dir)) as app:
        yield app


@pytest.fixture
def ark(data_dir: Path) -> Ark:
    """Its ark, at places that tell."""
    found = Ark(data_dir)
    found.stores = [Told("north"), Told("south")]
    return found


async def _two_copies(rostra: InProcess, ark: Ark) -> Told:
    """An old copy, and one of now; the first place."""
    await ark.copy(rostra, epoch=1)
    rostra.clock.advance(8 * DAY)
    await Town(rostra).member("alice")
    await ark.copy(rostra, epoch=1)
    north = ark.stores[0]
    assert isinstance(north, Told)
    return north


async def test_nothing_is_removed_once_another_host_has_the_fence(
    rostra: InProcess, ark: Ark, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rostra.hosting.ark.prune._PAGE", 1)
    north = await _two_copies(rostra, ark)
    holds, removed = True, list[str]()

    async def taken_over(key: str) -> None:
        """The other host sends its first copy when the first piece goes."""
        nonlocal holds
        removed.append(key)
        if key.startswith(PIECES) and holds:
            holds = False
            await Town(rostra).members("bob", "carol", "dave")
            await ark.copy(rostra, epoch=2)

    north.removed = taken_over
    before = rostra.clock.now() - 7 * DAY
    with pytest.raises(Stopped, match="may not remove anything any more"):
        await prune(north, before, ark.keys.public, lambda: holds)
    assert len([key for key in removed if key.startswith(PIECES)]) == 1
    assert await ark.faults(ark.keys.public) == []
    assert (await marks(north))[-1].startswith("0000000002-")
    north.removed = None
    assert (await prune(north, before, ark.keys.public, lambda: True)).manifests == 0


async def test_a_gate_that_closes_ends_it_at_every_place(rostra: InProcess, ark: Ark) -> None:
    north = await _two_copies(rostra, ark)

    async def closed(_key: str) -> None:
        rostra.services.write_gate.close("another host has it")

    north.removed = closed
    may = may_remove(rostra.services)
    before = rostra.clock.now() - 7 * DAY
    told = await prune_all(ark.stores, before, ark.keys.public, may)
    assert told == ["this installation may not remove anything any more: the rest stays"]
    assert len(await marks(ark.stores[1])) == 2
    rostra.services.write_gate.open()
    north.removed = None
    assert await prune_all(ark.stores, before, ark.keys.public, may) == []
    assert len(await marks(ark.stores[1])) == 1


async def test_the_first_copy_of_an_epoch_believes_what_is_listed(
    rostra: InProcess, ark: Ark
) -> None:
    north = await _two_copies(rostra, ark)
    for key in await north.keys(PIECES):
        await north.delete(key)
    assert (await ark.copy(rostra, epoch=2)).places == ("north", "south")
    assert await ark.faults(ark.keys.public) == []


async def test_the_first_copy_of_an_epoch_looks_whether_it_is_there(
    rostra: InProcess, ark: Ark
) -> None:
    north = await _two_copies(rostra, ark)
    lost: list[str] = []

    async def removed_again(key: str) -> None:
        """What was sent a moment ago is removed by the host before."""
        if key.startswith(PIECES) and not lost:
            lost.append(key)
            await north.delete(key)

    await Town(rostra).members("bob", "carol")
    north.stored = removed_again
    copied = await ark.copy(rostra, epoch=2)
    assert copied.places == ("south",)
    assert copied.failed == {"north": "1 of its pieces were removed by another host meanwhile"}
    copied = await ark.copy(rostra, epoch=2)
    assert copied.places == ("north", "south")
    assert await ark.faults(ark.keys.public) == []
