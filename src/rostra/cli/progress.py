"""Progress of what takes longer than a moment, on standard error."""

import sys
import time

_MIB = 1 << 20
_EVERY_S = 2.0  # where nobody looks at a terminal


class Progress:
    """One line that says how far it is: rewritten on a terminal, repeated in a log."""

    def __init__(self, total: int) -> None:
        """Begin. `total` is what 100 % are; 0: nobody knows, and bytes are counted."""
        self._total = total
        self._done = 0
        self._started = self._shown = time.monotonic()
        self._terminal = sys.stderr.isatty()

    def add(self, count: int, what: str) -> None:
        """So many more are done; `what` names what comes next."""
        self._done += count
        now = time.monotonic()
        if self._terminal or now - self._shown > _EVERY_S:
            self._shown = now
            self._write(f"{self._far()}  {what}")

    def _far(self) -> str:
        if self._total:
            done = min(1.0, self._done / self._total)
            took = time.monotonic() - self._started
            left = f", {took * (1 - done) / done:,.0f} s left" if done and took > _EVERY_S else ""
            return f"{int(100 * done):3d} %{left}"
        return f"{self._done / _MIB:,.1f} MiB"

    def end(self, what: str) -> None:
        """It is finished."""
        took = time.monotonic() - self._started
        self._write(f"{what} ({took:.1f} s)")
        if self._terminal:
            sys.stderr.write("\n")

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text}" if self._terminal else f"{text}\n")
        sys.stderr.flush()
