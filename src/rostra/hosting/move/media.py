"""Media that came and went since a copy was made: what a move brings over beside the log."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from rostra.hosting.ark.manifest import Entry, Found
from rostra.hosting.ark.media.later import Later
from rostra.hosting.ark.media.record import Delta
from rostra.hosting.ark.read import ArkError, entries, piece
from rostra.hosting.ark.restore import path_of, write
from rostra.hosting.ark.seal import Damaged, Sealer, name_of
from rostra.hosting.ark.send import Sender
from rostra.hosting.ark.sources import MEDIA_PIECE, other_files, pieces_of, pieces_of_blob
from rostra.hosting.fence.votes import is_majority
from rostra.hosting.places.port import Store
from rostra.kernel.errors import NotFound, Unavailable
from rostra.store.blobs import Blobs

_ENTRIES: Final = 5_000
_DEADLINE_S: Final = 5.0
MEDIA: Final = "media"
SETTINGS: Final = "rostra.toml"


class Changes:
    """Sends what has changed since a copy, lot by lot. What was sent is in memory."""

    def __init__(
        self, stores: Sequence[Store], sealer: Sealer, blobs: Blobs | None, data_dir: Path
    ) -> None:
        """Put it together; `since` comes first.

        Args:
            stores: the places.
            sealer: seals.
            blobs: the media; None: they lie at a provider of their own, and stay there.
            data_dir: of the installation.
        """
        self._stores = tuple(stores)
        self._sealer = sealer
        self._blobs = blobs
        self._data_dir = data_dir
        self._known: set[str] = set()
        self._files: dict[str, tuple[str, ...]] = {}
        self._sender = self._new_sender()

    async def since(self, found: Found, listings: Sequence[Sequence[str]]) -> None:
        """Begin with a copy, and with what was sent after it.

        Raises:
            ArkError: its listing, or one of theirs, can't be had.
        """
        self._known = set()
        async for entry in entries(self._stores, found.manifest, self._sealer):
            if entry.kind == MEDIA:
                self._known.add(entry.path)
            else:
                self._files[entry.path] = entry.pieces
        for listing in listings:
            async for delta in deltas(self._stores, self._sealer, listing):
                self._known |= {entry.path for entry in delta.added if entry.kind == MEDIA}
                self._known -= set(delta.removed)

    async def media(self, *, hurry: bool = False) -> tuple[tuple[str, ...], int]:
        """Send the media that have come, and tell of those that are gone.

        Args:
            hurry: a place that has failed with the last lot is left out, if the others are enough.

        Returns:
            The pieces that tell which, and how many have come.

        Raises:
            ArkError: too few places take them.
        """
        if self._blobs is None:
            return (), 0
        if not hurry or not self._is_enough():
            self._sender = self._new_sender()
        sender, now = self._sender, set[str]()
        added: list[Entry] = []
        async for blob in self._blobs.list():
            now.add(blob.key)
            if blob.key not in self._known:
                entry = await self._blob(sender, blob.key)
                added += [entry] if entry is not None else []
        removed = sorted(self._known - now)
        listing = await self._told(sender, added, removed)
        self._known = now
        return listing, len(added)

    async def files(self, database: Path) -> tuple[str, ...]:
        """Send the other files of the data directory that are not as in the copy.

        Some are large and never change, and writes are stopped meanwhile.

        Returns:
            The pieces that tell of them.

        Raises:
            ArkError: too few places take them.
        """
        sender, added = self._sender, list[Entry]()
        for path in other_files(self._data_dir, database):
            name = path.relative_to(self._data_dir).as_posix()
            if await asyncio.to_thread(self._is_known, name, path):
                continue
            content = list(pieces_of(path, MEDIA_PIECE))
            names = [await self._piece(sender, part) for part in content]
            added.append(Entry("file", name, sum(map(len, content)), tuple(names)))
        return await self._told(sender, added, [])

    def _is_known(self, name: str, path: Path) -> bool:
        """Whether the copy has a file as it is now."""
        pieces = pieces_of(path, MEDIA_PIECE)
        known = self._files.get(name)
        return known is not None and known == tuple(
            name_of(self._sealer.seal(part)) for part in pieces
        )

    async def _blob(self, sender: Sender, key: str) -> Entry | None:
        assert self._blobs is not None  # noqa: S101 (for mypy)
        names, size = [], 0
        try:
            async for part in pieces_of_blob(self._blobs, key, MEDIA_PIECE):
                names.append(await self._piece(sender, part))
                size += len(part)
        except (NotFound, Unavailable):  # deleted since it was listed, or lost by an earlier move
            return None
        return Entry(MEDIA, key, size, tuple(names))

    async def _piece(self, sender: Sender, content: bytes) -> str:
        sealed = self._sealer.seal(content)
        return await sender.piece(sealed, name_of(sealed))

    def _new_sender(self) -> Sender:
        return Sender(self._stores, {}, deadline_s=_DEADLINE_S)

    def _is_enough(self) -> bool:
        """Whether more than half of the places have taken everything."""
        every = [store.name for store in self._stores]
        return is_majority([name for name in every if name not in self._sender.failed], every)

    async def _told(
        self, sender: Sender, added: list[Entry], removed: list[str]
    ) -> tuple[str, ...]:
        lots = max(len(added), len(removed))
        names = []
        for at in range(0, lots, _ENTRIES):
            delta = Delta(added[at : at + _ENTRIES], removed[at : at + _ENTRIES])
            names.append(await self._piece(sender, msgspec.json.encode(delta)))
        await sender.settle()
        if not self._is_enough():
            raise ArkError("; ".join(f"{name}: {why}" for name, why in sender.failed.items()))
        return tuple(names)


async def deltas(
    stores: Sequence[Store], sealer: Sealer, listing: Sequence[str]
) -> AsyncIterator[Delta]:
    """What the pieces of a listing tell.

    Raises:
        ArkError: one can't be had, or does not open.
    """
    for name in listing:
        try:
            yield msgspec.json.decode(sealer.open(await piece(stores, name)), type=Delta)
        except (Damaged, msgspec.MsgspecError) as error:
            raise ArkError(f"piece {name[:16]}… can't be opened: {error}") from error


async def apply(
    stores: Sequence[Store], sealer: Sealer, listing: Sequence[str], to: Path, later: Later
) -> tuple[int, int]:
    """Bring a directory up to date; how many files came, and how many media went.

    Media are noted, and come later. Done twice it changes nothing more.

    Raises:
        ArkError: something can't be had, or does not open.
        OSError: it can't be written.
    """
    came = went = 0
    async for delta in deltas(stores, sealer, listing):
        later.remove(delta.removed)
        for key in delta.removed:
            path_of(to, Entry(MEDIA, key, 0, ())).unlink(missing_ok=True)
            went += 1
        for entry in delta.added:
            came += 1
            if entry.kind == MEDIA and later.add(entry):
                continue
            path = path_of(to, entry)
            if entry.path == SETTINGS and path.exists():
                continue  # it may be another one here by now
            new = path.with_name(f".{path.name}.new")
            new.unlink(missing_ok=True)
            await write(stores, sealer, entry, new, lambda _count, _what: None)
            new.replace(path)
    later.flush()
    return came, went
