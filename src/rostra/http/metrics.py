"""Counts of requests and of their time, cheap enough for every request.

Plain integers in lists, turned into Prometheus families only when somebody asks; the library's own
counters take a lock and a dictionary look-up for each of the numbers.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

BOUNDS_S: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_CLASSES: Final = ("1xx", "2xx", "3xx", "4xx", "5xx")


class Tally:
    """What one route answered so far."""

    __slots__ = ("buckets", "classes", "method", "name", "total_s")

    def __init__(self, name: str, method: str) -> None:
        self.name = name
        self.method = method
        self.classes = [0] * len(_CLASSES)
        self.buckets = [0] * (len(BOUNDS_S) + 1)
        self.total_s = 0.0

    def add(self, status: int, seconds: float) -> None:
        """Count one answer."""
        self.classes[status // 100 - 1] += 1
        self.buckets[bisect_left(BOUNDS_S, seconds)] += 1
        self.total_s += seconds


class HttpCollector(Collector):
    """The tallies of one process as Prometheus metrics; register it with a registry.

    Args:
        tallies: of the routes that were asked so far; more may be added to them.
    """

    def __init__(self, tallies: Sequence[Tally]) -> None:
        self._tallies = tallies

    def collect(self) -> Iterator[Metric]:
        """The metrics as they are now; routes that were never asked are left out."""
        requests = CounterMetricFamily(
            "rostra_http_requests",
            "Answered requests by endpoint, method and class of status.",
            labels=("endpoint", "method", "status"),
        )
        seconds = HistogramMetricFamily(
            "rostra_http_request_seconds",
            "Time from the request's arrival to its answer.",
            labels=("endpoint", "method"),
        )
        for tally in tuple(self._tallies):
            labels = (tally.name, tally.method)
            for name, count in zip(_CLASSES, tally.classes, strict=True):
                if count:
                    requests.add_metric((*labels, name), count)
            if any(tally.buckets):
                seconds.add_metric(labels, list(_cumulative(tally)), sum_value=tally.total_s)
        yield requests
        yield seconds


def _cumulative(tally: Tally) -> Iterator[tuple[str, float]]:
    total = 0
    for bound, count in zip((*BOUNDS_S, "+Inf"), tally.buckets, strict=True):
        total += count
        yield str(bound), total
