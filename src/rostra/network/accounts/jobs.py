"""Jobs: pictures that no profile shows any more are removed."""

from collections.abc import Iterable

import msgspec

from rostra.kernel.clock import DAY, HOUR
from rostra.network.accounts import queries
from rostra.network.edge import Services, Transaction
from rostra.network.files.withhold import discard
from rostra.store.outbox.kinds import JobKind

FOLDERS = ("avatars/", "headers/")
_BATCH = 200


class DropBlobs(msgspec.Struct, frozen=True):
    """Pictures to delete, by their keys."""

    keys: tuple[str, ...]


class SweepPictures(msgspec.Struct, frozen=True):
    """Look for pictures that were stored for a change that then failed."""


async def drop_blobs(tx: Transaction, keys: Iterable[str]) -> None:
    """Delete pictures once the transaction is on disk; tried until they are gone."""
    named = tuple(key for key in keys if key)
    if named:
        await tx.enqueue("accounts.drop_blobs", DropBlobs(named))


async def _drop(services: Services, payload: DropBlobs) -> None:
    await discard(services, payload.keys)


async def _sweep(services: Services, _payload: SweepPictures) -> None:
    """Delete pictures older than a day that no profile shows."""
    before = services.clock.now() - DAY
    for folder in FOLDERS:
        batch: list[str] = []
        async for found in services.blobs.list(folder):
            if found.stored_at < before:
                batch.append(found.key)
            if len(batch) >= _BATCH:
                await _drop_unused(services, batch)
                batch = []
        await _drop_unused(services, batch)


async def _drop_unused(services: Services, keys: list[str]) -> None:
    if not keys:
        return
    async with services.db.read() as reader:
        rows = await reader.all(queries.USED_PICTURES, keys=keys)
    used = {key for row in rows for key in row}
    await discard(services, [key for key in keys if key not in used])


JOBS = (
    JobKind("accounts.drop_blobs", DropBlobs, _drop, attempts=30),
    JobKind("accounts.sweep_pictures", SweepPictures, _sweep, timeout_s=1800, daily_at_ms=4 * HOUR),
)
