"""How soon a post stands in a follower's home: from the request to the first home that shows it."""

import json
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

from bench.server import Server


@dataclass(frozen=True)
class Delivery:
    """Milliseconds from sending a post until it was seen in a follower's home."""

    posts: int
    p50_ms: float
    p99_ms: float


class _Reader(threading.Thread):
    """Reads the newest entry of a home again and again and notes when each was first seen."""

    def __init__(self, server: Server, token: str) -> None:
        super().__init__(daemon=True)
        self.seen: dict[str, float] = {}
        self.ended = threading.Event()
        self._connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
        self._headers = {"authorization": f"Bearer {token}"}

    def run(self) -> None:
        """Until `ended`."""
        while not self.ended.is_set():
            self._connection.request("GET", "/api/v1/timelines/home?limit=3", headers=self._headers)
            found: list[dict[str, Any]] = json.loads(self._connection.getresponse().read())
            now = time.perf_counter()
            for post in found:
                self.seen.setdefault(post["id"], now)
        self._connection.close()


def delivery(server: Server, author: str, follower: str, posts: int = 200) -> Delivery:
    """Post so many times as one member while another one reads their home."""
    reader = _Reader(server, follower)
    reader.start()
    sent: dict[str, float] = {}
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {
        "authorization": f"Bearer {author}",
        "content-type": "application/x-www-form-urlencoded",
    }
    for number in range(posts):
        started = time.perf_counter()
        body = f"status=Delivery+{time.time_ns()}+{number}"
        connection.request("POST", "/api/v1/statuses", body, headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
        assert response.status == 200, answer
        sent[answer["id"]] = started
        time.sleep(0.005)
    deadline = time.perf_counter() + 5
    while not sent.keys() <= reader.seen.keys() and time.perf_counter() < deadline:
        time.sleep(0.01)
    reader.ended.set()
    reader.join()
    return _figures([(reader.seen.get(post, deadline) - at) * 1000 for post, at in sent.items()])


def _figures(times: Sequence[float]) -> Delivery:
    ordered = sorted(times)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return Delivery(len(ordered), statistics.median(ordered), p99)
