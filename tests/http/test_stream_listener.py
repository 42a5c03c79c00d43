"""The listener of the streams with a door of the test's own: time, room, clients who misbehave."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from tests.harness.patience import PATIENCE_S, until
from tests.harness.streams import Connection, Events, Socket, connected, masked, upgrade

from rostra.http.request import Request
from rostra.http.response import PLAIN, Response
from rostra.http.site import Site
from rostra.http.stream_head import chunk
from rostra.http.stream_listener import StreamListener
from rostra.http.stream_socket import USUAL, Line, Times, Welcome
from rostra.http.websocket import framed
from rostra.kernel.errors import Forbidden, RostraError

QUICK = Times(beat=0.05, head=PATIENCE_S, ping=0.1, thump=0.1)


class Guest:
    """Lets everybody in, and keeps what they say."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.said: list[str] = []
        self.left = 0
        self.asking = asyncio.Event()
        self.given_up = asyncio.Event()

    async def door(self, request: Request, line: Line) -> Response | Welcome:
        if request.path == "/bug":
            raise ZeroDivisionError
        if request.path == "/slow":
            self.asking.set()
            try:
                await asyncio.Event().wait()
            finally:
                self.given_up.set()
        if request.path == "/no":
            raise Forbidden(safe="No")
        if request.path == "/plain":
            return Response(request.address.encode(), 200, (PLAIN,))
        self.lines.append(line)
        return Welcome(self)

    def begun(self) -> None:
        self.lines[-1].send(framed(b"hi") if self.lines[-1].kind == "websocket" else chunk(b"hi"))

    def heard(self, text: str) -> None:
        self.said.append(text)

    def ended(self) -> None:
        self.left += 1


def failed(_request: Request | None, error: RostraError) -> Response:
    return Response(error.safe.encode(), error.status, (PLAIN,))


@asynccontextmanager
async def listening(
    guest: Guest,
    *,
    times: Times = USUAL,
    most: int = 100,
    site: Site = Site(),  # noqa: B008 (frozen)
) -> AsyncIterator[tuple[StreamListener, int]]:
    listener = StreamListener(site, guest.door, failed, most=most, times=times)
    port = await listener.listen("127.0.0.1", 0)
    try:
        yield listener, port
    finally:
        await listener.close()
        await listener.close()


async def socket_at(port: int, path: str = "/") -> Socket:
    found = Socket(*await connected(port, path, headers=upgrade()))
    assert found.answer.status == 101
    assert await found.frame() == (1, b"hi")
    return found


def metrics(listener: StreamListener) -> str:
    registry = CollectorRegistry()
    registry.register(listener.counts)
    return generate_latest(registry).decode()


async def test_pings_keep_alive_who_answers_and_let_go_who_does_not() -> None:
    guest = Guest()
    async with listening(guest, times=QUICK) as (listener, port):
        lively, silent = await socket_at(port), await socket_at(port)
        answered = 0

        async def answer() -> None:
            nonlocal answered
            while True:
                assert await lively.frame() == (9, b"")
                lively.writer.write(masked(b"", 10))
                answered += 1

        answering = asyncio.create_task(answer())
        await Connection.ended(silent)  # which answers nothing
        await until(lambda: guest.left == 1 and answered >= 5)
        assert listener.counts.open == {"websocket": 1, "events": 0}
        assert 'rostra_streams_dropped_total{reason="silent"} 1.0' in metrics(listener)
        answering.cancel()
        await asyncio.gather(answering, return_exceptions=True)
        lively.close()


async def test_events_are_kept_alive_by_comments() -> None:
    guest = Guest()
    async with listening(guest, times=QUICK) as (listener, port):
        events = Events(*await connected(port, "/"))
        assert events.answer.headers["content-type"] == "text/event-stream"
        assert [await events.line() for _ in range(4)] == [
            b":)\n", b"hi", b":thump\n", b":thump\n",
        ]  # fmt: skip
        assert 'rostra_streams{kind="events"} 1.0' in metrics(listener)
        guest.lines[0].end(1008, "over")
        with pytest.raises(EOFError):
            await events.line()
        await events.ended()
        await until(lambda: guest.left == 1)


async def test_who_says_nothing_is_not_waited_for() -> None:
    async with listening(Guest(), times=QUICK._replace(head=0.2)) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nhost: a")
        async with asyncio.timeout(PATIENCE_S):
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await reader.readexactly(1)
        writer.close()


async def test_there_is_room_for_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rostra.http.stream_listener.MAX_ASKING", 2)
    guest = Guest()
    async with listening(guest, most=1) as (listener, port):
        one = [await socket_at(port) for _ in range(3)]
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await socket_at(port)
        assert listener.counts.open["websocket"] == 3
        writer.close()
        for each in one:
            each.close()


async def test_who_says_nothing_takes_no_room_from_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rostra.http.stream_listener.MAX_ASKING", 3)
    async with listening(Guest()) as (listener, port):
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        for _ in range(2):
            (await socket_at(port)).close()
        reader, _ = silent[0]
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)
        assert listener.counts.opened == 2
        for _, writer in silent:
            writer.close()


async def let_in(port: int) -> Socket:
    """Come again until there is room: nothing tells when a connection that was closed is gone."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                return await socket_at(port)
            await asyncio.sleep(0.01)


async def test_an_address_has_room_for_some_that_say_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rostra.http.stream_listener.MAX_SILENT", 3)
    for trusted, refused in (((), True), (("127.0.0.0/8",), False)):
        site = Site(trusted_proxies=trusted)
        async with listening(Guest(), site=site) as (_, port):
            silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
            if refused:
                with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                    await socket_at(port)
                silent.pop()[1].close()
            (await let_in(port)).close()
            for _, writer in silent:
                writer.close()


async def test_a_slow_reader_is_dropped_and_others_hear_everything() -> None:
    guest = Guest()
    async with listening(guest) as (listener, port):
        slow, quick = await socket_at(port), await socket_at(port)
        slow.writer.transport.pause_reading()  # type: ignore[attr-defined] # it reads as well
        sock = slow.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        piece, heard = framed(b"x" * 100_000), 0
        while listener.counts.open["websocket"] == 2:
            for line in guest.lines:
                line.send(piece)
            assert await quick.frame() == (1, b"x" * 100_000)
            heard += 1
            assert heard < 500
        assert 'reason="slow"} 1.0' in metrics(listener)
        guest.lines[1].send(framed(b"still here"))
        assert await quick.frame() == (1, b"still here")
        guest.lines[0].send(piece)  # of no effect
        slow.close()
        quick.close()


async def test_clients_that_break_the_protocol_are_told() -> None:
    guest = Guest()
    async with listening(guest) as (_, port):
        for said, code in (
            (b"\x81\x05hello", 1002),
            (masked(b"x", 2), 1003),
            (masked(b"\xff", 1), 1007),
            (b"\x81\xff" + b"\x7f" * 8, 1009),
            (masked(b"a") * 100, 1008),
        ):
            client = await socket_at(port)
            client.writer.write(said)
            kind, payload = await client.frame()
            assert (kind, int.from_bytes(payload[:2])) == (8, code)
            client.writer.write(masked(payload[:2], 8))
            await client.ended()
        assert len(guest.said) == 60
        await until(lambda: guest.left == 5)


async def test_goodbyes_are_answered() -> None:
    guest = Guest()
    async with listening(guest) as (_, port):
        for payload in ((1000).to_bytes(2) + b"done", b"", (4001).to_bytes(2)):
            client = await socket_at(port)
            client.say("last words")
            client.writer.write(masked(payload, 8))
            assert await client.frame() == (8, payload[:2])
            await client.ended()
        await until(lambda: guest.left == 3)
        assert guest.said == ["last words"] * 3
        client = await socket_at(port)
        guest.lines[-1].end(1008, "go")
        guest.lines[-1].end(1008, "again")
        client.say("not heard")
        assert await client.frame() == (8, (1008).to_bytes(2) + b"go")
        assert await client.ended() < 2  # though it never says goodbye
        assert "not heard" not in guest.said


async def raw(port: int, *pieces: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece)
        await asyncio.sleep(0.05)
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


HOSTILE = (
    b"GET / HTTP/2\r\n\r\n",
    b"get / HTTP/1.1\r\n\r\n",
    b"GET http://elsewhere/ HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nname : blank\r\n\r\n",
    b"GET / HTTP/1.1\r\n folded: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nx: a\0b\r\n\r\n",
    b"GET / HTTP/1.1\r\ncontent-length: 5\r\n\r\n",
    b"GET / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 101 + b"\r\n",
    b"GET / HTTP/1.1\r\n\r\nmore",
    b"\x16\x03\x01" + b"\0" * 50 + b"\r\n\r\n",
)


@pytest.mark.parametrize("head", HOSTILE, ids=range(len(HOSTILE)))
async def test_heads_that_can_not_be_read_are_refused(head: bytes) -> None:
    async with listening(Guest()) as (_, port):
        assert (await raw(port, head)).startswith(b"HTTP/1.1 400 Bad Request\r\n")


async def test_answers_of_the_door() -> None:
    guest = Guest()
    async with listening(guest) as (_, port):
        assert (await raw(port, b"GET /" + b"a" * 20_000)).startswith(b"HTTP/1.1 431 ")
        assert (await raw(port, b"GET /bug HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 500 ")
        assert (await raw(port, b"GET /no HTTP/1.1\r\n\r\n")).endswith(b"\r\n\r\nNo")
        plain = await raw(port, b"GET /pl%61in HTTP/1.1\r\n", b"x-request-id: me\r\n\r\n")
        assert plain.endswith(b"\r\n\r\n127.0.0.1")
        assert b"\r\nx-request-id: me\r\n" in plain
        assert (await raw(port, b"HEAD /plain HTTP/1.1\r\n\r\n")).endswith(b"close\r\n\r\n")
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /slow HTTP/1.1\r\n\r\n")
        await guest.asking.wait()
        writer.write(b"more")
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""
        writer.close()
        for change in ({"sec-websocket-version": "8"}, {"sec-websocket-key": "x"}):
            _, writer, answer = await connected(port, "/", headers={**upgrade(), **change})
            writer.close()
            assert answer.status == 400


async def test_whoever_hangs_up_early_is_forgotten() -> None:
    guest = Guest()
    async with listening(guest) as (listener, port):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /slow HTTP/1.1\r\n\r\n")
        await guest.asking.wait()
        writer.close()
        await guest.given_up.wait()
        assert listener.counts.open == {"websocket": 0, "events": 0}
        assert guest.lines == []


async def test_a_stop_leaves_nobody() -> None:
    guest = Guest()
    async with listening(guest) as (_, port):
        client, events = await socket_at(port), Events(*await connected(port, "/"))
    await client.ended()
    await events.ended()
    assert guest.left == 2
