"""Runs the PostgreSQL server of one test run, and ends it when the run has ended, however it ended.

A process of its own, as the one that needs the server first is not the one that lives longest.
Arguments: the cluster's folder, the server's programs, the process whose end is the run's end, the
user and group that the server runs as, and the server's options.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def keep(folder: Path, programs: Path, owner: int, run_as: dict[str, Any], *options: str) -> None:
    """Run the server until its owner has ended or asks with SIGTERM; then remove the folder."""
    asked = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    with subprocess.Popen(  # noqa: S603 (a program of PostgreSQL, arguments of our own)
        [programs / "postgres", "-D", folder / "data", "-k", folder, *options],
        cwd=folder,
        **run_as,
    ) as server:
        (folder / "keeper").write_text(str(os.getpid()))
        while _alive(owner) and server.poll() is None and not asked.wait(0.5):
            pass
        server.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
    shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Read the arguments and keep the server."""
    folder, programs, owner, user, group, *options = sys.argv[1:]
    run_as: dict[str, Any] = {}
    if int(user) != os.getuid():
        run_as = {"user": int(user), "group": int(group), "extra_groups": []}
    keep(Path(folder), Path(programs), int(owner), run_as, *options)


if __name__ == "__main__":
    main()
