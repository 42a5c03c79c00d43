"""Jobs: archives are made, and deleted when their time is over."""

import asyncio
import shutil
import tempfile
from pathlib import Path

import msgspec

from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.kernel.errors import NotFound
from rostra.network.credentials.letters import send_letter
from rostra.network.credentials.writing import Purpose
from rostra.network.edge import Services
from rostra.network.portability import imports
from rostra.network.portability.archives import MakeArchive, drop_expired
from rostra.network.portability.model import Archive
from rostra.network.portability.pack import Packer
from rostra.network.portability.queries import archives as queries
from rostra.store.blobs import new_key
from rostra.store.outbox.kinds import JobKind

FOLDER = "archives"
_BESIDE = "archive-"
_TRIES = 5
_BATCH = 200


class SweepArchives(msgspec.Struct, frozen=True):
    """Delete archives whose time is over, and files that a crash has left."""


class SweepImports(msgspec.Struct, frozen=True):
    """Forget what was brought in long ago, or never begun."""


async def make_archive(services: Services, payload: MakeArchive) -> None:
    """Write the archive into a file beside the data, store it, and tell its owner."""
    async with services.db.read() as reader:
        archive = await reader.first(queries.ARCHIVE, archive=payload.archive_id)
    if archive is None or archive.ready:
        return
    begun = services.clock.now()
    data_dir = services.settings.data_dir
    with tempfile.TemporaryDirectory(dir=data_dir, prefix=_BESIDE) as folder:
        path = Path(folder, "archive.zip")
        try:
            await Packer(services, archive.account_id, path).write()
        except NotFound:
            return  # the account was deleted in the meantime
        key = new_key(FOLDER, "zip")
        await services.blobs.put_file(key, path, "application/zip")
    size = await services.blobs.size(key)
    if not await _finish(services, archive, key, size, begun):
        await services.blobs.delete([key])
        await _again(services, payload)


async def _finish(services: Services, archive: Archive, key: str, size: int, begun: int) -> bool:
    """Hand it over; not if something was deleted meanwhile that it may hold."""
    now = services.clock.now()
    async with services.db.write() as tx:
        done = await tx.run(
            queries.FINISH_ARCHIVE,
            archive=archive.id,
            begun=begun,
            blob_key=key,
            size=size,
            now=now,
            expires=now + services.settings.accounts.archive_days * DAY,
        )
        if done and services.mailer.configured:
            await send_letter(tx, archive.account_id, Purpose.ARCHIVE)
    return bool(done)


async def _again(services: Services, payload: MakeArchive) -> None:
    """Begin anew in a minute; who deletes without end gets none, and may ask again."""
    async with services.db.write() as tx:
        archive = await tx.first(queries.ARCHIVE, archive=payload.archive_id)
        if archive is None:
            return
        if payload.tries >= _TRIES:
            await tx.run(queries.DROP_ARCHIVE, archive=archive.id)
            return
        run_at = services.clock.now() + MINUTE
        again = MakeArchive(archive.id, payload.tries + 1)
        await tx.enqueue("portability.make_archive", again, run_at=run_at)


async def sweep_archives(services: Services, _payload: SweepArchives) -> None:
    """Delete what is over, and files older than a day that belong to no archive."""
    now = services.clock.now()
    more = True
    while more:
        async with services.db.write() as tx:
            more = await drop_expired(tx, now) > 0
    batch: list[str] = []
    async for found in services.blobs.list(f"{FOLDER}/"):
        if found.stored_at < now - DAY:
            batch.append(found.key)
        if len(batch) >= _BATCH:
            await _drop_unknown(services, batch)
            batch = []
    await _drop_unknown(services, batch)
    await asyncio.to_thread(_drop_left, services.settings.data_dir, now - DAY)


async def sweep_imports(services: Services, _payload: SweepImports) -> None:
    """Forget some at a time."""
    now = services.clock.now()
    more = True
    while more:
        async with services.db.write() as tx:
            more = await imports.drop_expired(tx, now) > 0


def _drop_left(data_dir: Path, before: int) -> None:
    """Remove folders in which a process that was ended had begun to write."""
    for folder in data_dir.glob(f"{_BESIDE}*"):
        if folder.stat().st_mtime * 1000 < before:
            shutil.rmtree(folder, ignore_errors=True)


async def _drop_unknown(services: Services, keys: list[str]) -> None:
    if not keys:
        return
    async with services.db.read() as reader:
        known = {row[0] for row in await reader.all(queries.KNOWN_FILES, keys=keys)}
    await services.blobs.delete([key for key in keys if key not in known])


JOBS = (
    JobKind("portability.make_archive", MakeArchive, make_archive, attempts=5, timeout_s=7200),
    JobKind(
        "portability.sweep_archives", SweepArchives, sweep_archives, timeout_s=1800, every_ms=HOUR
    ),
    JobKind("portability.sweep_imports", SweepImports, sweep_imports, timeout_s=600, every_ms=HOUR),
)
