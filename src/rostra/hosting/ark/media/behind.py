"""Media that are still at the places are brought: at once where asked for, and all the rest."""

import asyncio
import logging
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.keys import KeysError
from rostra.hosting.ark.manifest import MANIFESTS, Entry
from rostra.hosting.ark.media.later import MEDIA, Tell, awaited_path
from rostra.hosting.ark.order import AT_ONCE
from rostra.hosting.ark.read import ArkError
from rostra.hosting.ark.restore import write
from rostra.hosting.ark.seal import Sealer
from rostra.hosting.places.file import PlacesError
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store
from rostra.kernel.errors import Unavailable
from rostra.store.alone import alone
from rostra.store.blobs import Awaited, AwaitedList, LocalBlobs

LOCK: Final = "awaited-lock"
SPARE: Final = 1 << 30
"""Bytes of the disk that are left free by what nobody has asked for."""
_ROUND: Final = 64
_EVERY_S: Final = 5.0
_AGAIN_S: Final = 60.0
_AT_LAST_S: Final = 3_600.0
_NOT_BEFORE_S: Final = 30.0
_MOST_FAILED: Final = 10_000
_TOLD: Final = 100
_MAY_PASS: Final = (ArkError, KeysError, OSError, PlacesError, PlaceFailed)
_log = logging.getLogger(__name__)


class Lacking(msgspec.Struct, frozen=True):
    """Media that can't be had from any place now.

    Attributes:
        count: of them.
        told: which, and why: some of them.
    """

    count: int = 0
    told: tuple[str, ...] = ()


class Bringer:
    """Brings the media of one installation that are still elsewhere."""

    def __init__(
        self,
        data_dir: Path,
        blobs: LocalBlobs,
        awaited: AwaitedList,
        stores: Callable[[], Sequence[Store]],
    ) -> None:
        """Nothing is asked yet.

        Args:
            data_dir: of the installation.
            blobs: its folder of media.
            awaited: what is missing there.
            stores: gives the places; raises PlacesError, PlaceFailed.
        """
        self._data_dir = data_dir
        self._blobs = blobs
        self._awaited = awaited
        self._stores_of = stores
        self._stores: Sequence[Store] = ()
        self._sealer: Sealer | None = None
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._failed: dict[str, float] = {}
        self._room = asyncio.Semaphore(AT_ONCE)
        self._room_behind = asyncio.Semaphore(AT_ONCE // 2)  # for what nobody has asked for

    async def bring(self, awaited: Awaited) -> None:
        """Bring a medium that somebody asks for, once for all who do.

        Raises:
            Unavailable: no place has it now, or it can't be written here.
        """
        loop = asyncio.get_running_loop()
        if self._failed.get(awaited.key, 0.0) > loop.time():
            raise _not_now("it could not be had a moment ago")
        task = self._under_way.get(awaited.key)
        if task is None:
            task = asyncio.create_task(self._brought(awaited, self._room))
            self._under_way[awaited.key] = task
            task.add_done_callback(partial(self._ended, awaited.key))
        try:
            # Whoever goes away ends it for nobody else.
            await asyncio.shield(task)
        except _MAY_PASS as error:
            if len(self._failed) >= _MOST_FAILED:
                self._failed.clear()
            self._failed[awaited.key] = loop.time() + _NOT_BEFORE_S
            raise _not_now(str(error)) from error

    def _ended(self, key: str, task: asyncio.Task[None]) -> None:
        self._under_way.pop(key, None)
        if not task.cancelled():
            task.exception()  # it is nobody's fault if whoever asked has gone away

    async def all(self, tell: Tell) -> Lacking:
        """Bring everything; what can't be had from any place.

        Where no place answers it ends, and asks for no more.

        Args:
            tell: is called with bytes that came since the last call, and what comes next.

        Raises:
            KeysError: the keys can't be read.
            PlacesError: the file of the places can't be used.
            PlaceFailed: one of them is no store.
            OSError: it can't be written here, or the disk is as good as full.
        """
        told: list[str] = []
        count = 0
        after = ""

        async def one(each: Awaited) -> str:
            try:
                await self._brought(each, self._room_behind)
            except ArkError as error:
                return f"{each.key}: {error}"
            tell(each.size, each.key)
            return ""

        while lot := await asyncio.to_thread(self._awaited.some, after, _ROUND):
            after = lot[-1].key
            self._check_room(sum(each.size for each in lot))
            lacking = []
            for done in await asyncio.gather(*map(one, lot), return_exceptions=True):
                if isinstance(done, BaseException):
                    raise done
                lacking += [done] if done else []
            count += len(lacking)
            told += lacking[: _TOLD - len(told)]
            if len(lacking) == len(lot) and not await self._anybody_answers():
                break
        return Lacking(count, tuple(told))

    async def _anybody_answers(self) -> bool:
        for store in self._stores:
            try:
                await store.keys(MANIFESTS, limit=1)
            except PlaceFailed:
                continue
            return True
        return False

    def _check_room(self, size: int) -> None:
        free = shutil.disk_usage(self._data_dir).free
        if free < size + SPARE:
            raise OSError(f"the disk is full: {free:,} bytes are free")

    async def _brought(self, awaited: Awaited, room: asyncio.Semaphore) -> None:
        async with room:
            if self._sealer is None:
                keys = await asyncio.to_thread(ark_keys.kept, self._data_dir)
                self._sealer, self._stores = Sealer(keys.data_key), tuple(self._stores_of())
            if await self._blobs.exists(awaited.key):  # ended between that and the note
                await asyncio.to_thread(self._awaited.remove, (awaited.key,))
                return
            entry = Entry(MEDIA, awaited.key, awaited.size, awaited.pieces)
            fresh = self._blobs.fresh()
            try:
                await write(self._stores, self._sealer, entry, fresh, lambda _count, _what: None)
                await asyncio.to_thread(self._arrived, fresh, awaited)
            finally:
                fresh.unlink(missing_ok=True)

    def _arrived(self, fresh: Path, awaited: Awaited) -> None:
        self._awaited.arrive(
            awaited.key, lambda: self._blobs.take_in(fresh, awaited.key, awaited.stored_at)
        )


async def bring_all(
    to: Path, stores: Sequence[Store], tell: Tell, media: Path | None = None
) -> Lacking:
    """Bring all media of a data directory; raises, returns as `Bringer.all`.

    Args:
        to: the directory.
        stores: the places.
        tell: is called with bytes that came since the last call, and what comes next.
        media: the folder where they belong; None: that in the directory.
    """
    rows = AwaitedList(awaited_path(to))
    try:
        return await Bringer(to, LocalBlobs(media or to / MEDIA), rows, lambda: stores).all(tell)
    finally:
        rows.close()


class Behind:
    """The task that brings all that nobody has asked for, while the server runs."""

    def __init__(
        self,
        data_dir: Path,
        bringer: Bringer,
        awaited: AwaitedList,
        may: Callable[[], bool],
        every_s: float = _EVERY_S,
    ) -> None:
        """Put it together.

        Args:
            data_dir: of the installation.
            bringer: of it.
            awaited: what is missing.
            may: whether this installation is the one that writes.
            every_s: how often is looked whether it may.
        """
        self._data_dir = data_dir
        self._bringer = bringer
        self._awaited = awaited
        self._may = may
        self._every_s = every_s
        self._told = ""

    async def run(self) -> None:
        """Bring them, until all are here; what can't be had is asked for less and less often."""
        again_s, left = _AGAIN_S, 0
        while True:
            wait_s = self._every_s
            try:
                if self._may() and await self.round():
                    return
            except Exception as error:  # noqa: BLE001 (the next round may go better)
                self._tell(str(error) or type(error).__name__)
                before, left = left, (await asyncio.to_thread(self._awaited.left)).count
                again_s = min(2 * again_s, _AT_LAST_S) if left == before else _AGAIN_S
                wait_s = again_s
            await asyncio.sleep(wait_s)

    async def round(self) -> bool:
        """Bring what can be had; whether all of it is here. One process at a time does.

        Raises:
            ArkError: some can't be had now.
            Exception: as `Bringer.all`.
        """
        with alone(self._data_dir / ark_keys.FOLDER / LOCK) as mine:
            if not mine:
                return False
            lacking = await self._bringer.all(lambda _count, _what: None)
        if lacking.count:
            raise ArkError(f"{lacking.count:,} can't be had from any place: {lacking.told[0]}")
        _log.info("all media are here")
        return not (await asyncio.to_thread(self._awaited.left)).count

    def _tell(self, why: str) -> None:
        """Say once what is wrong, and not every minute."""
        if why != self._told:
            _log.warning("not all media are here: %s", why)
        self._told = why


def _not_now(inside: str) -> Unavailable:
    return Unavailable(
        int(_NOT_BEFORE_S),
        inside=inside,
        safe="This file is on its way here from another place: try again in a minute.",
    )
