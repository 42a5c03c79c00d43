"""Take a picture in: processed, made known, stored; told to its owner when all three are done.

The row is written before the files. So no file can be left without a row that leads to it, whatever
happens in between: a row without a post is an orphan, and orphans are removed with their files.
"""

import msgspec

from rostra.kernel.errors import Invalid, TooLarge
from rostra.kernel.text.clean import normalise
from rostra.kernel.text.graphemes import count
from rostra.network.edge import Services, Transaction
from rostra.network.media import queries
from rostra.network.media.model import Media
from rostra.outside.images.model import Processed
from rostra.store.blobs import new_key

MAX_DESCRIPTION = 1500


class Details(msgspec.Struct, frozen=True):
    """What a member says of a picture; None: nothing. Focus in thousandths, -1000 to 1000."""

    description: str | None = None
    focus: tuple[int, int] | None = None


class Picture(msgspec.Struct, frozen=True):
    """A processed picture and the keys under which its variants are to lie."""

    made: Processed
    key: str
    preview_key: str


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


async def process(services: Services, data: bytes, declared: str = "") -> Picture:
    """Make the variants of an upload, in a child process.

    Raises:
        Invalid: naming ``file``: it is no picture that is accepted.
        TooLarge: more bytes than ``media.max_picture_bytes``.
    """
    if len(data) > services.settings.media.max_picture_bytes:
        raise TooLarge(f"a picture of {len(data)} bytes")
    made = await services.images.attachment(data, declared)
    keys = [new_key("media", each.extension.lstrip(".")) for each in (made.original, made.still)]
    return Picture(made, *keys)


async def add(
    services: Services, tx: Transaction, owner_id: int, picture: Picture, details: Details
) -> Media:
    """Write the picture's row: its owner's, not attached to any post yet."""
    original, preview = picture.made.original, picture.made.still
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


async def store(services: Services, picture: Picture) -> None:
    """Store the variants; the upload may be told to its owner after this."""
    original, preview = picture.made.original, picture.made.still
    await services.blobs.put(picture.key, original.data, original.mime)
    await services.blobs.put(picture.preview_key, preview.data, preview.mime)
