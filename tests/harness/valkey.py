"""A throw-away Valkey or Redis server on a socket in a temporary folder."""

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.harness.patience import PATIENCE_S

PROGRAMS = ("valkey-server", "redis-server")
INSTALL = (
    "Neither valkey-server nor redis-server was found on the PATH. On Debian, as root: "
    "apt-get install --no-install-recommends redis-server"
)


class ValkeyMissing(Exception):
    """The server program is not installed; the text says how to get it."""


class Valkey:
    """A running server; a context manager. It can be stopped and started again."""

    def __init__(self, password: str = "") -> None:
        program = next(filter(None, map(shutil.which, PROGRAMS)), None)
        if program is None:
            raise ValkeyMissing(INSTALL)
        self._program = program
        self._password = password
        self._folder = Path(tempfile.mkdtemp(prefix="rostra-valkey-"))
        self._process: subprocess.Popen[bytes] | None = None
        self.socket = self._folder / "socket"
        self.url = f"unix://{f':{password}@' if password else ''}{self.socket}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = {"port": "0", "unixsocket": str(self.socket), "save": "", "appendonly": "no"}
        if self._password:
            options["requirepass"] = self._password
        arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
        self._process = subprocess.Popen(  # noqa: S603 (found on the PATH)
            [self._program, *arguments], cwd=self._folder, stdout=subprocess.DEVNULL
        )
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            try:
                with socket.socket(socket.AF_UNIX) as probe:
                    probe.connect(str(self.socket))
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise AssertionError("the server does not answer")

    def stop(self) -> None:
        """Stop it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE_S)
            self._process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
