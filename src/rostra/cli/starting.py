"""The command that starts the server at a new host, given to `rostra move`."""

import os
import shlex
import subprocess
from pathlib import Path

from rostra.cli.waiting import is_waited, ready_mark
from rostra.hosting.move.target import MoveError


class Server:
    """The server that waits for the end of a move, started by a command."""

    def __init__(self, command: str, data_dir: Path) -> None:
        """Nothing is started yet; an empty command: somebody else starts it, at any time."""
        self._command = command
        self._data_dir = data_dir
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, once, unless one waits already: that of a command that was killed.

        Raises:
            OSError: there is no such command.
        """
        if self._command and self._process is None and not is_waited(self._data_dir):
            ready_mark(self._data_dir).unlink(missing_ok=True)
            self._process = subprocess.Popen(  # noqa: S603 (it outlives this command)
                shlex.split(self._command), start_new_session=True, env=os.environ.copy()
            )

    def is_ready(self) -> bool:
        """Whether it waits for nothing but the end; true where others start it.

        Raises:
            MoveError: the command has failed.
        """
        if not self._command or is_waited(self._data_dir):
            return True
        ended = None if self._process is None else self._process.poll()
        if ended:  # 0: it has handed the server to somebody else, as systemctl does
            raise MoveError(f"`{self._command}` ended with status {ended}: no server waits here")
        return False
