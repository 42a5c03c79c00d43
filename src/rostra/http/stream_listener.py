"""The listener of the streams: one in each worker process, all on the same port.

Why not the server that answers everything else: it holds 150 kB for each WebSocket, sends no pings,
and takes frames of 16 MiB (docs/decisions). This one holds what is in `stream_socket`.
"""

import asyncio
import contextlib
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from rostra.http.address import AddressBook, limit_key
from rostra.http.request import Receive, Request, Scope
from rostra.http.response import Response
from rostra.http.site import Site
from rostra.http.stream_socket import USUAL, Door, StreamSocket, Times
from rostra.kernel.errors import RostraError

MAX_ASKING: Final = 2_000  # connections that are not streams yet
MAX_SILENT: Final = 100  # of one address, whose head is not there yet
_BACKLOG: Final = 2_048
_UNACKED_MS: Final = 60_000  # after which the system gives up a peer that answers nothing
_FAREWELL_S: Final = 1.5

RenderError = Callable[[Request | None, RostraError], Response]


class StreamCounts(Collector):
    """What the streams of one process did, in plain integers until somebody asks."""

    def __init__(self) -> None:
        self.open = {"websocket": 0, "events": 0}
        self.opened = 0
        self._dropped: dict[str, int] = {}

    def dropped(self, reason: str) -> None:
        """Count a connection that was ended by us for this reason."""
        self._dropped[reason] = self._dropped.get(reason, 0) + 1

    def collect(self) -> Iterator[Metric]:
        """The counts as they are now."""
        streams = GaugeMetricFamily("rostra_streams", "Open streams.", labels=("kind",))
        for kind, count in self.open.items():
            streams.add_metric((kind,), count)
        opened = CounterMetricFamily("rostra_streams_opened", "Streams that were opened.")
        opened.add_metric((), self.opened)
        dropped = CounterMetricFamily(
            "rostra_streams_dropped", "Connections that were ended for cause.", labels=("reason",)
        )
        for reason, count in self._dropped.items():
            dropped.add_metric((reason,), count)
        yield from (streams, opened, dropped)


class StreamListener:
    """Takes connections, keeps the time for them, and knows them all."""

    def __init__(
        self,
        site: Site,
        door: Door,
        render_error: RenderError,
        *,
        most: int,
        times: Times = USUAL,
    ) -> None:
        """Make it; `listen` opens it.

        Args:
            site: what we know of ourselves.
            door: who lets in.
            render_error: an error as the API shows it.
            most: streams of this process.
            times: how patient it is.
        """
        self.door = door
        self.times = times
        self.counts = StreamCounts()
        self.now = 0.0
        self._site = site
        self._addresses = AddressBook(site.trusted_proxies)
        self._render_error = render_error
        self._most = most + MAX_ASKING
        self._sockets: set[StreamSocket] = set()
        self._streams: set[StreamSocket] = set()
        self._silent: dict[
            StreamSocket, str
        ] = {}  # without a head yet, and where from; oldest first
        self._silent_of: Counter[str] = Counter()
        self._all_left = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._beats: asyncio.Task[None] | None = None

    async def listen(self, bind: str, port: int) -> int:
        """Open the port (0: a free one) and return it.

        Raises:
            OSError: nothing can listen there.
        """
        loop = asyncio.get_running_loop()
        self.now = loop.time()
        self._server = await loop.create_server(
            lambda: StreamSocket(self), bind, port, reuse_port=True, backlog=_BACKLOG
        )
        listening = self._server.sockets
        for each in listening:
            # Connections inherit it. Who vanishes would be noticed after a quarter of an hour.
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNACKED_MS)
        self._beats = asyncio.create_task(self._beat(), name="streams-beat")
        return int(listening[0].getsockname()[1])

    async def close(self) -> None:
        """Take no more connections, and wait a moment for those that have been told to go."""
        if self._server is None:
            return
        self._server.close()
        if self._beats is not None:
            self._beats.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._beats
        if self._sockets:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_FAREWELL_S):
                    await self._all_left.wait()
        for left in tuple(self._sockets):
            left.abort()
        self._server = None

    # What sockets call.

    def request(self, scope: Scope, receive: Receive) -> Request:
        """The request of a scope."""
        return Request(scope, receive, self._site, self._addresses)

    def failed(self, request: Request | None, error: RostraError) -> Response:
        """The answer to a request that failed."""
        return self._render_error(request, error)

    def arrived(self, new: StreamSocket, peer: str | None) -> bool:
        """A connection is there; False: there is no room for it.

        Whoever says nothing takes no room from the others: an address may have some such
        connections, and of all of them the oldest gives way.
        """
        self._sockets.add(new)
        self._all_left.clear()
        where = "" if peer is None or self._addresses.trusts(peer) else limit_key(peer)
        self._silent[new] = where
        self._silent_of[where] += 1
        if where and self._silent_of[where] > MAX_SILENT:
            return False
        if self._is_full():
            oldest = next(iter(self._silent))
            self.left(oldest)
            if oldest is new:
                return False
            oldest.give_way()
        return True

    def _is_full(self) -> bool:
        asking = len(self._sockets) - len(self._streams)
        return len(self._sockets) > self._most or asking > MAX_ASKING

    def asked(self, known: StreamSocket) -> None:
        """A connection has said what it wants. Idempotent."""
        where = self._silent.pop(known, None)
        if where is not None:
            self._silent_of[where] -= 1
            if not self._silent_of[where]:
                del self._silent_of[where]

    def begun(self, stream: StreamSocket) -> None:
        """A connection has become a stream."""
        self._streams.add(stream)
        self.counts.opened += 1
        self.counts.open[stream.kind] += 1

    def left(self, gone: StreamSocket) -> None:
        """A connection is gone."""
        self.asked(gone)
        self._sockets.discard(gone)
        if not self._sockets:
            self._all_left.set()
        if gone in self._streams:
            self._streams.discard(gone)
            self.counts.open[gone.kind] -= 1

    async def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self.times.beat)
            self.now = loop.time()
            for each in tuple(self._sockets):
                each.beat()
