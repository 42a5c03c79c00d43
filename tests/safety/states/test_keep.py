"""What processes hold of what screening goes by is what stands in the transaction that asks."""

import pytest
from tests.harness.app import InProcess

from rostra.safety.edge import Reader, Services
from rostra.safety.states import keep
from rostra.safety.states.keep import Kept, Part


class _Undone(Exception):
    pass


def _counting() -> tuple[Kept[int], list[int]]:
    made: list[int] = []

    async def make(_services: Services, _reader: Reader) -> int:
        made.append(len(made) + 1)
        return made[-1]

    return Kept(Part.LISTS, Part.BANKS, make=make), made


async def test_what_did_not_change_is_made_once(rostra: InProcess) -> None:
    services = rostra.app.services
    kept, made = _counting()
    for _ in range(3):
        async with services.db.read() as reader:
            assert await kept.of(services, reader, await keep.versions(reader)) == 1
    async with services.db.write() as tx:
        await keep.changed(services, tx, Part.RULES)
    async with services.db.read() as reader:
        assert await kept.of(services, reader, await keep.versions(reader)) == 1
    assert made == [1]


async def test_what_changed_is_made_anew(rostra: InProcess) -> None:
    services = rostra.app.services
    kept, _ = _counting()
    async with services.db.write() as tx:
        assert await kept.of(services, tx, await keep.versions(tx)) == 1
        await keep.changed(services, tx, Part.LISTS)
        assert await kept.of(services, tx, await keep.versions(tx)) == 2
    async with services.db.read() as reader:
        assert await kept.of(services, reader, await keep.versions(reader)) == 2
    async with services.db.write() as tx:
        await keep.changed(services, tx, Part.BANKS)
        assert await kept.of(services, tx, await keep.versions(tx)) == 3


async def test_a_change_that_came_to_nothing_is_not_held(rostra: InProcess) -> None:
    services = rostra.app.services
    kept, _ = _counting()

    async def undone() -> None:
        async with services.db.write() as tx:
            await keep.changed(services, tx, Part.LISTS)
            assert await kept.of(services, tx, await keep.versions(tx)) == 1
            raise _Undone

    with pytest.raises(_Undone):
        await undone()
    async with services.db.write() as tx:
        await keep.changed(services, tx, Part.LISTS)
    async with services.db.read() as reader:
        assert await kept.of(services, reader, await keep.versions(reader)) == 2
