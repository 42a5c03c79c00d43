"""Pictures that nothing shows any more are removed behind the request."""

import contextlib

import msgspec

from rostra.kernel.clock import HOUR
from rostra.kernel.errors import NotFound
from rostra.network.edge import Services
from rostra.network.media import queries
from rostra.store.outbox.kinds import JobKind


class DropMedia(msgspec.Struct, frozen=True):
    """Stored pictures to delete, by their keys."""

    keys: tuple[str, ...]


class Move(msgspec.Struct, frozen=True):
    """One stored variant that is to lie under another key."""

    media_id: int
    old: str
    new: str
    mime: str


class MoveMedia(msgspec.Struct, frozen=True):
    """Variants of pictures that were taken off a deleted post."""

    moves: tuple[Move, ...]


class RemoveOrphans(msgspec.Struct, frozen=True):
    """Look for pictures that were uploaded and never attached."""


async def drop(services: Services, payload: DropMedia) -> None:
    """Tried until they are gone."""
    await services.blobs.delete([key for key in payload.keys if key])


async def move(services: Services, payload: MoveMedia) -> None:
    """Give variants new addresses; doing it twice does no harm."""
    for one in payload.moves:
        with contextlib.suppress(NotFound):  # moved by an earlier try
            content = await services.blobs.get(one.old)
            await services.blobs.put(one.new, content, one.mime)
        await services.blobs.delete([one.old])
        async with services.db.read() as reader:
            used = await reader.value(queries.NAMES, media=one.media_id, key=one.new)
        if not used:  # removed in the meantime: nobody else would ever delete it
            await services.blobs.delete([one.new])


async def remove_orphans(services: Services, _payload: RemoveOrphans) -> None:
    """Remove pictures that no post has taken within the time, in chunks."""
    before = services.clock.now() - services.settings.media.orphan_hours * HOUR
    more = True
    while more:
        async with services.db.write() as tx:
            gone = await tx.all(queries.DELETE_ORPHANS, before=before)
            if gone:
                keys = tuple(key for pair in gone for key in pair if key)
                await tx.enqueue("media.drop", DropMedia(keys))
        more = bool(gone)


JOBS = (
    JobKind("media.drop", DropMedia, drop, attempts=20),
    JobKind("media.move", MoveMedia, move, attempts=20),
    JobKind("media.remove_orphans", RemoveOrphans, remove_orphans, timeout_s=1800, every_ms=HOUR),
)
