"""What every bus does, and the queue of one subscriber."""

import asyncio
from collections import deque
from typing import NamedTuple, Protocol, Self

MAX_MESSAGE_BYTES = 1_048_576
MAX_TOPIC_BYTES = 200
QUEUE_SIZE = 256


class Message(NamedTuple):
    """What was published, and under which topic."""

    topic: str
    body: bytes


class Subscription:
    """The messages of some topics, in order; an async iterator and a context manager.

    It holds `size` messages at most. A reader that is slower than that is dropped: the iteration
    ends and `lagged` says why, so that the reader can start over from the database.
    """

    def __init__(self, bus: "Bus", topics: frozenset[str], size: int) -> None:
        self.topics = topics
        self.lagged = False
        self._bus = bus
        self._size = size
        self._waiting: deque[Message] = deque()
        self._closed = False
        self._news = asyncio.Event()

    def offer(self, message: Message) -> None:
        """Called by the bus: queue it, or drop this reader. Never blocks."""
        if self._closed:
            return
        if len(self._waiting) >= self._size:
            self.lagged = True
            self._waiting.clear()
            self.close()
            return
        self._waiting.append(message)
        self._news.set()

    @property
    def waiting(self) -> int:
        """How many messages are queued."""
        return len(self._waiting)

    def close(self) -> None:
        """Stop listening; the iteration ends after what is queued."""
        self._closed = True
        self._bus.forget(self)
        self._news.set()

    async def wait(self, timeout_s: float) -> list[Message]:
        """Everything queued by now, after waiting `timeout_s` seconds at most for the first."""
        if not self._waiting and not self._closed:
            try:
                async with asyncio.timeout(timeout_s):
                    await self._news.wait()
            except TimeoutError:
                return []
        taken = list(self._waiting)
        self._waiting.clear()
        if not self._closed:
            self._news.clear()
        return taken

    def __aiter__(self) -> Self:
        """Iterate over the messages."""
        return self

    async def __anext__(self) -> Message:
        """The next message."""
        while not self._waiting:
            if self._closed:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        return self._waiting.popleft()

    def __enter__(self) -> Self:
        """Listen until the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self.close()


class Bus(Protocol):
    """Publish and subscribe, within the processes of one installation."""

    def publish(self, topic: str, body: bytes) -> None:
        """Tell all subscribers of the topic, the publisher's own process included.

        Never blocks and never fails for want of a connection. From the event loop only.

        Raises:
            ValueError: topic or body is too long (200 and 1,048,576 bytes).
        """
        ...

    def subscribe(self, *topics: str, size: int = QUEUE_SIZE) -> Subscription:
        """Listen to some topics, from now on."""
        ...

    def forget(self, subscription: Subscription) -> None:
        """Called by a subscription that closes."""
        ...

    async def start(self) -> None:
        """Connect. Before it, messages reach this process only; a bus may be started late."""
        ...

    async def close(self) -> None:
        """Say what is still to be said, then end every subscription."""
        ...


def checked(topic: str, body: bytes) -> None:
    """ValueError if this can't be published."""
    if len(topic.encode()) > MAX_TOPIC_BYTES or len(body) > MAX_MESSAGE_BYTES:
        raise ValueError(f"a message to {topic[:80]!r} is too long ({len(body)} bytes)")
