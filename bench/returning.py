"""How long the first home page takes for somebody who was away for a year.

SQLite only: the member's absence, and whom they follow, is written into the file beside the running
server, as a restored backup or a long sleep would leave it.
"""

import http.client
import random
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.server import Server
from rostra.store.sqlite import connect

FOLLOWED = 2_000
_ROUNDS = 9

_FOLLOW = """INSERT OR IGNORE INTO follows (account_id, target_id, id, show_reblogs)
    VALUES (?, ?, ?, 1)"""
_AWAY = ("UPDATE users SET home_built_at = -1 WHERE account_id = ?",
         "DELETE FROM home WHERE account_id = ?")  # fmt: skip


def follow_many(data: Path, member_id: int, most: int = FOLLOWED) -> int:
    """Have a member follow so many others, or all there are; how many they follow then."""
    connection = connect(data / "rostra.sqlite3")
    others: list[Any] = [row[0] for row in connection.execute("SELECT id FROM accounts")]
    random.Random(1).shuffle(others)
    with connection:
        for target in others[:most]:
            if target != member_id:
                connection.execute(_FOLLOW, (member_id, target, target + 1))
    count = "SELECT count(*) FROM follows WHERE account_id = ?"
    followed: Any = connection.execute(count, (member_id,)).fetchall()[0][0]
    connection.close()
    return int(followed)


def returns(server: Server, data: Path, member_id: int, token: str) -> Sequence[float]:
    """Milliseconds of the first home page after each of some absences, in order of length."""
    connection = connect(data / "rostra.sqlite3")
    times = []
    for _ in range(_ROUNDS):
        with connection:
            for statement in _AWAY:
                connection.execute(statement, (member_id,))
        client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        client.connect()
        started = time.perf_counter()
        client.request(
            "GET", "/api/v1/timelines/home", headers={"authorization": f"Bearer {token}"}
        )
        response = client.getresponse()
        body = response.read()
        times.append((time.perf_counter() - started) * 1000)
        assert response.status == 200, body
        assert len(body) > 1000, "the home is empty"
        client.close()
    connection.close()
    return sorted(times)


def told(server: Server, data: Path, member_id: int, token: str) -> str:
    """One line for the report."""
    followed = follow_many(data, member_id)
    times = returns(server, data, member_id, token)
    return (
        f"First home page after a year away, following {followed:,}: "
        f"median {statistics.median(times):.0f} ms, longest of {len(times)} {times[-1]:.0f} ms."
    )
