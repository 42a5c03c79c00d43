"""Servers of the tests' own, in the loop of the test."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(serve: Serve, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Serve each connection on a free port of loopback, which is given, as long as the block runs.

    What clients have not read by then is dropped: its socket would outlive the loop otherwise.
    """
    connections: set[asyncio.StreamWriter] = set()

    def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Awaitable[None]:
        connections.add(writer)  # at once: a task that is cancelled before it began adds nothing
        return serve(reader, writer)

    server = await asyncio.start_server(served, "127.0.0.1", 0, ssl=tls)
    try:
        async with server:
            yield server.sockets[0].getsockname()[1]
    finally:
        for _ in range(4):  # who has just been let in is known by then
            await asyncio.sleep(0)
        for writer in connections:
            writer.transport.abort()
        await asyncio.sleep(0)
