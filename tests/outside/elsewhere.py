"""Hosts elsewhere, played on loopback, and a client that may call them."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import msgspec
from tests.harness.loopback import listening
from tests.harness.patience import PATIENCE_S
from tests.outside.conftest import Gate

from rostra.outside.http import HttpClient, Policy

Write = Callable[[bytes], Awaitable[None]]
Handler = Callable[[str, bytes, Write], Awaitable[None]]


class Names:
    """A resolver that answers from a table and remembers what it was asked; lists take turns."""

    def __init__(self, **table: list[str]) -> None:
        self._table = {name.replace("_", "."): answers for name, answers in table.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, _port: int) -> list[str]:
        self.asked.append(host)
        if host not in self._table:
            raise OSError("no such host")
        answer = self._table[host]
        return answer.pop(0).split() if len(answer) > 1 else answer[0].split()


@asynccontextmanager
async def serving(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server on loopback that gives each request's path and head to the handler."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def write(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        try:
            head = await reader.readuntil(b"\r\n\r\n")
            await handler(head.split()[1].decode(), head, write)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async with listening(serve, tls) as port:
        yield port


def answer(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def client(gate: Gate, port: int, names: Names, **policy: object) -> HttpClient:
    """A client that may call loopback on one port beside the usual ones."""
    settings = Policy(
        ports=frozenset({80, 443, port}), allowed=("127.0.0.1/32",), deadline_s=PATIENCE_S
    )
    return HttpClient(gate, msgspec.structs.replace(settings, **policy), resolver=names)


async def echo(path: str, head: bytes, write: Write) -> None:
    await write(answer(path.encode() + b"\n" + head, content_type="text/plain"))


def redirecting(location: str, status: str = "302 Found") -> Handler:
    async def handler(path: str, head: bytes, write: Write) -> None:
        if path == "/start":
            await write(answer(b"", status, location=location))
        else:
            await echo(path, head, write)

    return handler
