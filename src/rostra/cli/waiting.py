"""A server that is started while its network is still being moved to it: it waits, ready to go."""

import time
from pathlib import Path
from typing import Final

from rostra.cli.common import say, stop
from rostra.hosting.ark.keys import FOLDER
from rostra.hosting.move.state import Takes, Unreadable, is_taking, taking_in
from rostra.store.alone import alone

LOOK_S: Final = 0.1
_LOCK: Final = "serve-lock"
_FRESH_S: Final = 3.0


def wait_until_moved(data_dir: Path) -> None:
    """Return when no move to this directory is under way; ends the program where none will end.

    Nothing of the directory is opened before that: the log is still written into the database.
    """
    if not is_moving_here(data_dir):
        return
    with alone(data_dir / FOLDER / _LOCK) as first:
        if not first:
            stop("a server waits here already until the move has ended")
        say("rostra: waiting until the move to this directory has ended")
        while is_moving_here(data_dir):
            ready_mark(data_dir).touch()  # again and again: it tells that it still waits
            time.sleep(LOOK_S)
        ready_mark(data_dir).unlink(missing_ok=True)


def is_waited(data_dir: Path) -> bool:
    """Whether a server waits there; one that was killed leaves a mark, and renews it no more."""
    try:
        return time.time() - ready_mark(data_dir).stat().st_mtime < _FRESH_S
    except FileNotFoundError:
        return False


def ready_mark(data_dir: Path) -> Path:
    """The file that a server touches while it waits."""
    return data_dir / FOLDER / "serve-ready"


def is_moving_here(data_dir: Path) -> bool:
    """Whether a move to this directory is under way; ends the program where it was given up."""
    if not is_taking(data_dir):
        return False
    try:
        stage = taking_in(data_dir).now.stage
    except Unreadable as error:
        stop(str(error))
    if stage is Takes.ABORTED:
        stop(f"the move to {data_dir} was given up: there is no network here")
    return stage is not Takes.DONE
