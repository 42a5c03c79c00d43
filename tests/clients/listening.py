"""Servers on loopback in threads of their own: push services, and a proxy that speaks TLS."""

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

from tests.harness.patience import PATIENCE_S, wait_for
from tests.harness.push_service import Received, Service
from tests.outside.conftest import CERTIFICATE

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextmanager
def looping() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop that runs in a thread."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@contextmanager
def serving(
    serve: Serve, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[int]:
    """Answer connections in a thread of its own; the port."""
    connections: set[asyncio.StreamWriter] = set()

    def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Awaitable[None]:
        connections.add(writer)  # at once: a task that is cancelled before it began adds nothing
        return _served(serve, reader, writer)

    with looping() as loop:
        starting = asyncio.start_server(answer, host, port, ssl=tls)
        server = asyncio.run_coroutine_threadsafe(starting, loop).result(PATIENCE_S)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            asyncio.run_coroutine_threadsafe(_ended(server, connections), loop).result(PATIENCE_S)


def own_tls() -> ssl.SSLContext:
    """The certificate of the tests, for those who serve with it."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(CERTIFICATE)
    return tls


@contextmanager
def listening(scheme: str = "http", host: str = "127.0.0.1", port: int = 0) -> Iterator[Service]:
    """A push service that takes everything."""
    service = Service(scheme, host)
    tls = own_tls() if scheme == "https" else None
    with serving(service.serve, host, port, tls) as service.port:
        yield service


async def _ended(server: asyncio.Server, connections: set[asyncio.StreamWriter]) -> None:
    server.close()
    await server.wait_closed()
    await asyncio.sleep(0.02)  # who has just been let in is known by then
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:  # connections that clients keep open
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    for writer in connections:  # what was not read is dropped, or its socket outlives the loop
        writer.transport.abort()
    await asyncio.sleep(0)


async def _served(serve: Serve, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await serve(reader, writer)
    finally:
        await _closed(writer)


async def _closed(writer: asyncio.StreamWriter) -> None:
    if not writer.is_closing():  # closed twice, TLS of Python 3.11 can no longer be aborted
        writer.close()
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(0.5):  # by TLS the other side must agree
            await writer.wait_closed()
    writer.transport.abort()
    await asyncio.sleep(0)


def arrived(service: Service, path: str) -> Received:
    """The next message for a device, which waits for it."""
    found: Received = wait_for(lambda: next(iter(waiting(service, path)), None))
    service.received.remove(found)
    return found


def waiting(service: Service, path: str) -> list[Received]:
    """What has come for a device and was not taken yet."""
    return [got for got in service.received if got.path == path]


class Proxy:
    """Passes what comes by TLS on to a place, as the web server in front of one does."""

    def __init__(self) -> None:
        self.port = 0
        self.target = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one connection on, both ways."""
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self.target)
        try:
            await asyncio.gather(_piped(reader, inner_writer), _piped(inner_reader, writer))
        finally:
            await _closed(inner_writer)


async def _piped(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while some := await reader.read(65536):
            writer.write(some)
            await writer.drain()
    writer.close()


@contextmanager
def proxying() -> Iterator[Proxy]:
    """A proxy whose target is told later."""
    proxy = Proxy()
    with serving(proxy.serve, tls=own_tls()) as proxy.port:
        yield proxy
