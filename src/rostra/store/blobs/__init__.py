"""Files that are too large for rows: pictures, videos, archives.

`Blobs` is the port; `open_blobs` gives the store for a setting. Keys are made by the server
(`new_key`), can't be guessed, and are never taken from what somebody sent.
"""

from rostra.store.blobs.awaited import (
    Awaited,
    AwaitedBlobs,
    AwaitedList,
    Filling,
    Left,
    left_at,
)
from rostra.store.blobs.local import LocalBlobs
from rostra.store.blobs.noted import BlobNotes, NotedBlobs
from rostra.store.blobs.port import BlobInfo, Blobs, content_type_of, is_key, new_key
from rostra.store.blobs.remote import ObjectBlobs, memory_blobs, open_blobs


def is_here(blobs: Blobs) -> bool:
    """Whether blobs belong into a folder of this machine, all of which may not have come yet."""
    within = blobs.within if isinstance(blobs, NotedBlobs) else blobs
    return isinstance(within, LocalBlobs | AwaitedBlobs)


def awaited_in(blobs: Blobs) -> AwaitedBlobs | None:
    """The part of a store that waits for blobs from elsewhere; None: all are here."""
    within = blobs.within if isinstance(blobs, NotedBlobs) else blobs
    return within if isinstance(within, AwaitedBlobs) else None


__all__ = [
    "Awaited",
    "AwaitedBlobs",
    "AwaitedList",
    "BlobInfo",
    "BlobNotes",
    "Blobs",
    "Filling",
    "Left",
    "LocalBlobs",
    "NotedBlobs",
    "ObjectBlobs",
    "awaited_in",
    "content_type_of",
    "is_here",
    "is_key",
    "left_at",
    "memory_blobs",
    "new_key",
    "open_blobs",
]
