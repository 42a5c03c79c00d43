"""Progress of what takes longer than a moment, on standard error."""

import sys
import time

_EVERY_S = 2.0  # where nobody looks at a terminal


class Progress:
    """One line that says how far it is: rewritten on a terminal, repeated in a log."""

    def __init__(self, total: int) -> None:
        self._total = max(1, total)
        self._done = 0
        self._started = self._shown = time.monotonic()
        self._terminal = sys.stderr.isatty()

    def add(self, count: int, what: str) -> None:
        """So many more are done; `what` names what comes next."""
        self._done += count
        now = time.monotonic()
        if self._terminal or now - self._shown > _EVERY_S:
            self._shown = now
            self._write(f"{min(100, 100 * self._done // self._total):3d} %  {what}")

    def end(self, what: str) -> None:
        """It is finished."""
        took = time.monotonic() - self._started
        self._write(f"{what} ({took:.1f} s)")
        if self._terminal:
            sys.stderr.write("\n")

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text}" if self._terminal else f"{text}\n")
        sys.stderr.flush()
