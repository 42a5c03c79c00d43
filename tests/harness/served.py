"""`rostra serve` in processes of its own, as users start it; to be asked, stopped and killed."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from itertools import cycle
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from tests.harness.patience import PATIENCE_S

# Below the ports that the system gives to connections, and others for each test process: between
# choosing one and listening on it nobody else takes it.
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_FIRST = 20_000 + _WORKER % 6 * 2_000
# Four apart: a server takes the next two as well, unless it is told otherwise.
_ports = cycle(range(_FIRST, _FIRST + 2_000, 4))
for _ in range(os.getpid() % 500):
    next(_ports)


def free_port() -> int:
    """A TCP port that nobody listens on."""
    while True:
        port = next(_ports)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


class Served:
    """A running server; as a context manager it is killed at the end if it still runs."""

    program: ClassVar[str] = "rostra.cli.main"

    def __init__(self, data: Path, *arguments: str, **environ: str) -> None:
        self.data = data
        self.port = int(environ.get("ROSTRA_SERVER__PORT", 0)) or free_port()
        self.metrics_port = free_port()
        self.streaming_port = free_port()
        self.output = data.parent / f"{data.name}.log"
        given = {
            "ROSTRA_LIMITS__SCALE": "0",
            "ROSTRA_HOSTING__SOFTWARE": "false",
            "ROSTRA_SERVER__METRICS_PORT": str(self.metrics_port),
            "ROSTRA_STREAMING__PORT": str(self.streaming_port),
            **environ,
        }
        command = [sys.executable, "-m", self.program, "serve", "--data", str(data)]
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603 (our own program)
                [*command, "--port", str(self.port), *arguments],
                env={**os.environ, **given},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def ready(self) -> Self:
        """Wait for the first answer."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            assert self.process.poll() is None, self.output.read_text()
            try:
                self.ask("GET", "/api/v1/timelines/public")
            except OSError:
                time.sleep(0.02)
            else:
                return self
        raise AssertionError(f"no answer: {self.output.read_text()}")

    def connect(self) -> http.client.HTTPConnection:
        """A connection of its own."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)

    def ask(self, method: str, path: str, token: str = "", body: str = "") -> tuple[int, bytes]:
        """One answer over a connection of its own; the body is a form."""
        connection = self.connect()
        try:
            return asked(connection, method, path, token, body)
        finally:
            connection.close()

    def processes(self) -> list[int]:
        """The server's processes: the parent and all below it."""
        found = [self.process.pid]
        for pid in found:
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                found += map(int, task.read_text().split())
        return found

    def stop(self) -> int:
        """Ask it to end; its exit status."""
        self.process.terminate()
        return self.process.wait(PATIENCE_S)

    def kill(self) -> None:
        """SIGKILL to all of its processes at once: nobody gets to tidy up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.kill()


def asked(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    token: str = "",
    body: str = "",
    **headers: str,
) -> tuple[int, bytes]:
    """One answer over this connection."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if token:
        sent["authorization"] = f"Bearer {token}"
    if body:
        sent["content-type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, body or None, sent)
    response = connection.getresponse()
    return response.status, response.read()
