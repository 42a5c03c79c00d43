"""How long the first home page takes for somebody who was away for a year.

    python -m bench.returning --data DIR [--url postgresql://…]

The member's absence, and whom they follow, is written into the database of a filled place
(bench/seed.py) beside the running server, as a restored backup or a long sleep would leave it.
Times by the clock, and CPU of the server and of PostgreSQL (on this machine) together.
"""

import argparse
import http.client
import json
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from bench.server import Server, cpu_ns
from bench.sql import BACKENDS, ask
from rostra.store.sqlite import connect

FOLLOWED = 2_000
_ROUNDS = 9

_FOLLOW = """INSERT INTO follows (account_id, target_id, id, show_reblogs)
    VALUES ({member}, {target}, {target} + 1, 1) ON CONFLICT DO NOTHING"""
_FOLLOWED = "SELECT count(*) FROM follows WHERE account_id = {member}"
_AWAY = ("UPDATE users SET home_built_at = -1 WHERE account_id = {member}",
         "DELETE FROM home WHERE account_id = {member}")  # fmt: skip
Run = Callable[..., list[Any]]  # statements in; the first column of what the last one answers


def runner(data: Path, url: str) -> Run:
    """Something that runs statements on the place's database."""

    def on_sqlite(*statements: str) -> list[Any]:
        connection = connect(data / "rostra.sqlite3")
        rows: list[Any] = []
        with connection:
            for statement in statements:
                rows = list(connection.execute(statement))
        connection.close()
        return [row[0] for row in rows]

    return (lambda *statements: ask(url, *statements)) if url else on_sqlite


def follow_many(run: Run, member_id: int, most: int = FOLLOWED) -> int:
    """Have a member follow so many others, or all there are; how many they follow then."""
    others = run("SELECT id FROM accounts ORDER BY id")
    random.Random(1).shuffle(others)
    targets = [target for target in others[:most] if target != member_id]
    run(*(_FOLLOW.format(member=member_id, target=target) for target in targets))
    return int(run(_FOLLOWED.format(member=member_id))[0])


class Times(msgspec.Struct, frozen=True):
    """Milliseconds of the first home page after each of some absences, in order of length."""

    clock: list[float]
    cpu: list[float]


def returns(server: Server, run: Run, member_id: int, token: str, url: str) -> Times:
    """Measure so many returns."""
    clock, cpu = [], []
    for _ in range(_ROUNDS):
        run(*(statement.format(member=member_id) for statement in _AWAY))
        pids = server.pids() + (ask(url, BACKENDS) if url else [])
        client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        client.connect()
        spent, started = cpu_ns(pids), time.perf_counter()
        client.request(
            "GET", "/api/v1/timelines/home", headers={"authorization": f"Bearer {token}"}
        )
        response = client.getresponse()
        body = response.read()
        clock.append((time.perf_counter() - started) * 1000)
        cpu.append((cpu_ns(pids) - spent) / 1e6)
        assert response.status == 200, body
        assert len(body) > 1000, "the home is empty"
        client.close()
    return Times(sorted(clock), sorted(cpu))


def told(server: Server, data: Path, member_id: int, token: str, url: str = "") -> str:
    """One line for the report."""
    run = runner(data, url)
    followed = follow_many(run, member_id)
    times = returns(server, run, member_id, token, url)
    return (
        f"First home page after a year away, following {followed:,}: "
        f"median {statistics.median(times.clock):.0f} ms, longest of {len(times.clock)} "
        f"{times.clock[-1]:.0f} ms; CPU median {statistics.median(times.cpu):.0f} ms, "
        f"most {times.cpu[-1]:.0f} ms."
    )


def main() -> None:
    """Measure one place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--url", default="", help="a filled PostgreSQL database")
    given = parser.parse_args()
    member = json.loads((given.data / "tokens.json").read_text())["members"][3]
    with Server(given.data, url=given.url) as server:
        server.get("/api/v1/timelines/home", member["token"])
        print(told(server, given.data, int(member["id"]), member["token"], given.url))


if __name__ == "__main__":
    main()
