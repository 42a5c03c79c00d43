"""Until when this installation may write: a moment, not a state, so that it passes by itself.

Whoever holds the fence (`hosting/fence`) moves the moment on while the places confirm it. A process
that hangs moves nothing on; a gate that somebody has to close would stay open then. The moment
stands in a small file that all processes of the installation have mapped, as the gates do.
"""

import mmap
import os
import struct
import time
from pathlib import Path
from typing import Final, Protocol

import msgspec

RETRY_S: Final = 10
WHY: Final = "it has to make sure first that no other copy of it is running"
ALONE: Final = "what is written would not be safe: it does not get to other places"
_FIELDS: Final = struct.Struct("=QQQ")


class LeaseTime(Protocol):
    """The two clocks that a lease is measured by."""

    def boot(self) -> int:
        """Nanoseconds since the machine was started, sleep counted."""
        ...

    def wall(self) -> int:
        """UTC nanoseconds."""
        ...


class MachineTime:
    """The clocks of this machine."""

    def boot(self) -> int:
        """Nanoseconds since the machine was started, sleep counted where the system can."""
        return time.clock_gettime_ns(_BOOT)

    def wall(self) -> int:
        """UTC nanoseconds."""
        return time.time_ns()


_BOOT: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Term(msgspec.Struct, frozen=True):
    """What a lease says.

    Attributes:
        epoch: by which the installation writes; 0: by none.
        boot_ns: until when, by the clock since the start of the machine.
        wall_ns: until when, by the wall clock.
    """

    epoch: int = 0
    boot_ns: int = 0
    wall_ns: int = 0


class Lease(Protocol):
    """Until when this installation may write."""

    def extend(self, term: Term) -> None:
        """Let it hold until then."""
        ...

    def end(self) -> None:
        """Let it hold no longer."""
        ...

    def term(self) -> Term:
        """What it says now."""
        ...

    def holds(self) -> bool:
        """Whether the installation may write at this moment."""
        ...


class MemoryLease:
    """A lease of one process, for tests."""

    def __init__(self, clock: LeaseTime) -> None:
        self._clock = clock
        self._term = Term()

    def extend(self, term: Term) -> None:
        """Let it hold until then."""
        self._term = term

    def end(self) -> None:
        """Let it hold no longer."""
        self._term = Term()

    def term(self) -> Term:
        """What it says now."""
        return self._term

    def holds(self) -> bool:
        """Whether the installation may write at this moment."""
        return _within(self._term, self._clock)


class FileLease:
    """A lease that all processes of the installation share."""

    def __init__(self, path: Path, clock: LeaseTime | None = None) -> None:
        """Map `path`, and make it (over) where it is missing.

        Raises:
            OSError: the folder or the file can't be written.
        """
        self._clock = clock or MachineTime()
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if os.fstat(descriptor).st_size < _FIELDS.size:
                os.truncate(descriptor, _FIELDS.size)
            self._map = mmap.mmap(descriptor, _FIELDS.size)
        finally:
            os.close(descriptor)
        # Whole fields of eight bytes: no reader meets a half-written one.
        self._fields = memoryview(self._map).cast("Q")

    def extend(self, term: Term) -> None:
        """Let it hold until then."""
        fields = self._fields
        if fields[0] != term.epoch:
            self.end()  # a reader between the fields meets a lease that is over
        fields[2] = term.wall_ns
        fields[0] = term.epoch
        fields[1] = term.boot_ns

    def end(self) -> None:
        """Let it hold no longer."""
        self._fields[1] = 0
        self._fields[2] = 0
        self._fields[0] = 0

    def term(self) -> Term:
        """What it says now."""
        epoch, boot, wall = self._fields
        return Term(epoch, boot, wall)

    def holds(self) -> bool:
        """Whether the installation may write at this moment."""
        _, boot, wall = self._fields
        clock = self._clock
        return clock.boot() < boot and clock.wall() < wall

    def release(self) -> None:
        """Give the mapping back; the lease can't be used after it."""
        self._fields.release()
        self._map.close()


def _within(term: Term, clock: LeaseTime) -> bool:
    """Whether it is not over by either clock.

    One that was set back, or stood still while the machine was frozen, or began anew when it was
    started, gives no more time than the other.
    """
    return clock.boot() < term.boot_ns and clock.wall() < term.wall_ns
