"""The extract as the lifeboat reads it: piece by piece, when somebody asks for what is in it."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from time import monotonic
from typing import Final, TypeVar, cast

from rostra.hosting.ark.seal import Damaged, Sealer, is_name, name_of
from rostra.hosting.lifeboat import keys, pieces
from rostra.hosting.lifeboat.model import SHARDS, Head, Page, Post, Ref, piece_key, shard_of
from rostra.hosting.places.port import Store

_HELD_BYTES: Final = 64 << 20
_DECODED: Final = 256  # records that are held as they are read; one has at most some hundred posts
_LONGEST_S: Final = 15.0
_LARGEST: Final = 16 << 20
"""Bytes of a piece. A larger one was made by nobody that may."""
_NEWEST: Final = 20
_AT_ONCE: Final = 16  # reads at the places
_WAITING: Final = 256
_MISSING: Final = 1_000  # pieces that no place had, held so that they are not asked for again
_MISSING_S: Final = 10.0
T = TypeVar("T")
Shard = dict[str, str]


class NotThere(Exception):
    """What was asked for is not in the extract."""


class NotReadable(Exception):
    """It may be in the extract, which can't be read now."""


class Book:
    """One extract. What was read of the pieces is held, sealed, as long as there is room."""

    def __init__(
        self, stores: Sequence[Store], secret: str, *, held_bytes: int = _HELD_BYTES
    ) -> None:
        """Read an extract.

        Args:
            stores: the places.
            secret: the lifeboat's; it opens the extract.
            held_bytes: how much is held of what was read.
        """
        self._room_bytes = held_bytes
        self._stores = list(stores)  # one that fails is asked last
        self._secret = secret
        self._wrapped = ""
        self._sealer: Sealer | None = None
        self._root = ""
        self._held: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._decoded: OrderedDict[str, object] = OrderedDict()
        self._reading: dict[str, asyncio.Task[bytes]] = {}
        self._missing: OrderedDict[str, float] = OrderedDict()
        self._room = asyncio.Semaphore(_AT_ONCE)

    def turn_to(self, head: Head) -> None:
        """Read on in the extract that this head names.

        Raises:
            KeysError: the lifeboat's key does not open it.
        """
        if head.wrapped != self._wrapped:
            self._sealer = Sealer(keys.unwrap(head.wrapped, self._secret))
            self._wrapped = head.wrapped
        if head.root != self._root:
            # What was deleted since must not be found here either.
            self._held.clear()
            self._bytes = 0
            self._decoded.clear()
            self._missing.clear()
        self._root = head.root

    @property
    def is_open(self) -> bool:
        """Whether there is an extract."""
        return self._sealer is not None and bool(self._root)

    async def page(self, name: str) -> Page:
        """The page of a member; case does not count.

        Raises:
            NotThere: there is none.
            NotReadable: the extract can't be read now.
        """
        name = name.lower()
        shard = await self._shard(shard_of(name))
        if name not in shard:
            raise NotThere(name)
        return await self._record(shard[name], Page)

    async def post(self, page: Page, post_id: int) -> Post:
        """A post of a member; raises as `page`."""
        for chunk in page.chunks:
            if chunk.first <= post_id <= chunk.last:
                for post in await self._record(chunk.piece, list[Post]):
                    if post.id == post_id:
                        return post
        raise NotThere(str(post_id))

    async def newest(self, page: Page, below: int = 0, most: int = _NEWEST) -> list[Post]:
        """The newest posts of a member, the newest first; raises as `page`.

        Args:
            page: theirs.
            below: only posts older than this one; 0: all.
            most: how many at most.
        """
        found: list[Post] = []
        for chunk in reversed(page.chunks):
            if below and chunk.first >= below:
                continue
            posts = await self._record(chunk.piece, list[Post])
            found += [post for post in reversed(posts) if not below or post.id < below]
            if len(found) >= most:
                break
        return found[:most]

    async def other(self, ref: Ref | None) -> tuple[Page, Post] | None:
        """A post that another one names, as far as it can be read by anybody now."""
        if ref is None:
            return None
        try:
            page = await self.page(ref.name)
            return page, await self.post(page, ref.id)
        except (NotThere, NotReadable):
            return None

    async def media(self, name: str, piece: str) -> tuple[str, bytes]:
        """The kind of a picture, and the picture; raises as `page`.

        Only what the page of this member shows now: a piece that still lies at a place is no
        reason to show it.
        """
        page = await self.page(name)
        if not is_name(piece) or piece not in page.pictures() or self._sealer is None:
            raise NotThere(piece)
        try:
            return pieces.media_in(self._sealer, await self._piece(piece))
        except Damaged as error:
            raise NotThere(piece) from error

    async def names(self) -> AsyncIterator[tuple[str, str]]:
        """Everybody in the extract, and the piece of their page; raises as `page`."""
        for number in range(SHARDS):
            for name, piece in sorted((await self._shard(number)).items()):
                yield name, piece

    async def _shard(self, number: int) -> Shard:
        if not self.is_open:
            raise NotReadable("there is no extract yet")
        shards = await self._record(self._root, list[str])
        name = shards[number] if len(shards) == SHARDS else ""
        return await self._record(name, Shard) if name else {}

    async def _record(self, name: str, kind: type[T]) -> T:
        if self._sealer is None:
            raise NotReadable("there is no extract yet")
        known = self._decoded.get(name)
        if known is not None:
            self._decoded.move_to_end(name)
            return cast("T", known)  # by its name it is what it was
        root = self._root
        try:
            found = pieces.record_in(self._sealer, await self._piece(name), kind)
        except (Damaged, NotThere) as error:
            raise NotReadable(f"piece {name[:16]}… of the extract can't be read") from error
        if root == self._root:
            self._decoded[name] = found
            while len(self._decoded) > _DECODED:
                self._decoded.popitem(last=False)
        return found

    async def _piece(self, name: str) -> bytes:
        held = self._held.get(name)
        if held is not None:
            self._held.move_to_end(name)
            return held
        reading = self._reading.get(name)
        if reading is None:
            if self._missing.get(name, 0.0) > monotonic():
                raise NotThere(name)
            if len(self._reading) >= _WAITING:
                raise NotReadable("too much is asked for at once")
            reading = asyncio.create_task(self._read(name))
            self._reading[name] = reading
            reading.add_done_callback(lambda _done: self._reading.pop(name, None))
        # Whoever goes away does not end it for the others.
        return await asyncio.shield(reading)

    async def _read(self, name: str) -> bytes:
        answered, root = True, self._root
        async with self._room:
            for store in tuple(self._stores):
                try:
                    async with asyncio.timeout(_LONGEST_S):
                        stored = await store.read(piece_key(name))
                except Exception:  # noqa: BLE001 (whatever it is, another place may have it)
                    answered = False
                    self._last(store)
                    continue
                if stored is None or len(stored.content) > _LARGEST:
                    continue
                if name_of(stored.content) == name:
                    if root == self._root:
                        self._hold(name, stored.content)
                    return stored.content
        if not answered:
            raise NotReadable("the places do not answer")
        self._missing[name] = monotonic() + _MISSING_S
        while len(self._missing) > _MISSING:
            self._missing.popitem(last=False)
        raise NotThere(name)

    def _last(self, store: Store) -> None:
        """Ask it last from now on: it has failed."""
        self._stores.remove(store)
        self._stores.append(store)

    def _hold(self, name: str, content: bytes) -> None:
        if name in self._held:
            return
        self._held[name] = content
        self._bytes += len(content)
        while self._held and self._bytes > self._room_bytes:
            _, dropped = self._held.popitem(last=False)
            self._bytes -= len(dropped)
