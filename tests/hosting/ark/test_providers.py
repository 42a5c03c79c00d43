"""The log, the copies and the fence at three S3 providers, one of which is away for a while.

Each is a server of its own (moto), reached through a door that can be shut: then its connections
are refused, as those of a provider are that is down. A server that is stopped by a signal accepts
them, and answers nothing.
"""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.harness.patience import Watch, until
from tests.hosting.ark.logged import Logged, rows
from tests.hosting.providers import S3, of_s3, s3_server

from rostra.hosting.ark.copy import Source, copy
from rostra.hosting.ark.restore import choose, opened_by, restore
from rostra.hosting.fence.fence import Fence, FenceError, Held, Standing, Terms
from rostra.hosting.fence.keeper import SystemTime
from rostra.hosting.places.bucket import DEADLINE_S
from rostra.hosting.places.open import open_place
from rostra.hosting.places.port import Store
from rostra.store.blobs import LocalBlobs
from rostra.store.lease import MachineTime, MemoryLease

NAMES = ("north", "south", "west")
TERMS = Terms(ttl_ms=18_000, guard_ms=4_500)

pytestmark = pytest.mark.slow


class Door:
    """A way to a provider that can be shut."""

    def __init__(self, server: S3) -> None:
        self.server = server
        self.port = 0
        self._open: asyncio.Server | None = None
        self._passing: set[asyncio.StreamWriter] = set()

    async def open(self) -> None:
        """Let connections through, at the same port as before."""
        self._open = await asyncio.start_server(self._pass, "127.0.0.1", self.port)
        self.port = self._open.sockets[0].getsockname()[1]

    async def shut(self) -> None:
        """Refuse connections, and cut those that there are."""
        if self._open is not None:
            self._open.close()
        for writer in list(self._passing):
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, to = await asyncio.open_connection("127.0.0.1", self.server.port)
        except OSError:
            writer.transport.abort()
            return
        self._passing |= {writer, to}
        await asyncio.gather(_copied(reader, to), _copied(there, writer), return_exceptions=True)
        self._passing -= {writer, to}


async def _copied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while some := await reader.read(1 << 16):
            writer.write(some)
            await writer.drain()
    writer.close()


@pytest.fixture(scope="module")
def servers() -> Iterator[list[S3]]:
    """The three providers."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(s3_server()) for _ in NAMES]


@pytest.fixture
async def doors(servers: list[S3]) -> AsyncIterator[list[Door]]:
    """The ways to them, all open."""
    made = [Door(server) for server in servers]
    for door in made:
        await door.open()
    yield made
    for door in made:
        await door.shut()


def places(doors: list[Door], prefix: str) -> list[Store]:
    """A place at each of them."""
    return [
        open_place(of_s3(f"http://127.0.0.1:{door.port}", name, prefix))
        for name, door in zip(NAMES, doors, strict=True)
    ]


async def test_the_log_goes_on_without_one_and_that_one_catches_up(
    doors: list[Door], tmp_path: Path
) -> None:
    logged = Logged(tmp_path / "data", stores=places(doors, "log"))
    async with logged.sending():
        await logged.all_there()
        await doors[2].shut()
        for _ in range(5):
            logged.write()
            await logged.all_there(places=2)
        assert logged.standing().places["west"].why != ""
        _, found = await logged.restored(tmp_path / "without")
        assert found == rows(logged.path)
        await doors[2].open()
        logged.write()
        await logged.all_there()
        assert logged.standing().places["west"].why == ""
    assert logged.copied == 1
    assert await logged.faults() == []
    logged.others = logged.others[2:]  # what came back has all of it by itself
    made, found = await logged.restored(tmp_path / "back")
    assert found == rows(logged.path)
    assert made.replayed.hole == ""


async def test_nothing_is_forgotten_while_all_are_away(doors: list[Door], tmp_path: Path) -> None:
    logged = Logged(tmp_path / "data", stores=places(doors, "all"))
    async with logged.sending():
        await logged.all_there()
        for door in doors:
            await door.shut()
        for _ in range(5):
            logged.write()
        await until(lambda: logged.standing().waiting_bytes > 0 and logged.standing().why != "")
        for door in doors:
            await door.open()
        await logged.all_there()
    assert logged.copied == 1
    assert (await logged.restored(tmp_path / "back"))[1] == rows(logged.path)


async def test_a_provider_that_hangs_delays_nothing(doors: list[Door], tmp_path: Path) -> None:
    logged = Logged(tmp_path / "data", stores=places(doors, "hangs"))
    async with logged.sending():
        await logged.all_there()
        hanging = doors[0].server.process
        hanging.send_signal(signal.SIGSTOP)
        try:
            with Watch() as watch:
                for _ in range(3):
                    logged.write()
                    await logged.all_there(places=2)
            assert watch.seconds < DEADLINE_S
        finally:
            hanging.send_signal(signal.SIGCONT)
        await logged.all_there()
    assert await logged.faults() == []
    assert (await logged.restored(tmp_path / "back"))[1] == rows(logged.path)


async def test_a_copy_is_made_without_one_and_the_next_brings_it_all(
    doors: list[Door], tmp_path: Path
) -> None:
    logged = Logged(tmp_path / "data", stores=places(doors, "copy"))
    logged.write(200, 2_000)
    media = LocalBlobs(logged.data_dir / "media")
    await media.put("aa/bb/one.png", b"a picture", "image/png")
    source = Source(
        data_dir=logged.data_dir,
        database=logged.path,
        blobs=media,
        domain="rostra.example",
        clock=logged.clock,
        epoch=0,
    )
    await doors[1].shut()
    without = await copy(source, logged.keys, logged.stores)
    assert list(without.failed) == ["south"]
    await doors[1].open()
    assert (await copy(source, logged.keys, logged.stores)).failed == {}
    assert await logged.faults() == []
    found = await choose(logged.stores[1:2], signer=logged.keys.public)
    keys = opened_by(found, logged.paper)
    await restore(logged.stores[1:2], found, keys, tmp_path / "back", lambda _count, _what: None)
    assert rows(tmp_path / "back" / "rostra.sqlite3") == rows(logged.path)
    assert (tmp_path / "back" / "media" / "aa/bb/one.png").read_bytes() == b"a picture"


async def test_the_fence_holds_by_two_and_not_by_one(doors: list[Door]) -> None:
    stores = places(doors, "fence")
    here, there = fence(stores, "here"), fence(stores, "there")
    mine = (await here.claim(over=False)).mine
    assert await here.confirm(mine) is Standing.HOLDS
    await doors[0].shut()
    assert await here.confirm(mine) is Standing.HOLDS
    with pytest.raises(Held):
        await there.claim(over=False)
    await doors[1].shut()
    assert await here.confirm(mine) is Standing.UNSURE
    with pytest.raises(FenceError, match="too few places answer"):
        await there.claim(over=True)
    await doors[0].open()
    await doors[1].open()
    assert await here.confirm(mine) is Standing.HOLDS


async def test_one_that_was_away_while_the_fence_passed_takes_nothing_back(
    doors: list[Door],
) -> None:
    stores = places(doors, "passed")
    here, there = fence(stores, "here"), fence(stores, "there")
    mine = (await here.claim(over=False)).mine
    await doors[2].shut()
    taken = await there.claim(over=True)
    assert taken.wait_ms == TERMS.ttl_ms + TERMS.guard_ms
    await doors[2].open()  # it shows the first claim alone
    assert await here.confirm(mine) is Standing.LOST
    assert await there.confirm(taken.mine) is Standing.HOLDS
    await doors[0].shut()
    assert await here.confirm(mine) is not Standing.HOLDS
    # Of the two that are left one does not show the claim: nobody may write until it is sure.
    assert await there.confirm(taken.mine) is Standing.UNSURE


async def test_of_many_who_claim_at_once_one_wins(doors: list[Door]) -> None:
    stores = places(doors, "many")
    hosts = [fence(stores, f"host{number}") for number in range(4)]
    done = await asyncio.gather(*(host.claim(over=False) for host in hosts), return_exceptions=True)
    won = [each for each in done if not isinstance(each, BaseException)]
    assert len(won) <= 1
    assert all(isinstance(each, FenceError) for each in done if each not in won)
    for each, host in zip(done, hosts, strict=True):
        if not isinstance(each, BaseException):
            assert await host.confirm(each.mine) is Standing.HOLDS


def fence(stores: list[Store], host: str) -> Fence:
    """An installation before them."""
    lease = MemoryLease(MachineTime())
    return Fence(stores, host=host, lease=lease, clock=SystemTime(), terms=TERMS)
