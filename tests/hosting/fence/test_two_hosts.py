"""Two servers, the second started from a copy of the first: never do both acknowledge writes.

Real processes, real signals, three folders as places. `ROSTRA_TEST_ROUNDS=20` has as many hosts
follow one another.
"""

import contextlib
import http.client
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import apsw
import pytest
from tests.harness.patience import PATIENCE_S
from tests.harness.served import Served, asked
from tests.hosting.providers import places_file

ROUNDS = int(os.environ.get("ROSTRA_TEST_ROUNDS", "1"))
LEASE_S = 20  # a sixth of it is what a place may take to answer, on a busy machine too
WAIT_S = LEASE_S + LEASE_S / 4

pytestmark = pytest.mark.slow


class Installation:
    """A data directory, and the commands that are run on it."""

    def __init__(self, data: Path, places: Path) -> None:
        self.data = data
        self.environ = {
            "ROSTRA_HOSTING__PLACES": str(places),
            "ROSTRA_HOSTING__HOST": data.name,
            "ROSTRA_HOSTING__LEASE_S": str(LEASE_S),
            "ROSTRA_SERVER__WORKERS": "2",
        }

    def serve(self) -> Served:
        """Start the server, and wait for its first answer."""
        return Served(self.data, **self.environ).ready()

    def rostra(self, *arguments: str, fails: bool = False) -> str:
        """Run a command; what it prints on both."""
        done = subprocess.run(  # noqa: S603 (our own program)
            [sys.executable, "-m", "rostra.cli.main", *arguments, "--data", str(self.data)],
            env={**os.environ, **self.environ},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode != 0) is fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    def copy(self, name: str) -> "Installation":
        """A copy of all of it, made while the server runs."""
        other = Installation(
            self.data.with_name(name), Path(self.environ["ROSTRA_HOSTING__PLACES"])
        )
        shutil.copytree(self.data, other.data, ignore=shutil.ignore_patterns("*.sqlite3*", "bus"))
        source = apsw.Connection(str(self.data / "rostra.sqlite3"))
        target = apsw.Connection(str(other.data / "rostra.sqlite3"))
        with target.backup("main", source, "main") as backup:
            backup.step()
        target.close()
        source.close()
        return other


class Writer(threading.Thread):
    """A member who posts again and again, and writes down when it was acknowledged."""

    def __init__(self, served: Served, token: str) -> None:
        super().__init__(daemon=True)
        self._served = served
        self._token = token
        self.acks: list[float] = []
        self.refused: list[int] = []
        self.ended = False

    def run(self) -> None:
        """Post until told to end."""
        while not self.ended:
            gone = contextlib.suppress(OSError, http.client.HTTPException)
            with gone, contextlib.closing(self._served.connect()) as connection:
                while not self.ended:
                    self._post(connection)
            time.sleep(0.01)

    def until_acknowledged(self) -> None:
        """Wait until one more post was acknowledged."""
        before = len(self.acks)
        while len(self.acks) == before:
            time.sleep(0.02)

    def until_refused(self) -> None:
        """Wait until the server has said that it is read-only."""
        while 503 not in self.refused:
            time.sleep(0.02)

    def _post(self, connection: http.client.HTTPConnection) -> None:
        status, _ = asked(connection, "POST", "/api/v1/statuses", self._token, "status=here")
        if status == 200:
            self.acks.append(time.monotonic())
        else:
            self.refused.append(status)


@pytest.fixture
def first(tmp_path: Path) -> Installation:
    """The installation that holds the fence."""
    (tmp_path / "places").mkdir()
    file = places_file(tmp_path / "places.toml", tmp_path / "places")
    (tmp_path / "host0").mkdir()
    one = Installation(tmp_path / "host0", file)
    one.rostra("migrate")
    return one


def test_a_copy_takes_over_and_the_first_never_writes_beside_it(first: Installation) -> None:
    assert "read-only" in first.rostra("fence", "status", fails=True)
    token = _token(first)
    told = first.rostra("fence", "claim")
    assert "may write" in told
    assert "waiting" not in told
    writers: list[Writer] = []
    with contextlib.ExitStack() as stack:
        host, served = first, stack.enter_context(first.serve())
        writers.append(_writing(served, token))
        for number in range(1, ROUNDS + 1):
            writers[-1].until_acknowledged()
            copy = host.copy(f"host{number}")
            copied = stack.enter_context(copy.serve())
            status, body = copied.ask("POST", "/api/v1/statuses", token, "status=beside")
            assert status == 503
            assert "no other copy" in json.loads(body)["error"]
            assert f"host{number - 1} holds the fence" in copy.rostra("fence", "claim", fails=True)
            what = ("stop", "nothing", "kill")[(number - 1) % 3]
            _befall(served, what)
            begun = time.monotonic()
            told = copy.rostra("fence", "claim", "--over")
            took = time.monotonic() - begun
            assert took > WAIT_S
            assert f"epoch {number + 1} is claimed" in told
            writers.append(_writing(copied, token))
            writers[-1].until_acknowledged()
            if what == "stop":
                os.killpg(served.process.pid, signal.SIGCONT)
            if what != "kill":
                writers[-2].until_refused()
                assert "by epoch" in host.rostra("fence", "status", fails=True)
            host, served = copy, copied
        # The last one hands over by itself, and its successor need not wait.
        assert "released" in host.rostra("fence", "release")
        last = host.copy("last")
        assert "waiting" not in last.rostra("fence", "claim")
        for writer in writers:
            writer.ended = True
        for writer in writers:
            writer.join(PATIENCE_S)
    for earlier, later in itertools.pairwise(writers):
        assert earlier.acks[-1] < later.acks[0]


def _token(host: Installation) -> str:
    """Of a member who was there before the places were: no lease can run out meanwhile."""
    places = host.environ.pop("ROSTRA_HOSTING__PLACES")
    host.rostra("admin", "create", "alice", "--email", "alice@example.org")
    made = host.rostra("admin", "token", "create", "alice", "--scope", "read write")
    host.environ["ROSTRA_HOSTING__PLACES"] = places
    return made.split()[-1]


def _writing(served: Served, token: str) -> Writer:
    writer = Writer(served, token)
    writer.start()
    return writer


def _befall(served: Served, what: str) -> None:
    if what == "stop":
        os.killpg(served.process.pid, signal.SIGSTOP)
    elif what == "kill":
        served.kill()
