"""Media that did not change since the copy before: their pieces are named again, not read again.

A medium never changes under its key, and most of what a network holds was there six hours ago. What
the copy before says of it stands in a file meanwhile, as there can be millions.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from rostra.hosting.ark.manifest import Entry, Manifest
from rostra.hosting.ark.read import ArkError, listings
from rostra.hosting.ark.seal import Sealer
from rostra.hosting.places.port import Store
from rostra.store.blobs import BlobInfo
from rostra.store.scratch import Scratch

SETTLED_MS: Final = 2_000
"""A medium that was stored so shortly before it was listed may be replaced within the same tick."""
_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(Entry).decode


class Carried:
    """The media of the copy before, by key."""

    def __init__(self, path: Path) -> None:
        """Keep them in a new file of this name. Whoever makes it closes it."""
        self._kept = Scratch(path)

    async def fill(self, stores: Sequence[Store], manifest: Manifest, sealer: Sealer) -> None:
        """Take in what a copy lists. Where that can't be had, all media are read again."""
        try:
            async for page in listings(stores, manifest, sealer):
                await asyncio.to_thread(self._add, page)
        except ArkError:
            self._kept.clear()

    def _add(self, entries: Sequence[Entry]) -> None:
        media = (each for each in entries if each.kind == "media" and each.stored_at)
        self._kept.put((each.path, _encode(each)) for each in media)

    def get(self, blob: BlobInfo) -> Entry | None:
        """A medium in the copy before; None: it was not in it, or not this one."""
        kept = self._kept.get(blob.key)
        entry = None if kept is None else _decode(kept)
        if entry is None or (entry.size, entry.stored_at) != (blob.size, blob.stored_at):
            return None
        return entry

    def close(self) -> None:
        """Remove the file."""
        self._kept.close()
