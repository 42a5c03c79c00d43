"""Prometheus metrics of one process, answered by a small responder of their own.

They need no sign-in and so stay off the public port: `server.metrics_bind` is the loopback address
unless an operator changes it. The first web process answers on `server.metrics_port`, the next one
on the port after it, and so on; who scrapes adds them up.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

import structlog
from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from rostra.hosting.ark.log.state import LogState
from rostra.kernel.clock import Clock
from rostra.store.outbox.metrics import Outcome

_TYPE = b"text/plain; version=0.0.4; charset=utf-8"
_HEAD_S = 5.0
_log = structlog.get_logger("rostra.metrics")


class JobCounts(Collector):
    """Counts of jobs, in plain integers until somebody asks."""

    def __init__(self) -> None:
        self._finished: dict[tuple[str, str], int] = {}
        self._seconds: dict[str, float] = {}
        self._waited_ms = 0

    def started(self, kind: str, waited_ms: int) -> None:
        """A job starts; see `JobMetrics`."""
        self._seconds.setdefault(kind, 0.0)
        self._waited_ms = waited_ms

    def finished(self, kind: str, outcome: Outcome, seconds: float) -> None:
        """A job ended; see `JobMetrics`."""
        key = (kind, outcome)
        self._finished[key] = self._finished.get(key, 0) + 1
        self._seconds[kind] = self._seconds.get(kind, 0.0) + seconds

    def collect(self) -> Iterator[Metric]:
        """The counts as they are now."""
        jobs = CounterMetricFamily(
            "rostra_jobs", "Jobs that ended, by kind and outcome.", labels=("kind", "outcome")
        )
        for (kind, outcome), count in self._finished.items():
            jobs.add_metric((kind, outcome), count)
        seconds = CounterMetricFamily(
            "rostra_job_seconds", "Time that jobs took, by kind.", labels=("kind",)
        )
        for kind, total in self._seconds.items():
            seconds.add_metric((kind,), total)
        waited = GaugeMetricFamily(
            "rostra_job_waited_seconds", "How long the job started last had been due."
        )
        waited.add_metric((), self._waited_ms / 1000)
        yield from (jobs, seconds, waited)


class LogStanding(Collector):
    """How far the places are behind what was written, as the process that sends it has told."""

    def __init__(self, data_dir: Path, clock: Clock) -> None:
        self._state = LogState(data_dir)
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        """What is known now; nothing where no log is sent."""
        standing = self._state.standing()
        if standing is None:
            return
        lag = GaugeMetricFamily(
            "rostra_log_lag_seconds", "How long the oldest commit that is not elsewhere has waited."
        )
        lag.add_metric((), standing.lag_ms(self._clock.now()) / 1000)
        waiting = GaugeMetricFamily("rostra_log_waiting_bytes", "What is not elsewhere yet.")
        waiting.add_metric((), standing.waiting_bytes)
        behind = GaugeMetricFamily(
            "rostra_log_behind_records", "Records that a place has not got.", labels=("place",)
        )
        for name, count in standing.behind().items():
            behind.add_metric((name,), count)
        yield from (lag, waiting, behind)


def registry_of(*collectors: Collector) -> CollectorRegistry:
    """The registry of this process."""
    registry = CollectorRegistry(auto_describe=False)
    for each in collectors:
        registry.register(each)
    ProcessCollector(registry=registry)
    GCCollector(registry=registry)
    return registry


async def serve_metrics(
    registry: CollectorRegistry, bind: str, port: int, processes: int
) -> asyncio.Server | None:
    """Answer on the first free port from `port` on; None where none of them is free."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(
            OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError
        ):
            async with asyncio.timeout(_HEAD_S):
                head = await reader.readuntil(b"\r\n\r\n")
            writer.write(response(registry, head))
            await writer.drain()
        writer.close()

    for number in range(port, min(port + processes, 65536)):
        with contextlib.suppress(OSError):
            return await asyncio.start_server(answer, bind, number, limit=16_384)
    _log.warning("no_port_for_metrics", bind=bind, first=port, tried=processes)
    return None


def response(registry: CollectorRegistry, head: bytes) -> bytes:
    """The whole answer to a request with this head."""
    method, _, rest = head.partition(b" ")
    path = rest.partition(b" ")[0].partition(b"?")[0]
    if method not in {b"GET", b"HEAD"} or path != b"/metrics":
        return b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    body = generate_latest(registry)
    lines = (
        b"HTTP/1.1 200 OK",
        b"content-type: " + _TYPE,
        b"content-length: %d" % len(body),
        b"connection: close",
        b"",
        b"" if method == b"HEAD" else body,
    )
    return b"\r\n".join(lines)
