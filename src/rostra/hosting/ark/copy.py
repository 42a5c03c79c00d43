"""A copy is made: read, cut, sealed, sent to every place, and then told of by its manifest."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import msgspec

from rostra import __version__
from rostra.hosting.ark.carried import SETTLED_MS, Carried
from rostra.hosting.ark.keys import FOLDER, Keys
from rostra.hosting.ark.log.state import LogState
from rostra.hosting.ark.manifest import (
    Entry,
    Found,
    LogPoint,
    Manifest,
    manifest_key,
    signed,
)
from rostra.hosting.ark.order import in_order
from rostra.hosting.ark.read import ArkError, index, index_pieces, listed, manifest_at, newest
from rostra.hosting.ark.seal import Sealer, name_of
from rostra.hosting.ark.send import Sender
from rostra.hosting.ark.sources import (
    DATABASE,
    MEDIA_PIECE,
    PIECE,
    other_files,
    pieces_of,
    pieces_of_blob,
)
from rostra.hosting.ark.spool import DatabaseSpool
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store
from rostra.kernel.clock import Clock
from rostra.kernel.errors import NotFound, Unavailable
from rostra.store.blobs import Blobs
from rostra.store.schema import HEAD
from rostra.store.snapshot import NotWhole
from rostra.store.wal import Position

_ENTRIES: Final = 5_000  # in a piece of the listing
Tell = Callable[[int, str], None]
_log = logging.getLogger(__name__)


class Copied(msgspec.Struct, frozen=True):
    """What became of a copy.

    Attributes:
        manifest: of it.
        places: that hold all of it.
        failed: the others, and why.
        sent: pieces that were stored anew at a place, by its name.
        sent_bytes: theirs.
    """

    manifest: Manifest
    places: tuple[str, ...]
    failed: dict[str, str]
    sent: dict[str, int]
    sent_bytes: dict[str, int]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """What is copied."""

    data_dir: Path
    database: Path
    blobs: Blobs
    domain: str
    clock: Clock
    epoch: int = 0  # of the fence; 0: there is none
    journal: int = 0  # the note that has come to the places before


def _silent(_bytes: int, _what: str) -> None:
    """Nobody is told."""


async def copy(
    source: Source,
    keys: Keys,
    stores: Sequence[Store],
    tell: Tell = _silent,
    *,
    again: bool = False,
) -> Copied:
    """Copy everything to every place that answers.

    Args:
        source: what is copied.
        keys: of the ark.
        stores: the places.
        tell: is called with the bytes read since the last call, and what comes next.
        again: send what a place has as well: what was damaged there is mended.

    Raises:
        ArkError: no place has taken all of it.
    """
    before = await newest(stores, keys.public)
    # Whoever held the fence before may have removed old pieces until a moment ago.
    others = before is not None and before.manifest.epoch != source.epoch
    known = {} if again or before is None else await _known(stores, before, look=others)
    sender = Sender(stores, known, again=again)
    made = _Copy(source, Sealer(keys.data_key), sender, tell)
    await made.all(stores, None if again else before)
    await sender.settle()
    if others:
        await _lacking(stores, {*made.names, *made.listing, *made.index}, sender.failed)
    manifest = _manifest(source, keys, made, before)
    places, failed = await _told_of(stores, manifest, keys, sender.failed)
    if not places:
        raise ArkError("; ".join(f"{name}: {why}" for name, why in failed.items()))
    return Copied(manifest, tuple(places), failed, sender.sent, sender.sent_bytes)


async def _told_of(
    stores: Sequence[Store], manifest: Manifest, keys: Keys, failed: dict[str, str]
) -> tuple[list[str], dict[str, str]]:
    """The places that have all pieces and now the manifest, and why the others have not."""
    content = signed(manifest, keys.signing_key)
    places, why = [], dict(failed)
    for store in stores:
        if store.name in why:
            continue
        try:
            made = await store.create(manifest_key(manifest.mark), content)
            there = None if made else await store.read(manifest_key(manifest.mark))
            # What was said to be there already can be what a lost answer was about.
            if made or (there is not None and there.content == content):
                places.append(store.name)
            else:
                why[store.name] = "somebody else has made a copy at the same time"
        except PlaceFailed as error:
            why[store.name] = error.why
    return places, why


async def _known(stores: Sequence[Store], before: Found, *, look: bool) -> dict[str, set[str]]:
    """What each place has: the pieces of the copy before, if it has just that.

    With `look`, it has to list them too.
    """
    manifest = before.manifest
    try:
        names = {*await index(stores, manifest), *manifest.listing, *manifest.index}
    except ArkError:  # all is sent again then, and what is there stays
        return {}
    known = {}
    for store in stores:
        try:
            there = await manifest_at(store, manifest.mark)
            if there is not None and there.hash == before.hash:
                known[store.name] = names & await listed(store) if look else set(names)
        except PlaceFailed:
            continue
    return known


async def _lacking(stores: Sequence[Store], names: Collection[str], failed: dict[str, str]) -> None:
    """Have the places fail that list a piece no more which they have just taken, or had before.

    The copies that follow believe the manifest: it must not name what is gone.
    """

    async def of(store: Store) -> None:
        try:
            gone = len(set(names) - await listed(store))
        except PlaceFailed as error:
            failed[store.name] = error.why
            return
        if gone:
            failed[store.name] = f"{gone:,} of its pieces were removed by another host meanwhile"

    await asyncio.gather(*(of(store) for store in stores if store.name not in failed))


class _Copy:
    """One copy on its way."""

    def __init__(self, source: Source, sealer: Sealer, sender: Sender, tell: Tell) -> None:
        self._source = source
        self._sealer = sealer
        self._sender = sender
        self._tell = tell
        self._entries: list[Entry] = []
        self.names: dict[str, None] = {}
        self.listing: list[str] = []
        self.index: list[str] = []
        self.content_bytes = 0
        self.made_at = 0
        self.roots = ""
        self.log: LogPoint | None = None

    async def all(self, stores: Sequence[Store], before: Found | None) -> None:
        """Everything, the database first: what it names is stored before it is named.

        Of the media that are in the copy `before`, and at every place, the pieces are named again.
        """
        source = self._source
        for left in (source.data_dir / FOLDER).glob("spool-*"):
            left.unlink(missing_ok=True)  # by one that was killed; one copy is made at a time
        spool = source.data_dir / FOLDER / f"spool-{secrets.token_hex(8)}"
        self.made_at = source.clock.now()
        try:
            sent = LogState(source.data_dir).sent()
            position = await self._database(spool)
            if sent is not None and position is not None:
                # What was sent before the moment of the copy is in it; the rest goes on from there.
                last = sent.mark if sent.hash else ""
                self.log = LogPoint(sent.run, last, position.salt, position.frame)
        except NotWhole as error:
            raise ArkError(str(error)) from error
        for path in other_files(source.data_dir, source.database):
            name = path.relative_to(source.data_dir).as_posix()
            await self._file("file", name, pieces_of(path, MEDIA_PIECE))
        with closing(Carried(spool)) as carried:
            if before is not None:
                await carried.fill(stores, before.manifest, self._sealer)
            await self._media(carried)
        await self._list()
        for content in index_pieces(list(self.names), MEDIA_PIECE):
            self.index.append(await self._sender.piece(content, name_of(content)))

    async def _media(self, carried: Carried) -> None:
        listed_at = self._source.clock.now()
        async for blob in self._source.blobs.list():
            known = carried.get(blob)
            if known is not None and self._sender.has(known.pieces):
                self._tell(known.size, known.path)
                await self._took(known)
            else:
                settled = blob.stored_at <= listed_at - SETTLED_MS
                await self._blob(blob.key, blob.stored_at if settled else 0, known)

    async def _database(self, path: Path) -> Position | None:
        """Its pieces, and what each table holds.

        Returns:
            Where its log was, if somebody follows it.
        """
        spool = DatabaseSpool(path)
        filling = asyncio.create_task(spool.fill(self._source.database))
        try:
            await self._pieces("database", DATABASE, spool.pieces(PIECE))
            read = await filling
        finally:
            spool.remove()
            filling.cancel()
            await asyncio.gather(filling, return_exceptions=True)
        # Sealed as all else: a hash of a small table can be guessed.
        roots = self._sealed(msgspec.json.encode(read.roots))
        self.roots = await self._sender.piece(*roots)
        self.names[self.roots] = None  # last, so that the index of equal copies is equal
        return read.position

    async def _file(self, kind: str, path: str, pieces: Iterator[bytes]) -> None:
        async def given() -> AsyncIterator[bytes]:
            for piece in pieces:
                yield piece

        await self._pieces(kind, path, given())

    async def _blob(self, key: str, stored_at: int, known: Entry | None) -> None:
        pieces = pieces_of_blob(self._source.blobs, key, MEDIA_PIECE)
        try:
            await self._pieces("media", key, pieces, stored_at)
        except NotFound:  # deleted since it was listed
            return
        except Unavailable as error:  # awaited here, and at no place that answers now
            _log.warning("a medium can't be had: %s (%s)", key, error.inside)
            if known is not None:  # it may be again: nobody prunes what is named
                await self._took(known)

    async def _pieces(
        self, kind: str, path: str, pieces: AsyncIterator[bytes], stored_at: int = 0
    ) -> None:
        size, names = 0, []
        async for name, count in in_order(pieces, self._piece):
            names.append(name)
            size += count
            self._tell(count, path)
        await self._took(Entry(kind, path, size, tuple(names), stored_at))

    async def _took(self, entry: Entry) -> None:
        self.names |= dict.fromkeys(entry.pieces)
        self.content_bytes += entry.size
        self._entries.append(entry)
        if len(self._entries) >= _ENTRIES:
            await self._list()

    async def _piece(self, piece: bytes) -> tuple[str, int]:
        sealed, name = await asyncio.to_thread(self._sealed, piece)
        return await self._sender.piece(sealed, name), len(piece)

    def _sealed(self, content: bytes) -> tuple[bytes, str]:
        sealed = self._sealer.seal(content)
        return sealed, name_of(sealed)

    async def _list(self) -> None:
        if self._entries:
            sealed, name = self._sealed(msgspec.json.encode(self._entries))
            self.listing.append(await self._sender.piece(sealed, name))
            self._entries = []


def _manifest(source: Source, keys: Keys, made: _Copy, before: Found | None) -> Manifest:
    """What tells of a copy that was sent."""
    return Manifest(
        epoch=source.epoch,
        number=1 + (before.manifest.number if before else 0),
        previous=before.hash if before else "",
        made_at=made.made_at,
        domain=source.domain,
        software=__version__,
        schema=HEAD,
        wrapped=keys.wrapped,
        listing=tuple(made.listing),
        index=tuple(made.index),
        pieces=len(made.names),
        content_bytes=made.content_bytes,
        key=keys.public,
        roots=made.roots,
        journal=source.journal,
        log=made.log,
    )
