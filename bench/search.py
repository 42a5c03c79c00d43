"""Measure search among 1,000,000 posts and 10,000 members, on SQLite and on PostgreSQL.

    python -m bench.search [--posts 1000000] [--members 10000] [--rounds 300] [--database sqlite]
                           [--work DIR] [--url postgresql://… --data DIR]

Makes a place of its own for each database (bench/seed.py; kept and used again for SQLite), starts
`rostra serve` on it, and asks one query after another over one connection, each time as another
member and with other words. Prints the times of whole requests as the client sees them, and the CPU
time that they took of the server and of PostgreSQL together: what holds on a machine that does
other things as well. PostgreSQL is a throw-away cluster, like that of the tests, or the one at
``--url``, on this machine, that `bench.seed --data DIR` has filled.
"""

import argparse
import http.client
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
from tests.harness.postgres import Cluster

from bench.seed import MEDIUM, RARE, TAGS, WORDS
from bench.server import Server, cpu_ns
from bench.sql import BACKENDS, ask

COMMON = [word for word in WORDS if len(word) > 4]
Draw = Callable[[random.Random], str]
Pids = Callable[[], list[int]]


def _common(rng: random.Random) -> str:
    return rng.choice(COMMON)


def _member(rng: random.Random) -> str:
    return f"member{rng.randrange(2000)}"


KINDS: dict[str, Draw] = {
    "a common word (27 % of all posts)": _common,
    "two common words": lambda rng: " ".join(rng.sample(COMMON, 2)),
    "three common words": lambda rng: " ".join(rng.sample(COMMON, 3)),
    "a seldom word (0.05 %)": lambda rng: f"sel{rng.randrange(MEDIUM)}",
    "a rare word (0.001 %)": lambda rng: f"rar{rng.randrange(RARE)}",
    "a rare and a common word": lambda rng: f"rar{rng.randrange(RARE)} {_common(rng)}",
    "a word that nobody wrote": lambda rng: f"non{rng.randrange(RARE)}",
    "a common word without another": lambda rng: "{} -{}".format(*rng.sample(COMMON, 2)),
    "a phrase of two common words": lambda rng: '"{} {}"'.format(*rng.sample(COMMON, 2)),
    "a common word of one member": lambda rng: f"{_common(rng)} from:{_member(rng)}",
    "a common word with what none has": lambda rng: f"{_common(rng)} has:video",
    "answers with a common word": lambda rng: f"{_common(rng)} is:reply language:en",
    "a common word in a week": lambda rng: f"{_common(rng)} before:{_days_ago(rng)}",
    "a common word in the library": lambda rng: f"{_common(rng)} in:library",
    "a seldom and a common word, older": lambda rng: (
        f"sel{rng.randrange(MEDIUM)} {_common(rng)} before:{_days_ago(rng)}"
    ),
    "a phrase of four common words": lambda rng: '"{} {} {} {}"'.format(*rng.sample(COMMON, 4)),
    "accounts: a beginning of all": lambda rng: f"accounts:mem{'ber'[: rng.randrange(4)]}",
    "accounts: a beginning of some": lambda rng: f"accounts:member{rng.randrange(100)}",
    "accounts: two words": lambda rng: f"accounts:member {rng.randrange(100)}",
    "accounts: nobody": lambda rng: f"accounts:zz{rng.randrange(100)}",
    "hashtags: a beginning": lambda rng: f"hashtags:{rng.choice('oslwm')}",
    "hashtags: one": lambda rng: f"hashtags:{rng.choice(TAGS)}",
}


def _days_ago(rng: random.Random) -> str:
    ago = time.time() - rng.randrange(3, 25) * 86_400
    return time.strftime("%Y-%m-%d", time.gmtime(ago))


def _path(drawn: str) -> tuple[str, str]:
    """What is asked for, and its address."""
    kind, _, text = drawn.partition(":")
    if kind not in {"accounts", "hashtags"}:
        kind, text = "statuses", drawn
    return kind, f"/api/v2/search?type={kind}&q={quote(text)}"


class Figures(msgspec.Struct, frozen=True):
    """Milliseconds of each request by the clock and of CPU, sorted, and how much was found."""

    clock: list[float]
    cpu: list[float]
    found: int

    def cells(self) -> str:
        """As a line of Markdown."""
        told = []
        for times in (self.clock, self.cpu):
            told += [times[len(times) // 2], times[max(0, int(len(times) * 0.99) - 1)], times[-1]]
        told.append(self.found / len(self.clock))
        return " | ".join(f"{figure:.1f}" for figure in told)


def measure(tokens: list[str], draw: Draw, rounds: int, port: int, pids: Pids) -> Figures:
    """Ask so many such queries."""
    rng = random.Random(11)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    clock, cpu, found = [], [], 0
    for number in range(rounds):
        kind, path = _path(draw(rng))
        headers = {"authorization": f"Bearer {tokens[number % len(tokens)]}"}
        spent, started = cpu_ns(pids()), time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        clock.append((time.perf_counter() - started) * 1000)
        cpu.append((cpu_ns(pids()) - spent) / 1e6)
        assert answer.status == 200, (answer.status, body)
        found += len(json.loads(body)[kind])
    connection.close()
    return Figures(sorted(clock), sorted(cpu), found)


HEAD = """| what | p50 ms | p99 ms | slowest | CPU p50 | CPU p99 | CPU most | found each |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"""


def table(server: Server, tokens: list[str], rounds: int, backends: Pids = list) -> None:
    """Print one database as Markdown."""
    print(HEAD, flush=True)
    for what, draw in KINDS.items():
        measure(tokens, draw, 5, server.port, list)
        served = server.pids() + backends()
        figures = measure(tokens, draw, rounds, server.port, served.copy)
        print(f"| {what} | {figures.cells()} |", flush=True)


def seed(data: Path, given: argparse.Namespace, url: str = "") -> None:
    """Make the place unless it is there."""
    if not (data / "tokens.json").exists() or url:
        environ: dict[str, str] = (
            {**os.environ, "ROSTRA_DATABASE__URL": url} if url else {**os.environ}
        )
        command = [sys.executable, "-m", "bench.seed", "--data", str(data)]
        command += ["--members", str(given.members), "--posts", str(given.posts)]
        subprocess.run(command, check=True, env=environ)


def tokens_in(data: Path) -> list[str]:
    """The tokens of a place's members."""
    document: dict[str, Any] = json.loads((data / "tokens.json").read_text())
    return [member["token"] for member in document["members"]]


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of an empty database on a server that is gone afterwards."""
    cluster = Cluster.reserve()
    cluster.start(owner=os.getpid())
    try:
        yield cluster.create("bench", template="template1")
    finally:
        cluster.remove()


def on_postgresql(given: argparse.Namespace, url: str, data: Path) -> None:
    """Measure a filled database."""
    ask(url, "VACUUM ANALYZE")  # what a server that keeps itself in order has done by then
    print(f"\nPostgreSQL, shared_buffers {ask(url, 'SHOW shared_buffers')[0]}", flush=True)
    with Server(data, workers=1, url=url) as server:
        table(server, tokens_in(data), given.rounds, lambda: ask(url, BACKENDS))


def main() -> None:
    """Measure both databases, or the one that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--work", type=Path, default=Path(".bench"))
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--url", default="", help="a filled PostgreSQL database, with --data")
    parser.add_argument("--data", type=Path, help="the place that belongs to --url")
    given = parser.parse_args()
    if given.url:
        on_postgresql(given, given.url, given.data)
        return
    given.work.mkdir(parents=True, exist_ok=True)
    if given.database != "postgresql":
        data = given.data or given.work / f"search-{given.posts}"
        seed(data, given)
        print("\nSQLite", flush=True)
        with Server(data, workers=1) as server:
            table(server, tokens_in(data), given.rounds)
    if given.database != "sqlite":
        with postgresql() as url:
            data = given.work / f"search-{given.posts}-postgresql"
            seed(data, given, url)
            on_postgresql(given, url, data)


if __name__ == "__main__":
    main()
