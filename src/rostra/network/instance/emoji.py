"""Custom emoji: a picture for a shortcode."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from rostra.kernel.errors import Invalid, NotFound, NotHeld
from rostra.network.edge import Services, Transaction
from rostra.network.instance import queries
from rostra.network.instance.settings import changed
from rostra.store.blobs import new_key

_SHORTCODE = re.compile(r"[A-Za-z0-9_]{2,64}")
MAX_CATEGORY = 64


@dataclass(frozen=True, slots=True)
class EmojiPicture:
    """A stored picture for an emoji: its blob keys."""

    image_key: str
    static_key: str = ""


def check_shortcode(shortcode: str) -> None:
    """Pass where an emoji can be called so.

    Raises:
        Invalid: the shortcode is not 2 to 64 letters, digits or `_`.
    """
    if not _SHORTCODE.fullmatch(shortcode):
        raise Invalid("shortcode", "must be 2 to 64 letters, digits or underscores")


@asynccontextmanager
async def stored_picture(
    services: Services, data: bytes, declared: str = ""
) -> AsyncIterator[EmojiPicture]:
    """An upload as a stored picture for an emoji; removed again if the block fails.

    Raises:
        Invalid: on `file`: not a picture that is accepted.
        TooLarge: more bytes than `media.max_emoji_bytes`.
    """
    made = await services.images.emoji(data, declared)
    variants = [made.original, *([made.still] if made.animated else [])]
    keys = [new_key("emoji", variant.extension.lstrip(".")) for variant in variants]
    try:
        for key, variant in zip(keys, variants, strict=True):
            await services.blobs.put(key, variant.data, variant.mime)
        yield EmojiPicture(keys[0], keys[1] if len(keys) > 1 else "")
    except NotHeld:  # it is written all the same
        raise
    except BaseException:
        await services.blobs.delete(keys)
        raise


async def put_emoji(
    services: Services,
    tx: Transaction,
    shortcode: str,
    picture: EmojiPicture,
    *,
    category: str = "",
    visible: bool = True,
) -> tuple[str, ...]:
    """Add an emoji or give it another picture; the blob keys that nobody uses any more.

    Raises:
        Invalid: the shortcode is not 2 to 64 letters, digits or `_`.
    """
    check_shortcode(shortcode)
    known = await tx.first(queries.EMOJI, shortcode=shortcode)
    await tx.run(
        queries.PUT_EMOJI,
        id=known.id if known else services.ids.next(),
        shortcode=shortcode,
        category=category.strip()[:MAX_CATEGORY],
        image_key=picture.image_key,
        static_key=picture.static_key,
        visible=int(visible),
        updated_at=services.clock.now(),
    )
    await changed(services, tx, emoji=True)
    return tuple(key for key in (known.image_key, known.static_key) if key) if known else ()


async def drop_emoji(services: Services, tx: Transaction, shortcode: str) -> tuple[str, ...]:
    """Remove an emoji; the blob keys to delete after the commit.

    Raises:
        NotFound: there is none with this shortcode.
    """
    known = await tx.first(queries.EMOJI, shortcode=shortcode)
    if known is None:
        raise NotFound(f"emoji {shortcode}")
    await tx.run(queries.DROP_EMOJI, id=known.id)
    await changed(services, tx, emoji=True)
    return tuple(key for key in (known.image_key, known.static_key) if key)
