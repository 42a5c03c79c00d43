"""Pictures of the owner's choice that stand for files: still covers of video and sound."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Final, NamedTuple

from rostra.kernel.errors import NotFound, NotHeld
from rostra.network.edge import Services, Transaction
from rostra.network.media import queries, upload
from rostra.network.media.events import CoverChanged
from rostra.network.media.jobs import DropMedia
from rostra.network.media.model import Media
from rostra.network.media.upload import File, Preview


class Given(NamedTuple):
    """A picture as it came, and the field that it came in."""

    file: File
    field: str


Covers = Mapping[int, Preview]
"""Stored pictures by the ids of the files that they are to stand for."""

NONE: Final[Covers] = MappingProxyType({})


@asynccontextmanager
async def stored(
    services: Services, owner_id: int, post_id: int, given: Mapping[int, Given]
) -> AsyncIterator[Covers]:
    """Covers for files that the owner's post shows or may take; removed again if the block fails.

    What the post shows stays whole whatever happens: they are stored before anything names them.
    Those for other files are passed over, without any work.

    Raises:
        Invalid: naming the field: it is no picture that is accepted.
        TooLarge: more bytes than ``media.max_picture_bytes``.
    """
    if not given:
        yield NONE
        return
    async with services.db.read() as reader:
        own = await reader.all(queries.OWN_AMONG, owner=owner_id, ids=list(given))
    made: dict[int, Preview] = {}
    try:
        for file in own:
            if file.post_id in {0, post_id}:
                one = given[file.id]
                made[file.id] = await upload.preview(services, one.file, one.field)
        for shown in made.values():
            await upload.store_preview(services, shown)
        yield made
    except NotHeld:  # it is written all the same
        raise
    except BaseException:
        await services.blobs.delete([shown.key for shown in made.values()])
        raise


async def replace(tx: Transaction, file: Media, shown: Preview) -> None:
    """Let a picture stand for a file; the one that did so is removed. Emits `CoverChanged`.

    Raises:
        NotFound: the file hangs elsewhere by now.
    """
    whose = {"media": file.id, "owner": file.account_id, "post": file.post_id}
    if not await tx.run(queries.PREVIEW, **whose, **shown.columns(), **shown.told_by()):
        raise NotFound(f"media {file.id} came onto a post meanwhile")
    await tx.emit(CoverChanged(file.id, file.account_id))
    if file.preview_key:
        await tx.enqueue("media.drop", DropMedia((file.preview_key,)))
