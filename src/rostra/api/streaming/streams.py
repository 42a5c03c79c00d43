"""The streams of one process: lets members in, hears what they subscribe to, and ends them in time.

A stream lives as long as its token opens its account. What ends access is told by the bus at once;
beyond that every token is looked up again and again, so that a stream is gone within a second
whatever ended it, a command in another process or a hand in the database.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import msgspec
import structlog

from rostra.api.answers import PREFLIGHT, render_error
from rostra.api.edge import Authenticate, ask_for_terms, standing
from rostra.api.endpoint import Auth
from rostra.api.streaming import channels
from rostra.api.streaming.delivery import Delivery
from rostra.api.streaming.pieces import refusal
from rostra.api.streaming.registry import Registry, Stream, end_all
from rostra.http.dispatcher import Surface
from rostra.http.failures import BadRequest, MethodNotAllowed
from rostra.http.limits import Limiter
from rostra.http.request import Request
from rostra.http.response import NOT_STORED, PLAIN, Header, Response
from rostra.http.site import Site
from rostra.http.stream_listener import StreamCounts, StreamListener
from rostra.http.stream_socket import Line, Welcome
from rostra.http.websocket import Code
from rostra.kernel.errors import Forbidden, NotFound, RostraError, TooManyRequests, Unauthorized
from rostra.network.credentials import access as credentials
from rostra.network.credentials.model import Viewer
from rostra.network.edge import Reader, Services, Subscription
from rostra.network.lists import access as lists_access
from rostra.network.live.model import TOPIC, unpacked

SWEEP_S: Final = 0.6
_WAITING: Final = 10_000  # messages of the bus that this process may be behind
_MANY: Final = 200
_HASTE: Final = 200  # messages of a client that wait for the database
_TOKEN_MAX: Final = 512
_LOOK_S: Final = 0.002
_CHANGE: Final = "streams-change"
_decode = msgspec.json.Decoder().decode
_log = structlog.get_logger("rostra.streams")


class Streams:
    """See the module."""

    def __init__(
        self,
        services: Services,
        site: Site,
        limits: Limiter,
        authenticate: Authenticate,
        surface: Surface,
    ) -> None:
        settings = services.settings.streaming
        free = not services.settings.limits.scale
        self._services = services
        self._limits = limits
        self._authenticate = authenticate
        self._headers: tuple[Header, ...] = surface.headers
        self._registry = Registry(
            per_account=0 if free else settings.per_account,
            per_address=0 if free else settings.per_address,
        )
        self._delivery = Delivery(services, self._registry)
        self._listener = StreamListener(site, self._enter, self._failed, most=settings.most)
        self._tasks: set[asyncio.Task[None]] = set()
        self._news: Subscription | None = None
        self._busy = False

    @property
    def counts(self) -> StreamCounts:
        """What the streams did, for metrics."""
        return self._listener.counts

    async def listen(self, bind: str, port: int) -> int:
        """Open the port (0: a free one) and begin to deliver; the port.

        Raises:
            OSError: nothing can listen there.
        """
        opened = await self._listener.listen(bind, port)
        self._begin(self._deliver(), "streams-deliver")
        self._begin(self._sweep(), "streams-sweep")
        return opened

    async def close(self) -> None:
        """End every stream and close the port."""
        end_all(self._registry.streams(), Code.GOING_AWAY, "The server stops")
        await self._listener.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, work: Any, name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # Letting in.

    async def _enter(self, request: Request, line: Line) -> Response | Welcome:
        """The door; see `rostra.http.stream_socket.Door`."""
        if request.method == "OPTIONS":
            return Response(b"", 204, (*PREFLIGHT, *self._headers))
        if request.method not in {"GET", "HEAD"}:
            raise MethodNotAllowed(("GET", "HEAD", "OPTIONS"))
        if request.path == channels.HEALTH:
            return Response(b"OK", 200, (PLAIN, NOT_STORED, *self._headers))
        place = self._limits.address_key(request.address)
        self._limits.hit("stream_address", place)
        if line.kind == "websocket" and request.path.rstrip("/") != channels.SOCKET:
            raise NotFound(f"no socket at {request.path[:80]}")
        # Before the token: whoever has none learns no less of what there is.
        name = "" if line.kind == "websocket" else channels.name_of(request.path, request.query)
        token, protocol = _token_of(request)
        viewer = await self._viewer(token, place)
        self._limits.hit("stream_account", viewer.account_id)
        self._registry.check_room(viewer.account_id, place)
        visit = _Visit(self, viewer, line, place)
        if line.kind == "websocket":
            visit.later(channels.first(request.query.get("stream")), request.query)
            echoed = ((b"sec-websocket-protocol", protocol),) if protocol else ()
            return visit.welcome((*echoed, *self._headers))
        wanted = await self._allowed(viewer, name, request.query)
        visit.wants(wanted)
        return visit.welcome(self._headers)

    async def _viewer(self, token: str, place: str) -> Viewer:
        if not token:
            raise Unauthorized(safe="Missing access token")
        found = await self._authenticate(token) if len(token) <= _TOKEN_MAX else None
        if found is None or not found.account_id:
            self._limits.hit("api_anonymous", place)  # guessing tokens
            raise Unauthorized(safe="Invalid access token")
        viewer = standing(Auth.USER, found)
        ask_for_terms(self._services, viewer.accepted_terms)
        return viewer

    async def _allowed(
        self, viewer: Viewer, name: str, params: Mapping[str, Any]
    ) -> channels.Wanted:
        """What a member asks for, if it is theirs to ask for."""
        wanted = channels.wanted(viewer, name, params)
        if wanted.list_id:
            async with self._services.db.read() as reader:
                try:
                    await lists_access.own(reader, viewer.account_id, wanted.list_id)
                except NotFound:
                    message = "Not authorized to stream this list"
                    raise Unauthorized(safe=message) from None
        return wanted

    def _failed(self, request: Request | None, error: RostraError) -> Response:
        """An error as Mastodon shows it: JSON, or to a WebSocket a header and nothing else."""
        if request is None:
            return Response(b"", error.status, (PLAIN, NOT_STORED, *self._headers))
        response = render_error(request, error)
        response.headers += self._headers
        if isinstance(error, MethodNotAllowed):
            response.add("allow", ", ".join(error.allow))
        if b"sec-websocket-key" not in request.headers:
            return response
        kept = [header for header in response.headers if header[0] != b"content-type"]
        refused = Response(b"", error.status, (PLAIN, *kept))
        refused.add("x-error-message", error.safe)
        return refused

    # What visits call.

    def opened(self, viewer: Viewer, line: Line, place: str) -> Stream | None:
        """The stream of a visit that has begun; None where the member has enough of them."""
        try:
            return self._registry.open(viewer, line, place)
        except TooManyRequests as error:
            self.counts.dropped("limit")
            line.end(Code.POLICY, error.safe)
            return None

    def closed(self, stream: Stream) -> None:
        """A stream is gone."""
        self._registry.close(stream)

    def behind(self, work: Any) -> None:
        """Do something for a visit that it can't wait for."""
        self._begin(work, _CHANGE)

    async def change(
        self, viewer: Viewer, stream: Stream, name: str, params: Mapping[str, Any], *, add: bool
    ) -> None:
        """Subscribe a WebSocket to a stream, or end that; it is told where that is not possible."""
        try:
            wanted = await self._allowed(viewer, name, params)
            if not add:
                self._registry.unsubscribe(stream, wanted)
            elif not self.listen_to(stream, wanted):
                raise BadRequest(safe="Too many subscriptions")  # noqa: TRY301 (one way out)
        except RostraError as error:
            stream.line.send(refusal(error.safe, error.status))
        except Exception as error:  # noqa: BLE001 (what it says next may be done)
            _log.warning("not_changed", error=type(error).__name__)
            failed = RostraError()
            stream.line.send(refusal(failed.safe, failed.status))

    def listen_to(self, stream: Stream, wanted: channels.Wanted) -> bool:
        """Subscribe a stream that is still there; False: it listens to enough."""
        if stream not in self._registry.of_account(stream.account_id):
            return True
        return self._registry.subscribe(stream, wanted)

    # Delivering and ending.

    async def _deliver(self) -> None:
        while True:
            with self._services.bus.subscribe(TOPIC, size=_WAITING) as news:
                self._news = news
                async for message in news:
                    self._busy = True
                    await self._deliver_one(message.body)
                    self._busy = False
            if not news.lagged:
                return
            _log.warning("events_lost", waiting=_WAITING)

    async def _deliver_one(self, body: bytes) -> None:
        told = unpacked(body)
        if told is None or not len(self._registry):
            return
        try:
            await self._delivery.deliver(told)
        except Exception as error:  # noqa: BLE001 (the next message may be delivered)
            _log.warning("not_delivered", kind=type(told).__name__, error=type(error).__name__)

    async def caught_up(self) -> None:
        """For tests: return when all that this process has heard so far is dealt with."""
        while self._behind():  # noqa: ASYNC110 (many small things, none of them an event)
            await asyncio.sleep(_LOOK_S)

    def _behind(self) -> bool:
        changing = any(task.get_name() == _CHANGE for task in self._tasks)
        return changing or self._busy or (self._news is not None and self._news.waiting > 0)

    async def _sweep(self) -> None:
        """Look again and again whether the members of all streams may still have them."""
        while True:
            await asyncio.sleep(SWEEP_S)
            tokens = self._registry.tokens()
            if not tokens:
                continue
            try:
                alive = await self._alive(tokens)
            except Exception as error:  # noqa: BLE001 (where nothing can be read, nothing is delivered)
                _log.warning("tokens_not_checked", error=type(error).__name__)
                continue
            known = set(tokens)
            asked = [each for each in self._registry.streams() if each.token_id in known]
            dead = [each for each in asked if each.token_id not in alive]
            end_all(dead, Code.POLICY, "The access token is invalid")
            for stream in asked:
                if stream.token_id in alive:
                    self._ask_for_terms(stream, alive[stream.token_id])

    def _ask_for_terms(self, stream: Stream, accepted: int) -> None:
        try:
            ask_for_terms(self._services, accepted)
        except Forbidden as error:
            end_all([stream], Code.POLICY, error.safe)

    async def _alive(self, tokens: list[int]) -> dict[int, int]:
        async def look(reader: Reader) -> dict[int, int]:
            return await credentials.alive(reader, tokens)

        if len(tokens) > _MANY:
            return await self._services.db.slowly(look)
        async with self._services.db.read() as reader:
            return await look(reader)


class _Visit:
    """A member at the door, and then the stream that they have."""

    __slots__ = (
        "_line", "_name", "_params", "_place", "_stream", "_streams", "_viewer", "_waiting",
        "_wanted",
    )  # fmt: skip

    def __init__(self, streams: Streams, viewer: Viewer, line: Line, place: str) -> None:
        self._streams = streams
        self._viewer = viewer
        self._line = line
        self._place = place
        self._stream: Stream | None = None
        self._wanted: channels.Wanted | None = None
        self._name = ""
        self._params: Mapping[str, Any] = {}
        self._waiting: tuple[tuple[Mapping[str, Any], bool], ...] = ()  # what it said, in order

    def wants(self, wanted: channels.Wanted) -> None:
        """What to listen to from the beginning, known to be allowed."""
        self._wanted = wanted

    def later(self, name: str, params: Mapping[str, Any]) -> None:
        """What to ask for when the socket is open: it is told there where that is not possible."""
        self._name, self._params = name, params

    def welcome(self, headers: tuple[Header, ...]) -> Welcome:
        """The door's yes."""
        return Welcome(self, headers)

    def begun(self) -> None:
        """See `Visit.begun`."""
        stream = self._stream = self._streams.opened(self._viewer, self._line, self._place)
        if stream is None:
            return
        if self._wanted is not None:
            self._streams.listen_to(stream, self._wanted)
        if self._name:
            self._in_turn({**self._params, "stream": self._name}, add=True)
        self._wanted, self._params = None, {}

    def heard(self, text: str) -> None:
        """See `Visit.heard`: what is no message of ours is passed over, as Mastodon does."""
        try:
            message = _decode(text)
        except (msgspec.MsgspecError, RecursionError):  # the second: nested very deeply
            return
        if not isinstance(message, dict) or self._stream is None:
            return
        verb = message.get("type")
        if verb in {"subscribe", "unsubscribe"}:
            self._in_turn(message, add=verb == "subscribe")

    def _in_turn(self, message: Mapping[str, Any], *, add: bool) -> None:
        """One after another: a list is looked up, and may be left before it was joined."""
        self._waiting = (*self._waiting, (message, add))
        if len(self._waiting) > _HASTE:
            self._line.end(Code.POLICY, "too many messages")
        elif len(self._waiting) == 1:
            self._streams.behind(self._change())

    async def _change(self) -> None:
        while self._waiting and self._stream is not None:
            message, add = self._waiting[0]
            name = channels.first(message.get("stream"))
            try:
                await self._streams.change(self._viewer, self._stream, name, message, add=add)
            finally:
                self._waiting = self._waiting[1:]

    def ended(self) -> None:
        """See `Visit.ended`."""
        if self._stream is not None:
            self._streams.closed(self._stream)


def _token_of(request: Request) -> tuple[str, bytes]:
    """The token, and the subprotocol to agree to where it came as one."""
    offered = request.headers.get(b"sec-websocket-protocol", b"").partition(b",")[0].strip()
    authorization = request.headers.get(b"authorization")
    if authorization is not None:
        kind, _, token = authorization.partition(b" ")
        token = token if kind.lower() == b"bearer" else authorization
        return token.strip().decode("latin-1"), offered
    return channels.first(request.query.get("access_token")) or offered.decode("latin-1"), offered
