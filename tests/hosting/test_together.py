"""All places asked at once; one that hangs is not waited for when the others are enough."""

import asyncio
from collections.abc import Sequence

from obstore.store import MemoryStore
from tests.harness.patience import PATIENCE_S
from tests.hosting.providers import Hanging

from rostra.hosting.places import reach
from rostra.hosting.places.bucket import BucketStore
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store
from rostra.hosting.places.together import together

NAMES = ("north", "south", "west")


def places() -> list[Hanging]:
    """Three places, of which the first hangs."""
    long_s = 10 * PATIENCE_S
    found = [Hanging(BucketStore(name, MemoryStore()), deadline_s=long_s) for name in NAMES]
    found[0].hangs = True
    return found


async def _name(store: Store) -> str:
    await store.read("anything")
    return store.name


def _two(answers: Sequence[str]) -> bool:
    return len(answers) >= 2


async def test_one_that_hangs_is_not_waited_for_once_there_is_enough() -> None:
    async with asyncio.timeout(PATIENCE_S):
        found = await together(places(), _name, _two, grace_s=0.05)
    assert isinstance(found[0], PlaceFailed)
    assert str(found[0]) == "north: no answer in time"
    assert found[1:] == ["south", "west"]


async def test_where_it_is_needed_its_deadline_is_waited_for() -> None:
    async def goes_on(stores: list[Hanging]) -> None:
        await asyncio.sleep(0.2)
        stores[0].hangs = False

    three = places()
    asked = asyncio.create_task(goes_on(three))
    found = await together(three, _name, lambda answers: len(answers) == 3, grace_s=0.01)
    await asked
    assert found == list(NAMES)
    late = await together(places(), _name, lambda _answers: False, deadline_s=0.05)
    assert isinstance(late[0], PlaceFailed)


async def test_what_has_failed_is_asked_last() -> None:
    three = places()
    assert reach.likely_first(three) == three
    reach.failed(three[0])
    assert reach.likely_first(three) == [three[1], three[2], three[0]]
