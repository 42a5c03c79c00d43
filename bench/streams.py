"""Open streams: what each costs in memory, and how soon a public post has reached all of them.

    python -m bench.streams --data DIR [--streams 5000] [--workers 2] [--clients 4]

Makes a place of as many members as streams, opens one WebSocket for each (`user` and `public`) from
some client processes over loopback, and posts as one member. Prints kilobytes a stream (PSS of all
processes of the server, what they share counted once) and milliseconds from sending a post until
the last of the streams had it. On PostgreSQL: `ROSTRA_DATABASE__URL`, an empty database.
"""

import argparse
import asyncio
import json
import multiprocessing
import multiprocessing.connection
import os
import re
import resource
import statistics
import time
from pathlib import Path
from typing import Any

import msgspec

from bench.seed import seed
from bench.server import Server
from rostra.app import build
from rostra.network.credentials.tokens import issue_token
from rostra.settings import load
from rostra.store.query import query_text

POSTS = 20
GRANTED = frozenset({"read", "write"})
MEMBERS = query_text(
    sqlite="SELECT account_id FROM users ORDER BY account_id",
    postgresql="SELECT account_id FROM users ORDER BY account_id",
    into=int,
)
_MARK = re.compile(rb"stream-(\d+)-end")
_SUBSCRIBE = b'{"type":"subscribe","stream":"public"}'


async def tokens(data: Path, count: int) -> list[str]:
    """A token for each of so many members."""
    services = build(load(data=data)).services
    found: list[str] = []
    async with services.db.write() as tx:
        members = await tx.all(MEMBERS)
        for account_id in members[:count]:
            issued = await issue_token(
                services, tx, app_id=0, account_id=account_id, granted=GRANTED
            )
            found.append(issued.access_token)
    await services.db.close()
    return found


class Reader(asyncio.Protocol):
    """One stream; notes when each post was there."""

    def __init__(self, token: str, seen: dict[int, list[float]], opened: list[int]) -> None:
        self._token = token
        self._seen = seen
        self._opened = opened
        self._tail = b""
        self._last = -1

    def connection_made(self, transport: Any) -> None:
        """Ask for the stream."""
        self._transport = transport
        head = (
            f"GET /api/v1/streaming?stream=user&access_token={self._token} HTTP/1.1\r\n"
            "host: localhost\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
            "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        transport.write(head.encode())

    def data_received(self, data: bytes) -> None:
        """Look for the marks of posts."""
        if data.startswith(b"HTTP/1.1 101"):
            frame = bytes((0x81, 0x80 | len(_SUBSCRIBE), 0, 0, 0, 0)) + _SUBSCRIBE
            self._transport.write(frame)
            self._opened[0] += 1
        now = time.perf_counter()
        text = self._tail + data
        for mark in map(int, _MARK.findall(text)):
            if mark != self._last:  # by `user` and by `public`
                self._seen.setdefault(mark, []).append(now)
                self._last = mark
        self._tail = b"" if _MARK.search(text) else text[-40:]


async def read(port: int, given: list[str], orders: multiprocessing.connection.Connection) -> None:
    """Open the streams, say how many are open, and then, when asked, when each post came."""
    loop = asyncio.get_running_loop()
    seen: dict[int, list[float]] = {}
    opened = [0]
    kept = []
    for at in range(0, len(given), 50):
        pairs = await asyncio.gather(
            *(
                loop.create_connection(lambda t=t: Reader(t, seen, opened), "127.0.0.1", port)  # type: ignore[misc] # a bound default
                for t in given[at : at + 50]
            )
        )
        kept += pairs
    while opened[0] < len(given):  # noqa: ASYNC110 (a count over many connections)
        await asyncio.sleep(0.05)
    orders.send(opened[0])
    while await loop.run_in_executor(None, orders.recv):
        orders.send(seen)
    for transport, _ in kept:
        transport.abort()


def client(port: int, given: list[str], orders: multiprocessing.connection.Connection) -> None:
    """A client process."""
    asyncio.run(read(port, given, orders))


def post(server: Server, token: str, number: int) -> float:
    """Post; the moment before."""
    began = time.perf_counter()
    status, body = server.ask("POST", "/api/v1/statuses", token, f"status=stream-{number}-end")
    assert status == 200, body
    return began


def measure(server: Server, port: int, given: list[str], clients: int) -> dict[str, float]:
    """The figures, by name."""
    server.get("/api/v1/timelines/public")
    time.sleep(2)
    idle = server.pss_mb()
    pipes = []
    for at in range(clients):
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.Process(
            target=client, args=(port, given[at::clients], theirs), daemon=True
        )
        process.start()
        pipes.append(ours)
    began = time.perf_counter()
    opened = sum(pipe.recv() for pipe in pipes)
    took = time.perf_counter() - began
    assert opened == len(given), opened
    time.sleep(3)
    held = server.pss_mb()
    cpu = server.cpu_s()
    sent = {}
    for number in range(POSTS):
        sent[number] = post(server, given[0], number)
        time.sleep(1.5)
    spent = server.cpu_s() - cpu
    seen: dict[int, list[float]] = {}
    for pipe in pipes:
        pipe.send(True)
        for number, times in pipe.recv().items():
            seen.setdefault(number, []).extend(times)
    last = [max(seen[number]) - at for number, at in sent.items()]
    every = [each - at for number, at in sent.items() for each in seen[number]]
    after = server.pss_mb()
    for pipe in pipes:
        pipe.send(False)
    return {
        "streams": opened,
        "opened in s": round(took, 1),
        "kB a stream": round((held - idle) * 1024 / opened, 1),
        "kB a stream, after the posts": round((after - idle) * 1024 / opened, 1),
        "reached": min(len(seen[number]) for number in sent),
        "all p50 ms": round(statistics.median(last) * 1000),
        "all worst ms": round(max(last) * 1000),
        "one p50 ms": round(statistics.median(every) * 1000),
        "CPU s a post": round(spent / POSTS, 3),
    }


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--streams", type=int, default=5000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--clients", type=int, default=4)
    given = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if not (given.data / "tokens.json").exists():
        asyncio.run(seed(given.data, given.streams, 2000))
    found = asyncio.run(tokens(given.data, given.streams))
    url = os.environ.get("ROSTRA_DATABASE__URL", "")
    with Server(given.data, workers=given.workers, url=url) as server:
        figures = measure(server, server.streaming_port, found, given.clients)
    print(json.dumps(msgspec.to_builtins(figures), indent=2))


if __name__ == "__main__":
    main()
