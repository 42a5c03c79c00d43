"""Law 2: what was acknowledged is on disk, once, whenever the server is killed."""

import asyncio
import contextlib
import http.client
import json
import os
import random
import threading
import time
from collections import Counter
from pathlib import Path

import apsw
import msgspec
import pytest
from tests.harness.patience import PATIENCE_S, wait_for
from tests.harness.served import Served, asked

from rostra.cli.town.rows import tables
from rostra.cli.town.sink import open_sink
from rostra.cli.town.world import Person, World, id_at, link_up
from rostra.store.migrate import migrate_sqlite

WRITERS = 8
ROUNDS = int(os.environ.get("ROSTRA_TEST_ROUNDS", "5"))
A_ROUND = 20

pytestmark = pytest.mark.slow


class Writer(threading.Thread):
    """A member who posts, favourites and deletes over one connection until it breaks."""

    def __init__(self, number: int, served: Served, book: "Book") -> None:
        super().__init__(daemon=True)
        self._number = number
        self._served = served
        self._book = book
        self._token = _token(number)

    def run(self) -> None:
        """Write until the server is gone."""
        ended = contextlib.suppress(OSError, http.client.HTTPException)
        with ended, contextlib.closing(self._served.connect()) as connection:
            pending = self._book.pending.pop(self._number, None)
            if pending is not None:
                self._post(connection, pending)  # as a client does that got no answer
            while True:
                self._post(connection, self._book.next_text(self._number))

    def _post(self, connection: http.client.HTTPConnection, text: str) -> None:
        book, token = self._book, self._token
        book.pending[self._number] = text
        body = _taken(
            connection, "POST", "/api/v1/statuses", token, f"status={text}", idempotency_key=text
        )
        post_id = int(json.loads(body)["id"])
        book.posted[text] = post_id
        del book.pending[self._number]
        if post_id % 3 == 0:
            path = f"/api/v1/statuses/{post_id}"
            _taken(connection, "POST", f"{path}/favourite", token)
            book.deleting.add(text)
            _taken(connection, "DELETE", path, token)
            book.deleted.add(text)


def _taken(connection: http.client.HTTPConnection, *asked_for: str, **headers: str) -> bytes:
    """The answer, asked for again while the server says that it is too busy to write."""
    while (answer := asked(connection, *asked_for, **headers))[0] == 503:
        time.sleep(0.1)
    assert answer[0] == 200, answer
    return answer[1]


class Book:
    """What the server said, and what is still unknown."""

    def __init__(self) -> None:
        self.posted: dict[str, int] = {}
        self.pending: dict[int, str] = {}
        self.deleting: set[str] = set()
        self.deleted: set[str] = set()
        self._count = 0

    def next_text(self, writer: int) -> str:
        """A text that nobody has posted."""
        self._count += 1
        return f"w{writer}n{self._count}t{time.time_ns()}"


def _token(number: int) -> str:
    return f"kill-nine-{number}-{'x' * 30}"


async def crowd(data: Path) -> None:
    """Eight members with a token each, who all follow each other."""
    migrate_sqlite(data / "rostra.sqlite3")
    rng = random.Random(1)  # noqa: S311 (made-up ids)
    now = int(time.time() * 1000)
    world = World(now, app_id=id_at(now - 1000, rng))
    for number in range(WRITERS):
        world.people.append(Person(id_at(now - 5000 + number, rng), f"writer{number}"))
        world.tokens.append((number, _token(number)))
    world.follows = [
        (one, other, id_at(now - 100, rng))
        for one in range(WRITERS)
        for other in range(WRITERS)
        if one != other
    ]
    link_up(world)
    sink = await open_sink(f"sqlite:///{data / 'rostra.sqlite3'}")
    await sink.begin()
    for rows in tables(world, rng):
        await sink.write(rows)
    await sink.finish()
    await sink.close()


def _check_posts(database: apsw.Connection, book: Book) -> None:
    """Every acknowledged post is there once, with all that belongs to it; deleted ones are not."""
    found: Counter[str] = Counter()
    ids: dict[str, int] = {}
    for post_id, text in database.execute("SELECT post_id, text FROM post_texts"):
        found[text] += 1
        ids[text] = post_id
    for text, post_id in book.posted.items():
        if text in book.deleted:
            assert found[text] == 0, "a post that was deleted is back"
        elif text not in book.deleting:
            assert found[text] == 1, f"an acknowledged post is there {found[text]} times"
            assert ids[text] == post_id
    assert max(found.values(), default=0) <= 1, "a post is there twice"
    (orphans,) = database.execute(
        """SELECT count(*) FROM posts p WHERE
           NOT EXISTS (SELECT 1 FROM post_texts t WHERE t.post_id = p.id)
           OR NOT EXISTS (SELECT 1 FROM home h WHERE h.account_id = p.account_id
                          AND h.post_id = p.id)"""
    ).fetchall()[0]
    assert orphans == 0, "a post is there by half"
    wrong = database.execute(
        """SELECT a.username FROM accounts a WHERE a.statuses_count <>
           (SELECT count(*) FROM posts p WHERE p.account_id = a.id)"""
    ).fetchall()
    assert wrong == [], "counters differ from what they count"


def _check_jobs(database: apsw.Connection, *, settled: bool) -> None:
    """No job is there twice; when all has been worked through, none is left and none died."""
    waiting: Counter[tuple[str, str]] = Counter()
    for kind, payload, scheduled in database.execute(
        "SELECT kind, payload, kind IN (SELECT kind FROM schedules) FROM jobs"
    ):
        waiting[kind, payload] += 1
        if scheduled:
            assert waiting[kind, payload] <= 1, f"{kind} is scheduled twice"
    purges = [payload for kind, payload in waiting if kind == "posts.purge"]
    ids = [msgspec.json.decode(payload)["post_id"] for payload in purges]
    assert len(ids) == len(set(ids)), "a job is there twice"
    if settled:
        assert purges == []
        assert database.execute("SELECT * FROM dead_jobs").fetchall() == []
        # What the jobs were for: nothing hangs on posts that are gone.
        left = database.execute(
            "SELECT * FROM favourites WHERE post_id NOT IN (SELECT id FROM posts)"
        ).fetchall()
        assert left == [], "a job was lost"


def _check_file(database: apsw.Connection) -> None:
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_kill_9_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    data, book = tmp_path / "data", Book()
    data.mkdir()
    asyncio.run(crowd(data))
    chance = random.Random(9)  # noqa: S311 (when to kill)
    killed_with_work = 0
    for _ in range(ROUNDS):
        with Served(data, "--workers", "2", ROSTRA_JOBS__POLL_MS="50") as served:
            served.ready()
            writers = [Writer(number, served, book) for number in range(WRITERS)]
            for writer in writers:
                writer.start()
            await_posts(book, len(book.posted) + A_ROUND)  # however slow the machine is
            time.sleep(chance.uniform(0, 0.5))
            served.kill()
            for writer in writers:
                writer.join(PATIENCE_S)
        killed_with_work += bool(book.pending)
        database = apsw.Connection(str(data / "rostra.sqlite3"))
        _check_file(database)
        _check_posts(database, book)
        _check_jobs(database, settled=False)
        database.close()
    assert killed_with_work, "no kill met a writer at work: this shows nothing"
    assert len(book.posted) >= A_ROUND * ROUNDS
    _settle(data, book)


def await_posts(book: Book, count: int) -> None:
    """Wait until so many were acknowledged."""
    wait_for(lambda: len(book.posted) >= count)


def _settle(data: Path, book: Book) -> None:
    """Let the server work through all jobs, send again what got no answer, and look once more."""
    database = apsw.Connection(str(data / "rostra.sqlite3"))
    # Jobs that a killed process held are due at the end of their lease: let that be now.
    database.execute("UPDATE jobs SET run_at = 0 WHERE lease <> 0")
    database.close()
    with Served(data, "--workers", "2", ROSTRA_JOBS__POLL_MS="50") as served:
        served.ready()
        for number, text in book.pending.items():
            connection = served.connect()
            token = _token(number)
            status, body = asked(
                connection,
                "POST",
                "/api/v1/statuses",
                token,
                f"status={text}",
                idempotency_key=text,
            )
            assert status == 200, body
            book.posted[text] = int(json.loads(body)["id"])
            connection.close()
        database = apsw.Connection(str(data / "rostra.sqlite3"))
        left = "SELECT count(*) FROM jobs WHERE kind NOT IN (SELECT kind FROM schedules)"
        wait_for(lambda: database.execute(left).fetchall() == [(0,)], 0.1)
        assert served.stop() == 0
    _check_file(database)
    _check_posts(database, book)
    _check_jobs(database, settled=True)
    database.close()
