"""What every blob store does, and what a key looks like."""

import base64
import re
import secrets
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Protocol

import msgspec

from rostra.kernel.errors import NotFound

CHUNK_BYTES = 262_144
# What the server itself stores; everything else is handed out as plain bytes, never as a page.
CONTENT_TYPES = {
    "avif": "image/avif",
    "csv": "text/csv; charset=utf-8",
    "gif": "image/gif",
    "gz": "application/gzip",
    "jpg": "image/jpeg",
    "json": "application/json",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
    "png": "image/png",
    "webp": "image/webp",
    "zip": "application/zip",
}
_SEGMENT = r"[a-z0-9][a-z0-9_-]*"
_KEY = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT})*\.[a-z0-9]{{1,8}}")
_FOLDERS = re.compile(rf"(?:{_SEGMENT}/)*")
_LONGEST = 200


class BlobInfo(msgspec.Struct, frozen=True):
    """One stored blob: its key, its size in bytes and when it was stored (UTC ms)."""

    key: str
    size: int
    stored_at: int


class Blobs(Protocol):
    """A store of files under keys."""

    async def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store `content`; it is durable when this returns. A blob of that key is replaced."""
        ...

    async def put_file(self, key: str, path: Path, content_type: str) -> None:
        """Store the content of a file, as `put` does, without holding it in memory."""
        ...

    async def copy(self, key: str, to: str) -> None:
        """Store a blob's content under another key as well; NotFound where there is none."""
        ...

    async def size(self, key: str) -> int:
        """How many bytes the blob has; NotFound where there is none."""
        ...

    def stream_part(self, key: str, start: int, length: int) -> AsyncIterator[bytes]:
        """`length` bytes from `start` on, piece by piece; NotFound with the first piece."""
        ...

    async def get(self, key: str) -> bytes:
        """The content.

        Raises:
            NotFound: there is no such blob.
        """
        ...

    def stream(self, key: str) -> AsyncIterator[bytes]:
        """The content piece by piece; NotFound with the first piece."""
        ...

    async def exists(self, key: str) -> bool:
        """Whether there is such a blob."""
        ...

    async def delete(self, keys: Iterable[str]) -> None:
        """Remove for good; keys without a blob are passed over."""
        ...

    def list(self, prefix: str = "") -> AsyncIterator[BlobInfo]:
        """The blobs in one folder and those below it (`media/ab/`; empty: all), in any order."""
        ...

    def local_path(self, key: str) -> Path | None:
        """The file with the content, where it lies on this machine; None elsewhere."""
        ...


def new_key(folder: str, suffix: str) -> str:
    """A fresh key such as `media/k7/k7q….webp` with 160 random bits.

    Args:
        folder: what the blob is, in lower case (`media`, `avatars`).
        suffix: the type, without a dot; see `CONTENT_TYPES`.
    """
    token = base64.b32encode(secrets.token_bytes(20)).decode().lower()
    return checked(f"{folder}/{token[:2]}/{token}.{suffix}")


def is_key(text: str) -> bool:
    """Whether `text` has the shape of a key (anything else can't be stored or read)."""
    return len(text) <= _LONGEST and _KEY.fullmatch(text) is not None


def checked(key: str) -> str:
    """The key itself.

    Raises:
        NotFound: it has not the shape of a key, so there is nothing under it.
    """
    if not is_key(key):
        raise NotFound(f"not a blob key: {key[:_LONGEST]!r}")
    return key


def checked_prefix(prefix: str) -> str:
    """The prefix itself; ValueError if it is not a folder (`media/`, `media/k7/`) or empty."""
    if _FOLDERS.fullmatch(prefix) is None:
        raise ValueError(f"a prefix is a folder with a slash at its end, not {prefix!r}")
    return prefix


def content_type_of(key: str) -> str:
    """The content type that the key's suffix stands for."""
    return CONTENT_TYPES.get(key.rpartition(".")[2], "application/octet-stream")
