"""Measure the search for posts among 1,000,000, on SQLite and on PostgreSQL.

    python -m bench.search [--posts 1000000] [--members 10000] [--rounds 300] [--database sqlite]
                           [--work DIR]

Makes a place of its own for each database (bench/seed.py; kept and used again for SQLite), starts
`rostra serve` on it, and asks one query after another over one connection, each time as another
member and with other words. Prints the times of whole requests as the client sees them.
PostgreSQL is a throw-away cluster, like that of the tests.
"""

import argparse
import asyncio
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

import asyncpg
from tests.harness.postgres import Cluster

from bench.seed import MEDIUM, RARE, WORDS
from bench.server import Server

COMMON = [word for word in WORDS if len(word) > 4]
Draw = Callable[[random.Random], str]


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
}


def _days_ago(rng: random.Random) -> str:
    ago = time.time() - rng.randrange(3, 25) * 86_400
    return time.strftime("%Y-%m-%d", time.gmtime(ago))


def measure(server: Server, tokens: list[str], draw: Draw, rounds: int) -> tuple[list[float], int]:
    """Milliseconds of each request, sorted, and how many posts the last answers had together."""
    rng = random.Random(11)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    times, found = [], 0
    for number in range(rounds):
        path = f"/api/v2/search?type=statuses&q={quote(draw(rng))}"
        headers = {"authorization": f"Bearer {tokens[number % len(tokens)]}"}
        started = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        times.append((time.perf_counter() - started) * 1000)
        assert answer.status == 200, (answer.status, body)
        found += len(json.loads(body)["statuses"])
    connection.close()
    return sorted(times), found


def table(server: Server, tokens: list[str], rounds: int) -> str:
    """One database as Markdown."""
    lines = [
        "| what | p50 ms | p99 ms | slowest | found each |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for what, draw in KINDS.items():
        measure(server, tokens, draw, 5)
        times, found = measure(server, tokens, draw, rounds)
        middle, late = times[len(times) // 2], times[int(len(times) * 0.99) - 1]
        line = f"| {what} | {middle:.1f} | {late:.1f} | {times[-1]:.1f} | {found / rounds:.0f} |"
        lines.append(line)
        print(line, flush=True)
    return "\n".join(lines)


def seed(data: Path, given: argparse.Namespace, url: str = "") -> list[str]:
    """Make the place unless it is there; the tokens of its members."""
    if not (data / "tokens.json").exists() or url:
        environ: dict[str, str] = (
            {**os.environ, "ROSTRA_DATABASE__URL": url} if url else {**os.environ}
        )
        command = [sys.executable, "-m", "bench.seed", "--data", str(data)]
        command += ["--members", str(given.members), "--posts", str(given.posts)]
        subprocess.run(command, check=True, env=environ)
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


async def analyze(url: str) -> None:
    """What a server that keeps itself in order has done by then."""
    connection = await asyncpg.connect(url)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


def main() -> None:
    """Measure both databases, or the one that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--work", type=Path, default=Path(".bench"))
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    if given.database != "postgresql":
        data = given.work / f"search-{given.posts}"
        tokens = seed(data, given)
        print("\nSQLite", flush=True)
        with Server(data, workers=1) as server:
            table(server, tokens, given.rounds)
    if given.database != "sqlite":
        with postgresql() as url:
            data = given.work / f"search-{given.posts}-postgresql"
            tokens = seed(data, given, url)
            asyncio.run(analyze(url))
            print("\nPostgreSQL", flush=True)
            with Server(data, workers=1, url=url) as server:
                table(server, tokens, given.rounds)


if __name__ == "__main__":
    main()
