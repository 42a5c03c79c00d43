"""A database whose log is sent to places in memory, and what is done to it."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import apsw
import msgspec
from msgspec import structs
from obstore.store import MemoryStore
from tests.harness.patience import until
from tests.hosting.ark.afloat import faults

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.copy import Source, copy
from rostra.hosting.ark.jobs import Last, remembered
from rostra.hosting.ark.log.records import RECORDS, read, record_at, signed
from rostra.hosting.ark.log.ship import Bound, Here, Shipper
from rostra.hosting.ark.log.state import LogState, Standing
from rostra.hosting.ark.manifest import PIECES
from rostra.hosting.ark.restore import Restored, choose, opened_by, restore
from rostra.hosting.places.bucket import BucketStore
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store, Stored
from rostra.kernel.clock import SystemClock
from rostra.store.arrival import Arrival
from rostra.store.blobs import LocalBlobs
from rostra.store.sqlite import connect

EVERY_S = 0.02
Rows = list[tuple[Any, ...]]


class Place(BucketStore):
    """A place that can go away, and come back."""

    def __init__(self, name: str) -> None:
        super().__init__(name, MemoryStore())
        self.away = False  # takes nothing
        self.silent = False  # answers nothing
        self.full = False  # takes no pieces
        self.refusing = False  # says that each record is there already

    async def read(self, key: str) -> Stored | None:
        """What is there, if it answers."""
        if self.silent:
            raise PlaceFailed(self.name, "silent")
        return await super().read(key)

    async def keys(self, prefix: str, *, after: str = "", limit: int = 1_000) -> list[str]:
        """The keys, if it answers."""
        if self.silent:
            raise PlaceFailed(self.name, "silent")
        return await super().keys(prefix, after=after, limit=limit)

    async def create(self, key: str, content: bytes) -> bool:
        """Store it, if it is there."""
        if self.away:
            raise PlaceFailed(self.name, "away")
        if self.full and key.startswith(PIECES):
            raise PlaceFailed(self.name, "full")
        if self.refusing and key.startswith(RECORDS):
            return False
        return await super().create(key, content)


class Logged:
    """A data directory, its places, and the one that sends."""

    def __init__(self, data_dir: Path, *names: str, stores: Sequence[Store] = ()) -> None:
        self.data_dir = data_dir
        self.path = data_dir / "rostra.sqlite3"
        self.paper, recipient = ark_keys.new_paper_key()
        data_dir.mkdir(exist_ok=True)
        self.keys = ark_keys.make(data_dir, (recipient,))
        self.places = [Place(name) for name in names or ("north", "south")]
        self.others = list(stores)  # instead of places in memory
        self.state = LogState(data_dir)
        self.clock = SystemClock()
        self.epoch: int | None = 0
        self.copied = 0
        self.every_s = EVERY_S
        self.full = False
        self.bound: Bound | None = None
        self.arrival: Arrival | None = None
        self.last = Last()
        database = connect(self.path)
        database.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, x BLOB)")
        database.close()

    @property
    def stores(self) -> Sequence[Store]:
        """Where everything goes."""
        return self.others or self.places

    async def copy(self) -> None:
        """Make a copy, as the server does when a run of the log has begun."""
        if self.full:
            raise OSError("the disk is full")
        source = Source(
            data_dir=self.data_dir,
            database=self.path,
            blobs=LocalBlobs(self.data_dir / "media"),
            domain="rostra.example",
            clock=self.clock,
            epoch=self.epoch or 0,
        )
        made = await copy(source, self.keys, self.stores)
        self.last = remembered(made, self.clock.now(), self.last)
        self.copied += 1

    def based(self, run: str) -> bool:
        """Whether enough places hold a copy that this run goes on behind."""
        return self.last.carries(run, [place.name for place in self.stores])

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """The log is sent while the block runs."""
        here = Here(
            database=self.path,
            keys=self.keys,
            stores=tuple(self.stores),
            state=self.state,
            clock=self.clock,
            every_s=self.every_s,
            epoch=lambda: self.epoch,
            may_begin=lambda: True,
            based=self.based,
            begun=lambda: bool(self.last.mark),
            copy=self.copy,
            bound=self.bound,
            arrival=self.arrival,
        )
        task = asyncio.create_task(Shipper(here).run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def standing(self) -> Standing:
        """How the log stands."""
        found = self.state.standing()
        assert found is not None
        return found

    async def all_there(self, *, places: int = 0) -> None:
        """Wait until so many places (0: all) have everything that is committed now."""

        def there() -> bool:
            now = self.state.standing()
            if now is None or now.waiting_bytes or now.looked_at < asked:
                return False
            last = int(now.mark.rpartition("-")[2]) if now.mark else 0
            have = sum(each.number >= last for each in now.places.values())
            return self.based(now.run) and have >= (places or len(self.stores))

        asked = self.clock.now() + 1
        await until(there)

    async def restored(self, to: Path, until: int | None = None) -> tuple[Restored, Rows]:
        """What comes back from the places, and what is in its table."""
        found = await choose(self.stores, signer=self.keys.public, until=until)
        made = await restore(
            self.stores,
            found,
            opened_by(found, self.paper),
            to,
            lambda _count, _what: None,
            until=until,
        )
        return made, rows(to / "rostra.sqlite3")

    async def faults(self) -> list[tuple[str, str]]:
        """What reading everything back finds."""
        return await faults(self.stores)

    async def salts(self) -> set[str]:
        """Those of SQLite's own log that the records at the first place tell of."""
        found = set()
        for key in await self.places[0].keys(RECORDS):
            stored = await self.places[0].read(key)
            kept = stored and read(stored.content, record_at(key) or "")
            found |= {kept.record.salt} if kept else set()
        return found

    def by_a_twin(self, content: bytes, was: str, mark: str) -> bytes:
        """A record under another mark than it was under, signed by the keys here."""
        kept = read(content, was)
        assert kept is not None
        number = int(mark.rpartition("-")[2])
        record = structs.replace(kept.record, number=number, key=self.keys.public)
        return signed(record, kept.sealed, self.keys.signing_key)

    def write(self, count: int = 20, size: int = 500) -> None:
        """A transaction by a connection of its own, as another process has it."""
        database = connect(self.path)
        with database:
            database.executemany(
                "INSERT INTO t (x) VALUES (?)", [(os.urandom(size),) for _ in range(count)]
            )
        database.close()


def begin_anew(path: Path) -> None:
    """The log of a database is begun anew by somebody who does not follow it."""
    database = apsw.Connection(str(path))
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    database.close()


def rows(path: Path) -> Rows:
    """What is in the table of a database."""
    database = apsw.Connection(str(path))
    with contextlib.closing(database):
        found: Rows = database.execute("SELECT id, x FROM t ORDER BY id").fetchall()
        return found


def differently(content: bytes, **changed: object) -> bytes:
    """An object of a place with something else in it."""
    return msgspec.json.encode({**msgspec.json.decode(content), **changed})
