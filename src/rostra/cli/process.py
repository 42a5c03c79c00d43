"""One web process: its application, and its life from start to stop."""

import asyncio
import gc
from collections.abc import Awaitable

import structlog

from rostra.app import Ports, build
from rostra.cli.bench_routes import bench_routes
from rostra.cli.metrics import JobCounts, LogStanding, registry_of, serve_metrics
from rostra.cli.metrics_hosting import DrillFigures, MediaFigures
from rostra.http.request import Receive, Scope, Send
from rostra.settings import Settings

# A process that is replaced after a crash may start before its forerunner's port is free.
_SPARE_PORTS = 2
_log = structlog.get_logger("rostra.serve")


class Process:
    """The ASGI application that granian calls."""

    def __init__(self, settings: Settings, *, bench: bool = False) -> None:
        """Put the application together; nothing is opened or started until granian says so.

        Made once, before the fork: what the processes only read, they share.
        """
        self._settings = settings
        self._jobs = JobCounts()
        routes = bench_routes() if bench else ()
        self._app = build(settings, Ports(extra_routes=routes, job_metrics=self._jobs))
        self._metrics: asyncio.Server | None = None

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Serve one connection; not a coroutine itself, which would cost one more per request."""
        if scope["type"] == "lifespan":
            return self._live(receive, send)
        return self._app.dispatcher(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self._start()
        except Exception as error:  # noqa: BLE001 (granian is told, and it ends the process)
            _log.error("start_failed", error=type(error).__name__, reason=str(error))
            await send({"type": "lifespan.startup.failed", "message": ""})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _start(self) -> None:
        await self._app.start()
        server, streaming_port = self._settings.server, self._settings.streaming_port
        if streaming_port:
            await self._app.streams.listen(server.bind, streaming_port)
        if server.metrics_port:
            self._metrics = await serve_metrics(
                registry_of(
                    self._app.dispatcher.collector,
                    self._app.streams.counts,
                    self._jobs,
                    LogStanding(self._settings.data_dir, self._app.services.clock),
                    DrillFigures(self._settings.data_dir),
                    MediaFigures(self._settings.data_dir, self._app.services.clock),
                ),
                server.metrics_bind,
                server.metrics_port,
                self._settings.workers + _SPARE_PORTS,
            )
        # What lives until the end is never looked at again by the collector.
        gc.collect()
        gc.freeze()

    async def _stop(self) -> None:
        if self._metrics is not None:
            self._metrics.close()
        try:
            await self._app.close()
        except Exception as error:  # noqa: BLE001 (the process ends all the same)
            _log.error("stop_failed", error=type(error).__name__, reason=str(error))
