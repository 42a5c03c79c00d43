"""The page for the bad day, followed literally: its commands, from an empty directory.

Nothing is there but the file with the places, the paper key and the key for notices. The host was
killed; in the end a member signs in and reads.
"""

import http.cookies
import json
import os
import re
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.harness.patience import PATIENCE_S
from tests.harness.served import Served, asked, free_port
from tests.hosting.providers import places_file

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


def _commands() -> list[str]:
    """The blocks of commands on the page, in order."""
    page = (ROOT / "docs" / "leaving.md").read_text(encoding="utf-8")
    return re.findall(r"^```sh\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


class Host:
    """The host of before: made, served, killed."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "host"
        self.data.mkdir()
        self.places = places_file(folder / "places.toml", folder / "places")
        self.environ = {"ROSTRA_SERVER__WORKERS": "1"}
        self.run("migrate")
        told = self.run("admin", "create", "alice", "--email", "alice@example.org")
        self.password = told.partition("password: ")[2].split()[0]
        made = self.run("admin", "token", "create", "alice", "--scope", "read write")
        self.token = made.split()[-1]
        self.environ["ROSTRA_HOSTING__PLACES"] = str(self.places)
        self.paper = next(
            line.strip() for line in self.run("ark", "init").splitlines() if "SECRET-KEY" in line
        )
        told = self.run("lifeboat", "init", str(folder / "boat.json"))
        self.notice_key = told.split()[-1]
        self.run("fence", "claim")

    def run(self, *arguments: str) -> str:
        """Run a command on it."""
        done = subprocess.run(  # noqa: S603 (our own program)
            [sys.executable, "-m", "rostra.cli.main", *arguments, "--data", str(self.data)],
            env={**os.environ, **self.environ},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def lives_and_dies(self) -> str:
        """Serve until a post and a copy are at the places, then kill it; the post's id."""
        with Served(self.data, **self.environ) as served:
            served.ready()
            body = f"status={quote('Written before the bad day.')}"
            until = time.monotonic() + PATIENCE_S
            while True:  # it is read-only until its log has got to the places
                status, answer = served.ask("POST", "/api/v1/statuses", self.token, body)
                if status == 200:
                    break
                assert status == 503, answer
                assert time.monotonic() < until, answer
                time.sleep(0.5)
            while "everything that was written is elsewhere" not in self.run("ark", "status"):
                assert time.monotonic() < until
            served.kill()
        return str(json.loads(answer)["id"])


class Desk:
    """A directory with three files, on another machine."""

    def __init__(self, folder: Path, host: Host) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "places.toml").write_text(host.places.read_text())
        (folder / "paper.txt").write_text(f"{host.paper}\n")
        (folder / "notice.key").write_text(f"{host.notice_key}\n")
        self.port = free_port()
        program = Path(sys.executable).parent
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ROSTRA")},
            "PATH": f"{program}:{os.environ['PATH']}",
            "ROSTRA_HOSTING__SOFTWARE": "false",
            "ROSTRA_SERVER__PORT": str(self.port),
            "ROSTRA_SERVER__WORKERS": "1",
        }
        self.exported = ""

    def type(self, block: str) -> str:
        """Type a block of the page into a shell; what is printed. It must succeed."""
        if block.startswith("export"):
            self.exported = block.splitlines()[0]
        done = subprocess.run(  # noqa: S603 (the page's own commands)
            ["bash", "-ec", f"{self.exported}\n{block}"],  # noqa: S607 (wherever it is)
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
        return done.stdout

    def start(self, block: str) -> "subprocess.Popen[bytes]":
        """Type what goes on running, and wait for its first answer."""
        process = subprocess.Popen(  # noqa: S603 (the page's own command)
            ["bash", "-ec", f"{self.exported}\nexec {block}"],  # noqa: S607 (wherever it is)
            cwd=self.folder,
            env=self.environ,
        )
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            assert process.poll() is None
            try:
                self.ask("GET", "/api/v1/timelines/public")
            except OSError:
                time.sleep(0.1)
            else:
                return process
        raise AssertionError("it does not answer")

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
        """One answer of what was started."""
        with closing(Served.connect(self)) as connection:  # type: ignore[arg-type] # it has a port
            status, content = asked(connection, method, path, "", body, **headers)
        return status, content.decode()


def test_the_page_is_followed_and_a_member_signs_in(tmp_path: Path) -> None:
    host = Host(tmp_path)
    post = host.lives_and_dies()
    desk = Desk(tmp_path / "desk", host)
    server = None
    try:
        told = []
        for block in _commands():
            if block.startswith("rostra serve"):
                server = desk.start(block)
            else:
                told.append(desk.type(block))
        said = "".join(told)
        assert said.count("north: done") == 2
        assert "may write, by epoch 2" in said
        assert "green" in told[-1]
        assert _read_by_alice(desk, host.password, post) == "<p>Written before the bad day.</p>"
    finally:
        if server is not None:
            server.terminate()
            server.wait(PATIENCE_S)


def _read_by_alice(desk: Desk, password: str, post: str) -> str:
    """Sign in with the password as on the day before, and read the post through the API."""
    connection = Served.connect(desk)  # type: ignore[arg-type] # it has a port
    connection.request("GET", "/sign-in")
    page = connection.getresponse()
    jar = http.cookies.SimpleCookie()
    for line in page.headers.get_all("set-cookie") or ():
        jar.load(line)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.read().decode())
    assert found is not None
    cookies = "; ".join(f"{name}={each.value}" for name, each in jar.items())
    form = f"csrf_token={quote(found[1])}&login=alice&password={quote(password)}"
    headers = {"cookie": cookies, "content-type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/sign-in", form, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 303, answer.status
    assert "rostra_session" in str(answer.headers.get_all("set-cookie"))
    status, body = desk.ask("GET", f"/api/v1/statuses/{post}")
    assert status == 200, body
    return str(json.loads(body)["content"])
