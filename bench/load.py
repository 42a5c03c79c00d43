"""Load on the server: through wrk where it is there, else from a process of our own.

    python -m bench.load URL FILE METHOD CONNECTIONS SECONDS

is that process; it prints the line that load.lua makes wrk print.
"""

import asyncio
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True)
class Figures:
    """What one load came to: requests per second, and times in milliseconds."""

    requests: int
    rate: float
    p50_ms: float
    p99_ms: float
    refused: int  # answers of 400 and above
    broken: int  # connections that failed


def load(
    base: str,
    paths: Sequence[str],
    tokens: Sequence[str] = (),
    *,
    method: str = "GET",
    connections: int = 16,
    seconds: float = 4,
) -> Figures:
    """Ask for these paths in turn, each time as the next of these members."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.writelines([f"t {token}\n" for token in tokens] + [f"p {path}\n" for path in paths])
        file.flush()
        wrk = shutil.which("wrk")
        if wrk:
            command = [wrk, "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "--timeout", "30s",
                       "-s", str(_SCRIPT), base, "--", file.name, method]  # fmt: skip
        else:
            command = [sys.executable, "-m", "bench.load", base, file.name, method,
                       str(connections), str(seconds)]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT "))
    requests, micros, p50, p99, refused, broken = map(int, line.split()[1:])
    return Figures(requests, requests / (micros / 1e6), p50 / 1e3, p99 / 1e3, refused, broken)


class _Client:
    """Connections that ask one thing after another, until the time is over."""

    def __init__(self, base: str, file: Path, method: str) -> None:
        parts = urlsplit(base)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        lines = file.read_text().splitlines()
        self.tokens = [line[2:] for line in lines if line.startswith("t ")]
        self.paths = [line[2:] for line in lines if line.startswith("p ")]
        self.method = method
        self.sent = self.refused = self.broken = 0
        self.times: list[float] = []

    def next_request(self) -> bytes:
        """The next request as bytes."""
        self.sent += 1
        path = self.paths[self.sent % len(self.paths)]
        head = [f"{self.method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}"]
        if self.tokens:
            head.append(f"Authorization: Bearer {self.tokens[self.sent % len(self.tokens)]}")
        body = ""
        if self.method == "POST":
            body = f"status=Post+number+{self.sent}+about+rivers+and+bread+%23localnews"
            head += ["Content-Type: application/x-www-form-urlencoded"]
            head += [f"Content-Length: {len(body)}"]
        return "\r\n".join([*head, "", body]).encode()

    async def connection(self, until: float) -> None:
        """Ask over one connection."""
        reader, writer = await asyncio.open_connection(self.host, self.port, limit=1 << 20)
        while time.perf_counter() < until:
            started = time.perf_counter()
            writer.write(self.next_request())
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
            await reader.readexactly(length)
            self.refused += int(head[9:12]) >= 400
            self.times.append(time.perf_counter() - started)
        writer.close()


async def _main(base: str, file: str, method: str, connections: str, seconds: str) -> None:
    client = _Client(base, Path(file), method)
    started = time.perf_counter()
    until = started + float(seconds)
    lanes = [client.connection(until) for _ in range(int(connections))]
    ended = await asyncio.gather(*lanes, return_exceptions=True)
    took = time.perf_counter() - started
    times = sorted(client.times) or [0.0]
    p50, p99 = (int(times[int(len(times) * part)] * 1e6) for part in (0.5, 0.99))
    broken = sum(isinstance(outcome, BaseException) for outcome in ended)
    print("RESULT", len(client.times), int(took * 1e6), p50, p99, client.refused, broken)


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
