"""Files that are too large for rows: pictures, videos, archives.

`Blobs` is the port; `open_blobs` gives the store for a setting. Keys are made by the server
(`new_key`), can't be guessed, and are never taken from what somebody sent.
"""

from rostra.store.blobs.local import LocalBlobs
from rostra.store.blobs.noted import BlobNotes, NotedBlobs, is_here
from rostra.store.blobs.port import BlobInfo, Blobs, content_type_of, is_key, new_key
from rostra.store.blobs.remote import ObjectBlobs, memory_blobs, open_blobs

__all__ = [
    "BlobInfo",
    "BlobNotes",
    "Blobs",
    "LocalBlobs",
    "NotedBlobs",
    "ObjectBlobs",
    "content_type_of",
    "is_here",
    "is_key",
    "memory_blobs",
    "new_key",
    "open_blobs",
]
