"""The `toot` command in processes of its own, each person with a configuration folder of theirs."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.clients.place import PASSWORD, Place

PROGRAM = Path(sys.executable).with_name("toot")


class Toot:
    """Somebody who types commands."""

    def __init__(self, place: Place, folder: Path, name: str) -> None:
        self.place = place
        self.name = name
        self.environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "LANG": "C.UTF-8",
        }

    def __call__(self, *arguments: str, typed: str | None = None, status: int = 0) -> str:
        """What a command prints."""
        done = subprocess.run(  # noqa: S603 (a program of our own environment)
            [PROGRAM, *arguments],
            env=self.environ,
            input=typed,
            stdin=subprocess.DEVNULL if typed is None else None,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == status, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout + (done.stderr if status else "")

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
