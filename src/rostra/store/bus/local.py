"""The bus between the worker processes of one machine: a local socket, without any server.

All processes are equal. The one that holds `bus.lock` is the hub: it listens on `bus.sock` and
passes on what it hears; the others connect to it. The kernel lets go of the lock when the hub dies,
whatever it dies of, and the next process that notices takes it.
"""

import asyncio
import contextlib
import fcntl
import os
from collections import deque
from collections.abc import Awaitable
from pathlib import Path

from rostra.store.bus.memory import MemoryBus
from rostra.store.bus.port import MAX_MESSAGE_BYTES, QUEUE_SIZE, Subscription, checked
from rostra.store.chance import around

_RETRY_S = 0.05
_BACKLOG_BYTES = 4 * MAX_MESSAGE_BYTES  # what a slow process may leave unread before it is dropped
_LONGEST_FRAME = MAX_MESSAGE_BYTES + 1024
_WELCOME = b"hub\n"  # the first that a hub says to a process


class LocalBus:
    """The bus of one process among several in the same data directory."""

    def __init__(self, folder: Path) -> None:
        """`folder`: where socket and lock are; made where it is missing."""
        self._folder = folder
        self._inner = MemoryBus(self)
        self._peers: set[asyncio.StreamWriter] = set()
        self._unsent: deque[bytes] = deque(maxlen=QUEUE_SIZE)
        self._task: asyncio.Task[None] | None = None
        self._connected = asyncio.Event()
        self.is_hub = False

    def publish(self, topic: str, body: bytes) -> None:
        """Tell all subscribers of the topic. See `Bus.publish`."""
        checked(topic, body)
        frame = _frame(topic, body)
        if self._connected.is_set():
            self._tell(frame)
        elif self._task is not None:
            self._unsent.append(frame)
        self._inner.publish(topic, body)

    def subscribe(self, *topics: str, size: int = QUEUE_SIZE) -> Subscription:
        """Listen to some topics, from now on."""
        return self._inner.subscribe(*topics, size=size)

    def forget(self, subscription: Subscription) -> None:
        """Called by a subscription that closes."""
        self._inner.forget(subscription)

    async def start(self) -> None:
        """Join the other processes; returns when this one is joined.

        Raises:
            OSError: the folder can't be written.
        """
        if self._task is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._task = asyncio.create_task(self._stay_joined(), name="bus")
        joined = asyncio.create_task(self._connected.wait())
        await asyncio.wait({joined, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if not joined.done():
            joined.cancel()
            await self._task

    async def close(self) -> None:
        """Send what is still to be sent, then end every subscription."""
        for peer in tuple(self._peers):
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(1):
                    await peer.drain()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
            self._task = None
        await self._inner.close()

    def _tell(self, frame: bytes, but: asyncio.StreamWriter | None = None) -> None:
        for peer in tuple(self._peers):
            if peer is but:
                continue
            if peer.transport.get_write_buffer_size() > _BACKLOG_BYTES:
                peer.transport.abort()  # it does not read; it will come back
                self._peers.discard(peer)
            else:
                peer.write(frame)

    async def _stay_joined(self) -> None:
        lock = os.open(self._folder / "bus.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        address = _address(self._folder, folder)
        try:
            while True:
                if _try_lock(lock):
                    await self._be_hub(address)
                else:
                    await self._be_peer(address)
                await asyncio.sleep(around(_RETRY_S, 0.5))
        finally:
            self._connected.clear()
            os.close(folder)
            os.close(lock)

    async def _be_hub(self, address: Path) -> None:
        """Pass on what the others say, for as long as this process lives."""
        address.unlink(missing_ok=True)  # noqa: ASYNC240 (one system call, once)
        server = await asyncio.start_unix_server(self._serve, str(address))
        self.is_hub = True
        self._joined()
        try:
            await asyncio.Event().wait()
        finally:
            self.is_hub = False
            server.close()
            for peer in tuple(self._peers):
                peer.close()

    def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Awaitable[None]:
        writer.write(_WELCOME)
        self._peers.add(writer)  # at once, so that it is closed with the others whatever happens
        return self._listen(reader, writer)

    async def _be_peer(self, address: Path) -> None:
        """Be connected to the hub until it goes away."""
        try:
            reader, writer = await asyncio.open_unix_connection(str(address))
        except OSError:
            return
        try:
            # The system connects us before the hub knows of it: what it says until then is lost.
            await reader.readexactly(len(_WELCOME))
            self._peers.add(writer)
            self._joined()
            await self._listen(reader, writer)
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            self._connected.clear()
            writer.close()

    def _joined(self) -> None:
        self._connected.set()
        while self._unsent:
            self._tell(self._unsent.popleft())

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                length = int.from_bytes(await reader.readexactly(4))
                if length > _LONGEST_FRAME:
                    break
                content = await reader.readexactly(length)
                if self.is_hub:
                    self._tell(length.to_bytes(4) + content, but=writer)
                topic_length = content[0]
                topic = content[1 : 1 + topic_length].decode()
                self._inner.publish(topic, content[1 + topic_length :])
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            self._peers.discard(writer)
            writer.close()


def _frame(topic: str, body: bytes) -> bytes:
    name = topic.encode()
    return (1 + len(name) + len(body)).to_bytes(4) + bytes([len(name)]) + name + body


def _address(folder: Path, descriptor: int) -> Path:
    """The socket's path: 107 bytes at most, and data directories can be deeper than that."""
    through = Path(f"/proc/self/fd/{descriptor}")
    return (through if through.exists() else folder) / "bus.sock"


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
