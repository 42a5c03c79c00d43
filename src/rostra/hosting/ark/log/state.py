"""What this host keeps of the log it sends: up to where it was sent, and what is on its way."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from rostra.hosting.ark.keys import FOLDER
from rostra.hosting.ark.manifest import mark_of
from rostra.store.alone import alone as file_alone
from rostra.store.wal import Position

_SENT: Final = "log.json"
_OUTGOING: Final = "log-outgoing"
_STANDING: Final = "log-standing.json"
_SETTLED: Final = "log-settled.json"
_LOOKED_LATELY_S: Final = 60.0
_LOCK: Final = "log-lock"
Kind = TypeVar("Kind")


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """How far the log was sent.

    Attributes:
        epoch: of the last record.
        number: its number; 0: there is none.
        run: the mark of the first record of the run; also before it is sent.
        hash: of the last record of the run; empty: the run has none yet.
        at: up to where SQLite's log was read for it.
    """

    epoch: int
    number: int
    run: str
    hash: str
    at: Position

    @property
    def mark(self) -> str:
        """The last record; empty: there is none."""
        return mark_of(self.epoch, self.number) if self.number else ""


class AtPlace(msgspec.Struct, frozen=True):
    """How far a place has got.

    Attributes:
        number: the record up to which it has all of the run.
        why: the last one could not be stored; empty: it went well.
    """

    number: int = 0
    why: str = ""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How the log stands, for people.

    Attributes:
        looked_at: when this was written; UTC ms.
        run: the run of records that is being written.
        mark: the last record that enough places have.
        made_at: when its commits were read; UTC ms; 0: there is none.
        waits_since: when the oldest commit that they have not was noticed; UTC ms; 0: none waits.
        waiting_bytes: of SQLite's log, not yet there.
        places: by name.
        why: nothing can be sent at the moment; empty: it goes well.
        begun_why: the run was begun because of this.
    """

    looked_at: int
    run: str
    mark: str
    made_at: int = 0
    waits_since: int = 0
    waiting_bytes: int = 0
    places: dict[str, AtPlace] = {}
    why: str = ""
    begun_why: str = ""

    def lag_ms(self, now: int) -> int:
        """For how long the oldest commit that is not elsewhere has waited.

        Args:
            now: UTC ms. Nobody has looked for as long as this was written ago.
        """
        return max(0, now - self.waits_since if self.waits_since else now - self.looked_at)

    def behind(self) -> dict[str, int]:
        """How many records each place has not got, of those that enough others have."""
        last = int(self.mark.rpartition("-")[2]) if self.mark else 0
        return {name: max(0, last - place.number) for name, place in self.places.items()}


def told(standing: Standing, now: int) -> list[str]:
    """How the log stands, a sentence each; first how old what is elsewhere is.

    Args:
        standing: as it was written last.
        now: UTC ms.
    """
    seconds = standing.lag_ms(now) / 1_000
    if not standing.waits_since and seconds < _LOOKED_LATELY_S:
        first = "everything that was written is elsewhere"
        if standing.why:
            first = "everything that was written was sent"
    elif not standing.waits_since:
        first = f"nobody has looked for {seconds:,.0f} s: the server does not run"
    else:
        waiting = standing.waiting_bytes / (1 << 20)
        first = f"{waiting:,.1f} MiB wait, the oldest for {seconds:,.0f} s"
    sentences = [f"log: {first}"]
    if standing.why:
        sentences.append(f"log: {standing.why}")
    for name, behind in standing.behind().items():
        if behind:
            why = f": {standing.places[name].why}" if standing.places[name].why else ""
            sentences.append(f"log: {name} is {behind:,} records behind{why}")
    return sentences


class Outgoing(msgspec.Struct, frozen=True):
    """A record on its way, and what is kept once enough places have it."""

    sent: Sent
    content: bytes


class LogState:
    """The files of a data directory that tell of its log. None of them is part of a copy."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER

    def sent(self) -> Sent | None:
        """How far the log was sent; None: it never was."""
        return self._read(_SENT, Sent)

    def keep(self, sent: Sent) -> None:
        """Keep that; what was on its way has arrived. Lasts before it returns."""
        self._write(_SENT, msgspec.json.encode(sent))
        (self._folder / _OUTGOING).unlink(missing_ok=True)

    def outgoing(self) -> Outgoing | None:
        """What was on its way; None: nothing."""
        try:
            content = (self._folder / _OUTGOING).read_bytes()
            return msgspec.msgpack.decode(content, type=Outgoing)
        except (OSError, msgspec.MsgspecError):
            return None

    def send(self, outgoing: Outgoing) -> None:
        """Keep what is on its way: after a crash the same record is sent. Lasts."""
        self._write(_OUTGOING, msgspec.msgpack.encode(outgoing))

    def settle(self, at: Position) -> None:
        """Keep that SQLite's log was written back up to there, all of it. Lasts."""
        self._write(_SETTLED, msgspec.json.encode(at))

    def settled(self) -> Position | None:
        """Up to where all of SQLite's log was written back last; None: nothing is known."""
        return self._read(_SETTLED, Position)

    def standing(self) -> Standing | None:
        """How the log stands; None: nothing is known."""
        return self._read(_STANDING, Standing)

    def tell(self, standing: Standing) -> None:
        """Let people know. What was told before a power cut may be forgotten."""
        new = self._folder / f".{_STANDING}"
        new.write_bytes(msgspec.json.encode(standing))
        new.replace(self._folder / _STANDING)

    def forget(self) -> None:
        """Nobody sends any more: how it stood is not told on."""
        (self._folder / _STANDING).unlink(missing_ok=True)

    @contextlib.contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether this process is the one that sends, until the block ends."""
        with file_alone(self._folder / _LOCK) as alone:
            yield alone

    def _read(self, name: str, kind: type[Kind]) -> Kind | None:
        try:
            return msgspec.json.decode((self._folder / name).read_bytes(), type=kind)
        except (OSError, msgspec.MsgspecError):
            return None

    def _write(self, name: str, content: bytes) -> None:
        new = self._folder / f".{name}"
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._folder / name)
        settled = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(settled)
        finally:
            os.close(settled)
