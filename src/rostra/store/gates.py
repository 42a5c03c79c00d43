"""Two gates: every write of this installation passes one, all that leaves it passes the other.

A copy of an installation that does not hold its fence, a move, or an operator closes them. A gate
is one for all processes of the machine: its state is a byte in a file that every process has mapped
into memory, so closing it holds everywhere at once and looking costs no system call. The file
lasts, so a closed gate is still closed after a restart.
"""

import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import msgspec

from rostra.kernel.errors import NotHeld, Unavailable
from rostra.store.arrival import Arrival
from rostra.store.lease import ALONE, RETRY_S, WHY, Lease

EVERY_CHANNEL = ""
# Codes of the Unavailable that a closed gate raises: reasons to wait, not to count as a failure.
GATE_CODES = frozenset({"read_only", "egress_closed"})

_CLOSED = b"\x01"
_OPEN = b"\x00"
# One byte of state; behind it room for the closing's text, so that both are one file.
_SIZE = 4096


class Closing(msgspec.Struct, frozen=True):
    """Why a gate is closed, and the seconds after which asking again makes sense."""

    reason: str
    retry_after_s: int = 60


class Gate(Protocol):
    """What is open or closed for all processes of the machine."""

    def close(self, reason: str, retry_after_s: int = 60) -> None:
        """Close it; `reason` is a sentence that everybody may read."""
        ...

    def open(self) -> None:
        """Open it again; an open gate stays open."""
        ...

    def closing(self) -> Closing | None:
        """Why it is closed, or None when it is open."""
        ...


class MemoryGate:
    """A gate of one process, for tests and for commands that run alone."""

    def __init__(self) -> None:
        self._closing: Closing | None = None

    def close(self, reason: str, retry_after_s: int = 60) -> None:
        """Close it; `reason` is a sentence that everybody may read."""
        self._closing = Closing(reason, retry_after_s)

    def open(self) -> None:
        """Open it again; an open gate stays open."""
        self._closing = None

    def closing(self) -> Closing | None:
        """Why it is closed, or None when it is open."""
        return self._closing


class FileGate:
    """A gate that all processes of the machine share through one small mapped file."""

    def __init__(self, path: Path) -> None:
        """Map `path`, and make it (open) where it is missing.

        Raises:
            OSError: the folder or the file can't be written.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            # A file that another process is just making has length 0 or _SIZE: both mean open.
            if os.fstat(descriptor).st_size < _SIZE:
                os.truncate(descriptor, _SIZE)
            self._map = mmap.mmap(descriptor, _SIZE)
        finally:
            os.close(descriptor)

    def close(self, reason: str, retry_after_s: int = 60) -> None:
        """Close it; `reason` is a sentence that everybody may read. Lasts before it returns."""
        text = msgspec.json.encode(Closing(_shortened(reason), retry_after_s))
        # The byte first: between the two a reader meets a closed gate without a reason.
        self._map[0:1] = _CLOSED
        self._map[1:] = text.ljust(_SIZE - 1, _OPEN)
        self._map.flush()

    def open(self) -> None:
        """Open it again; an open gate stays open. Lasts before it returns."""
        self._map[0:1] = _OPEN
        self._map.flush()

    def closing(self) -> Closing | None:
        """Why it is closed, or None when it is open."""
        if self._map[0] == 0:
            return None
        try:
            return msgspec.json.decode(self._map[1:].rstrip(_OPEN), type=Closing)
        except msgspec.MsgspecError:  # read while somebody writes it, or damaged: closed for sure
            return Closing("closed")

    def release(self) -> None:
        """Give the mapping back; the gate can't be used after it."""
        self._map.close()


class WriteGate:
    """Passed by every write transaction."""

    def __init__(
        self,
        gate: Gate,
        lease: Lease | None = None,
        elsewhere: Lease | None = None,
        arrival: Arrival | None = None,
    ) -> None:
        """Pass `gate`, and what must not be over.

        Args:
            gate: that people close.
            lease: of the fence, where there is one.
            elsewhere: holds as long as what is written gets to other places soon enough.
            arrival: what must not be lost is acknowledged when it has arrived there.
        """
        self._arrival = arrival
        self._gate = gate
        self._lease = lease
        self._elsewhere = elsewhere

    def close(self, reason: str, retry_after_s: int = 60) -> None:
        """Refuse every write from now on, in every process; transactions under way end."""
        self._gate.close(reason, retry_after_s)

    def open(self) -> None:
        """Accept writes again."""
        self._gate.open()

    def closing(self) -> Closing | None:
        """Why writes are refused, or None."""
        return self.stopped() or _over(self._elsewhere, ALONE)

    def stopped(self) -> Closing | None:
        """Why this installation is not the one that writes, or None.

        It may be, and be waiting until what was written is elsewhere as well: that ends it.
        """
        return self._gate.closing() or _over(self._lease)

    def epoch(self) -> int:
        """The epoch of the fence by which writes are accepted; 0: there is no fence."""
        return 0 if self._lease is None else self._lease.term().epoch

    def check_held(self) -> None:
        """Pass once more, when a write is on disk and before anybody is told so.

        A machine that was frozen between may have lost the fence; then nobody is told, and what was
        written is not part of what goes on elsewhere. Without a fence it costs nothing.

        Raises:
            NotHeld: the lease has run out.
        """
        over = _over(self._lease)
        if over is not None:
            raise _read_only(over, NotHeld)

    @contextmanager
    def told(self, *, writes: bool) -> Iterator[None]:
        """Around what answers a request: who loses the fence meanwhile tells nobody it is done.

        A transaction asks when it is on disk; between that and the answer is the time in which the
        answer is put together, and a machine may be frozen in it. What was refused from the
        beginning is not looked at again.

        Args:
            writes: whether the request is one that may write.

        Raises:
            NotHeld: the lease has run out.
        """
        held = writes and self.stopped() is None
        yield
        if held:
            self.check_held()

    def waits(self) -> bool:
        """Whether what must not be lost is acknowledged only when it is elsewhere as well."""
        return self._arrival is not None

    async def check_elsewhere(self) -> None:
        """Wait until what is on disk now is at enough other places.

        Raises:
            Unavailable: it takes too long; it is done all the same, and will get there.
        """
        if self._arrival is not None and not await self._arrival.reached():
            raise Unavailable(
                RETRY_S,
                inside="it did not get to enough places in time",
                safe="This was done, but it is not yet sure that it lasts: try again in a while.",
            )

    def check(self) -> None:
        """Pass the gate.

        Raises:
            Unavailable: it is closed; the safe text says why.
        """
        closing = self.closing()
        if closing is not None:
            raise _read_only(closing)


def _read_only(closing: Closing, kind: type[Unavailable] = Unavailable) -> Unavailable:
    return kind(
        closing.retry_after_s,
        inside="the write gate is closed",
        safe=f"This server is read-only at the moment: {closing.reason}",
        code="read_only",
    )


class EgressGate:
    """Passed by all that leaves the installation: mail, push, hooks, fetches, federation.

    It can be closed as a whole, or for single channels ("mail", "fetch", "push", ...).
    """

    def __init__(self, gates: "GateSource", lease: Lease | None = None) -> None:
        """Pass the gates of `gates`, and the lease of the fence where there is one."""
        self._gates = gates
        self._lease = lease
        self._whole = gates(EVERY_CHANNEL)
        self._channels: dict[str, Gate] = {}

    def close(self, reason: str, retry_after_s: int = 60, *, channel: str = EVERY_CHANNEL) -> None:
        """Let nothing out from now on, in every process, or nothing of one channel."""
        self._of(channel).close(reason, retry_after_s)

    def open(self, *, channel: str = EVERY_CHANNEL) -> None:
        """Let it out again; a channel that was closed by itself stays closed."""
        self._of(channel).open()

    def closing(self, channel: str = EVERY_CHANNEL) -> Closing | None:
        """Why nothing of the channel gets out, or None."""
        return self._whole.closing() or self._of(channel).closing() or _over(self._lease)

    def check(self, channel: str) -> None:
        """Pass the gate; done just before each sending, not once for many.

        Raises:
            Unavailable: it is closed for this channel.
        """
        closing = self.closing(channel)
        if closing is not None:
            raise Unavailable(
                closing.retry_after_s,
                inside=f"the egress gate is closed for {channel}: {closing.reason}",
                code="egress_closed",
            )

    def _of(self, channel: str) -> Gate:
        if channel == EVERY_CHANNEL:
            return self._whole
        if channel not in self._channels:
            self._channels[channel] = self._gates(channel)
        return self._channels[channel]


class GateSource(Protocol):
    """Gives the gate of one channel."""

    def __call__(self, channel: str, /) -> Gate:
        """The gate of `channel`, made where it is new."""
        ...


def _memory_gate(_channel: str) -> Gate:
    return MemoryGate()


def memory_gates() -> tuple[WriteGate, EgressGate]:
    """Both gates of one process alone."""
    return WriteGate(MemoryGate()), EgressGate(_memory_gate)


def file_gates(
    data_dir: Path,
    lease: Lease | None = None,
    elsewhere: Lease | None = None,
    arrival: Arrival | None = None,
) -> tuple[WriteGate, EgressGate]:
    """Both gates of the installation whose data directory this is.

    Args:
        data_dir: the data directory.
        lease: of the fence, where there is one: both gates are closed when it is over.
        elsewhere: where there is one, nothing is written when it is over.
        arrival: where there is one, what must not be lost waits for it.

    Raises:
        OSError: `gates/` in the data directory can't be written.
    """
    folder = data_dir / "gates"

    def of_channel(channel: str) -> Gate:
        if not (channel + "a").isidentifier():
            raise ValueError(f"a channel is a plain word, not {channel!r}")
        return FileGate(folder / (f"egress-{channel}" if channel else "egress"))

    write = WriteGate(FileGate(folder / "write"), lease, elsewhere, arrival)
    return write, EgressGate(of_channel, lease)


def jobs_gate(data_dir: Path) -> Gate:
    """The gate that jobs of the installation pass before they begin; those that run may go on.

    Raises:
        OSError: `gates/` in the data directory can't be written.
    """
    return FileGate(data_dir / "gates" / "jobs")


def file_channels(data_dir: Path) -> tuple[str, ...]:
    """The channels of the egress gate that were ever asked for here, in order."""
    found = (data_dir / "gates").glob("egress-*")
    return tuple(sorted(path.name.removeprefix("egress-") for path in found))


def _over(lease: Lease | None, why: str = WHY) -> Closing | None:
    """Why the lease keeps everything closed, or None."""
    return None if lease is None or lease.holds() else Closing(why, RETRY_S)


def _shortened(reason: str) -> str:
    """The reason, cut so that its JSON (at most 6 bytes a character) fits into the file."""
    return reason[:600]
