"""A client of streams for tests: WebSockets and server-sent events, read one event at a time."""

import asyncio
import base64
import json
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Self
from urllib.parse import urlencode

from tests.harness.answers import check_event, heard
from tests.harness.app import InProcess
from tests.harness.patience import PATIENCE_S, Watch

from rostra.api.streaming import channels
from rostra.api.streaming.streams import Streams


class Answer:
    """The head of an answer, and its body where it is no stream."""

    def __init__(self, head: bytes) -> None:
        first, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(first.split(" ")[1])
        self.headers: dict[str, str] = {}
        for line in filter(None, lines):
            name, _, value = line.partition(":")
            self.headers[name.strip().lower()] = value.strip()
        self.body = b""

    @property
    def error(self) -> str:
        """What the error says."""
        return str(json.loads(self.body)["error"])


class Connection:
    """A connection whose head has been read."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Answer
    ) -> None:
        self.reader = reader
        self.writer = writer
        self.answer = answer

    async def ended(self) -> float:
        """Wait for the end; the seconds it took."""
        with Watch() as watch:
            async with asyncio.timeout(PATIENCE_S):
                try:
                    while await self.reader.read(65536):
                        pass
                except ConnectionError:
                    pass
        self.close()
        return watch.seconds

    def close(self) -> None:
        """Hang up."""
        self.writer.close()


class Socket(Connection):
    """A WebSocket."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.pings = 0
        self.caught_up: Callable[[], Awaitable[None]] = _at_once
        self.closed_with: tuple[int, str] | None = None

    async def ended(self) -> float:
        """Wait for the end, saying goodbye as clients do; the seconds it took."""
        with Watch() as watch:
            try:
                while True:
                    await self.next()
            except (EOFError, ConnectionError):
                if self.closed_with:
                    self.writer.write(masked(self.closed_with[0].to_bytes(2), 8))
        await super().ended()
        return watch.seconds

    def say(self, message: Any, opcode: int = 1) -> None:
        """Send a message; what is no text goes as JSON."""
        text = message if isinstance(message, bytes | str) else json.dumps(message)
        payload = text.encode() if isinstance(text, str) else text
        self.writer.write(masked(payload, opcode))

    def subscribe(self, stream: str, **params: Any) -> None:
        """Subscribe to a stream."""
        self.say({"type": "subscribe", "stream": stream, **params})

    def unsubscribe(self, stream: str, **params: Any) -> None:
        """End a subscription."""
        self.say({"type": "unsubscribe", "stream": stream, **params})

    async def frame(self) -> tuple[int, bytes]:
        """The next frame: kind and payload."""
        first, length = await self.reader.readexactly(2)
        if length == 126:
            length = int.from_bytes(await self.reader.readexactly(2))
        elif length == 127:
            length = int.from_bytes(await self.reader.readexactly(8))
        return first & 15, await self.reader.readexactly(length)

    async def next(self) -> dict[str, Any]:
        """The next message; its payload decoded where it is JSON of an object."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                kind, payload = await self.frame()
                if kind == 1:
                    return opened(json.loads(payload))
                self._minded(kind, payload)

    def _minded(self, kind: int, payload: bytes) -> None:
        """Do with other frames what clients do."""
        if kind == 9:
            self.pings += 1
            self.writer.write(masked(payload, 10))
        if kind == 8:
            self.closed_with = (int.from_bytes(payload[:2]), payload[2:].decode())
            raise EOFError(self.closed_with)

    async def _until_answered(self) -> list[dict[str, Any]]:
        """What comes before the answer to a ping: the server answers in its turn."""
        self.writer.write(masked(b"?", 9))
        found: list[dict[str, Any]] = []
        async with asyncio.timeout(PATIENCE_S):
            while True:
                kind, payload = await self.frame()
                if kind == 10:
                    return found
                if kind == 1:
                    found.append(opened(json.loads(payload)))
                else:
                    self._minded(kind, payload)

    async def quiet(self) -> list[dict[str, Any]]:
        """All that there is to hear until now; nothing, where nothing should be."""
        found = await self._until_answered()
        await self.caught_up()
        return found + await self._until_answered()

    async def settled(self) -> None:
        """Wait until everything said so far is dealt with; nothing is to be heard meanwhile."""
        assert await self.quiet() == []


async def _at_once() -> None:
    """There is nothing to wait for."""


class Events(Connection):
    """Server-sent events."""

    async def line(self) -> bytes:
        """The next piece of the body."""
        size = int(await self.reader.readline(), 16)
        piece = await self.reader.readexactly(size)
        await self.reader.readexactly(2)
        if not size:
            raise EOFError
        return piece

    async def next(self) -> dict[str, Any]:
        """The next event, in the form of a WebSocket's."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                match = re.fullmatch(rb"event: (.+)\ndata: (.*)\n\n", await self.line())
                if match:
                    return opened({"event": match[1].decode(), "payload": match[2].decode()})


def opened(message: dict[str, Any]) -> dict[str, Any]:
    """The message, held against the document, with its payload decoded where that is an object."""
    payload = message.get("payload")
    if isinstance(payload, str):
        check_event(message.get("event", ""), payload)
    if isinstance(payload, str) and payload.startswith("{"):
        return {**message, "payload": json.loads(payload)}
    return message


def masked(payload: bytes, opcode: int = 1, *, final: bool = True) -> bytes:
    """A frame of a client."""
    head = bytes(((128 if final else 0) | opcode,))
    if len(payload) < 126:
        head += bytes((128 | len(payload),))
    elif len(payload) < 65536:
        head += bytes((128 | 126,)) + len(payload).to_bytes(2)
    else:
        head += bytes((128 | 127,)) + len(payload).to_bytes(8)
    mask = os.urandom(4)
    return head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload))


async def connected(
    port: int, path: str, *, headers: dict[str, str] | None = None, method: str = "GET"
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, Answer]:
    """Ask, and read the head of the answer; the body of an error too."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [f"{method} {path} HTTP/1.1", "host: localhost"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
    try:
        async with asyncio.timeout(PATIENCE_S):
            answer = Answer(await reader.readuntil(b"\r\n\r\n"))
            if "content-length" in answer.headers:
                answer.body = await reader.readexactly(int(answer.headers["content-length"]))
    except BaseException:
        writer.close()
        raise
    return reader, writer, answer


def upgrade() -> dict[str, str]:
    """The headers that ask for a WebSocket."""
    return {
        "connection": "keep-alive, Upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": base64.b64encode(os.urandom(16)).decode(),
    }


class Harbour:
    """The port of the streams of a server in this process."""

    def __init__(self, streams: Streams, port: int) -> None:
        self.port = port
        self.caught_up = streams.caught_up

    @classmethod
    async def of(cls, rostra: InProcess) -> Self:
        """Open the port of an application, which closes it."""
        return cls(rostra.app.streams, await rostra.app.streams.listen("127.0.0.1", 0))

    async def ask(self, path: str, **headers: str) -> Answer:
        """The answer to a plain request."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        _, writer, answer = await connected(self.port, path, headers=sent)
        writer.close()
        if answer.status == 200:
            heard(f"GET {path.partition('?')[0]}")
        return answer

    @asynccontextmanager
    async def socket(
        self, token: str = "", headers: dict[str, str] | None = None, **query: str
    ) -> AsyncIterator[Socket]:
        """An open WebSocket; the token goes into the query."""
        if token:
            query["access_token"] = token
        path = f"/api/v1/streaming?{urlencode(query)}"
        await self.caught_up()  # what happened before is not to be heard
        sent = {**upgrade(), **(headers or {})}
        socket = Socket(*await connected(self.port, path, headers=sent))
        try:
            assert socket.answer.status == 101, socket.answer.headers
            heard(f"WSS {channels.SOCKET}")
            socket.caught_up = self.caught_up
            if query.get("stream"):
                await socket.settled()
            yield socket
        finally:
            socket.close()

    @asynccontextmanager
    async def events(self, path: str, token: str, **query: str) -> AsyncIterator[Events]:
        """Open server-sent events."""
        where = f"/api/v1/streaming/{path}?{urlencode(query)}"
        await self.caught_up()
        events = Events(
            *await connected(self.port, where, headers={"authorization": f"Bearer {token}"})
        )
        try:
            assert events.answer.status == 200, events.answer.body
            assert await events.line() == b":)\n"
            heard(f"GET {channels.SOCKET}/{path}")
            yield events
        finally:
            events.close()
