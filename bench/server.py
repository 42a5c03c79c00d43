"""A real server for the benches: `rostra serve` as its users start it, and what it costs."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Self

_TICKS = os.sysconf("SC_CLK_TCK")
_START_S = 60.0


def free_port() -> int:
    """A TCP port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_ns(pids: Iterable[int]) -> int:
    """Nanoseconds that all threads of these processes have run; those that are gone are left out.

    Finer than the ticks of `cpu_s`: fit for single requests.
    """
    total = 0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            with suppress(OSError):
                total += int(task.read_text().split()[0])
    return total


class Server:
    """`rostra serve` on a data directory, without rate limits, with the constant route."""

    def __init__(self, data: Path, *, workers: int = 2, url: str = "") -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self._log = (data.parent / f"{data.name}.log").open("ab")
        environ = {**os.environ, "ROSTRA_LIMITS__SCALE": "0", "ROSTRA_TEST_BENCH": "1"}
        environ["ROSTRA_SERVER__METRICS_PORT"] = "0"
        self.streaming_port = free_port()
        environ["ROSTRA_STREAMING__PORT"] = str(self.streaming_port)
        if url:
            environ["ROSTRA_DATABASE__URL"] = url
        command = [sys.executable, "-m", "rostra.cli.main", "serve", "--data", str(data)]
        command += ["--port", str(self.port), "--workers", str(workers)]
        started = time.perf_counter()
        self.process = subprocess.Popen(command, env=environ, stdout=self._log, stderr=self._log)
        self.first_answer_s = self._await_answer(started)

    def _await_answer(self, started: float) -> float:
        while time.perf_counter() - started < _START_S:
            if self.process.poll() is not None:
                raise SystemExit(f"the server ended: see {self._log.name}")
            try:
                status, _ = self.get("/api/v1/timelines/public")
            except OSError:
                time.sleep(0.005)
                continue
            assert status == 200, status
            return time.perf_counter() - started
        raise SystemExit(f"no answer within {_START_S} s: see {self._log.name}")

    def get(self, path: str, token: str = "") -> tuple[int, bytes]:
        """One answer, over a connection of its own."""
        return self.ask("GET", path, token)

    def ask(self, method: str, path: str, token: str = "", body: str = "") -> tuple[int, bytes]:
        """One answer, over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"authorization": f"Bearer {token}"} if token else {}
        if body:
            headers["content-type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body or None, headers)
        response = connection.getresponse()
        answer = response.status, response.read()
        connection.close()
        return answer

    def pids(self) -> list[int]:
        """The processes of the server: the parent and all below it."""
        found = [self.process.pid]
        for pid in found:
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                found += map(int, task.read_text().split())
        return found

    def cpu_s(self) -> float:
        """CPU seconds that the processes have used."""
        total = 0
        for pid in self.pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / _TICKS

    def pss_mb(self) -> float:
        """Memory of all processes in megabytes: what they share counts once."""
        total = 0
        for pid in self.pids():
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        return total / 1024

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._log.close()
