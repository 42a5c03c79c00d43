"""Metrics of leaving the host: what the last drill found."""

from collections.abc import Iterator
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from rostra.hosting.ark.media.later import left_in
from rostra.hosting.ark.media.send import waiting
from rostra.hosting.drill.results import last
from rostra.kernel.clock import Clock


class DrillFigures(Collector):
    """The last drill, read anew from the data directory whenever somebody asks."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir

    def collect(self) -> Iterator[Metric]:
        """Nothing before the first drill; a drill without a result is a red one."""
        known = last(self._data_dir)
        if not known.begun_at:
            return
        result = known.result
        green = result is not None and result.green
        yield _gauge("rostra_drill_green", "Whether the last drill verified everything.", green)
        yield _gauge("rostra_drill_begun_seconds", "When it began, UTC.", known.begun_at / 1_000)
        if result is not None:
            yield _gauge(
                "rostra_drill_lost_seconds",
                "How much a loss of the host would have cost then (RPO).",
                result.rpo / 1_000,
            )
            yield _gauge(
                "rostra_drill_first_answer_seconds",
                "How long it took to the first answer (RTO); 0: there was none.",
                result.rto / 1_000,
            )


class MediaFigures(Collector):
    """Media that have not come to the places yet, looked at anew whenever somebody asks."""

    def __init__(self, data_dir: Path, clock: Clock) -> None:
        self._data_dir = data_dir
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        """How many there are, and for how long the oldest has waited."""
        some = waiting(self._data_dir)
        lag = max(0, self._clock.now() - some.since) if some.count else 0
        yield _gauge("rostra_media_waiting", "Media that are not elsewhere yet.", some.count)
        yield _gauge("rostra_media_lag_seconds", "How long the oldest has waited.", lag / 1_000)
        left = left_in(self._data_dir).count
        yield _gauge("rostra_media_awaited", "Media of before a move that are not here yet.", left)


def _gauge(name: str, text: str, value: float) -> Metric:
    gauge = GaugeMetricFamily(name, text)
    gauge.add_metric((), float(value))
    return gauge
