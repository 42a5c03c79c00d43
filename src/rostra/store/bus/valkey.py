"""The bus between machines that share a Valkey or Redis server: publish and subscribe.

Of the protocol (RESP, version 2) this takes five commands, each an array of byte strings, and
answers in five forms: too little to need a client library. One connection listens; another says.
A server that goes away is looked for until it is back; what was said meanwhile waits, to a point.
"""

import asyncio
import contextlib
import secrets
import ssl
from collections.abc import Sequence
from itertools import islice
from typing import Any, Final, Self
from urllib.parse import unquote, urlsplit

from rostra.store.bus.connected import ConnectedBus
from rostra.store.bus.port import MAX_MESSAGE_BYTES, QUEUE_SIZE, checked
from rostra.store.chance import around

_SLOWEST_RETRY_S: Final = 5.0
_CONNECT_S: Final = 10.0
_PING_S: Final = 20.0
_AT_ONCE: Final = 100
_LONGEST: Final = MAX_MESSAGE_BYTES + 4_096
_SENDER: Final = 16
_DEEPEST: Final = 4
_DEFAULT_PORT: Final = 6379
_OFFLINE = (OSError, TimeoutError, asyncio.IncompleteReadError, EOFError, ValueError)

Reply = bytes | int | list[Any] | None


class ServerError(OSError):
    """The server refuses a command."""


class ValkeyBus(ConnectedBus[bytes]):
    """The bus of one process among all that use the same server and channel."""

    def __init__(self, url: str, channel: str = "rostra") -> None:
        """`url`: `redis://`, `rediss://` or `unix://`, with user and password where needed."""
        super().__init__()
        self._url = url
        self._channel = channel.encode()
        self._name = b""  # given at the start: a process that forks has one of its own

    def publish(self, topic: str, body: bytes) -> None:
        """Tell all subscribers of the topic. See `Bus.publish`."""
        checked(topic, body)
        if self._task is not None:
            name = topic.encode()
            self._wait_to_be_sent(self._name + bytes((len(name),)) + name + body)
        self._inner.publish(topic, body)

    def _name_itself(self) -> None:
        self._name = secrets.token_bytes(_SENDER)

    async def _stay_joined(self) -> None:
        pause = 0.1
        while True:
            try:
                async with _connected(self._url) as saying, _connected(self._url) as hearing:
                    await hearing.ask((b"SUBSCRIBE", self._channel))
                    self._joined.set()
                    pause = 0.1
                    await _first_to_fail(self._say(saying), self._hear(hearing))
            except _OFFLINE:
                pass
            finally:
                self._joined.clear()
            await asyncio.sleep(around(pause, 0.5))
            pause = min(pause * 2, _SLOWEST_RETRY_S)

    async def _say(self, connection: "_Connection") -> None:
        while True:
            self._something.clear()
            while self._unsent:
                batch = list(islice(self._unsent, _AT_ONCE))
                await connection.ask(*((b"PUBLISH", self._channel, each) for each in batch))
                self._were_sent(batch)
            self._all_sent.set()
            try:
                async with asyncio.timeout(_PING_S):
                    await self._something.wait()
            except TimeoutError:
                await connection.ask((b"PING",))

    async def _hear(self, connection: "_Connection") -> None:
        while True:
            reply = await connection.read()
            match reply:
                case [b"message", _, bytes(content)] if content[:_SENDER] != self._name:
                    self._tell(content[_SENDER:])
                case _:
                    continue

    def _tell(self, content: bytes) -> None:
        length = content[0] if content else 0
        try:
            topic = content[1 : 1 + length].decode()
            self._inner.publish(topic, content[1 + length :])
        except ValueError:  # somebody else speaks on our channel
            return


async def _first_to_fail(*works: Any) -> None:
    """Run these until one of them fails, and fail with it."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Connection:
    """One connection to the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def ask(self, *commands: tuple[bytes, ...]) -> None:
        """Send commands, and read an answer to each.

        Raises:
            ServerError: the server refuses one.
        """
        for words in commands:
            self._writer.write(b"*%d\r\n" % len(words))
            self._writer.write(b"".join(b"$%d\r\n%b\r\n" % (len(w), w) for w in words))
        await self._writer.drain()
        for _ in commands:
            await self.read()

    async def read(self, depth: int = 0) -> Reply:
        """One answer.

        Raises:
            ServerError: it is an error.
            ValueError: it is no answer of this protocol, or too long.
        """
        line = (await self._reader.readuntil(b"\r\n"))[:-2]
        kind, rest = line[:1], line[1:]
        match kind:
            case b"+":
                return rest
            case b"-":
                raise ServerError(rest.decode("utf-8", "replace"))
            case b":":
                return int(rest)
            case b"$":
                return await self._text(int(rest))
            case b"*" if depth < _DEEPEST and int(rest) <= QUEUE_SIZE:
                return [await self.read(depth + 1) for _ in range(int(rest))]
            case _:
                raise ValueError(f"an answer that is none: {line[:40]!r}")

    async def _text(self, length: int) -> bytes | None:
        if length > _LONGEST:
            raise ValueError("an answer that is too long")
        if length < 0:
            return None
        return (await self._reader.readexactly(length + 2))[:-2]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(1):
                await self._writer.wait_closed()


@contextlib.asynccontextmanager
async def _connected(url: str) -> Any:
    """A connection that has signed in."""
    parts = urlsplit(url)
    async with asyncio.timeout(_CONNECT_S):
        if parts.scheme == "unix":
            reader, writer = await asyncio.open_unix_connection(parts.path)
        else:
            reader, writer = await asyncio.open_connection(
                parts.hostname or "localhost",
                parts.port or _DEFAULT_PORT,
                ssl=ssl.create_default_context() if parts.scheme == "rediss" else None,
            )
    async with _Connection(reader, writer) as connection:
        words: Sequence[str | None] = (parts.username, parts.password)
        secret = [unquote(word).encode() for word in words if word]
        if secret:
            await connection.ask((b"AUTH", *secret))
        yield connection
