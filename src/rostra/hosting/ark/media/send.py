"""The task that sends media while the server runs, each as soon as it is stored.

One process of an installation does it. The next copy lists them again; until then a record tells of
them, so that a host that is lost takes no picture with it that stands in a post.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.keys import Keys
from rostra.hosting.ark.log.lines import enough_of
from rostra.hosting.ark.manifest import Entry
from rostra.hosting.ark.media.record import Delta, MediaRecord, record_key, sealed_of, signed
from rostra.hosting.ark.read import ArkError
from rostra.hosting.ark.seal import Sealer, name_of
from rostra.hosting.ark.send import Sender
from rostra.hosting.ark.sources import MEDIA_PIECE, pieces_of_blob
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store
from rostra.hosting.places.together import together
from rostra.kernel.errors import NotFound
from rostra.network.edge import Services
from rostra.store.alone import alone
from rostra.store.blobs.noted import BlobNotes, Waiting

EVERY_S: Final = 1.0
MEDIA: Final = "media"
LOCK: Final = "media-lock"
_AT_ONCE: Final = 50  # media that one record tells of
_DEADLINE_S: Final = 10.0
_TRIES: Final = 120
_log = logging.getLogger(__name__)


def notes_of(data_dir: Path) -> BlobNotes:
    """The notes of what came and went in an installation."""
    return BlobNotes(data_dir / ark_keys.FOLDER / MEDIA)


def waiting(data_dir: Path) -> Waiting:
    """How many media have not come to the places yet, and since when."""
    return notes_of(data_dir).waiting()


class Ferry:
    """Sends what is noted in one installation."""

    def __init__(
        self, services: Services, stores: Sequence[Store], every_s: float = EVERY_S
    ) -> None:
        self._services = services
        self._stores = tuple(stores)
        self._every_s = every_s
        self._data_dir = services.settings.data_dir
        self._notes = notes_of(self._data_dir)
        self._last = 0
        self._told = ""

    async def run(self) -> None:
        """Send, again and again, until cancelled."""
        while True:
            sent = 0
            try:
                sent = await self.round()
                self._tell("")
            except (ArkError, OSError, ark_keys.KeysError) as error:
                self._tell(str(error))
            except Exception:  # noqa: BLE001 (the next round may go better)
                _log.exception("media could not be sent")
            if not sent:
                await asyncio.sleep(self._every_s)

    async def round(self) -> int:
        """Send some of what there is; how many keys that were.

        Raises:
            ArkError: too few places have taken it.
            OSError: it can't be read here.
            KeysError: there are keys, and they can't be read.
        """
        services = self._services
        if services.egress.closing("ark") or services.write_gate.stopped():
            return 0
        folder = self._data_dir / ark_keys.FOLDER
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with alone(folder / LOCK) as mine:
            if not mine:
                return 0
            try:
                keys = ark_keys.kept(self._data_dir)
            except ark_keys.NoKeys:  # no copy tells of any either
                self._notes.forget()
                return 0
            taken = await asyncio.to_thread(self._notes.take, _AT_ONCE)
            if taken:
                await self._send(keys, taken)
                await asyncio.to_thread(self._notes.done, taken)
            return len(taken)

    async def _send(self, keys: Keys, taken: Sequence[str]) -> None:
        sealer, sender = Sealer(keys.data_key), Sender(self._stores, {}, deadline_s=_DEADLINE_S)
        added: list[Entry] = []
        removed: list[str] = []
        for key in taken:
            entry = await self._medium(sealer, sender, key)
            if entry is None:
                removed.append(key)
            else:
                added.append(entry)
        await sender.settle()
        record = MediaRecord(
            epoch=self._services.write_gate.epoch(),
            at=self._now(),
            pieces=tuple(dict.fromkeys(name for entry in added for name in entry.pieces)),
            sealed=sealed_of(sealer, Delta(added, removed)),
            key=keys.public,
        )
        failed = await self._tell_of(record, keys, sender.failed)
        if len(self._stores) - len(failed) < enough_of(len(self._stores)):
            raise ArkError("; ".join(f"{name}: {why}" for name, why in failed.items()))

    def _now(self) -> int:
        """The time, never the same twice: it names a record."""
        self._last = max(self._services.clock.now(), self._last + 1)
        return self._last

    async def _medium(self, sealer: Sealer, sender: Sender, key: str) -> Entry | None:
        """Send a medium; None: it is gone."""
        names, size = [], 0
        try:
            async for part in pieces_of_blob(self._services.blobs, key, MEDIA_PIECE):
                sealed = await asyncio.to_thread(sealer.seal, part)
                names.append(await sender.piece(sealed, name_of(sealed)))
                size += len(part)
        except NotFound:
            return None
        return Entry(MEDIA, key, size, tuple(names))

    async def _tell_of(
        self, record: MediaRecord, keys: Keys, failed: dict[str, str]
    ) -> dict[str, str]:
        """Store a record wherever its pieces are; the places that have not got it, and why."""
        content = signed(record, keys.signing_key)
        having = [store for store in self._stores if store.name not in failed]

        async def one(store: Store) -> str:
            if not await store.create(record_key(record.mark), content):
                there = await store.read(record_key(record.mark))
                if there is None or there.content != content:
                    raise PlaceFailed(store.name, "something else stands where media are told of")
            return store.name

        done = await together(
            having, one, lambda told: len(told) == len(having), deadline_s=_DEADLINE_S
        )
        return {**failed, **{e.name: e.why for e in done if isinstance(e, PlaceFailed)}}

    def _tell(self, failed: str) -> None:
        """Say once what is wrong, and not every second."""
        if failed and failed != self._told:
            _log.warning("media are not elsewhere yet: %s", failed)
        self._told = failed


@asynccontextmanager
async def none_is_sent(data_dir: Path, tries: int = _TRIES) -> AsyncIterator[None]:
    """No medium is on its way until the block ends: what is being sent is in no record yet.

    Args:
        data_dir: of the installation.
        tries: how often it is looked, twice a second.

    Raises:
        ArkError: one is, each time.
    """
    folder = data_dir / ark_keys.FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for _ in range(tries):
        with alone(folder / LOCK) as mine:
            if mine:
                yield
                return
        await asyncio.sleep(EVERY_S / 2)
    raise ArkError("media are being sent: nothing is removed meanwhile")
