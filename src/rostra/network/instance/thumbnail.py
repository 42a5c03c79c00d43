"""The picture of the place, which apps and link previews show."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from rostra.kernel.errors import Invalid, NotHeld
from rostra.kernel.text import clean
from rostra.network.edge import Services, Transaction
from rostra.network.instance import access, queries
from rostra.network.instance.model import Thumbnail
from rostra.network.instance.settings import changed
from rostra.store.blobs import new_key

MAX_DESCRIPTION = 1_500


@asynccontextmanager
async def stored_thumbnail(
    services: Services, data: bytes, description: str = ""
) -> AsyncIterator[Thumbnail]:
    """A picture as a stored thumbnail; removed again if the block fails.

    Raises:
        Invalid: on `file`: not a picture that is accepted; or on `description`: it is too long.
        TooLarge: more bytes than `media.max_picture_bytes`.
    """
    description = clean.normalise(description).strip()
    if len(description) > MAX_DESCRIPTION:
        raise Invalid("description", "is too long", "ERR_TOO_LONG")
    made = await services.images.attachment(data)
    large, small = made.original, made.variants["small"]
    keys = [new_key("site", each.extension.lstrip(".")) for each in (large, small)]
    try:
        for key, variant in zip(keys, (large, small), strict=True):
            await services.blobs.put(key, variant.data, variant.mime)
        yield Thumbnail(keys[0], keys[1], made.blurhash, description)
    except NotHeld:  # it is written all the same
        raise
    except BaseException:
        await services.blobs.delete(keys)
        raise


async def set_thumbnail(
    services: Services, tx: Transaction, thumbnail: Thumbnail | None
) -> tuple[str, ...]:
    """Show this picture, or none of one's own; the blob keys to delete after the commit."""
    text = await tx.value(queries.VERSION, name=access.THUMBNAIL)
    old = msgspec.json.decode(text, type=Thumbnail | None) if text else None
    value, now = msgspec.json.encode(thumbnail).decode(), services.clock.now()
    await tx.run(queries.SET, name=access.THUMBNAIL, value=value, updated_at=now)
    await changed(services, tx)
    return (old.key, old.small_key) if old else ()
