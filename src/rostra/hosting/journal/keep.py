"""The task that sends the journal while the server runs: every two seconds, if there is anything.

One process of an installation does it. It may only while it may write: what a host notes that has
lost the fence is not part of what goes on.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.read import ArkError
from rostra.hosting.fence.installation import places_of
from rostra.hosting.journal.send import Sender, Sent
from rostra.hosting.places.open import open_place
from rostra.hosting.places.port import Store
from rostra.network.edge import Services
from rostra.store import journal
from rostra.store.alone import alone as file_alone

EVERY_S: Final = 2.0
_TIDY_EVERY: Final = 30  # rounds
_TRIES: Final = 30  # of half a round each
LOCK: Final = "journal-lock"
_log = logging.getLogger(__name__)


class Recorder:
    """Sends what is noted in one installation."""

    def __init__(
        self, services: Services, stores: Sequence[Store], every_s: float = EVERY_S
    ) -> None:
        self._services = services
        self._stores = tuple(stores)
        self._every_s = every_s
        self._sender: Sender | None = None
        self._told = ""
        self._rounds = 0

    async def run(self) -> None:
        """Send, again and again, until cancelled."""
        while True:
            try:
                await self.round()
            except (ArkError, OSError, ark_keys.KeysError) as error:
                self._tell(str(error))
            except Exception:  # noqa: BLE001 (the next round may go better)
                _log.exception("the journal could not be sent")
            await asyncio.sleep(self._every_s)

    async def round(self, *, stopped: bool = False) -> Sent | None:
        """Send what there is; None: this process may not now, or there are no keys.

        Args:
            stopped: also where writes are stopped, as they are before a move.

        Raises:
            ArkError: no place has taken it.
            OSError: it can't be kept here.
            KeysError: there are keys, and they can't be read.
        """
        services = self._services
        if services.egress.closing("ark") or (services.write_gate.stopped() and not stopped):
            return None
        with _alone(services.settings.data_dir) as alone:
            if not alone:
                self._sender = None  # another process goes on with it
                return None
            self._sender = self._sender or self._made()
            if self._sender is None:
                await self._forget()
                return None
            sent = await self._sender.send(services.write_gate.epoch())
            self._rounds += 1
            if self._rounds % _TIDY_EVERY == 0 and not stopped:
                await self._sender.tidy()
        failed = "; ".join(f"{name}: {why}" for name, why in sent.failed.items())
        if len(sent.failed) == len(self._stores):
            raise ArkError(failed)
        self._tell(failed)
        return sent

    async def now(self, *, stopped: bool = False) -> int:
        """Send what there is at once; the note that the journal has come to at the places.

        Args:
            stopped: as with `round`.

        Raises:
            ArkError: no place has taken it, or another process is at it for too long.
            OSError: it can't be kept here.
            KeysError: as with `round`.
        """
        for _ in range(_TRIES):
            sent = await self.round(stopped=stopped)
            if sent is not None:
                return sent.last
            await asyncio.sleep(self._every_s / 2)
        raise ArkError("the journal could not be sent: another process is at it, or writes are off")

    def _made(self) -> Sender | None:
        services = self._services
        try:
            keys = ark_keys.kept(services.settings.data_dir)
        except ark_keys.NoKeys:  # and nothing else: what can't be read now may have sealed copies
            return None
        data_dir = services.settings.data_dir
        return Sender(services.db, data_dir, keys, self._stores, services.clock)

    async def _forget(self) -> None:
        """Without keys there is no copy, and nothing that could come back by one."""
        async with self._services.db.read() as reader:
            some = await journal.after(reader, 0, 2)
            last = await journal.last(reader)
        if len(some) > 1:
            async with self._services.db.write() as tx:
                await journal.tidy(tx, last)

    def _tell(self, failed: str) -> None:
        """Say once what is wrong, and not every two seconds."""
        if failed and failed != self._told:
            _log.warning("not every place has the journal: %s", failed)
        self._told = failed


def recorder_of(services: Services) -> Recorder | None:
    """What sends the journal of an installation while it runs; None: it has none.

    Raises:
        PlacesError: the file of the places can't be used.
        PlaceFailed: one of them is no store.
    """
    places = places_of(services.settings)
    if not places or services.db.dialect != "sqlite":
        return None
    return Recorder(services, [open_place(place) for place in places])


@contextlib.contextmanager
def _alone(data_dir: Path) -> Iterator[bool]:
    """Whether no other process of this host is at it."""
    folder = data_dir / ark_keys.FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with file_alone(folder / LOCK) as alone:
        yield alone
