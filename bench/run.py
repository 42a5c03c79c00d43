"""Measure a real server, and compare with a bare route of the same server.

    python -m bench [--small] [--seconds 4] [--out FILE] [--work DIR] [--url postgresql://…]

Starts `rostra serve` with two processes on a made-up place (2,000 posts of 50 members, then
1,000,000 of 10,000; see bench/seed.py), asks each endpoint as one member again and again and as 50
in turn, and prints requests per second, times, CPU per request, memory and the ratio to
`/bench/constant/{size}`, a route that answers with a constant body of the same size.
"""

import argparse
import json
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import returning
from bench.delivery import delivery
from bench.load import Figures, load
from bench.server import Server

PLACES = {"small": (50, 2_000), "big": (10_000, 1_000_000)}
CONNECTIONS = 16
FILTERS = 200
_WORDS = ("river", "garden", "train", "letter", "coffee", "bridge", "market", "harbour", "candle")


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    what: str
    who: str
    figures: Figures
    cpu_ms: float
    ratio: float | None = None
    cpu_ratio: float | None = None

    def cells(self) -> list[str]:
        """As text."""
        f = self.figures
        ratio, cpu_ratio = ("" if r is None else f"{r:.2f}" for r in (self.ratio, self.cpu_ratio))
        trouble = f.refused + f.broken
        return [
            self.what, self.who, f"{f.rate:,.0f}", f"{f.p50_ms:.2f}", f"{f.p99_ms:.2f}",
            f"{self.cpu_ms:.3f}", ratio, cpu_ratio, str(trouble) if trouble else "",
        ]  # fmt: skip


HEAD = ["what", "who", "requests/s", "p50 ms", "p99 ms", "CPU ms each", "of constant", "by CPU",
        "errors"]  # fmt: skip


class Bench:
    """One place, one server, all its lines."""

    def __init__(self, server: Server, document: dict[str, Any], seconds: float) -> None:
        self.server = server
        self.seconds = seconds
        self.members = document["members"]
        self.posts = document["posts"]
        self.tags = document["tags"]
        self.pairs = document.get("pairs", [])
        self.tokens = [member["token"] for member in self.members]
        self.one = self.tokens[1:2]  # not the most famous one
        self.lines: list[Line] = []

    def paths(self) -> dict[str, list[str]]:
        """For each endpoint what is asked in turn; the first alone for one member.

        One path fewer than there are members, so that everybody comes to ask for everything.
        """
        ids = [member["id"] for member in self.members][:-1]
        return {
            "home": ["/api/v1/timelines/home"],
            "public": ["/api/v1/timelines/public"],
            "account": [f"/api/v1/accounts/{member}/statuses" for member in ids],
            "hashtag": [f"/api/v1/timelines/tag/{tag}" for tag in self.tags[:-1]],
            "notifications": ["/api/v1/notifications"],
            "grouped notifications": ["/api/v2/notifications"],
            "one post": [f"/api/v1/statuses/{post}" for post in self.posts[:-1]],
            "search": [f"/api/v2/search?q={word}&type=statuses" for word in _WORDS],
        }

    def measure(self, what: str, who: str, floor: Line | None = None, **given: Any) -> Line:
        """One load, with what it cost the server, and how it compares with the constant route.

        The ratio by CPU holds on a machine that does other things as well.
        """
        self.server.get("/api/v1/timelines/public")
        before = self.server.cpu_s()
        figures = load(self.server.base, seconds=self.seconds, **given)
        cpu = (self.server.cpu_s() - before) / max(1, figures.requests) * 1000
        line = Line(what, who, figures, cpu)
        if floor is not None and cpu:
            ratio = figures.rate / floor.figures.rate
            line = Line(what, who, figures, cpu, ratio, floor.cpu_ms / cpu)
        self.lines.append(line)
        print("  ".join(f"{cell:<14}" for cell in line.cells()), flush=True)
        return line

    def reads(self) -> None:
        """Every endpoint that reads, as one and as 50."""
        for what, paths in self.paths().items():
            status, body = self.server.get(paths[0], self.tokens[0])
            if status != 200:
                print(f"{what}: answers {status}, left out", flush=True)
                continue
            constant = [f"/bench/constant/{len(body)}"]
            floor = self.measure(
                f"constant, {len(body) / 1000:.0f} kB", "", paths=constant,
                tokens=self.one, connections=CONNECTIONS,
            )  # fmt: skip
            for who, tokens, asked in (
                ("one", self.one, paths[:1]),
                (f"{len(self.tokens)} in turn", self.tokens, paths),
            ):
                self.measure(what, who, floor, paths=asked, tokens=tokens, connections=CONNECTIONS)

    def filtered(self) -> str:
        """Home of a member with 200 filters, two of them for frequent words, beside it without."""
        token, path = self.tokens[2:3], ["/api/v1/timelines/home"]
        given: dict[str, Any] = {"paths": path, "tokens": token, "connections": CONNECTIONS}
        without = self.measure("home", "no filters", **given)
        for number in range(FILTERS):
            word = _WORDS[number % len(_WORDS)] if number % 100 == 0 else f"unheard{number}"
            body = f"title=Filter+{number}&context[]=home&keywords_attributes[][keyword]={word}"
            status, answer = self.server.ask("POST", "/api/v2/filters", token[0], body)
            assert status == 200, answer
        with_them = self.measure("home", f"{FILTERS} filters", **given)
        rate = with_them.figures.rate / without.figures.rate
        cpu = without.cpu_ms / with_them.cpu_ms
        return (
            f"Home with {FILTERS} filters: {rate:.2f} of the same home without, {cpu:.2f} by CPU."
        )

    def writes(self) -> None:
        """Posting, one at a time and eight at a time; and how soon it is delivered."""
        path = ["/api/v1/statuses"]
        status, answer = self.server.ask("POST", path[0], self.tokens[0], "status=Hello")
        if status != 200:
            print(f"posting: answers {status} {answer[:200]!r}, left out", flush=True)
            return
        for clients in (1, 8):
            for who, tokens in (("one", self.one), ("50 in turn", self.tokens)):
                what = f"post, {clients} at a time"
                self.measure(
                    what, who, paths=path, tokens=tokens, method="POST", connections=clients
                )


def seeded(work: Path, name: str, url: str) -> Path:
    """A data directory with the place of this name, made once and copied for each run."""
    members, posts = PLACES[name]
    kept, data = work / f"seed-{name}", work / f"run-{name}"
    arguments = ["--members", str(members), "--posts", str(posts)]
    command = [sys.executable, "-m", "bench.seed", "--data", str(kept), *arguments]
    shutil.rmtree(data, ignore_errors=True)
    if url or not (kept / "tokens.json").exists():
        shutil.rmtree(kept, ignore_errors=True)
        subprocess.run(command, check=True)
    # A copy that shares its blocks where the file system can: the kept place stays as it was made.
    subprocess.run(["cp", "-r", "--reflink=auto", str(kept), str(data)], check=True)
    return data


def table(lines: list[Line]) -> str:
    """The lines as Markdown."""
    rows = [HEAD, ["---", "---", *["---:"] * (len(HEAD) - 2)], *(line.cells() for line in lines)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def facts(bench: Bench) -> list[str]:
    """What is told beside the table: start, memory, delivery."""
    server = bench.server
    told = [f"First answer {server.first_answer_s:.2f} s after the start."]
    time.sleep(3)
    told.append(f"Memory of all {len(server.pids())} processes, idle: {server.pss_mb():.0f} MB.")
    return told


def delivered(bench: Bench) -> list[str]:
    """How soon posts are in a follower's home."""
    told = []
    if bench.pairs:
        author, follower = (bench.members[place]["token"] for place in bench.pairs[0])
        got = delivery(bench.server, author, follower)
        told.append(
            f"From sending a post to seeing it in a follower's home ({got.posts} posts): "
            f"p50 {got.p50_ms:.1f} ms, p99 {got.p99_ms:.1f} ms."
        )
    told.append(f"Memory after all of it: {bench.server.pss_mb():.0f} MB.")
    return told


def measure_place(work: Path, name: str, seconds: float, url: str) -> str:
    """Measure one place; its part of the report."""
    members, posts = PLACES[name]
    title = f"{posts:,} posts, {members:,} members"
    print(f"\n{title}", flush=True)
    data = seeded(work, name, url)
    with Server(data, url=url) as server:
        bench = Bench(server, json.loads((data / "tokens.json").read_text()), seconds)
        told = facts(bench)
        print("\n".join(told), flush=True)
        bench.reads()
        filtered = bench.filtered()
        bench.writes()
        after = [filtered, *delivered(bench)]
        member = bench.members[3]
        after.append(returning.told(server, data, int(member["id"]), member["token"], url))
        print("\n".join(after), flush=True)
    paragraphs = "\n".join(f"- {line}" for line in told + after)
    return f"### {title}\n\n{paragraphs}\n\n{table(bench.lines)}\n"


def main() -> None:
    """Measure both places, or the small one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="only 2,000 posts of 50 members")
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--work", type=Path, default=Path(".bench"))
    parser.add_argument("--out", type=Path, default=None)
    parser.add_argument("--url", default="", help="an empty PostgreSQL database, with --small")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    places = ["small"] if given.small or given.url else list(PLACES)
    loader = "wrk" if shutil.which("wrk") else "a Python client (install wrk for truer figures)"
    parts = [f"Loaded with {loader}, {CONNECTIONS} connections, {given.seconds:.0f} s each.\n"]
    parts += [measure_place(given.work, name, given.seconds, given.url) for name in places]
    out = given.out or given.work / "results.md"
    out.write_text("\n".join(parts))
    print(f"\nwritten to {out}")


if __name__ == "__main__":
    main()
