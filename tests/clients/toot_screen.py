"""`toot tui` at a terminal of its own: keys go in, what is drawn comes out."""

import fcntl
import os
import pty
import re
import subprocess
import termios
import threading
from time import monotonic, sleep
from types import TracebackType
from typing import Self

from tests.clients.toot_driver import PROGRAM, Toot
from tests.harness.patience import PATIENCE_S, wait_for

SIZE = 50, 160
DOWN = "\x1b[B"
ENTER = "\r"
ESCAPE = "\x1b"
_CONTROL = re.compile(r"\x1b(\[[0-9;?]*[ -/]*[@-~]|[()][A-Z0-9]|[=>78])|[\x0e\x0f]")


class Screen:
    """A running `toot tui`; a context manager."""

    def __init__(self, toot: Toot) -> None:
        self._end, self._inner = pty.openpty()
        termios.tcsetwinsize(self._inner, SIZE)
        self._process = subprocess.Popen(  # noqa: S603 (a program of our own environment)
            [PROGRAM, "tui"],
            env={**toot.environ, "TERM": "xterm"},
            stdin=self._inner,
            stdout=self._inner,
            stderr=self._inner,
            start_new_session=True,
        )
        self._drawn: list[bytes] = []
        self._seen = 0
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        while True:
            try:
                some = os.read(self._end, 65536)
            except OSError:  # the other end is closed
                return
            if not some:
                return
            self._drawn.append(some)

    def _shown(self) -> str:
        """All that was drawn, without what moves the cursor and colours it."""
        return _CONTROL.sub("", b"".join(self._drawn).decode("utf-8", "replace"))

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            os.write(self._end, key.encode())
            wait_for(self._is_read)  # else it and the next are read as one key
            if key == ESCAPE:
                sleep(0.3)  # it may be the beginning of another key until then

    def _is_read(self) -> bool:
        """Whether no key waits for the program; it may have ended."""
        waiting = fcntl.ioctl(self._inner, termios.FIONREAD, bytes(4))
        return not any(waiting) or self._process.poll() is not None

    def shows(self, words: str) -> None:
        """Wait until it draws these words; what was drawn before them counts no more."""
        end = monotonic() + PATIENCE_S
        while (at := (shown := self._shown()).find(words, self._seen)) < 0:
            assert monotonic() < end, f"no {words!r} in {shown[self._seen :]}"
            assert self._process.poll() is None, shown[self._seen :]
            sleep(0.05)
        self._seen = at + len(words)

    def ended(self) -> int:
        """Wait for its end; its exit status."""
        return self._process.wait(PATIENCE_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._inner)
        self._reading.join(10)
        os.close(self._end)
