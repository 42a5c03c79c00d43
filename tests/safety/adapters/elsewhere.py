"""A program elsewhere on loopback: it answers in any of the three forms, or misbehaves."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from tests.harness.push_service import Received

Reply = Callable[[Received], bytes | None]
"""The bytes of an answer's body; None: none ever comes."""


def moderation(**scores: float | None) -> Reply:
    """An answer in OpenAI's moderation form, with these scores by its categories."""
    body = {"id": "m1", "model": "m", "results": [{"flagged": True, "category_scores": scores}]}
    return lambda _received: json.dumps(body).encode()


def told(**scores: float) -> Reply:
    """An answer in OpenAI's chat form, as a model gives it that does what it is told."""

    def reply(received: Received) -> bytes:
        system = json.loads(received.body)["messages"][0]["content"]
        form = json.loads(system.strip().rsplit("\n", 1)[1])
        form["scores"] |= scores
        form["reason"] = "It calls for violence."
        return completion(json.dumps(form))

    return reply


def completion(content: str, finish_reason: str = "stop") -> bytes:
    """The body of an answer in OpenAI's chat form."""
    message = {"role": "assistant", "content": content}
    choices = [{"index": 0, "message": message, "finish_reason": finish_reason}]
    return json.dumps({"id": "c1", "choices": choices}).encode()


def always(body: bytes) -> Reply:
    """The same to everybody."""
    return lambda _received: body


def banks(*names: str) -> Reply:
    """An answer as HMA's `/m/lookup` gives it."""
    return always(json.dumps(names).encode())


def nothing(_received: Received) -> None:
    """It hangs."""


class Elsewhere:
    """What it received, and how it answers."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.reply: Reply = always(b"{}")
        self.status = "200 OK"
        self.floods = False
        self.port = 0
        self.asked = asyncio.Event()
        self.open = asyncio.Event()  # without it no answer goes out
        self.open.set()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen, at the same port as before."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def kill(self) -> None:
        """Be gone, in the middle of whatever it does."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            await self._answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            self._writers.discard(writer)
            writer.transport.abort() if self.floods else writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value
            for name, value in (line.split(": ", 1) for line in head[1:] if line)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        received = Received(head[0].split()[1], headers, body)
        self.received.append(received)
        self.asked.set()
        await self.open.wait()
        if self.floods:
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                writer.write(b"[" * 65_536)
                await writer.drain()
        answer = self.reply(received)
        if answer is None:
            await reader.read()  # until the other side has had enough
            return
        writer.write(f"HTTP/1.1 {self.status}\r\ncontent-length: {len(answer)}\r\n\r\n".encode())
        writer.write(answer)
        await writer.drain()

    def last(self) -> Any:
        """What it was asked last."""
        return json.loads(self.received[-1].body)


@asynccontextmanager
async def elsewhere() -> AsyncIterator[Elsewhere]:
    """It listens as long as the block runs."""
    made = Elsewhere()
    await made.start()
    try:
        yield made
    finally:
        await made.kill()
        for _ in range(4):
            await asyncio.sleep(0)


def settings(service: Elsewhere, form: str, **more: str) -> dict[str, str]:
    """The environment of a place whose adapter `guard` is this service."""
    given = {
        "form": form,
        "endpoint": service.url,
        "allowed_networks": "127.0.0.1/32",
        "timeout_s": "5",
        "model": "safeguard" if form == "chat" else "",
        "harms": "*:other_illegal" if form == "hma" else "",
        **more,
    }
    return {f"ROSTRA_ADAPTERS_GUARD_{key.upper()}": value for key, value in given.items() if value}
