"""A copy is sealed and restored, beside SQLite's own backup and a plain copy of the file.

`python -m bench.ark [--mib 1024]`: everything on one disk, so that what is compared is the work.
"""

import argparse
import asyncio
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import apsw
import msgspec

from bench.timing import timed, timed_async, told
from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.copy import Source, copy
from rostra.hosting.ark.keys import Keys, Opened
from rostra.hosting.ark.log.ship import Here, Shipper
from rostra.hosting.ark.log.state import LogState
from rostra.hosting.ark.manifest import Entry, Found, manifest_key, piece_key, signed
from rostra.hosting.ark.media.later import Later, LaterSieve, left_in
from rostra.hosting.ark.restore import Only, choose, opened_by, restore
from rostra.hosting.ark.seal import Sealer, name_of
from rostra.hosting.ark.sources import DATABASE
from rostra.hosting.ark.verify import Read, verify
from rostra.hosting.places.folder import FolderStore
from rostra.hosting.places.port import Store
from rostra.kernel.clock import SystemClock
from rostra.store.blobs import LocalBlobs
from rostra.store.snapshot import check_sqlite
from rostra.store.sqlite import connect

_ROW = 2_000
_MEDIUM, _LISTED = 200_000, 5_000  # bytes of a medium; media in a piece of the listing
_COMMITS, _ROWS, _PAUSE_S = 400, 10, 0.01  # about 50 a second, of ten posts each


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mib", type=int, default=1_024, help="size of the database")
    parser.add_argument("--media", type=int, default=100_000, help="media that are only named")
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.write:
        print(timed(lambda: _write(given.write)))
        return
    with tempfile.TemporaryDirectory(prefix="rostra-bench-ark-", dir=Path.cwd()) as name:
        asyncio.run(_measure(Path(name), given.mib, given.media))


def _fill(path: Path, mib: int) -> None:
    """A database of rows that nothing can make smaller."""
    connection = apsw.Connection(str(path))
    connection.execute("PRAGMA journal_mode=WAL").fetchall()
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, x BLOB)")
    with connection:
        rows = ((os.urandom(_ROW),) for _ in range(mib * (1 << 20) // _ROW))
        connection.executemany("INSERT INTO t (x) VALUES (?)", rows)
    connection.close()


async def _measure(folder: Path, mib: int, media: int) -> None:
    data = folder / "data"
    data.mkdir()
    database = data / DATABASE
    _fill(database, mib)
    paper, recipient = ark_keys.new_paper_key()
    keys = ark_keys.make(data, (recipient,))
    source = Source(
        data_dir=data,
        database=database,
        blobs=LocalBlobs(data / "media"),
        domain="bench",
        clock=SystemClock(),
    )
    (folder / "one").mkdir()
    place = FolderStore("one", folder / "one")
    await place.mark()
    stores: list[Store] = [place]
    print("| what | seconds | MiB/s |\n| --- | ---: | ---: |")
    _forget(folder)
    backup = told("SQLite's backup", mib, timed(lambda: _backup(database, folder / "b")))
    (folder / "b").unlink()
    _forget(folder)
    first = told("sealed, to one place", mib, await timed_async(copy(source, keys, stores)))
    again = await timed_async(copy(source, keys, stores))
    told("again, nothing has changed", mib, again)
    told("read back and verified", mib, await timed_async(_verified(stores)))

    copied, on_disk = _plain(database, folder / "c", mib)
    found = await _with_media(stores, keys, media)
    took = []
    for name, noted in (("media in a store of their own", False), ("media noted", True)):
        back = folder / "back"
        _forget(folder)
        opened = opened_by(found, paper)
        restoring = timed_async(_restored(stores, found, opened, back, noted=noted))
        took.append(told(f"restored, integrity_check; {name}", mib, await restoring))
        assert left_in(back).count == (media if noted else 0)
        shutil.rmtree(back)
    restored, _ = took
    print(f"of a copy that names {media:,} media ({media * _MEDIUM / 1e12:.2f} TB), none copied\n")
    _cold(folder / "c", mib)
    alone = timed(lambda: _write(folder / "w"))
    followed = await _followed(folder / "f", stores)
    print(f"\nwriting while the log is sent: {followed / alone:.2f} of the time without (aim 1.05)")
    print(f"sealing and sending: {backup / first:.2f} of SQLite's backup (aim 0.6)")
    print(f"restoring: {copied / restored:.2f} of a plain copy and check (aim 0.6)")
    print(f"restoring: {on_disk / restored:.2f} of one that is brought to disk, as it is")


async def _restored(
    stores: list[Store], found: Found, opened: Opened, to: Path, *, noted: bool
) -> None:
    """As `rostra ark restore` does with `--media-later`, or with `--without-media`."""
    later = Later(to)
    sieve = LaterSieve(later, _silent) if noted else Only(lambda entry: entry.kind != "media")
    await restore(stores, found, opened, to, _silent, sieve=sieve)
    later.close()


def _silent(_bytes: int, _what: str) -> None:
    """Nobody is told."""


def _forget(folder: Path) -> None:
    """Bring every file to disk, and have none of it in memory: each begins alike."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _backup(path: Path, to: Path) -> None:
    """What `.backup` of SQLite's shell does."""
    source, target = apsw.Connection(str(path)), apsw.Connection(str(to))
    with target.backup("main", source, "main") as backup:
        backup.step(-1)
    target.close()
    source.close()


def _plain(database: Path, to: Path, mib: int) -> tuple[float, float]:
    """What a plain copy and SQLite's check take: as it comes, and brought to disk before."""

    def copied(*, durable: bool) -> None:
        shutil.copyfile(database, to)
        if durable:
            with to.open("rb") as file:
                os.fsync(file.fileno())
        check_sqlite(to)

    took = []
    for durable in (False, True):
        to.unlink(missing_ok=True)
        _forget(database.parent)
        took.append(timed(partial(copied, durable=durable)))
    first, second = took
    return (
        told("plain copy, integrity_check", mib, first),
        told("plain copy, brought to disk, integrity_check", mib, second),
    )


async def _with_media(stores: Sequence[Store], keys: Keys, count: int) -> Found:
    """The copy that was made, and another that names so many media besides; their pieces are not.

    Returns:
        That other one.
    """
    before = await choose(stores, signer=keys.public)
    sealer, listing = Sealer(keys.data_key), list(before.manifest.listing)
    for at in range(0, count, _LISTED):
        entries = [
            Entry(
                "media", f"media/aa/{secrets.token_hex(16)}.webp", _MEDIUM, (os.urandom(32).hex(),)
            )
            for _ in range(min(_LISTED, count - at))
        ]
        sealed = sealer.seal(msgspec.json.encode(entries))
        listing.append(name_of(sealed))
        for store in stores:
            await store.put(piece_key(listing[-1]), sealed)
    manifest = msgspec.structs.replace(
        before.manifest,
        number=before.manifest.number + 1,
        previous=before.hash,
        listing=tuple(listing),
        content_bytes=before.manifest.content_bytes + count * _MEDIUM,
    )
    for store in stores:
        await store.create(manifest_key(manifest.mark), signed(manifest, keys.signing_key))
    return await choose(stores, signer=keys.public)


def _cold(path: Path, mib: int) -> None:
    """SQLite's check of a file of which nothing is in memory, alone and read ahead."""

    def alone() -> None:
        assert apsw.Connection(str(path)).execute("PRAGMA integrity_check").fetchall() == [("ok",)]

    took = []
    for name, check in (("alone", alone), ("read ahead", lambda: check_sqlite(path))):
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        took.append(told(f"integrity_check from the disk, {name}", mib, timed(check)))
    print(f"reading ahead: {took[1] / took[0]:.2f} of the time")


def _write(path: Path) -> None:
    """Commits as the server makes them, at the pace that the disk allows."""
    database = connect(path)
    database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, x BLOB)")
    for _ in range(_COMMITS):
        with database:
            rows = [(os.urandom(_ROW),) for _ in range(_ROWS)]
            database.executemany("INSERT INTO t (x) VALUES (?)", rows)
        time.sleep(_PAUSE_S)
    database.close()


async def _followed(path: Path, stores: Sequence[Store]) -> float:
    """The same, while another process sends it."""
    keys = ark_keys.make(path.parent / "k", (ark_keys.new_paper_key()[1],))
    connect(path).close()

    async def nothing() -> None:
        """No copy is made: it is the log that is measured."""

    here = Here(
        database=path,
        keys=keys,
        stores=tuple(stores),
        state=LogState(path.parent / "k"),
        clock=SystemClock(),
        every_s=1,
        epoch=lambda: 0,
        may_begin=lambda: True,
        based=lambda _run: True,
        begun=lambda: True,
        copy=nothing,
    )
    task = asyncio.create_task(Shipper(here).run())
    await asyncio.sleep(1)
    command = [sys.executable, "-m", "bench.ark", "--write", str(path)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    told, _ = await process.communicate()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return float(told)


async def _verified(stores: Sequence[Store]) -> None:
    wrong = [each async for each in verify(stores) if not isinstance(each, Read)]
    assert not wrong, wrong


if __name__ == "__main__":
    main()
