"""Moderation in a flood: 26,000 open reports at once, their queue, and one decision about 5,000.

    python -m bench.moderation [--reports 26000] [--flood 5000] [--rounds 300] [--database sqlite]

Makes a place of its own for each database, lets members report posts (the verb that the API calls,
fifty to a transaction, six at a time), starts `rostra serve` on it, and asks as a moderator over
one connection: first pages of the queue and of its views, taking cases, a decision about so many
cases that a second person agrees to, and taking it back. Prints milliseconds of whole requests and
of the server's CPU, and seconds until the decision was in force and until it was undone.
"""

import argparse
import asyncio
import http.client
import json
import os
import random
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bench.search import postgresql
from bench.seed import seed
from bench.server import Server, cpu_ns
from bench.sql import ask
from rostra.app import App, build
from rostra.network.credentials.model import Role
from rostra.network.credentials.tokens import issue_token
from rostra.safety.categories.model import Category
from rostra.safety.decisions.decide import decide
from rostra.safety.decisions.model import Action, ActionKind, Ruling
from rostra.safety.reports import file
from rostra.safety.reports.model import Said
from rostra.safety.team import access as team_access
from rostra.settings import load
from rostra.store.query import query_text

BASE = "/api/rostra/v1/safety"
SCOPES = frozenset({"read", "write", "admin:read", "admin:write"})
BATCH = 50
ANALYZE = 1_000  # reports, after which PostgreSQL looks at its tables anew, as autovacuum lets it
WRITERS = 6
HARMS = (
    *[Category.SPAM] * 8,
    *[Category.HARASSMENT] * 5,
    *[Category.HATE] * 4,
    Category.VIOLENCE_INCITEMENT,
    Category.THREAT_TO_LIFE,
)
_MANY = "SELECT id, account_id FROM posts WHERE visibility = 0 AND reblog_of_id = 0 ORDER BY id"
POSTS = query_text(sqlite=_MANY, postgresql=_MANY)
_MEMBERS = "SELECT account_id FROM users ORDER BY account_id"
MEMBERS = query_text(sqlite=_MEMBERS, postgresql=_MEMBERS, into=int)
_RANK = "UPDATE users SET role = :role WHERE account_id = :account"
APPOINT = query_text(sqlite=_RANK, postgresql=_RANK)


async def fill(data: Path, reports: int) -> list[str]:
    """Let members report posts, each about another one; tokens of two moderators."""
    app = build(load(data=data))
    rng, services = random.Random(7), app.services
    async with services.db.read() as reader:
        members = await reader.all(MEMBERS)
        posts = (await reader.all(POSTS))[:reports]
    assert len(posts) == reports, f"the place has {len(posts)} public posts"
    started = time.perf_counter()
    batches = iter([(at, posts[at : at + BATCH]) for at in range(0, reports, BATCH)])

    async def work() -> None:
        for at, batch in batches:  # all take from the same
            if at % ANALYZE == 0 and services.db.dialect == "postgresql":
                await asyncio.to_thread(ask, app.services.settings.database_url, "ANALYZE")
            async with services.db.write() as tx:
                for post_id, author_id in batch:
                    said = Said(
                        reporter_id=rng.choice(members[2:]),
                        target_account_id=author_id,
                        post_ids=(post_id,),
                        category=rng.choice(HARMS),
                    )
                    await file.report(services, tx, said)

    await asyncio.gather(*(work() for _ in range(WRITERS)))
    spent = time.perf_counter() - started
    print(f"{reports:,} reports in {spent:.1f} s ({reports / spent:,.0f} a second)", flush=True)
    return await _moderators(app, members[:2])


async def _moderators(app: App, members: list[int]) -> list[str]:
    tokens: list[str] = []
    services = app.services
    async with services.db.write() as tx:
        for account_id in members:
            await tx.run(APPOINT, role=int(Role.MODERATOR), account=account_id)
            issued = await issue_token(
                services, tx, app_id=0, account_id=account_id, granted=SCOPES
            )
            tokens.append(issued.access_token)
    await app.close()
    return tokens


async def propose(data: Path, case_ids: list[int]) -> str:
    """Decide on all of them at once, as the console does for a cluster; the decision's id."""
    services = build(load(data=data)).services
    ruling = Ruling(
        actions=(Action(kind=ActionKind.REMOVE),),
        category=Category.SPAM,
        facts="The same words, thousands of times.",
    )
    async with services.db.write() as tx:
        (actor, *_) = await team_access.team(tx)
        made = await decide(services, tx, actor, ruling, case_ids)
    await services.db.close()
    return str(made.id)


class Moderator:
    """Somebody who asks over one connection."""

    def __init__(self, port: int, token: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers = {
            "authorization": f"Bearer {token}",
            "content-type": "application/json",
        }

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The decoded answer."""
        sent = None if body is None else json.dumps(body)
        self.connection.request(method, path, sent, self.headers)
        answer = self.connection.getresponse()
        text = answer.read()
        assert answer.status == 200, (method, path, answer.status, text[:300])
        return json.loads(text)


def timed(server: Server, what: str, rounds: int, one: Callable[[], Any]) -> None:
    """Print how long each of so many requests took."""
    pids, clock, cpu = server.pids(), [], []
    one()
    for _ in range(rounds):
        spent, started = cpu_ns(pids), time.perf_counter()
        one()
        clock.append((time.perf_counter() - started) * 1000)
        cpu.append((cpu_ns(pids) - spent) / 1e6)
    told = []
    for times in (sorted(clock), sorted(cpu)):
        told += [f"{times[len(times) // 2]:.1f}", f"{times[int(len(times) * 0.99) - 1]:.1f}"]
    print(f"| {what} | {' | '.join(told)} |", flush=True)


def until(moderator: Moderator, decision_id: str, state: str) -> dict[str, Any]:
    """Wait until a decision is so far."""
    while True:
        found: dict[str, Any] = moderator.ask("GET", f"{BASE}/decisions/{decision_id}")
        if found["state"] == state:
            return found
        time.sleep(0.05)


def measure(data: Path, tokens: list[str], flood: int, rounds: int, url: str) -> None:
    """Ask, and print."""
    with Server(data, workers=1, url=url) as server:
        first, second = (Moderator(server.port, token) for token in tokens)
        print("| what | p50 ms | p99 ms | CPU p50 | CPU p99 |\n| --- | ---: | ---: | ---: | ---: |")
        views = {
            "the queue's first page (40)": "",
            "of one category": "?category=hate",
            "from one source": "?source=authority",
            "by deadline": "?due_first=true",
        }
        for what, query in views.items():
            path = f"{BASE}/queue{query}"
            timed(server, what, rounds, partial(first.ask, "GET", path))
        timed(server, "counts", rounds, lambda: first.ask("GET", f"{BASE}/queue/counts"))
        timed(server, "take the next case", rounds, lambda: first.ask("POST", f"{BASE}/queue/next"))
        _flood(data, first, second, flood)


def _flood(data: Path, first: Moderator, second: Moderator, flood: int) -> None:
    ids: list[str] = []
    after = ""
    while len(ids) < flood:
        page = first.ask("GET", f"{BASE}/queue?limit=200{after}")
        ids += [case["id"] for case in page if case["holder_id"] is None]
        after = f"&after={page[-1]['id']}"
    started = time.perf_counter()
    decision_id = asyncio.run(propose(data, [int(each) for each in ids[:flood]]))
    proposed = time.perf_counter()
    second.ask("POST", f"{BASE}/decisions/{decision_id}/agree")
    done = until(first, decision_id, "in_force")
    applied = time.perf_counter()
    first.ask("POST", f"{BASE}/decisions/{decision_id}/undo", {"reopen": True})
    until(first, decision_id, "undone")
    undone = time.perf_counter()
    print(
        f"\n{done['done_count']:,} cases by one decision: proposed in {proposed - started:.2f} s,"
    )
    print(f"in force {applied - proposed:.2f} s after it was agreed to, ", end="")
    print(f"taken back in {undone - applied:.2f} s", flush=True)


def one_place(folder: Path, given: argparse.Namespace, url: str = "") -> None:
    """Make a place, fill it, measure it."""
    if url:
        os.environ["ROSTRA_DATABASE__URL"] = url
    data = folder / "place"
    asyncio.run(seed(data, given.members, given.posts))
    tokens = asyncio.run(fill(data, given.reports))
    measure(data, tokens, given.flood, given.rounds, url)
    os.environ.pop("ROSTRA_DATABASE__URL", None)


def main() -> None:
    """Measure both databases, or the one that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=26_000)
    parser.add_argument("--flood", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--members", type=int, default=1_000)
    parser.add_argument("--posts", type=int, default=60_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    given = parser.parse_args()
    if given.database != "postgresql":
        print("\nSQLite", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            one_place(Path(folder), given)
    if given.database != "sqlite":
        print("\nPostgreSQL", flush=True)
        with tempfile.TemporaryDirectory() as folder, postgresql() as url:
            one_place(Path(folder), given, url)


if __name__ == "__main__":
    main()
