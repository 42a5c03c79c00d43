"""The old host listens for a move while the server runs.

Each process of an installation runs one; the one that gets the lock does the work (`give.Part`).
"""

import asyncio
import logging
from typing import Final

from rostra.hosting.ark.keys import FOLDER
from rostra.hosting.move.give import BUSY_S, IDLE_S, Part
from rostra.hosting.move.here import Here
from rostra.store.alone import alone

LOCK: Final = "giving-lock"
_log = logging.getLogger(__name__)


class Giver:
    """Listens for a move, and does the old host's part of it."""

    def __init__(self, here: Here) -> None:
        self._here = here

    async def run(self) -> None:
        """Listen and act, until cancelled."""
        while True:
            busy = False
            try:
                (self._here.data_dir / FOLDER).mkdir(parents=True, exist_ok=True, mode=0o700)
                with alone(self._here.data_dir / FOLDER / LOCK) as mine:
                    if mine:
                        await self._while_alone()
            except Exception:  # noqa: BLE001 (the next round may go better; it opens again in time)
                _log.exception("the move could not be gone on with")
                busy = True
            await asyncio.sleep(BUSY_S if busy else IDLE_S)

    async def _while_alone(self) -> None:
        part = Part(self._here)
        while True:
            busy = await part.turn()
            await asyncio.sleep(part.rest_s() if busy else IDLE_S)
