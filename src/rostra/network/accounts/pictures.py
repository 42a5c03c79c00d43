"""Avatars and headers: processed and stored before the transaction that uses them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import msgspec

from rostra.kernel.errors import Fault, Invalid, NotHeld
from rostra.network.edge import Services
from rostra.store.blobs import new_key

_FOLDERS = {"avatar": "avatars", "header": "headers"}


class Picture(msgspec.Struct, frozen=True):
    """Blob keys of a stored picture; both empty: none."""

    key: str = ""
    static_key: str = ""


class Upload(msgspec.Struct, frozen=True):
    """A file as it came: its bytes and the type that it was declared to have."""

    data: bytes
    declared: str = ""


@asynccontextmanager
async def stored(
    services: Services, avatar: Upload | None, header: Upload | None
) -> AsyncIterator[tuple[Picture | None, Picture | None]]:
    """Avatar and header as stored pictures; removed again if the block fails.

    Raises:
        Invalid: on `avatar` or `header`: it is no picture that is accepted.
        TooLarge: more bytes than `media.max_avatar_bytes`.
    """
    made: list[Picture | None] = []
    try:
        for upload, kind in ((avatar, "avatar"), (header, "header")):
            made.append(await _store(services, upload, kind) if upload else None)  # type: ignore[arg-type] # the two kinds
        yield made[0], made[1]
    except NotHeld:  # it is written all the same
        raise
    except BaseException:
        keys = [key for each in made if each for key in (each.key, each.static_key) if key]
        await services.blobs.delete(keys)
        raise


async def _store(services: Services, upload: Upload, kind: Literal["avatar", "header"]) -> Picture:
    process = services.images.avatar if kind == "avatar" else services.images.header
    try:
        made = await process(upload.data, upload.declared)
    except Invalid as error:
        said = [entry for entries in error.details.values() for entry in entries]
        raise Invalid.many(
            [Fault(kind, entry["description"], entry["error"]) for entry in said]
        ) from error
    keys = []
    variants = [made.original, made.still] if made.animated else [made.original]
    for variant in variants:
        key = new_key(_FOLDERS[kind], variant.extension.lstrip("."))
        await services.blobs.put(key, variant.data, variant.mime)
        keys.append(key)
    return Picture(keys[0], keys[1] if len(keys) > 1 else "")
