"""Jobs in a planned move: each is done once, at one host or the other, while members write.

- *Scheduled posts*, four due each second: a plain job whose transaction publishes the post.
- *Webhooks*: a delivery is a plain job that is run at least once. What is told twice has the
  same `X-Rostra-Delivery`; here no job is cut off, so nothing is told twice.
- *Deletions*: what hung on a post is removed by a job behind the answer.
"""

import contextlib
import http.client
import json
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import apsw
import pytest
from tests.harness.patience import PATIENCE_S, wait_for
from tests.harness.served import asked
from tests.hosting.move.hosts import WRITERS, Hosts, Load, connection, tokens
from tests.hosting.move.test_two_hosts import texts, whole

from rostra.cli.waiting import is_waited

pytestmark = pytest.mark.slow
SCHEDULED = 18  # of each member
BEFORE = 24  # of them all, due before anything is stopped
EVERY_MS = 250
_LEFT = "SELECT count(*) FROM jobs WHERE kind NOT IN (SELECT kind FROM schedules)"


class Endpoint(ThreadingHTTPServer):
    """A program of the team, which writes down what it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Told)
        self.told: list[tuple[str, dict[str, Any]]] = []  # the delivery, and what it says
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Told(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.told.append((self.headers["x-rostra-delivery"], body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Nothing."""


class Errands(threading.Thread):
    """A member who reports posts of another, and deletes their own, wherever that is let."""

    def __init__(self, load: Load, account_id: int) -> None:
        super().__init__(daemon=True)
        self._load = load
        self._account_id = account_id
        self.reports: list[str] = []
        self.deleted: list[int] = []

    def run(self) -> None:
        """Until the load ends."""
        while not self._load.ended:
            for port in self._load.ports:
                away = contextlib.suppress(OSError, http.client.HTTPException)
                with away, closing(connection(port)) as to:
                    self._report(to)
                    self._take_back(to)
            time.sleep(0.1)

    def _report(self, to: http.client.HTTPConnection) -> None:
        form = f"account_id={self._account_id}&comment=rude"
        status, body = asked(to, "POST", "/api/v1/reports", tokens()[0], form)
        if status == 200:
            self.reports.append(str(json.loads(body)["id"]))

    def _take_back(self, to: http.client.HTTPConnection) -> None:
        status, body = asked(to, "POST", "/api/v1/statuses", tokens()[0], "status=gone soon")
        if status != 200:
            return
        post_id = int(json.loads(body)["id"])
        path = f"/api/v1/statuses/{post_id}"
        if asked(to, "POST", f"{path}/favourite", tokens()[1])[0] != 200:
            return
        if asked(to, "DELETE", path, tokens()[0])[0] == 200:
            self.deleted.append(post_id)


def test_each_job_is_done_once_by_one_of_the_hosts(tmp_path: Path) -> None:
    with Endpoint() as endpoint:
        hosts = Hosts(
            tmp_path,
            ROSTRA_WEBHOOKS__ALLOWED_NETWORKS="127.0.0.1/32",
            ROSTRA_WEBHOOKS__ALLOWED_PORTS=str(endpoint.server_port),
        )
        url = f"http://127.0.0.1:{endpoint.server_port}/"
        new = hosts.started()
        with hosts.serve() as old:
            hosts.rostra("admin", "webhooks", "add", url, "--data", str(hosts.old), host="old")
            wanted = _schedule(old.port)
            load = Load([old.port, hosts.new_port])
            errands = Errands(load, _account(hosts.old, 3))
            try:
                wait_for(lambda: len(load.acks) > 50)
                errands.start()
                command = hosts.begin(*hosts.moving())
                _due_from_now_on(hosts.old, BEFORE)
                wait_for(lambda: is_waited(hosts.new))
                _due_from_now_on(hosts.old, len(wanted))
                command.wait()
                told = hosts.told()
                wait_for(lambda: len(load.at(hosts.new_port)) > 100)
                load.end()
                errands.join(PATIENCE_S)
                wait_for(lambda: _is_settled(hosts.new))
            finally:
                load.ended = True
                new.kill()
    whole(hosts, hosts.new, load)
    assert "did not end in time" not in told
    there, before = texts(hosts.new), texts(hosts.old)
    at_old = [text for text in wanted if before[text]]
    assert [text for text in wanted if there[text] != 1] == []
    assert 0 < len(at_old) < len(wanted)
    _told_once(endpoint, errands)
    _removed(hosts.new, errands)
    sys.stdout.write(
        f"{told}writes paused: {load.pause_s():.1f} s; {len(load.acks)} written; "
        f"{len(wanted)} scheduled posts, {len(at_old)} of them published before it;"
        f" {len(endpoint.told)} deliveries; {len(errands.deleted)} deletions\n"
    )


def _told_once(endpoint: Endpoint, errands: Errands) -> None:
    """Each report that was acknowledged was told by one delivery, which came once."""
    deliveries = Counter(key for key, _ in endpoint.told)
    reports = Counter(
        str(body["object"]["report_id"])
        for _, body in endpoint.told
        if body["event"] == "report.created"
    )
    assert len(errands.reports) > 20
    assert [each for each in errands.reports if each not in reports] == []
    assert max(reports.values()) == 1
    assert max(deliveries.values()) == 1


def _removed(data: Path, errands: Errands) -> None:
    """What was deleted is gone with all that hung on it, and no job has failed for good."""
    with closing(apsw.Connection(str(data / "rostra.sqlite3"))) as database:
        posts = {post_id for (post_id,) in database.execute("SELECT id FROM posts")}
        liked = [post_id for (post_id,) in database.execute("SELECT post_id FROM favourites")]
        assert database.execute("SELECT * FROM dead_jobs").fetchall() == []
        assert database.execute("SELECT * FROM scheduled_posts").fetchall() == []
    assert len(errands.deleted) > 20
    assert posts.isdisjoint(errands.deleted)
    assert [post_id for post_id in liked if post_id not in posts] == []


def _schedule(port: int) -> list[str]:
    """Each member schedules posts; their texts."""
    wanted = []
    at = quote((datetime.now(UTC) + timedelta(hours=1)).isoformat())
    with closing(connection(port)) as to:
        for number in range(WRITERS * SCHEDULED):
            text = f"scheduled{number}"
            form = f"status={text}&scheduled_at={at}"
            token = tokens()[number % WRITERS]
            # Refused while a lease that ran out on a busy machine is renewed.
            while (made := asked(to, "POST", "/api/v1/statuses", token, form))[0] == 503:
                time.sleep(0.1)
            assert made[0] == 200, made
            wanted.append(text)
    return wanted


def _due_from_now_on(data: Path, most: int) -> None:
    """Let so many be due one by one: who schedules a post has to choose a time minutes ahead."""
    with closing(apsw.Connection(str(data / "rostra.sqlite3"))) as database:
        database.setbusytimeout(300_000)
        database.execute("BEGIN IMMEDIATE")
        at = int(time.time() * 1_000)
        ids = database.execute(
            "SELECT id FROM scheduled_posts WHERE due_at > ? ORDER BY id LIMIT ?",
            (at + 600_000, most),
        ).fetchall()
        for (scheduled_id,) in ids:
            at += EVERY_MS
            payload = json.dumps({"scheduled_id": scheduled_id, "due_at": at})
            database.execute(
                "UPDATE scheduled_posts SET due_at = ? WHERE id = ?", (at, scheduled_id)
            )
            database.execute(
                "UPDATE jobs SET run_at = ?, payload = ? WHERE kind ="
                " 'posts.publish_scheduled' AND payload ->> 'scheduled_id' = ?",
                (at, payload, scheduled_id),
            )
            assert database.changes() == 1
        database.execute("COMMIT")


def _account(data: Path, number: int) -> int:
    with closing(apsw.Connection(str(data / "rostra.sqlite3"))) as database:
        query = "SELECT id FROM accounts WHERE username = ?"
        ((account_id,),) = database.execute(query, (f"writer{number}",)).fetchall()
        assert isinstance(account_id, int)
        return account_id


def _is_settled(data: Path) -> bool:
    """Whether no job is left but those that come again and again."""
    with closing(apsw.Connection(str(data / "rostra.sqlite3"))) as database:
        return database.execute(_LEFT).fetchall() == [(0,)]
