"""Take a picture in: processed and stored before the transaction that makes it known."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from rostra.kernel.errors import Invalid, TooLarge
from rostra.kernel.text.clean import normalise
from rostra.kernel.text.graphemes import count
from rostra.network.edge import Services, Transaction
from rostra.network.media import queries
from rostra.network.media.model import Media
from rostra.outside.images.model import Processed, Variant
from rostra.store.blobs import new_key

MAX_DESCRIPTION = 1500


class Details(msgspec.Struct, frozen=True):
    """What a member says of a picture; None: nothing. Focus in thousandths, -1000 to 1000."""

    description: str | None = None
    focus: tuple[int, int] | None = None


class Stored(msgspec.Struct, frozen=True):
    """A processed picture whose variants lie in the store."""

    made: Processed
    key: str
    preview_key: str

    @property
    def preview(self) -> Variant:
        """The still preview."""
        return self.made.still


def checked_details(details: Details) -> Details:
    """Clean what is said of a picture.

    Raises:
        Invalid: naming ``description``.
    """
    if details.description is None:
        return details
    text = normalise(details.description[: MAX_DESCRIPTION * 16]).strip()
    if count(text) > MAX_DESCRIPTION:
        message = f"is too long (maximum is {MAX_DESCRIPTION} characters)"
        raise Invalid("description", message, "ERR_TOO_LONG")
    return Details(text, details.focus)


def parse_focus(text: str) -> tuple[int, int] | None:
    """A focus such as ``-0.5,0.25`` in thousandths; None for anything else."""
    parts = text.split(",")
    try:
        x, y = (round(float(part) * 1000) for part in parts)
    except (ValueError, OverflowError):
        return None
    return (max(-1000, min(1000, x)), max(-1000, min(1000, y)))


@asynccontextmanager
async def stored(services: Services, data: bytes, declared: str = "") -> AsyncIterator[Stored]:
    """The picture's variants in the store; removed again if the block fails.

    Raises:
        Invalid: naming ``file``: it is no picture that is accepted.
        TooLarge: more bytes than ``media.max_picture_bytes``.
    """
    if len(data) > services.settings.media.max_picture_bytes:
        raise TooLarge(f"a picture of {len(data)} bytes")
    made = await services.images.attachment(data, declared)
    keys: list[str] = []
    try:
        for variant in (made.original, made.still):
            key = new_key("media", variant.extension.lstrip("."))
            keys.append(key)
            await services.blobs.put(key, variant.data, variant.mime)
        yield Stored(made, keys[0], keys[1])
    except BaseException:
        await services.blobs.delete(keys)
        raise


async def add(
    services: Services, tx: Transaction, owner_id: int, picture: Stored, details: Details
) -> Media:
    """Make a stored picture known as its owner's, not attached to any post yet."""
    original, preview = picture.made.original, picture.preview
    x, y = details.focus or (0, 0)
    row = Media(
        id=services.ids.next(),
        account_id=owner_id,
        post_id=0,
        kind=picture.made.kind,
        description=details.description or "",
        blob_key=picture.key,
        preview_key=picture.preview_key,
        mime=original.mime,
        preview_mime=preview.mime,
        width=original.width,
        height=original.height,
        preview_width=preview.width,
        preview_height=preview.height,
        size=len(original.data) + len(preview.data),
        focus_x=x,
        focus_y=y,
        blurhash=picture.made.blurhash,
        created_at=services.clock.now(),
    )
    await tx.run(queries.INSERT, **msgspec.structs.asdict(row), position=0)
    return row
