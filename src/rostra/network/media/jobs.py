"""Pictures that nothing shows any more are removed behind the request."""

from collections.abc import Sequence

import msgspec

from rostra.kernel.clock import HOUR
from rostra.network.edge import Reader, Services
from rostra.network.media import queries
from rostra.store.blobs import BlobInfo
from rostra.store.outbox.kinds import JobKind

_BATCH = 200


class DropMedia(msgspec.Struct, frozen=True):
    """Stored pictures to delete, by their keys."""

    keys: tuple[str, ...]


class RemoveOrphans(msgspec.Struct, frozen=True):
    """Look for pictures that were uploaded and never attached."""


async def drop(services: Services, payload: DropMedia) -> None:
    """Tried until they are gone."""
    await services.blobs.delete([key for key in payload.keys if key])


async def remove_orphans(services: Services, _payload: RemoveOrphans) -> None:
    """Rows that no post took within the time, then blobs that no row names."""
    before = services.clock.now() - services.settings.media.orphan_hours * HOUR
    more = True
    while more:
        async with services.db.write() as tx:
            rows = await tx.all(queries.ORPHANS, before=before)
            for row in rows:
                await tx.run(queries.DELETE, media=row.id, owner=row.account_id)
                await tx.enqueue("media.drop", DropMedia((row.blob_key, row.preview_key)))
        more = bool(rows)
    batch: list[BlobInfo] = []
    async for blob in services.blobs.list("media/"):
        if blob.stored_at < before:
            batch.append(blob)
        if len(batch) == _BATCH:
            await _drop_unknown(services, batch)
            batch = []
    await _drop_unknown(services, batch)


async def _drop_unknown(services: Services, blobs: Sequence[BlobInfo]) -> None:
    keys = [blob.key for blob in blobs]

    async def known(reader: Reader) -> list[str]:
        return await reader.all(queries.KNOWN_KEYS, keys=keys)

    if keys:
        await services.blobs.delete(set(keys) - set(await services.db.slowly(known)))


JOBS = (
    JobKind("media.drop", DropMedia, drop, attempts=20),
    JobKind("media.remove_orphans", RemoveOrphans, remove_orphans, timeout_s=1800, every_ms=HOUR),
)
