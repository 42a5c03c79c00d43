"""The ASGI application: from scope to route, from answer or error to messages.

`api` and `web` each give it a table of `Mountable`s and a `Surface`, and so never meet.
"""

import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter
from typing import Final, NamedTuple

import structlog

from rostra.http.address import AddressBook
from rostra.http.failures import ClientGone, MethodNotAllowed
from rostra.http.metrics import HttpCollector, Tally
from rostra.http.request import Receive, Request, Scope, Send
from rostra.http.response import Delegated, Headers, Response, Stream
from rostra.http.router import Missed, Router
from rostra.http.site import Site
from rostra.kernel.errors import NotFound, RostraError

_UNEXPECTED: Final = 500
_log = structlog.get_logger("rostra.http")

Handler = Callable[[Request], Awaitable[Response]]
"""Answers, or raises a `RostraError` that its surface renders."""

Hook = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Surface:
    """What a family of routes has in common.

    Attributes:
        name: for logs and metrics.
        prefixes: paths below these that have no route are this surface's 404 as well.
        render_error: an error as this surface shows it.
        headers: on every answer of the surface.
    """

    name: str
    prefixes: tuple[str, ...]
    render_error: Callable[[Request, RostraError], Response]
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Mountable:
    """One route for the dispatcher.

    Attributes:
        methods: `("GET",)`; PUT and PATCH are one, GET answers HEAD too.
        path: a pattern, see `rostra.http.router`.
        name: in metrics and logs, never with a value from the request in it.
        make: makes its handler when it is first asked: of hundreds of routes, most processes are
            asked a few.
        surface: the family it belongs to.
        headers: on every answer of this route, errors included.
        preflight: the answer to OPTIONS; none: 204 with `Allow`.
    """

    methods: tuple[str, ...]
    path: str
    name: str
    make: Callable[[], Handler]
    surface: Surface
    headers: Headers = ()
    preflight: Headers = ()


def made(handle: Handler) -> Callable[[], Handler]:
    """What makes a handler that is there already."""
    return lambda: handle


class _Route:
    """A mountable made ready: its fixed headers joined, its counts beside it."""

    __slots__ = ("fixed", "handle", "name", "surface", "tally")

    def __init__(self, mounted: Mountable, method: str, surface: Surface) -> None:
        self.handle = mounted.make()
        self.name = mounted.name
        self.surface = surface
        self.fixed: Headers = (*surface.headers, *mounted.headers)
        self.tally = Tally(mounted.name, method)


class _Options(NamedTuple):
    """What OPTIONS on a path says: as the mountable of this number, with this `Allow`."""

    mounted: int
    allow: bytes


class _Plan(NamedTuple):
    """Where methods and paths lead: to a mountable by its number, or behind them to an OPTIONS."""

    router: Router[int]
    options: tuple[_Options, ...]


_Shape = tuple[tuple[tuple[str, ...], str, bool], ...]  # methods, path, whether it has a preflight


@lru_cache(maxsize=4)
def _planned(shape: _Shape) -> _Plan:
    """The plan of routes: no application is in it, so all that a process puts together share it.

    Raises:
        ValueError: a path is malformed, or a method of it is taken twice.
    """
    router: Router[int] = Router()
    preflights: dict[str, int] = {}
    for number, (methods, path, has_preflight) in enumerate(shape):
        router.add(methods, path, number)
        if has_preflight or path not in preflights:
            preflights[path] = number
    options = []
    for path, number in preflights.items():
        options.append(_Options(number, ", ".join(router.methods_of(path)).encode()))
        router.add(("OPTIONS",), path, len(shape) + len(options) - 1)
    return _Plan(router, tuple(options))


class Dispatcher:
    """The one ASGI application of a process."""

    def __init__(
        self,
        routes: Sequence[Mountable],
        site: Site,
        *,
        fallback: Surface,
        on_startup: Sequence[Hook] = (),
        on_shutdown: Sequence[Hook] = (),
    ) -> None:
        """Compile the routes.

        Args:
            routes: of api and web together.
            site: what we know of ourselves.
            fallback: the surface of paths that no surface's prefix covers.
            on_startup: awaited in order before the first request.
            on_shutdown: awaited in order after the last one, even if one of them fails.
        """
        self._site = site
        self._addresses = AddressBook(site.trusted_proxies)
        self._mounted = tuple(routes)
        self._plan = _planned(
            tuple((each.methods, each.path, bool(each.preflight)) for each in routes)
        )
        self._router = self._plan.router
        self._ready: list[_Route | None] = [None] * (len(routes) + len(self._plan.options))
        self._tallies: list[Tally] = []
        surfaces = {mounted.surface.name: mounted.surface for mounted in routes}
        self._lost = [
            (prefix, self._lost_route(surface))
            for surface in surfaces.values()
            for prefix in surface.prefixes
        ]
        self._lost_anywhere = self._lost_route(fallback)
        self._on_startup = tuple(on_startup)
        self._on_shutdown = tuple(on_shutdown)

    @property
    def collector(self) -> HttpCollector:
        """The counts of this process as they come, for a Prometheus registry."""
        return HttpCollector(self._tallies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, as ASGI has it."""
        started = perf_counter()
        if scope["type"] != "http":
            await self._other(scope, receive, send)
            return
        request = Request(scope, receive, self._site, self._addresses)
        found = self._router.find(request.method, request.path)
        if isinstance(found, Missed):
            route = self._lost_for(request.path)
            request.allow = found.allow
        else:
            number, request.params = found
            route = self._ready[number] or self._readied(number)
        try:
            request.check_headers()
            response = await route.handle(request)
        except RostraError as error:
            response = self._failed(request, route, error)
        except ClientGone:
            return
        except Exception as error:  # noqa: BLE001 (the last line: whatever it was, an answer leaves)
            response = route.surface.render_error(request, _unexpected(request, route, error))
        try:
            await _send(request, route.fixed, response, send)
        finally:
            for finish in request.finish:
                finish()
            route.tally.add(response.status, perf_counter() - started)

    async def _other(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1000, "reason": ""})

    def _failed(self, request: Request, route: _Route, error: RostraError) -> Response:
        if error.status >= _UNEXPECTED:
            _log.warning(
                "refused",
                route=route.name,
                request_id=request.request_id.decode(),
                status=error.status,
                code=error.code,
            )
        return route.surface.render_error(request, error)

    def _lost_for(self, path: str) -> _Route:
        for prefix, route in self._lost:
            if path.startswith(prefix):
                return route
        return self._lost_anywhere

    def _lost_route(self, surface: Surface) -> _Route:
        mounted = Mountable(("ANY",), "/", f"{surface.name}: no route", made(_nothing), surface)
        return self._made(mounted, "ANY", surface)

    def _readied(self, number: int) -> _Route:
        """The route of a number in the plan, made when it is first asked for."""
        if number < len(self._mounted):
            mounted = self._mounted[number]
            route = self._made(mounted, mounted.methods[0], mounted.surface)
        else:
            route = self._options(self._plan.options[number - len(self._mounted)])
        self._ready[number] = route
        return route

    def _options(self, options: _Options) -> _Route:
        """OPTIONS on a path: what a browser asks before it calls from another origin."""
        mounted = self._mounted[options.mounted]
        headers: Headers = ((b"allow", options.allow), *mounted.preflight)

        async def handle(_request: Request) -> Response:
            return Response(b"", 204, headers)

        name = f"{mounted.surface.name}: options"
        asked = Mountable(
            ("OPTIONS",), mounted.path, name, made(handle), mounted.surface, mounted.headers
        )
        return _Route(asked, "OPTIONS", mounted.surface)

    def _made(self, mounted: Mountable, method: str, surface: Surface) -> _Route:
        route = _Route(mounted, method, surface)
        self._tallies.append(route.tally)
        return route

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            for hook in self._on_startup:
                await hook()
        except Exception as error:  # noqa: BLE001 (the server is told, and it is logged)
            _log.error("startup_failed", error=type(error).__name__, trace=_frames(error))
            await send({"type": "lifespan.startup.failed", "message": type(error).__name__})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        failed = ""
        for hook in self._on_shutdown:
            try:
                await hook()
            except Exception as error:  # noqa: BLE001 (the other hooks must run all the same)
                failed = type(error).__name__
                _log.error("shutdown_failed", error=failed, trace=_frames(error))
        outcome = "failed" if failed else "complete"
        await send({"type": f"lifespan.shutdown.{outcome}", "message": failed})


async def _nothing(request: Request) -> Response:
    if request.allow:
        request.extra = ((b"allow", ", ".join(request.allow).encode()),)
        raise MethodNotAllowed(request.allow)
    raise NotFound("no route")


def _unexpected(request: Request, route: _Route, error: Exception) -> RostraError:
    """Log a bug by its kind and its place: its text may hold what a member wrote."""
    _log.error(
        "failed",
        route=route.name,
        request_id=request.request_id.decode(),
        error=type(error).__name__,
        trace=_frames(error),
    )
    return RostraError("unexpected")


def _frames(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]]


async def _send(request: Request, fixed: Headers, response: Response, send: Send) -> None:
    headers = [*response.headers, *request.extra, *fixed, (b"x-request-id", request.request_id)]
    head = request.method == "HEAD"
    if isinstance(response, Delegated):
        await _delegate(request, headers, response, send)
        return
    if isinstance(response, Stream):
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        if not head:
            async for piece in response.pieces:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        return
    body = response.body
    if body or response.status not in {204, 304}:
        headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else body})


async def _delegate(
    request: Request, headers: list[tuple[bytes, bytes]], response: Delegated, send: Send
) -> None:
    """Let another application answer, adding our headers to its own."""

    async def forward(message: object) -> None:
        assert isinstance(message, dict)  # noqa: S101 (ASGI messages are dicts; for the type checker)
        if message["type"] == "http.response.start":
            response.status = message["status"]
            theirs = {name.lower() for name, _ in message["headers"]}
            ours = [header for header in headers if header[0] not in theirs]
            message = {**message, "headers": [*message["headers"], *ours]}
        await send(message)

    scope = {**request.scope, "path": response.path, "root_path": ""}
    await response.app(scope, request.receive, forward)
