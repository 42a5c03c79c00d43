"""Take a file in, from the first byte to what its owner is told. The edge of uploads.

API and pages both end here, so the steps and their transactions are written once: the row first,
then the files, and for what must be converted the job last. A crash between two of them leaves a
row without a post, which is removed with its files when orphans are.
"""

import asyncio
import contextlib
import hashlib
import shutil
import time
from pathlib import Path
from typing import IO

from rostra.kernel.errors import Invalid, TooLarge
from rostra.network.edge import Services
from rostra.network.media import access, upload
from rostra.network.media.jobs import ConvertMedia, convert
from rostra.network.media.model import Media, State
from rostra.network.media.upload import Details, File, Picture, Preview, Recording
from rostra.outside.images.model import Processed
from rostra.outside.video import container_of
from rostra.outside.video.sniff import HEAD_BYTES, agrees
from rostra.store.blobs import new_key

FOLDER = "uploads"
"""Where uploads wait to be converted; nothing in it is ever served."""

_LOOK_S = 0.2


async def take_in(
    services: Services,
    owner_id: int,
    file: File,
    details: Details,
    thumbnail: File | None = None,
) -> Media:
    """Take a picture, a video or a recording of sound in.

    Pictures are ready when this returns; for the others `state` says that they wait.

    Raises:
        Invalid: naming ``file`` or ``thumbnail``: it is nothing that is accepted.
        TooLarge: more bytes than the settings allow for its kind.
        Unavailable: too much waits already.
    """
    row = await _arrive(services, owner_id, file, details, thumbnail)
    if row.state == State.WAITING:
        # A member's files go one after the other, and so many members' at the same time.
        lane = f"media.convert {owner_id % services.settings.video.at_once}"
        async with services.db.write() as tx:
            await tx.enqueue("media.convert", ConvertMedia(row.id), group_key=lane)
    return row


async def take_in_now(services: Services, owner_id: int, file: File, details: Details) -> Media:
    """As `take_in`, but what must be converted is so when this returns; for no web process.

    Raises:
        Invalid, TooLarge, Unavailable: as `take_in`, or it can't be converted.
    """
    row = await _arrive(services, owner_id, file, details)
    if row.state == State.WAITING:
        await convert(services, ConvertMedia(row.id))
        async with services.db.read() as reader:
            row = await access.own(reader, owner_id, row.id)
    refuse_failed(row)
    return row


async def _arrive(
    services: Services,
    owner_id: int,
    file: File,
    details: Details,
    thumbnail: File | None = None,
) -> Media:
    container = container_of(_head(file))
    shown = await upload.preview(services, thumbnail) if thumbnail else None
    if container:
        return await _recording(services, owner_id, file, container, details, shown)
    if file.size > services.settings.media.max_picture_bytes:
        raise TooLarge(f"a picture of {file.size} bytes")
    picture = await upload.process(services, file.read(), file.content_type)
    if services.video.available and _becomes_video(picture.made):
        return await _loop(services, owner_id, picture, details, shown)
    async with services.db.write() as tx:
        row = await upload.add(services, tx, owner_id, picture, details)
    await upload.store(services, picture)
    return row


async def settled(services: Services, media: Media, seconds: float) -> Media:
    """The file once it is converted, or as it is after so many seconds.

    Raises:
        NotFound: it was removed in the meantime.
    """
    until = time.monotonic() + seconds
    while media.state == State.WAITING and time.monotonic() < until:
        await asyncio.sleep(_LOOK_S)
        async with services.db.read() as reader:
            media = await access.own(reader, media.account_id, media.id)
    return media


def refuse_failed(media: Media) -> None:
    """Raise Invalid, naming ``file``, for a file that could not be converted."""
    if media.state == State.FAILED:
        raise Invalid("file", media.failure or "could not be processed")


async def _recording(  # noqa: PLR0917 (each is one part of a form)
    services: Services,
    owner_id: int,
    file: File,
    container: str,
    details: Details,
    shown: Preview | None,
) -> Media:
    most = services.settings.video.max_bytes
    if file.size > most:
        raise TooLarge(safe=f"The file is too large (at most {most / 1e6:.0f} MB)")
    services.video.require()
    if not agrees(file.content_type):
        raise Invalid("file", "is not of the type it is declared to be")
    async with services.video.folder() as folder:
        path = folder / "in"
        await asyncio.to_thread(_copy, file.file, path)
        kind, facts = await services.video.examine(path, container)
        key = new_key(FOLDER, "bin")
        digest = await asyncio.to_thread(_digest, path)
        waiting = Recording(kind, container, key, facts.width, facts.height, shown, digest)
        return await _wait(services, owner_id, waiting, details, path)


async def _loop(
    services: Services, owner_id: int, picture: Picture, details: Details, shown: Preview | None
) -> Media:
    """An animated GIF: what waits is our own clean copy, and the picture to stand for it is there.

    Mastodon's apps show `gifv` as a loop that starts and stops as their users wish, in a tenth of
    the bytes.
    """
    made = picture.made
    waiting = Recording(
        "gifv",
        "gif",
        new_key(FOLDER, "bin"),
        made.original.width,
        made.original.height,
        shown or upload.preview_of(made),
        picture.digest,
        upload.look_of(made),
    )
    async with services.video.folder() as folder:
        path = folder / "in"
        await asyncio.to_thread(path.write_bytes, made.original.data)
        return await _wait(services, owner_id, waiting, details, path)


async def _wait(
    services: Services, owner_id: int, waiting: Recording, details: Details, path: Path
) -> Media:
    async with services.db.write() as tx:
        row = await upload.add(services, tx, owner_id, waiting, details)
    if waiting.shown:
        await upload.store_preview(services, waiting.shown)
    await services.blobs.put_file(waiting.key, path, "application/octet-stream")
    return row


def _becomes_video(made: Processed) -> bool:
    """Animated GIFs, but for those that something shows through: a video has no transparency."""
    return made.animated and made.source == "image/gif" and not made.transparent


def _head(file: File) -> bytes:
    file.file.seek(0)
    head = file.file.read(HEAD_BYTES)
    file.file.seek(0)
    return head


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(source: IO[bytes], path: Path) -> None:
    source.seek(0)
    with path.open("xb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    with contextlib.suppress(ValueError):
        source.seek(0)
