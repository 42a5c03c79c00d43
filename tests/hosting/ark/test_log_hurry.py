"""Whoever is in a hurry does not wait for a place that hangs, and knows when it has to."""

import asyncio
import threading
from pathlib import Path

import pytest
from tests.harness.patience import PATIENCE_S
from tests.hosting.ark.logged import EVERY_S, Logged
from tests.hosting.providers import Hanging

from rostra.hosting.ark.log.walk import Hole, walk
from rostra.hosting.ark.restore import choose
from rostra.store.arrival import Arrival
from rostra.store.lease import MachineTime, MemoryLease
from rostra.store.wal import open_index


async def test_in_a_hurry_a_place_that_hangs_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged = Logged(tmp_path / "data", "north", "south", "west")
    async with logged.sending():
        await logged.all_there()
        logged.write()
        await logged.all_there()
    found = await choose(logged.places, signer=logged.keys.public)
    assert found.manifest.log is not None
    point, signer = found.manifest.log, logged.keys.public
    places = [
        Hanging(place, hangs=place.name == "north", deadline_s=10 * PATIENCE_S)
        for place in logged.places
    ]
    with monkeypatch.context() as never:  # is it given up, so nothing but the hurry lets it go
        never.setattr("rostra.hosting.ark.log.walk._DEADLINE_S", 10 * PATIENCE_S)
        async with asyncio.timeout(PATIENCE_S):
            steps = [step async for step in walk(places, point, signer, hurry=True)]
    assert steps
    assert not [step for step in steps if isinstance(step, Hole)]
    places[1].hangs = True  # what counted may stand at these two alone
    steps = [step async for step in walk(places, point, signer, hurry=True)]
    assert isinstance(steps[-1], Hole)
    assert "there may be more; north can't be asked: no answer in time" in steps[-1].what


async def test_whoever_waits_is_told_also_while_much_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The end of the log moves on faster than it is read: nobody waits for that end.
    monkeypatch.setattr("rostra.hosting.ark.log.ship.MOST", 128 << 10)
    logged = Logged(tmp_path / "data", "north", "south", "west")
    clock = MachineTime()
    logged.arrival = Arrival(MemoryLease(clock), clock, PATIENCE_S)

    async def write() -> None:
        while True:
            logged.write(40, 2_000)
            await asyncio.sleep(EVERY_S / 2)

    async with logged.sending():
        await logged.all_there()
        writing = asyncio.create_task(write())
        try:
            for _ in range(5):
                assert await logged.arrival.reached()
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)


async def test_whoever_waits_is_not_kept_until_the_next_look(tmp_path: Path) -> None:
    logged = Logged(tmp_path / "data", "north", "south", "west")
    clock = MachineTime()
    async with logged.sending():
        await logged.all_there()
    logged.every_s = 10 * PATIENCE_S
    asked = MemoryLease(clock)
    logged.arrival = Arrival(MemoryLease(clock), clock, PATIENCE_S, asked)
    async with logged.sending():
        await asyncio.sleep(0.3)
        for _ in range(2):
            logged.write()
            assert await logged.arrival.reached()
            assert logged.standing().waiting_bytes == 0


async def test_before_the_first_copy_nobody_waits(tmp_path: Path) -> None:
    logged = Logged(tmp_path / "data", "north", "south", "west")
    clock = MachineTime()
    logged.arrival = Arrival(MemoryLease(clock), clock, PATIENCE_S)
    logged.full = True
    async with logged.sending():
        logged.write()
        assert await logged.arrival.reached()
        assert "a copy that the log goes on from" in logged.standing().why
        logged.full = False
        await logged.all_there()


@pytest.mark.parametrize("fails", [False, True])
async def test_whoever_ends_while_the_log_is_opened_leaves_nothing_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, fails: bool
) -> None:
    logged = Logged(tmp_path / "data")
    opening, ended = threading.Event(), threading.Event()

    def slow(path: Path) -> int:
        opening.set()
        ended.wait(PATIENCE_S)
        if fails:
            raise OSError("the index can't be opened")
        return open_index(path)

    monkeypatch.setattr("rostra.store.wal_tail.open_index", slow)
    async with logged.sending():
        assert await asyncio.to_thread(opening.wait, PATIENCE_S)
        threading.Timer(0.05, ended.set).start()
    assert f"{logged.path}-wal" not in _open_files()


def _open_files() -> list[str]:
    """What this process has open."""
    return [str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
