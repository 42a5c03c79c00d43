"""Jobs: uploads are converted, and what nothing shows any more is removed."""

import asyncio
import contextlib
from pathlib import Path

import msgspec

from rostra.kernel.clock import HOUR
from rostra.kernel.errors import Invalid, NotFound
from rostra.network.edge import Services, Transaction
from rostra.network.files.withhold import discard
from rostra.network.media import queries, upload
from rostra.network.media.events import MediaRemoved
from rostra.network.media.model import Media
from rostra.network.media.upload import Preview
from rostra.outside.images.model import Processed
from rostra.outside.video import Converted
from rostra.store.blobs import new_key
from rostra.store.outbox.kinds import JobKind


class DropMedia(msgspec.Struct, frozen=True):
    """Stored pictures to delete, by their keys."""

    keys: tuple[str, ...]


class Move(msgspec.Struct, frozen=True):
    """One stored variant that is to lie under another key."""

    media_id: int
    old: str
    new: str


class MoveMedia(msgspec.Struct, frozen=True):
    """Variants of pictures that were taken off a deleted post."""

    moves: tuple[Move, ...]


class RemoveOrphans(msgspec.Struct, frozen=True):
    """Look for pictures that were uploaded and never attached."""


class ConvertMedia(msgspec.Struct, frozen=True):
    """An upload that waits to be converted."""

    media_id: int


async def convert(services: Services, payload: ConvertMedia) -> None:
    """Convert an upload and remove what was sent, whatever came of it.

    The row names the new files before they are stored, and a second try stores them under the same
    names: nothing is left that no row leads to.
    """
    async with services.db.read() as reader:
        row = await reader.first(queries.WAITING, media=payload.media_id)
    if row is None:  # removed, or done by an earlier try
        return
    try:
        async with services.video.folder() as folder:
            path = folder / "in"
            await _fetch(services, row.upload_key, path)
            silent = row.kind == "gifv"
            async with services.video.converted(path, row.container, silent=silent) as made:
                await _store(services, row, made)
    except Invalid as error:
        (faults,) = error.details.values()
        await _fail(services, row.id, faults[0]["description"])


async def _fetch(services: Services, key: str, path: Path) -> None:
    file = await asyncio.to_thread(path.open, "xb")
    try:
        async for piece in services.blobs.stream(key):
            await asyncio.to_thread(file.write, piece)
    except NotFound:
        raise Invalid("file", "is no longer there") from None
    finally:
        file.close()


async def _store(services: Services, row: Media, made: Converted) -> None:
    """Name the files, store them, and only then say that they are there."""
    poster = await services.images.attachment(made.poster) if made.poster else None
    size = (await asyncio.to_thread(made.path.stat)).st_size
    async with services.db.write() as tx:
        named = await _name(tx, row.id, made, poster)
    if named is None:
        return
    await services.blobs.put_file(named.key, made.path, made.mime)
    if named.shown:
        await upload.store_preview(services, named.shown)
        size += len(named.shown.still.data)
    async with services.db.write() as tx:
        gone = await _tell_ready(tx, row, made, named, size)
        await tx.enqueue("media.drop", DropMedia((row.upload_key, *gone)))


class _Named(msgspec.Struct, frozen=True):
    key: str
    shown: Preview | None  # a frame, where the member gave no picture to stand for the file


async def _name(
    tx: Transaction, media_id: int, made: Converted, poster: Processed | None
) -> _Named | None:
    row = await tx.first(queries.WAITING, media=media_id)
    if row is None:
        return None
    key = row.blob_key or new_key("media", "m4a" if made.kind == "audio" else "mp4")
    shown = None if poster is None or row.preview_width else upload.preview_of(poster)
    if shown and row.preview_key:  # named by an earlier try
        shown = msgspec.structs.replace(shown, key=row.preview_key)
    preview_key = shown.key if shown else row.preview_key
    await tx.run(
        queries.NAME, media=media_id, blob_key=key, preview_key=preview_key, mime=made.mime
    )
    return _Named(key, shown)


async def _tell_ready(
    tx: Transaction, row: Media, made: Converted, named: _Named, size: int
) -> tuple[str, ...]:
    """Write what became of the upload; the keys that nothing names any more."""
    fresh, facts = await tx.first(queries.WAITING, media=row.id), made.facts
    ours = (named.shown.key,) if named.shown else ()
    if fresh is None:  # removed in the meantime: nobody else would delete what was just stored
        return (named.key, *ours)
    await tx.run(
        queries.READY,
        media=row.id,
        kind=made.kind,
        width=facts.width,
        height=facts.height,
        size=size,
        duration_ms=round(facts.seconds * 1000),
        frame_rate=facts.frame_rate,
        bitrate=facts.bitrate,
        audio_rate=facts.audio_rate,
        audio_channels=facts.audio_channels,
    )
    if named.shown and fresh.preview_width:  # the member gave a picture in the meantime
        return ours
    if named.shown:
        whose = {"media": row.id, "owner": row.account_id, "post": 0}
        await tx.run(queries.PREVIEW, **whose, **named.shown.columns(), **named.shown.told_by())
    return ()


async def _fail(services: Services, media_id: int, reason: str) -> None:
    async with services.db.write() as tx:
        row = await tx.first(queries.WAITING, media=media_id)
        if row is not None:
            await tx.run(queries.FAILED, media=media_id, failure=reason)
            keys = (row.upload_key, row.blob_key, row.preview_key)
            await tx.enqueue("media.drop", DropMedia(keys))


async def drop(services: Services, payload: DropMedia) -> None:
    """Tried until they are gone."""
    await discard(services, payload.keys)


async def move(services: Services, payload: MoveMedia) -> None:
    """Give variants new addresses; doing it twice does no harm."""
    for one in payload.moves:
        with contextlib.suppress(NotFound):  # moved by an earlier try
            await services.blobs.copy(one.old, one.new)
        await discard(services, [one.old])
        async with services.db.read() as reader:
            used = await reader.value(queries.NAMES, media=one.media_id, key=one.new)
        if not used:  # removed in the meantime: nobody else would ever delete it
            await services.blobs.delete([one.new])


async def remove_orphans(services: Services, _payload: RemoveOrphans) -> None:
    """Remove pictures that no post has taken within the time, in chunks."""
    await asyncio.to_thread(services.video.sweep)
    before = services.clock.now() - services.settings.media.orphan_hours * HOUR
    more = True
    while more:
        async with services.db.write() as tx:
            gone = await tx.all(queries.DELETE_ORPHANS, before=before)
            if gone:
                keys = tuple(key for _, *named in gone for key in named if key)
                await tx.emit(MediaRemoved(tuple(media_id for media_id, *_ in gone)))
                await tx.enqueue("media.drop", DropMedia(keys))
        more = bool(gone)


JOBS = (
    JobKind("media.convert", ConvertMedia, convert, attempts=5, timeout_s=3600),
    JobKind("media.drop", DropMedia, drop, attempts=20),
    JobKind("media.move", MoveMedia, move, attempts=20),
    JobKind("media.remove_orphans", RemoveOrphans, remove_orphans, timeout_s=1800, every_ms=HOUR),
)
