"""One connection to the port of the streams: a head is read, a door is asked, a stream begins.

Everything that is held for a stream is here, and it is small: the connection itself, its reader of
frames, and the visit that the API has made of it. Nothing is copied for a single stream: what goes
out is bytes that many share. Who does not read them is dropped.
"""

import asyncio
from collections.abc import Awaitable, Callable
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Protocol

import structlog

from rostra.http.failures import BadRequest, HeadersTooLarge
from rostra.http.request import Request
from rostra.http.response import Header, Response
from rostra.http.stream_head import MAX_HEAD, chunk, head_of, no_body, scope_of
from rostra.http.websocket import (
    PING,
    Broken,
    Code,
    Frame,
    FrameReader,
    Op,
    accept_key,
    closing,
    framed,
    is_upgrade,
)
from rostra.kernel.errors import RostraError

if TYPE_CHECKING:
    from rostra.http.stream_listener import StreamListener

MAX_UNREAD: Final = 262_144  # bytes that a reader may be behind, beyond what the system holds
FRAMES: Final = 60  # that a client may send between two beats of the listener
GOODBYE_S: Final = 0.3
_THUMP: Final = chunk(b":thump\n")
_BEGIN: Final = chunk(b":)\n")
_EVENTS: Final[tuple[Header, ...]] = (
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"private, no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would wait for more
    (b"transfer-encoding", b"chunked"),
    (b"connection", b"close"),
)
_log = structlog.get_logger("rostra.streams")

Kind = Literal["websocket", "events"]


class Times(NamedTuple):
    """Seconds.

    Attributes:
        beat: between two looks at all connections.
        head: that a client has to say what it wants.
        ping: between two pings; after two without an answer a WebSocket is given up.
        thump: between two comments that keep server-sent events alive.
    """

    beat: float = 5.0
    head: float = 10.0
    ping: float = 30.0
    thump: float = 15.0


USUAL: Final = Times()


class Visit(Protocol):
    """What the API makes of a connection that it has let in."""

    def begun(self) -> None:
        """The stream is open: from now on it can be sent to."""
        ...

    def heard(self, text: str) -> None:
        """The client says something."""
        ...

    def ended(self) -> None:
        """The connection is gone, whoever ended it."""
        ...


class Line(Protocol):
    """The connection as the API sees it."""

    kind: Kind

    def send(self, piece: bytes) -> None:
        """Send what has been framed already; a reader that is too far behind is dropped."""
        ...

    def end(self, code: int, reason: str) -> None:
        """End the stream; a WebSocket is told why."""
        ...


class Welcome:
    """The door's yes: who visits, and headers for the answer."""

    __slots__ = ("headers", "visit")

    def __init__(self, visit: Visit, headers: tuple[Header, ...] = ()) -> None:
        self.visit = visit
        self.headers = headers


Door = Callable[[Request, Line], Awaitable[Response | Welcome]]
"""Lets a request in, or answers it. Errors it raises are rendered by the listener's surface."""


class State(IntEnum):
    """How far a connection has come."""

    HEAD = 0
    ASKING = 1
    OPEN = 2
    OVER = 3


class StreamSocket(asyncio.Protocol):
    """See the module."""

    __slots__ = (
        "_buffer", "_due", "_frames_left", "_host", "_reader", "_silent", "_state", "_task",
        "_transport", "_visit", "kind",
    )  # fmt: skip

    def __init__(self, host: "StreamListener") -> None:
        self.kind: Kind = "events"
        self._host = host
        self._transport: Any = None
        self._state = State.HEAD
        self._buffer = b""
        self._visit: Visit | None = None
        self._reader: FrameReader | None = None
        self._task: asyncio.Task[None] | None = None
        self._due = host.now + host.times.head
        self._frames_left = FRAMES
        self._silent = 0  # pings without an answer

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody has connected."""
        self._transport = transport
        if not self._host.arrived(self, self._peer()):
            self._abort("full")

    def data_received(self, data: bytes) -> None:
        """Bytes of the client."""
        if self._reader is not None:
            self._read_frames(self._reader, data)
        elif self._state is State.HEAD:
            self._read_head(data)
        elif self._state is State.ASKING:
            self._abort("protocol")  # it talks before it was let in
        # Whoever reads events has nothing more to say.

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        del exc
        self._state = State.OVER
        self._host.left(self)
        if self._task is not None:
            self._task.cancel()
        if self._visit is not None:
            self._visit.ended()
            self._visit = None

    # What the API calls.

    def send(self, piece: bytes) -> None:
        """See `Line.send`."""
        if self._state is not State.OPEN:
            return
        if self._transport.get_write_buffer_size() > MAX_UNREAD:
            self._abort("slow")
            return
        self._transport.write(piece)

    def end(self, code: int, reason: str) -> None:
        """See `Line.end`."""
        if self._state is not State.OPEN:
            return
        self._state = State.OVER
        if self.kind == "websocket":
            self._transport.write(closing(code, reason))
        else:
            self._transport.write(chunk(b""))
            self._transport.close()
        # Whoever does not read, or does not say goodbye, is not waited for.
        asyncio.get_running_loop().call_later(GOODBYE_S, self._transport.abort)

    # What the listener calls.

    def beat(self) -> None:
        """Time has passed: keep alive what lives, let go of what does not."""
        self._frames_left = FRAMES
        if self._host.now < self._due:
            return
        if self._state is not State.OPEN:
            self._abort("late")
        elif self.kind == "events":
            self._due += self._host.times.thump
            self.send(_THUMP)
        elif self._silent > 1:
            self._abort("silent")
        else:
            self._silent += 1
            self._due += self._host.times.ping
            self.send(PING)

    def give_way(self) -> None:
        """End it at once: it has said nothing yet, and others want its place."""
        self._abort("full")

    def abort(self) -> None:
        """End it at once: the process ends."""
        self._abort("stopped")

    # The head.

    def _read_head(self, data: bytes) -> None:
        self._buffer += data
        head, end, rest = self._buffer.partition(b"\r\n\r\n")
        if not end and len(self._buffer) <= MAX_HEAD:
            return
        self._buffer = b""
        self._state = State.ASKING
        self._host.asked(self)
        task = asyncio.get_running_loop().create_task(self._ask(head, early=bool(rest)))
        self._task = task

    async def _ask(self, head: bytes, *, early: bool) -> None:
        request: Request | None = None
        try:
            _check(head, early=early)
            request = self._host.request(scope_of(head, self._peer()), no_body)
            request.check_headers()
            self.kind = "websocket" if is_upgrade(request.headers) else "events"
            answer = await self._host.door(request, self)
        except RostraError as error:
            answer = self._host.failed(request, error)
        except Exception as error:  # noqa: BLE001 (the last line: whatever it was, an answer leaves)
            _log.error("failed", error=type(error).__name__)
            answer = self._host.failed(request, RostraError("unexpected"))
        self._task = None
        if isinstance(answer, Response):
            self._answer(request, answer)
        elif request is not None:
            self._begin(request, answer)

    def _peer(self) -> str | None:
        peer = self._transport.get_extra_info("peername")
        return str(peer[0]) if isinstance(peer, tuple) else None

    def _answer(self, request: Request | None, response: Response) -> None:
        """Answer and close. A refused WebSocket gets no body, as Mastodon has it."""
        if self._state is State.OVER:
            return
        self._state = State.OVER
        headers, body = [*response.headers], response.body
        if request is not None:
            headers += [*request.extra, (b"x-request-id", request.request_id)]
        if request is not None and request.method == "HEAD":
            body = b""
        headers += [(b"content-length", b"%d" % len(body)), (b"connection", b"close")]
        self._transport.write(head_of(response.status, headers) + body)
        self._transport.close()

    def _begin(self, request: Request, welcome: Welcome) -> None:
        if self._state is State.OVER:  # gone while it was asked for
            return
        own = (*welcome.headers, (b"x-request-id", request.request_id))
        if self.kind == "websocket":
            key = accept_key(request.headers.get(b"sec-websocket-key", b""))
            if key is None or request.headers.get(b"sec-websocket-version") != b"13":
                bad = BadRequest(safe="This is no WebSocket of version 13")
                self._answer(request, self._host.failed(request, bad))
                return
            switching = (
                (b"upgrade", b"websocket"),
                (b"connection", b"Upgrade"),
                (b"sec-websocket-accept", key),
            )
            self._reader = FrameReader()
            self._due = self._host.now + self._host.times.ping
            self._transport.write(head_of(101, (*switching, *own)))
        else:
            self._due = self._host.now + self._host.times.thump
            self._transport.write(head_of(200, (*_EVENTS, *own)) + _BEGIN)
        self._state = State.OPEN
        self._visit = welcome.visit
        self._host.begun(self)
        self._visit.begun()

    # Frames.

    def _read_frames(self, reader: FrameReader, data: bytes) -> None:
        try:
            for frame in reader.feed(data):
                self._frames_left -= 1
                if self._frames_left < 0:
                    raise Broken(Code.POLICY, "too many messages")  # noqa: TRY301 (one way out)
                self._hear(frame)
        except Broken as broken:
            self._host.counts.dropped("protocol")
            self.end(broken.code, broken.reason)
            self._reader = FrameReader()

    def _hear(self, frame: Frame) -> None:
        self._silent = 0
        if frame.op is Op.CLOSE:
            if self._state is State.OPEN:
                self._state = State.OVER
                self._transport.write(framed(frame.payload, Op.CLOSE))
            self._transport.close()
        elif self._state is not State.OPEN:
            return  # what was under way when we said goodbye
        elif frame.op is Op.PING:
            self.send(framed(frame.payload, Op.PONG))
        elif frame.op is Op.TEXT and self._visit is not None:
            try:
                text = frame.payload.decode()
            except UnicodeDecodeError:
                raise Broken(Code.BAD_TEXT, "the message is no text") from None
            self._visit.heard(text)
        elif frame.op is Op.BINARY:
            raise Broken(Code.NOT_TEXT, "binary messages are not supported")

    def _abort(self, reason: str) -> None:
        self._state = State.OVER
        self._host.counts.dropped(reason)
        self._transport.abort()


def _check(head: bytes, *, early: bool) -> None:
    """Refuse a head that is too long, or has something behind it."""
    if len(head) > MAX_HEAD:
        raise HeadersTooLarge
    if early:
        raise BadRequest(safe="Nothing is read before the answer")
