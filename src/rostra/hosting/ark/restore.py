"""A copy becomes a data directory again: complete, checked, and mute."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from io import BufferedWriter
from pathlib import Path, PurePosixPath
from typing import Final, Self

import msgspec

from rostra.hosting.ark.keys import Opened, unwrap
from rostra.hosting.ark.log.replay import Replayed, replay
from rostra.hosting.ark.manifest import Entry, Found, Manifest
from rostra.hosting.ark.order import in_order
from rostra.hosting.ark.read import ArkError, listings, manifest_at, newest, piece
from rostra.hosting.ark.seal import Damaged, Sealer
from rostra.hosting.ark.sources import DATABASE
from rostra.hosting.places import reach
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store
from rostra.store.gates import file_gates
from rostra.store.snapshot import NotWhole, check_sqlite

REASON = "this is a restored copy that was not opened yet"
Tell = Callable[[int, str], None]
_SETTLED: Final = 64 << 20  # bytes


class Watch:
    """Somebody who looks on while a copy is restored; this one sees nothing."""

    def begins(self, stage: str) -> None:
        """The next stage begins: `fetch`, `check`, `replay`."""

    async def copied(self, database: Path, sealer: Sealer) -> None:
        """The database is what was copied, and whole; nothing was done to it since."""


NOBODY = Watch()


class Restored(msgspec.Struct, frozen=True):
    """What was restored.

    Attributes:
        found: the copy.
        files: of it.
        content_bytes: of them.
        replayed: what was written after it.
    """

    found: Found
    files: int
    content_bytes: int
    replayed: Replayed


async def choose(
    stores: Sequence[Store], mark: str = "", signer: str = "", until: int | None = None
) -> Found:
    """The copy of this mark, or (empty) the newest one.

    Args:
        stores: the places.
        mark: of the copy; empty: the newest.
        signer: the public key that must have signed it; empty: any.
        until: the newest that was made no later than this; UTC ms.

    Raises:
        ArkError: no place has such a copy.
    """
    found = await (_of_mark(stores, mark, signer) if mark else newest(stores, signer, until))
    if found is None:
        raise ArkError("no place that answers has such a copy")
    return found


async def _of_mark(stores: Sequence[Store], mark: str, signer: str) -> Found | None:
    for store in reach.likely_first(stores):
        try:
            found = await manifest_at(store, mark)
        except PlaceFailed:
            reach.failed(store)
            continue
        if found is not None and signer in {"", found.manifest.key}:
            return found
    return None


def opened_by(found: Found, secret_lines: str) -> Opened:
    """What secret keys of age open of a copy; raises KeysError where none does."""
    return unwrap(bytes.fromhex(found.manifest.wrapped), secret_lines)


class Sieve:
    """Which files of a copy are written; this one lets all through."""

    def through(self, page: Sequence[Entry]) -> Sequence[Entry]:
        """Those of some files that are written now. No two pages have the same file."""
        return page

    async def end(self) -> None:
        """All pages were there. The database may still be being written."""


EVERYTHING: Final = Sieve()


class Only(Sieve):
    """Only the files are written that somebody wants."""

    def __init__(self, wanted: Callable[[Entry], bool]) -> None:
        self._wanted = wanted

    def through(self, page: Sequence[Entry]) -> Sequence[Entry]:
        """Those of some files that are wanted."""
        return [entry for entry in page if self._wanted(entry)]


async def restore(
    stores: Sequence[Store],
    found: Found,
    opened: Opened,
    to: Path,
    tell: Tell,
    *,
    until: int | None = None,
    sieve: Sieve = EVERYTHING,
    watch: Watch = NOBODY,
) -> Restored:
    """Write a copy, and the log behind it, into an empty directory. Both gates are closed there.

    Args:
        stores: the places to read from, in order.
        found: the copy.
        opened: its keys.
        to: the directory; it must be empty, or not exist.
        tell: is called with bytes that were written since the last call, and what comes next.
        until: leave out what was committed later; UTC ms.
        sieve: lets those through that are written; the database must be one of them.
        watch: looks on.

    Raises:
        ArkError: it was not signed by the key that belongs to the data key, a piece can't be had
            from any place, or the database is not whole.
        OSError: it can't be written.
    """
    if opened.signer != found.manifest.key:
        # A place could sign an old listing anew, with a key of its own.
        raise ArkError(f"the copy is forged; name the true signer: --signer {opened.signer}")
    sealer = Sealer(opened.data)
    watch.begins("fetch")
    await asyncio.to_thread(_make_mute, to)
    files, size = await fetch(stores, found.manifest, sealer, to, tell, sieve=sieve)
    point, database, replayed = found.manifest.log, to / DATABASE, Replayed()
    if point is None or watch is not NOBODY:
        watch.begins("check")
        await _check(database)
        await watch.copied(database, sealer)
    if point is not None:
        watch.begins("replay")
        replayed = await replay(
            stores, point, sealer, opened.signer, database=database, tell=tell, until=until
        )
        await _check(database)
    return Restored(found, files, size, replayed)


async def _check(database: Path) -> None:
    try:
        await asyncio.to_thread(check_sqlite, database)
    except NotWhole as error:
        raise ArkError(str(error)) from error


async def fetch(
    stores: Sequence[Store],
    manifest: Manifest,
    sealer: Sealer,
    to: Path,
    tell: Tell,
    *,
    sieve: Sieve = EVERYTHING,
) -> tuple[int, int]:
    """Write the wanted files of a copy into a directory; how many, and their bytes.

    The database is written beside all others: what takes its time for it are places and the disk.

    Raises:
        ArkError: a piece can't be had from any place or does not open, or the listing is not what
            the manifest has counted.
        OSError: it can't be written.
    """
    files = written = counted = 0
    beside: list[asyncio.Task[None]] = []
    try:
        async for page in listings(stores, manifest, sealer):
            counted += sum(entry.size for entry in page)
            for entry in sieve.through(page):
                writing = write(stores, sealer, entry, path_of(to, entry), tell)
                if entry.kind == "database":
                    beside.append(asyncio.create_task(writing))
                else:
                    await writing
                files, written = files + 1, written + entry.size
        await sieve.end()
        for task in beside:
            await task
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
    if counted != manifest.content_bytes:
        raise ArkError(f"{counted} bytes are listed, the copy has {manifest.content_bytes}")
    return files, written


def _make_mute(to: Path) -> None:
    """Make the directory, in which nothing may be yet, and close both gates of it."""
    if to.exists() and any(to.iterdir()):
        raise ArkError(f"{to} is not empty")
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_gate, egress = file_gates(to)
    write_gate.close(REASON)
    egress.close(REASON)


def path_of(to: Path, entry: Entry) -> Path:
    """Where a file goes; never out of the directory, whatever a listing says."""
    parts = PurePosixPath(entry.path).parts
    if not parts or any(part in {"/", ".", ".."} for part in parts):
        raise ArkError(f"{entry.path!r} is no path of a file")
    return to.joinpath("media", *parts) if entry.kind == "media" else to.joinpath(*parts)


async def write(
    stores: Sequence[Store], sealer: Sealer, entry: Entry, path: Path, tell: Tell
) -> None:
    """Write one file of a copy, where nothing is yet.

    Raises:
        ArkError: a piece can't be had from any place or does not open.
        OSError: it can't be written.
    """

    async def given() -> AsyncIterator[str]:
        for name in entry.pieces:
            yield name

    async def opened(name: str) -> bytes:
        try:
            return await piece(stores, name, sealer.open)
        except Damaged as error:
            raise ArkError(f"piece {name[:16]}… of {entry.path} does not open") from error

    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        async with _Settling(file) as settling:
            async for content in in_order(given(), opened):
                file.write(content)
                written += len(content)
                settling.grown(len(content))
                tell(len(content), entry.path)
    if written != entry.size:
        raise ArkError(f"{entry.path} has {written} bytes, and should have {entry.size}")


class _Settling:
    """Brings a file to disk while it is written: the disk is not left to the end of it."""

    def __init__(self, file: BufferedWriter) -> None:
        self._file = file
        self._bytes = 0
        self._under_way: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    def grown(self, count: int) -> None:
        """So many bytes more were written; raises OSError where those before were not."""
        self._bytes += count
        if self._bytes >= _SETTLED and (self._under_way is None or self._under_way.done()):
            if self._under_way is not None:
                self._under_way.result()
            self._bytes = 0
            self._under_way = asyncio.create_task(
                asyncio.to_thread(os.fdatasync, self._file.fileno())
            )

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        under_way = [] if self._under_way is None else [self._under_way]
        # The file is not closed under the thread that brings it to disk.
        results = await asyncio.gather(*under_way, return_exceptions=True)
        if kind is None:
            for error in filter(None, results):
                raise error
            self._file.flush()
            await asyncio.to_thread(os.fsync, self._file.fileno())
