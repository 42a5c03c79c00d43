"""What each host of a move keeps of it, so that it goes on wherever it was killed."""

import contextlib
import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import msgspec

from rostra.hosting.ark.jobs import GIVING
from rostra.hosting.ark.keys import FOLDER
from rostra.hosting.ark.manifest import LogPoint
from rostra.store.alone import alone

TAKING: Final = "taking.json"
LOCK: Final = "taking-lock"


class Letters(msgspec.Struct, frozen=True, kw_only=True):
    """The letters of one side of a move.

    Attributes:
        move: its name; empty: there is none.
        said: what was said here, as it stands at the places: after a crash the same is sent again.
        told: how many of those enough places have.
        heard: how many of the other side were dealt with.
    """

    move: str = ""
    said: tuple[str, ...] = ()
    told: int = 0
    heard: int = 0


class Gives(StrEnum):
    """How far the old host is."""

    NOTHING = "nothing"
    HEARD = "heard"  # it sends media, and goes on as before
    PAUSING = "pausing"  # jobs that run come to their end, no others begin
    CLOSED = "closed"  # it writes no more, and sends what is left
    DRAINED = "drained"  # everything is at the places
    GIVING = "giving"  # the fence is being given up
    GIVEN = "given"


class Giving(Letters, frozen=True, kw_only=True):
    """The move as the old host keeps it.

    Attributes:
        stage: how far it is.
        epoch: of the claim that is to be given up.
        to: what the new host is called.
        copy: the mark of the copy that the new host began with.
        round: of the last `Stop`.
        pause_s: how long it waits for the new host.
        since: when this stage, or (from `CLOSED` on) the pause began; UTC ms.
        heard_at: when the new host was last heard of; UTC ms.
        mark: of the last record of the log, once it is drained.
        left: jobs that did not come to their end.
        settled: media were sent until hardly any were left.
        ended: the moves of this epoch that came to nothing.
    """

    stage: Gives = Gives.NOTHING
    epoch: int = 0
    to: str = ""
    copy: str = ""
    round: int = 0
    pause_s: int = 0
    since: int = 0
    heard_at: int = 0
    mark: str = ""
    left: int = 0
    settled: bool = False
    ended: tuple[str, ...] = ()


class Takes(StrEnum):
    """How far the new host is."""

    FETCH = "fetch"
    FOLLOW = "follow"
    STOP = "stop"  # the old host was told to stop writing
    TAKE = "take"  # it was told to give the fence up
    CLAIM = "claim"  # the next epoch is being claimed
    LAST = "last"  # it is claimed: the last of the log is taken
    FINISH = "finish"  # nothing more is taken: the database is made ready
    OPEN = "open"  # it is ready
    DONE = "done"
    ABORTED = "aborted"


class Taking(Letters, frozen=True, kw_only=True):
    """The move as the new host keeps it.

    Attributes:
        stage: how far it is.
        copy: the mark of the copy that it began with.
        signer: the public key of the ark.
        point: where the log goes on behind what is in the database.
        applied_at: when the old host had read the last record that is in it; UTC ms; 0: none is.
        checked: the database was looked through.
        epoch: of the claim that the old host holds.
        nonce: of it.
        round: of the last `Stop`.
        mark: what the old host said was its last record.
        settled: the old host has sent the media, until hardly any were left.
        paused_ms: how long writes were paused when that was heard.
        heard_at: when it was; UTC ms.
        at: the clock of the old host then; UTC ms.
        token: the name of the claim that is made here, kept before it is made.
        forced: the old host is not asked.
    """

    stage: Takes = Takes.FETCH
    copy: str = ""
    signer: str = ""
    point: LogPoint | None = None
    applied_at: int = 0
    checked: bool = False
    settled: bool = False
    epoch: int = 0
    nonce: str = ""
    round: int = 0
    mark: str = ""
    paused_ms: int = 0
    heard_at: int = 0
    at: int = 0
    token: str = ""
    forced: bool = False


Kind = TypeVar("Kind", bound=Letters)


class Unreadable(Exception):
    """What is kept of a move can't be read; the text says which file, and why."""


class Kept(Generic[Kind]):
    """One of these as a file, written anew at each change."""

    def __init__(self, data_dir: Path, name: str, kind: type[Kind]) -> None:
        """Read it; where there is none, it is as at the beginning.

        Raises:
            Unreadable: there is one, and nobody knows how far it was.
        """
        self._path = data_dir / FOLDER / name
        try:
            self.now = msgspec.json.decode(self._path.read_bytes(), type=kind)
        except FileNotFoundError:
            self.now = kind()
        except (OSError, msgspec.MsgspecError) as error:
            raise Unreadable(f"{self._path} can't be read: {error}") from error

    def change(self, **changes: Any) -> None:
        """Keep it changed. Lasts before it returns.

        Raises:
            OSError: it can't be written.
        """
        self.now = msgspec.structs.replace(self.now, **changes)
        folder = self._path.parent
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = folder / f".{self._path.name}"
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(self.now))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)
        settled = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(settled)
        finally:
            os.close(settled)


def giving_in(data_dir: Path) -> Kept[Giving]:
    """The move away from this data directory."""
    return Kept(data_dir, GIVING, Giving)


def taking_in(data_dir: Path) -> Kept[Taking]:
    """The move to this data directory."""
    return Kept(data_dir, TAKING, Taking)


@contextlib.contextmanager
def taking_alone(data_dir: Path) -> Iterator[bool]:
    """Whether no other command moves to this data directory, until the block ends.

    Whoever reads what is kept of the move does so only then: else the second would go on from what
    the first has long left behind.

    Raises:
        OSError: the directory can't be made.
    """
    (data_dir / FOLDER).mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone(data_dir / FOLDER / LOCK) as mine:
        yield mine


def is_taking(data_dir: Path) -> bool:
    """Whether a move to this data directory was begun."""
    return (data_dir / FOLDER / TAKING).exists()
