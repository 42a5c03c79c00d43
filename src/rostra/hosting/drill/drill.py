"""A drill: what a move would begin with, on a throw-away directory that nobody else sees.

The copy is found, fetched, checked and opened as on a bad day; then the network in it is asked.
All that is asked outside are the places. Whatever could not be verified makes the drill red.
"""

import asyncio
import random
import secrets
import shutil
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rostra import __version__
from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.keys import KeysError
from rostra.hosting.ark.log.replay import Replayed
from rostra.hosting.ark.manifest import Entry, Found, Manifest, shown
from rostra.hosting.ark.media.bring import later_media
from rostra.hosting.ark.media.read import verify_media
from rostra.hosting.ark.read import listed, roots
from rostra.hosting.ark.restore import Only, Tell, Watch, fetch, path_of, restore, write
from rostra.hosting.ark.seal import Sealer
from rostra.hosting.ark.sources import MEDIA_PIECE
from rostra.hosting.ark.verify import EVERYWHERE, Fault, Read, manifests, names_of, read_back
from rostra.hosting.drill.logs import log_end
from rostra.hosting.drill.model import Check, Result, Stage
from rostra.hosting.drill.order import Drilled, Grounds, Order, Walk
from rostra.hosting.drill.record import Record
from rostra.hosting.drill.witness import Witness
from rostra.hosting.journal.chain import Known
from rostra.hosting.journal.verify import verify as verify_journal
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store
from rostra.kernel.clock import HOUR, MINUTE, Clock
from rostra.store.roots import differing, roots_of

LEFT_FREE: Final = 512 << 20
"""Bytes that a drill leaves free on the disk: the network that runs beside it needs them."""
SAMPLE: Final = 256 << 20
_PIECE: Final = 1 << 20
_TOLD: Final = 10
_MIB: Final = 1 << 20
_AHEAD: Final = 5 * MINUTE


class NoRoom(OSError):
    """There is too little room for the throw-away directory."""


async def drill(
    order: Order, stores: Sequence[Store], walk: Walk, clock: Clock, tell: Tell
) -> Drilled:
    """Do it, and say what was found. The throw-away directory is gone then, unless it is kept.

    Args:
        order: what.
        stores: the places that may be asked.
        walk: opens the network and tries it.
        clock: measures.
        tell: is called with bytes that were fetched since the last call, and what comes next.
    """
    going = _Drill(order, [Witness(store) for store in stores], clock, tell)
    with _throw_away(order) as to:
        await going.all(walk, to)
        kept = to if order.keep and to.exists() else None
        private = order.private or going.private
        return Drilled(result=going.result(), private=private, data_dir=kept)


@contextmanager
def _throw_away(order: Order) -> Iterator[Path]:
    """A directory that does not exist yet, and is gone at the end."""
    to = order.folder / f"{'drilled' if order.keep else 'drill'}-{secrets.token_hex(8)}"
    try:
        yield to
    finally:
        if not order.keep:
            shutil.rmtree(to, ignore_errors=True)


def swept(folder: Path) -> int:
    """Remove what drills left behind that were killed; how many. None may be under way there."""
    left = [path for path in folder.glob("drill-" + "[0-9a-f]" * 16) if path.is_dir()]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return len(left)


class _Onlooker(Watch):
    """Notes how a restore goes on, and compares what came of it with what was copied."""

    def __init__(self, record: Record, stores: Sequence[Store], manifest: Manifest) -> None:
        self._record = record
        self._stores = stores
        self._manifest = manifest

    def begins(self, stage: str) -> None:
        """The restore goes on to its next stage."""
        self._record.begins(stage)

    async def copied(self, database: Path, sealer: Sealer) -> None:
        """The database is there: does each table hold what it held?"""
        self._record.verified(Check.DATABASE, self._manifest.content_bytes)
        wanted = await roots(self._stores, self._manifest, sealer)
        if wanted is None:
            told = "the copy does not say what its tables held: an older version has made it"
            self._record.fault(told)
            return
        found = await asyncio.to_thread(roots_of, database)
        for name in differing(wanted, found)[:_TOLD]:
            self._record.fault(f"table {name} is not what it was when it was copied")
        self._record.verified(Check.TABLES, len(wanted))


class _Drill:
    """One drill on its way."""

    def __init__(
        self, order: Order, witnesses: Sequence[Witness], clock: Clock, tell: Tell
    ) -> None:
        self._order = order
        self._witnesses = tuple(witnesses)
        self._holders: Sequence[Witness] = ()
        self._tell = tell
        self._record = Record(clock)
        self._found: Found | None = None
        self._bytes = 0
        self._rpo = 0
        self.private: bytes | None = None

    async def all(self, walk: Walk, to: Path) -> None:
        """Every stage; one that fails is noted, and what can still be verified then is."""
        record = self._record
        record.begins(Stage.FIND)
        await self._noted(self._find())
        found = self._found
        if found is None:
            record.ends()
            return
        await self._noted(self._rehearse(found, walk, to))
        await self._noted(self._places(found))
        record.ends()

    async def _noted(self, work: Awaitable[None]) -> None:
        """Do it; what goes wrong is a fault, and ends this part of the drill alone."""
        record = self._record
        try:
            await work
        except Exception as error:  # noqa: BLE001 (whatever it is, the drill is red)
            record.fault(f"{record.stage}: {_words(error)}")

    async def _find(self) -> None:
        """The newest copy, and whether manifests and its age are as they should be."""
        record, order = self._record, self._order
        seen = await manifests(self._witnesses, order.signer)
        if seen.faults:
            await asyncio.sleep(order.again_after_s)
            before, seen = seen.faults, await manifests(self._witnesses, order.signer)
            self._faults(before, seen.faults)
        self._found = found = seen.newest
        if found is None:
            return
        record.verified(Check.MANIFESTS, len(seen.holders))
        await self._journal(found)
        # Not always the same first: each place should carry a restore from time to time.
        holders = [each for each in self._witnesses if each.name in seen.holders]
        self._holders = random.sample(holders, len(holders))
        manifest = found.manifest
        age = record.begun_at - manifest.made_at
        self._rpo = max(0, age)
        if order.made_here > manifest.mark:
            told = f"this host has made copy {shown(order.made_here)}"
            record.fault(f"{told}, and no place shows it: {shown(manifest.mark)} is the newest")
        if age > order.oldest:
            told = f"the newest copy is {age / HOUR:.1f} h old, stale"
            record.fault(f"{told}: {order.oldest / HOUR:.0f} h are the most", EVERYWHERE)
        elif age < -_AHEAD:
            record.fault("the newest copy is of a time to come: a clock is wrong", EVERYWHERE)
        record.verified(Check.AGE, self._rpo)

    def _faults(self, before: Sequence[Fault], now: Sequence[Fault]) -> None:
        """What is wrong both times is."""
        for fault in now:
            if fault in before:
                self._record.fault(fault.what, fault.place)

    async def _journal(self, found: Found) -> None:
        """The journal is whole at every place, up to where it was when the copy was made."""
        signer = found.manifest.key
        known = Known(found.manifest.journal, found.manifest.epoch)
        seen = await verify_journal(self._witnesses, signer, known=known)
        if seen.faults:
            await asyncio.sleep(self._order.again_after_s)
            before, seen = (
                seen.faults,
                await verify_journal(self._witnesses, signer, known=known),
            )
            self._faults(before, seen.faults)
        self._record.verified(Check.JOURNAL, seen.notes)

    async def _rehearse(self, found: Found, walk: Walk, to: Path) -> None:
        """The copy becomes a network, and is tried."""
        record, stores = self._record, self._holders
        opened = self._order.key(found)
        sealer = Sealer(opened.data)

        async def media(keys: set[str]) -> dict[str, int]:
            sizes: dict[str, int] = {}

            def wanted(entry: Entry) -> bool:
                asked = entry.kind == "media" and entry.path in keys
                if asked:
                    sizes[entry.path] = entry.size
                    _room(self._order.folder, entry.size)
                return asked and not (to / "media" / entry.path).exists()

            sieve = Only(wanted)
            _, size = await fetch(stores, found.manifest, sealer, to, self._tell, sieve=sieve)
            self._bytes += size
            return sizes | await self._later(found, sealer, to, keys - set(sizes))

        def wanted(entry: Entry) -> bool:
            if entry.kind == "media" and not self._order.whole:
                return False
            _room(self._order.folder, entry.size)
            return True

        onlooker = _Onlooker(record, stores, found.manifest)
        restored = await restore(
            stores, found, opened, to, self._tell, sieve=Only(wanted), watch=onlooker
        )
        self._bytes += restored.content_bytes
        self._log_of(found, restored.replayed)
        self._keys(to, found)
        await walk(
            Grounds(
                data_dir=to,
                found=found,
                opened=opened,
                stores=stores,
                members=self._order.members,
                record=record,
                media=media,
            )
        )

    async def _later(
        self, found: Found, sealer: Sealer, to: Path, keys: set[str]
    ) -> dict[str, int]:
        """Fetch media that came after the copy; their sizes. The newest are on their way."""
        sizes: dict[str, int] = {}
        signer, made_at = found.manifest.key, found.manifest.made_at
        for again_after_s in (self._order.again_after_s, 0.0) if keys else ():
            told = await later_media(self._holders, sealer, signer, made_at)
            for key in sorted(keys - set(sizes)):
                entry = told.get(key)
                if entry is not None:
                    _room(self._order.folder, entry.size)
                    if not path_of(to, entry).exists():
                        await write(self._holders, sealer, entry, path_of(to, entry), self._tell)
                        self._bytes += entry.size
                    sizes[key] = entry.size
            if not keys - set(sizes):
                break
            await asyncio.sleep(again_after_s)
        return sizes

    def _log_of(self, found: Found, replayed: Replayed) -> None:
        """The log behind the copy goes as far as it can, and that is not up to a hole."""
        if replayed.hole:
            self._record.fault(f"the log ends before its end: {replayed.hole}")
        newest = max(found.manifest.made_at, replayed.made_at)
        self._rpo = max(0, self._record.begun_at - newest)

    def _keys(self, to: Path, found: Found) -> None:
        """Whoever opens the copy must be able to go on with the ark."""
        try:
            keys = ark_keys.kept(to)
        except KeysError:
            self._record.fault(
                "the keys of the ark are not in the copy: nobody could go on with it"
            )
            return
        if keys.public != found.manifest.key:
            self._record.fault("the keys in the copy are not those that signed it")
            return
        self.private = keys.signing_key
        self._record.verified(Check.KEYS, len(keys.recipients))

    async def _places(self, found: Found) -> None:
        """Is every piece at every place, and is what is drawn of them what it should be?"""
        self._record.begins(Stage.PLACES)
        names = await names_of(self._holders, found)
        pieces = 0
        for witness in self._holders:
            try:
                pieces += await self._of_place(witness, names)
            except PlaceFailed:  # the witness has noted it
                continue
        self._record.verified(Check.PIECES, pieces)
        await self._media_of(found)
        await self._logs(found)

    async def _logs(self, found: Found) -> None:
        """Every place has the log behind the copy: no hole, and none that stays behind."""
        point, records = found.manifest.log, 0
        if point is not None:
            signer = found.manifest.key
            ends = [await log_end(each, point, signer) for each in self._holders]
            last = max((end.last for end in ends), default="")
            for witness, end in zip(self._holders, ends, strict=True):
                if not end.hole and end.last < last:
                    await asyncio.sleep(self._order.again_after_s)
                    end = await log_end(witness, point, signer)  # noqa: PLW2901 (looked at anew)
                    if end.last < last:
                        told = f"the log ends with record {shown(last)}, here it does not"
                        witness.wrong(told)
                if end.hole:
                    witness.wrong(f"log: {end.hole}")
                records += end.records
        self._record.verified(Check.LOG, records)

    async def _media_of(self, found: Found) -> None:
        """What came since the copy is at enough places, and what is drawn of it as it should be."""
        most = None if self._order.whole else SAMPLE // MEDIA_PIECE

        async def faults(most: int | None) -> list[Fault]:
            manifest = found.manifest
            told = verify_media(self._holders, manifest.key, manifest.made_at, most=most)
            return [each async for each in told if isinstance(each, Fault)]

        before = await faults(most)
        if before:  # a record may have been on its way
            await asyncio.sleep(self._order.again_after_s)
            self._faults(before, await faults(None))

    async def _of_place(self, witness: Witness, names: Sequence[str]) -> int:
        """The same of one place; how many pieces were read back."""
        there = await listed(witness)
        for name in names:
            if name not in there:
                witness.wrong(f"piece {name[:16]}… is missing")
        present = [name for name in names if name in there]
        most = len(present) if self._order.whole else SAMPLE // _PIECE
        drawn = random.sample(present, min(most, len(present)))
        read = 0
        async for each in read_back(witness, drawn):
            if isinstance(each, Read):
                read += each.pieces
                self._tell(0, f"{witness.name}: {read:,} of {len(drawn):,} pieces read back")
        return read

    def result(self) -> Result:
        """What was found."""
        record = self._record
        for witness in self._witnesses:
            for what in witness.faults():
                record.fault(what, witness.name)
        manifest = self._found.manifest if self._found else None
        return Result(
            begun_at=record.begun_at,
            took=record.took(),
            copy=manifest.mark if manifest else "",
            copy_made_at=manifest.made_at if manifest else 0,
            domain=manifest.domain if manifest else "",
            software=__version__,
            key=self._order.key_kind,
            places=tuple(witness.name for witness in self._witnesses),
            left_out=self._order.left_out,
            rpo=self._rpo,
            rto=record.rto,
            stages=record.stages(),
            read_bytes={witness.name: witness.read_bytes for witness in self._witnesses},
            restored_bytes=self._bytes,
            checked=record.checked,
            faults=record.faults(),
            notes=tuple(record.notes),
        )


def _room(folder: Path, size: int) -> None:
    """Pass where so much can be written and enough stays free; raises NoRoom."""
    free = shutil.disk_usage(folder).free
    if free - size < LEFT_FREE:
        raise NoRoom(
            f"no room in {folder}: {size / _MIB:,.0f} MiB are needed, {free / _MIB:,.0f} MiB are "
            f"free, and {LEFT_FREE // _MIB} MiB must stay free"
        )


def _words(error: Exception) -> str:
    """What went wrong, for people."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error) or type(error).__name__
