"""Pieces of the extract: packed, sealed, and named by the hash of what came out.

What a piece holds stands in its first byte, so that a page is never shown as a picture, nor a
picture read as a page.
"""

import zlib
from typing import Final, TypeVar

import msgspec

from rostra.hosting.ark.seal import Damaged, Sealer, name_of

_RECORD: Final = b"r"
_MEDIA: Final = b"m"
_FASTEST: Final = 1
_LARGEST: Final = 64 << 20  # bytes of a record: a hundred times what one ever is
T = TypeVar("T")


def record(sealer: Sealer, content: object) -> tuple[str, bytes]:
    """A piece that holds something that JSON can hold; its name first."""
    packed = zlib.compress(msgspec.json.encode(content, order="deterministic"), _FASTEST)
    sealed = sealer.seal(_RECORD + packed)
    return name_of(sealed), sealed


def media(sealer: Sealer, mime: str, content: bytes) -> tuple[str, bytes]:
    """A piece that holds a picture; its name first."""
    sealed = sealer.seal(_MEDIA + mime.encode() + b"\n" + content)
    return name_of(sealed), sealed


def record_in(sealer: Sealer, sealed: bytes, kind: type[T]) -> T:
    """What a piece holds.

    Raises:
        Damaged: it does not open, or holds something else.
    """
    content = sealer.open(sealed)
    if not content.startswith(_RECORD):
        raise Damaged("it is no record")
    try:
        unpacker = zlib.decompressobj()
        plain = unpacker.decompress(content[1:], _LARGEST)
        return msgspec.json.decode(plain, type=kind)
    except (zlib.error, msgspec.MsgspecError) as error:
        raise Damaged("it can't be read") from error


def media_in(sealer: Sealer, sealed: bytes) -> tuple[str, bytes]:
    """The kind of a picture, and the picture.

    Raises:
        Damaged: it does not open, or holds none.
    """
    content = sealer.open(sealed)
    mime, found, picture = content[1:].partition(b"\n")
    if not content.startswith(_MEDIA) or not found or not mime.isascii():
        raise Damaged("it is no picture")
    return mime.decode(), picture
