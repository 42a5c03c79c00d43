"""What buses over a server share: a connection that is kept up, and what waits for it."""

import asyncio
import contextlib
from abc import ABC, abstractmethod
from collections import deque
from typing import Generic, TypeVar

from rostra.store.bus.memory import MemoryBus
from rostra.store.bus.port import QUEUE_SIZE, Subscription

T = TypeVar("T")


class ConnectedBus(ABC, Generic[T]):
    """Subscribing and starting; an heir publishes (`T`: what waits) and stays joined."""

    def __init__(self) -> None:
        self._inner = MemoryBus(self)  # type: ignore[arg-type] # its heirs are whole
        self._unsent: deque[T] = deque(maxlen=4 * QUEUE_SIZE)
        self._something = asyncio.Event()
        self._all_sent = asyncio.Event()
        self._joined = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def subscribe(self, *topics: str, size: int = QUEUE_SIZE) -> Subscription:
        """Listen to some topics, from now on."""
        return self._inner.subscribe(*topics, size=size)

    def forget(self, subscription: Subscription) -> None:
        """Called by a subscription that closes."""
        self._inner.forget(subscription)

    async def start(self) -> None:
        """Connect; returns when this process hears the others. Tries again until it can."""
        if self._task is None:
            self._name_itself()
            self._task = asyncio.create_task(self._stay_joined(), name="bus")
        await self._joined.wait()

    async def close(self) -> None:
        """Send what is still to be sent, then end every subscription."""
        if self._task is not None:
            if self._unsent and self._joined.is_set():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(1):
                        await self._all_sent.wait()
            self._task.cancel()
            await asyncio.wait({self._task})
            self._task = None
        await self._inner.close()

    def _wait_to_be_sent(self, message: T) -> None:
        self._unsent.append(message)
        self._all_sent.clear()
        self._something.set()

    def _were_sent(self, batch: list[T]) -> None:
        for message in batch:
            # The oldest may have been pushed out by newer ones in the meantime.
            with contextlib.suppress(ValueError):
                self._unsent.remove(message)

    @abstractmethod
    def _name_itself(self) -> None:
        """Take a name, at the start: a process that forks has one of its own."""

    @abstractmethod
    async def _stay_joined(self) -> None:
        """Be connected, for as long as the bus is open."""
