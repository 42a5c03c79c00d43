"""Pieces on their way to every place, some at a time; a place that fails falls behind alone."""

import asyncio
from collections.abc import Collection, Sequence
from typing import Final

from rostra.hosting.ark.manifest import piece_key
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store
from rostra.hosting.places.together import NO_ANSWER

AT_ONCE: Final = 8
_SLOWEST: Final = 1 << 18  # bytes a second, of a line that is still worth waiting for


class Sender:
    """Sends pieces to places. What a place is known to have is not sent again.

    Attributes:
        failed: the places that have failed, and why; they get nothing more.
        sent: pieces that were stored anew, by place.
        sent_bytes: theirs.
    """

    def __init__(
        self,
        stores: Sequence[Store],
        known: dict[str, set[str]],
        *,
        again: bool = False,
        deadline_s: float | None = None,
    ) -> None:
        """Send to these.

        Args:
            stores: the places.
            known: the names of pieces that each place has, by its name.
            again: store a piece also where something stands under its name.
            deadline_s: for one piece, beside what a slow line takes; None: the places have theirs.
        """
        self._deadline_s = deadline_s
        self._again = again
        self._stores = tuple(stores)
        self._known = {store.name: known.get(store.name, set()) for store in stores}
        self.failed: dict[str, str] = {}
        self.sent = {store.name: 0 for store in stores}
        self.sent_bytes = {store.name: 0 for store in stores}
        self._room = asyncio.Semaphore(AT_ONCE)
        self._under_way: set[asyncio.Task[None]] = set()

    async def piece(self, sealed: bytes, name: str) -> str:
        """Have a piece sent wherever it is missing; its name. Waits where many are under way."""
        for store in self._stores:
            if store.name in self.failed or name in self._known[store.name]:
                continue
            self._known[store.name].add(name)
            await self._room.acquire()
            task = asyncio.create_task(self._send(store, name, sealed))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return name

    def has(self, names: Collection[str]) -> bool:
        """Whether every place that has not failed is known to have all of these."""
        return all(
            known.issuperset(names)
            for place, known in self._known.items()
            if place not in self.failed
        )

    async def settle(self) -> None:
        """Wait for all that is under way."""
        while self._under_way:
            await asyncio.gather(*self._under_way)

    async def _send(self, store: Store, name: str, sealed: bytes) -> None:
        try:
            # What stands there has this name, and so this content, unless it was damaged: that is
            # for `verify` to find.
            async with asyncio.timeout(self._within(sealed)):
                if self._again:
                    await store.put(piece_key(name), sealed)
                elif not await store.create(piece_key(name), sealed):
                    return
            self.sent[store.name] += 1
            self.sent_bytes[store.name] += len(sealed)
        except PlaceFailed as error:
            self.failed[store.name] = error.why
        except TimeoutError:
            self.failed[store.name] = NO_ANSWER
        except Exception as error:  # noqa: BLE001 (whatever it is, the place has not got it)
            self.failed[store.name] = str(error) or type(error).__name__
        finally:
            self._room.release()

    def _within(self, sealed: bytes) -> float | None:
        """Seconds that a place may take for it."""
        return None if self._deadline_s is None else self._deadline_s + len(sealed) / _SLOWEST
