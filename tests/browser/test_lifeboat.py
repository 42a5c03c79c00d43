"""The bad day in a browser: the host is killed, its lifeboat says so and is read.

Real processes and a real browser, in which the network's name leads to the host first, and to the
lifeboat once it is dead, as a change of DNS would do it.
"""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright
from playwright.sync_api import Page as Tab
from tests.browser.checks import faults, prepare
from tests.browser.stage import CHROMIUM, FLAGS, THEMES, window
from tests.harness.patience import PATIENCE_S, Watch, wait_for
from tests.harness.served import Served, asked, free_port
from tests.hosting.providers import places_file

NAME = "network.example"
_AWAY_S = 60.0
SEEN = ("phone", "light")


class Boat:
    """A host with places and a lifeboat beside it."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "host"
        self.data.mkdir()
        (folder / "places").mkdir()
        self.places = places_file(folder / "places.toml", folder / "places")
        self.berth = folder / "boat.json"
        self.notice_key = folder / "notice.key"
        self.port = free_port()
        self.environ = {"ROSTRA_SITE__BASE_URL": f"http://{NAME}", "ROSTRA_SERVER__WORKERS": "1"}
        self.rostra("migrate")
        self.rostra("admin", "create", "alice", "--email", "alice@example.org")
        made = self.rostra("admin", "token", "create", "alice", "--scope", "read write")
        self.token = made.split()[-1]
        self.environ["ROSTRA_HOSTING__PLACES"] = str(self.places)
        self.rostra("ark", "init")
        told = self.rostra("lifeboat", "init", str(self.berth))
        self.notice_key.write_text(told.split()[-1])
        self.rostra("fence", "claim")

    def rostra(self, *arguments: str) -> str:
        """Run a command on the host; what it prints."""
        done = subprocess.run(  # noqa: S603 (our own program)
            [sys.executable, "-m", "rostra.cli.main", *arguments, "--data", str(self.data)],
            env={**os.environ, **self.environ},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextlib.contextmanager
    def afloat(self) -> Iterator[None]:
        """The lifeboat, as a process that knows nothing of the host's files."""
        words = ["lifeboat", "serve", str(self.berth), "--places", str(self.places)]
        process = subprocess.Popen(  # noqa: S603 (our own program)
            [sys.executable, "-m", "rostra.cli.main", *words, "--port", str(self.port)],
            cwd=self.berth.parent / "places",
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE_S)

    def post(self, served: Served, text: str, visibility: str = "public") -> str:
        """Post as alice; the path of the page."""
        body = f"status={quote(text)}&visibility={visibility}"
        until = time.monotonic() + PATIENCE_S
        while True:  # it is read-only until its log has got to the places
            status, answer = served.ask("POST", "/api/v1/statuses", self.token, body)
            if status == 200:
                break
            assert time.monotonic() < until, answer
            time.sleep(0.5)
        return f"/@alice/{json.loads(answer)['id']}"


@contextlib.contextmanager
def _browser(playwright: Playwright, port: int) -> Iterator[Browser]:
    """A browser in which the network's name leads to this port, and any other name nowhere."""
    rule = f"MAP {NAME}:80 127.0.0.1:{port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    flags = [*FLAGS, f"--host-resolver-rules={rule}"]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
    try:
        yield browser
    finally:
        browser.close()


def _wait(tab: Tab, words: str) -> float:
    """Load the page again until its heading says this; after how long."""

    def said() -> bool:
        with contextlib.suppress(Exception):
            tab.goto(f"http://{NAME}/")
            return words in tab.locator("h1").inner_text()
        return False

    with Watch() as watch:
        wait_for(said, 0.5)
    return watch.seconds


@pytest.mark.slow
def test_the_host_is_killed_and_its_posts_are_read(tmp_path: Path) -> None:
    boat = Boat(tmp_path)
    with contextlib.ExitStack() as stack:
        served = stack.enter_context(Served(boat.data, **boat.environ)).ready()
        public = boat.post(served, "A public needle.")
        followers = boat.post(served, "For followers.", "private")
        deleted = boat.post(served, "Deleted before the end.")
        playwright = stack.enter_context(sync_playwright())
        with _browser(playwright, served.port) as browser, window(browser, *SEEN) as context:
            tab = context.new_page()
            tab.goto(f"http://{NAME}{public}")
            assert "A public needle." in tab.inner_text("main")
        with contextlib.closing(served.connect()) as connection:
            path = f"/api/v1/statuses/{deleted.rpartition('/')[2]}"
            assert asked(connection, "DELETE", path, boat.token)[0] == 200
        stack.enter_context(boat.afloat())
        browser = stack.enter_context(_browser(playwright, boat.port))
        context = stack.enter_context(window(browser, *SEEN))
        tab = context.new_page()
        _wait(tab, "is here")
        _settled(tab, public)
        served.kill()
        took = _wait(tab, "is away")
        sys.stdout.write(f"\naway was said {took:.1f} s after SIGKILL\n")
        assert took < _AWAY_S
        _tell(boat, tab)
        assert _status(tab, public) == 200
        assert "A public needle." in tab.inner_text("main")
        for hidden in (followers, deleted):
            assert _status(tab, hidden) == 404
            assert "needle" not in tab.content()
            assert "For followers" not in tab.content()
            assert "Deleted before" not in tab.content()
        _looked_at(browser, ["/", "/@alice", public, followers])


def _status(tab: Tab, path: str) -> int:
    """Open a page of the network; the status of the answer."""
    answer = tab.goto(f"http://{NAME}{path}")
    return answer.status if answer else 0


def _settled(tab: Tab, path: str) -> None:
    """Wait until the extract is there: the lifeboat shows the post, as its name leads to it."""
    wait_for(lambda: _status(tab, path) == 200, 0.5)


def _tell(boat: Boat, tab: Tab) -> None:
    """The operator says something, with nothing of the host, and it is seen."""
    words = ["lifeboat", "notice", "Back by 20:00 UTC.", "--key", str(boat.notice_key)]
    told = boat.rostra(*words, "--places", str(boat.places))
    assert told.count("done") == 3
    until = time.monotonic() + PATIENCE_S
    while "Back by 20:00 UTC." not in tab.inner_text("main"):
        assert time.monotonic() < until
        time.sleep(1)
        tab.goto(f"http://{NAME}/")


def _looked_at(browser: Browser, paths: list[str]) -> None:
    """Each page on both devices, by day and by night: whole, accessible, nothing from elsewhere."""
    pictures = os.environ.get("ROSTRA_TEST_PICTURES")
    for size in ("phone", "desktop"):
        for theme in THEMES:
            with window(browser, size, theme) as context:
                tab = context.new_page()
                prepare(tab)
                asked_for: list[str] = []
                _listen(tab, asked_for)
                for path in paths:
                    tab.goto(f"http://{NAME}{path}")
                    assert faults(tab, size) == [], (path, theme)
                    if pictures:
                        name = path.strip("/").replace("/", "-")[:20] or "status"
                        tab.screenshot(path=f"{pictures}/{name}-{size}-{theme}.png", full_page=True)
                assert {url.split("/")[2] for url in asked_for} == {NAME}


def _listen(tab: Tab, asked_for: list[str]) -> None:
    """Note the address of every request."""
    tab.on("request", lambda request: asked_for.append(request.url))
