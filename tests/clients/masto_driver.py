"""masto, the client library of Elk and Phanpy, in a Node process that a test talks to."""

import json
import os
import queue
import shutil
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mastodon import Mastodon
from tests.harness.patience import PATIENCE_S

FOLDER = Path(__file__).with_name("masto")
INSTALL = (
    "The tests of masto need the programs node and npm. On Debian, as root: "
    "apt-get install --no-install-recommends nodejs npm"
)


class NodeMissing(Exception):
    """Node or npm is not installed; the text says how to get it."""


def install() -> str:
    """Install what the lock file says, if it is not there yet; the path of node.

    Raises:
        NodeMissing: node or npm is missing.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or (npm is None and not (FOLDER / "node_modules").exists()):
        raise NodeMissing(INSTALL)
    if npm is not None and not (FOLDER / "node_modules" / ".package-lock.json").exists():
        done = subprocess.run(  # noqa: S603 (found on the PATH)
            [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
            cwd=FOLDER,
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )
        assert done.returncode == 0, f"npm ci failed: {done.stdout}{done.stderr}"
    return node


class Masto:
    """A program that uses masto, signed in as a member; a context manager."""

    def __init__(self, node: str, url: str, member: Mastodon) -> None:
        self._process = subprocess.Popen(  # noqa: S603 (found on the PATH)
            [node, "drive.mjs", url, str(member.access_token)],
            cwd=FOLDER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "NODE_NO_WARNINGS": "1"},
        )
        self._lines: queue.Queue[dict[str, Any]] = queue.Queue()
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(json.loads(line))

    def say(self, **command: Any) -> None:
        """Send a command."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()

    def next(self) -> dict[str, Any]:
        """The next line that it prints."""
        return self._lines.get(timeout=PATIENCE_S)

    def subscribe(self, *stream: str) -> None:
        """Subscribe to a stream."""
        self.say(do="subscribe", stream=stream)
        assert self.next() == {"ready": list(stream)}

    def rest(self, name: str, **given: Any) -> Any:
        """Run one of its steps; what came of it."""
        self.say(do="rest", name=name, given=given)
        return self.next()["result"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reading.join(10)
        assert self._process.stdout is not None
        self._process.stdout.close()
