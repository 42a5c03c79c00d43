"""The steps of taking a file in: processed, made known, stored.

The row is written before the files. So no file can be left without a row that leads to it, whatever
happens in between: a row without a post is an orphan, and orphans are removed with their files.
"""

import asyncio
import hashlib
from typing import IO, Any, Protocol

import msgspec

from rostra.kernel.errors import Invalid, TooLarge
from rostra.kernel.text.clean import normalise
from rostra.kernel.text.graphemes import count
from rostra.network.edge import Services, Transaction
from rostra.network.media import queries
from rostra.network.media.events import MediaUploaded
from rostra.network.media.model import Media, State
from rostra.outside.images.model import Processed, Variant
from rostra.outside.images.sniff import ACCEPTED
from rostra.outside.video import AUDIO_TYPES, VIDEO_TYPES, Kind
from rostra.store.blobs import new_key

MAX_DESCRIPTION = 1500
WORST_QUALITY = 50
"""Below it there is too little in a picture to tell it by; the recommendation of PDQ's makers."""

_NOTHING_TO_SEE = {
    "preview_key": "",
    "preview_mime": "",
    "preview_width": 0,
    "preview_height": 0,
    "blurhash": "",
}

_NO_COVER = {"cover_look": "", "cover_digest": ""}

_READY_AND_STILL = {
    "state": State.READY,
    "failure": "",
    "upload_key": "",
    "container": "",
    "duration_ms": 0,
    "frame_rate": "",
    "bitrate": 0,
    "audio_rate": 0,
    "audio_channels": 0,
}


class File(Protocol):
    """One file of a form."""

    file: IO[bytes]
    content_type: str
    size: int

    def read(self) -> bytes:
        """All its bytes."""
        ...


class Details(msgspec.Struct, frozen=True):
    """What a member says of a picture; None: nothing. Focus in thousandths, -1000 to 1000."""

    description: str | None = None
    focus: tuple[int, int] | None = None


class Preview(msgspec.Struct, frozen=True):
    """A still picture that stands for a file, and the key under which it is to lie.

    Attributes:
        look: PDQ of one that a member chose, in hexadecimal, if it can be told by it.
        digest: SHA-256 of what was sent for it; both empty where it was made from the file.
    """

    still: Variant
    blurhash: str
    key: str
    look: str = ""
    digest: str = ""

    def columns(self) -> dict[str, Any]:
        """The columns of a row that tell of it."""
        return {
            "preview_key": self.key,
            "preview_mime": self.still.mime,
            "preview_width": self.still.width,
            "preview_height": self.still.height,
            "blurhash": self.blurhash,
        }

    def told_by(self) -> dict[str, str]:
        """The columns that say what it is told by."""
        return {"cover_look": self.look, "cover_digest": self.digest}


class Picture(msgspec.Struct, frozen=True):
    """A processed picture and the keys under which its variants are to lie."""

    made: Processed
    key: str
    preview_key: str
    digest: str  # SHA-256 of what was sent, in hexadecimal


class Recording(msgspec.Struct, frozen=True):
    """A video or a recording of sound that waits to be converted, and where it waits."""

    kind: Kind
    container: str
    key: str
    width: int = 0
    height: int = 0
    shown: Preview | None = None
    digest: str = ""  # SHA-256 of what was sent, in hexadecimal
    look: str = ""  # of the first frame of what was a picture


def accepted(services: Services) -> tuple[str, ...]:
    """The media types that are taken: of what plays only where it can be converted."""
    return (*ACCEPTED, *VIDEO_TYPES, *AUDIO_TYPES) if services.video.available else ACCEPTED


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
    key, preview_key = (
        new_key("media", each.extension.lstrip(".")) for each in (made.original, made.still)
    )
    digest = await asyncio.to_thread(hashlib.sha256, data)
    return Picture(made, key, preview_key, digest.hexdigest())


async def preview(services: Services, file: File, field: str = "thumbnail") -> Preview:
    """Make the picture that is to stand for a file.

    Raises:
        Invalid: naming the field: it is no picture that is accepted.
        TooLarge: more bytes than ``media.max_picture_bytes``.
    """
    most = services.settings.media.max_picture_bytes
    if file.size > most:
        raise TooLarge(
            f"a thumbnail of {file.size} bytes",
            safe=f"The thumbnail is too large (at most {most / 1e6:.3g} MB)",
        )
    data = file.read()
    try:
        made = await services.images.attachment(data, file.content_type)
    except Invalid as error:
        (faults,) = error.details.values()
        raise Invalid(field, faults[0]["description"]) from error
    digest = await asyncio.to_thread(hashlib.sha256, data)
    told_by = {"look": look_of(made), "digest": digest.hexdigest()}
    return msgspec.structs.replace(preview_of(made), **told_by)


def preview_of(made: Processed) -> Preview:
    """The small still of a picture, under a key of its own."""
    return Preview(made.still, made.blurhash, new_key("media", made.still.extension.lstrip(".")))


async def add(
    services: Services,
    tx: Transaction,
    owner_id: int,
    arrived: Picture | Recording,
    details: Details,
) -> Media:
    """Write the file's row: its owner's, not attached to any post yet."""
    x, y = details.focus or (0, 0)
    columns = _of_picture(arrived) if isinstance(arrived, Picture) else _of_recording(arrived)
    row = Media(
        id=services.ids.next(),
        account_id=owner_id,
        post_id=0,
        description=details.description or "",
        focus_x=x,
        focus_y=y,
        created_at=services.clock.now(),
        **{**_READY_AND_STILL, **columns},
    )
    told_by = {
        "look": look_of(arrived.made) if isinstance(arrived, Picture) else arrived.look,
        "digest": arrived.digest,
        **(_cover_of(arrived) or _NO_COVER),
    }
    await tx.run(queries.INSERT, **msgspec.structs.asdict(row), position=0, **told_by)
    await tx.emit(MediaUploaded(row.id, owner_id))
    return row


def _cover_of(arrived: Picture | Recording) -> dict[str, str] | None:
    shown = arrived.shown if isinstance(arrived, Recording) else None
    return shown.told_by() if shown else None


def look_of(made: Processed) -> str:
    """What a picture looks like, if there is enough to see to tell it by."""
    return made.look.hex() if made.quality >= WORST_QUALITY else ""


def _of_picture(picture: Picture) -> dict[str, Any]:
    original, still = picture.made.original, picture.made.still
    return {
        "kind": picture.made.kind,
        "blob_key": picture.key,
        "preview_key": picture.preview_key,
        "mime": original.mime,
        "preview_mime": still.mime,
        "width": original.width,
        "height": original.height,
        "preview_width": still.width,
        "preview_height": still.height,
        "size": len(original.data) + len(still.data),
        "blurhash": picture.made.blurhash,
    }


def _of_recording(recording: Recording) -> dict[str, Any]:
    """What is known before it is converted: the file itself has no address yet."""
    shown = recording.shown
    return {
        "kind": recording.kind,
        "state": State.WAITING,
        "upload_key": recording.key,
        "container": recording.container,
        "blob_key": "",
        "mime": "",
        "width": recording.width,
        "height": recording.height,
        "size": 0,
        **(shown.columns() if shown else _NOTHING_TO_SEE),
    }


async def store(services: Services, picture: Picture) -> None:
    """Store the variants; the upload may be told to its owner after this."""
    original, still = picture.made.original, picture.made.still
    await services.blobs.put(picture.key, original.data, original.mime)
    await services.blobs.put(picture.preview_key, still.data, still.mime)


async def store_preview(services: Services, shown: Preview) -> None:
    """Store the picture that stands for a file."""
    await services.blobs.put(shown.key, shown.still.data, shown.still.mime)
