"""The `toot` command in processes of its own, each person with a configuration folder of theirs."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from tests.clients.place import PASSWORD, Place

PROGRAM = Path(sys.executable).with_name("toot")


@cache
def _keeper() -> "subprocess.Popen[str]":
    """What runs the commands of this test process (:mod:`toot_keeper`); it ends with us."""
    return subprocess.Popen(  # noqa: S603 (a program of our own)
        [sys.executable, Path(__file__).with_name("toot_keeper.py")],
        env={"LANG": "C.UTF-8"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


class Toot:
    """Somebody who types commands."""

    def __init__(self, place: Place, folder: Path, name: str) -> None:
        self.place = place
        self.name = name
        self._folder = folder
        self.environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "LANG": "C.UTF-8",
        }

    def __call__(self, *arguments: str, typed: str | None = None, status: int = 0) -> str:
        """What a command prints."""
        given, output, errors = (self._folder / name for name in ("typed", "output", "errors"))
        for file, text in [(given, typed or ""), (output, ""), (errors, "")]:
            file.write_text(text)
        request = {
            "arguments": arguments,
            "environ": self.environ,
            "input": str(given),
            "output": str(output),
            "errors": str(errors),
        }
        keeper = _keeper()
        assert keeper.stdin
        assert keeper.stdout
        print(json.dumps(request), file=keeper.stdin, flush=True)
        done = int(keeper.stdout.readline())
        said, complaints = output.read_text(), errors.read_text()
        assert done == status, f"{arguments}: {said}{complaints}"
        return said + (complaints if status else "")

    def json(self, *arguments: str) -> Any:
        """What a command prints with `--json`."""
        return json.loads(self(*arguments, "--json"))

    def post(self, *arguments: str) -> str:
        """Write a post; its id."""
        return str(self.json("post", *arguments)["id"])


def signed_in(place: Place, folder: Path, name: str) -> Toot:
    """Sign somebody up through the API and in with `toot login_cli`."""
    place.joined(name)
    toot = Toot(place, folder, name)
    said = toot("login_cli", "-i", place.url, "-e", f"{name}@example.org", "-p", PASSWORD)
    assert "Successfully logged in" in said
    return toot
