"""What an installation keeps of its claim, and how one process of it is chosen to keep it alive.

The file is worth nothing in a copy: it names the data directory it belongs to by what a copy does
not take along (`machine.py`). A copy of everything is another installation, and has to claim the
fence itself.
"""

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, Protocol

import msgspec

from rostra.hosting.fence.fence import FenceError, Mine
from rostra.hosting.fence.machine import Machine
from rostra.hosting.fence.records import Claim
from rostra.store.alone import alone as file_alone

FOLDER: Final = "gates"
CLAIM: Final = "claim"
WISH: Final = "release-wish"
KEEPER: Final = "keeper"
FENCED: Final = "fenced"
"""A file of the data directory: a copy without places of its own must not write either."""
_THIS: Final = Machine()


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A claim as it is kept.

    Attributes:
        bound: to which data directory on which machine.
        run: since which start of that machine, and on which device.
        opened: whether it has waited as long as it had to, and was not given up.
        given: it was open, and is being given up: the places may not know yet.
    """

    claim: Claim
    private: str
    bound: str
    run: str
    opened: bool
    given: bool = False

    @property
    def mine(self) -> Mine:
        """The claim with its key."""
        return Mine(claim=self.claim, private=bytes.fromhex(self.private))


class KeptState(Protocol):
    """The claim that an installation holds, whatever it is kept in."""

    def kept(self) -> Kept | None:
        """The claim; None: there is none."""
        ...

    def former(self) -> Kept | None:
        """The claim of before the machine was started, not given up; None: there is none."""
        ...

    def keep(self, mine: Mine, *, opened: bool, given: bool = False) -> None:
        """Keep a claim in the place of the one before."""
        ...

    def drop(self) -> None:
        """Keep no claim any more."""
        ...

    def is_wished(self) -> bool:
        """Whether somebody has asked for it to be given up."""
        ...

    def refuse(self) -> None:
        """It is not given up, for all that was asked."""
        ...

    def alone(self) -> AbstractContextManager[bool]:
        """Whether this process is the one that deals with the claim, until the block ends."""
        ...


class State:
    """The claim that a data directory holds."""

    def __init__(self, data_dir: Path, machine: Machine = _THIS) -> None:
        self._folder = data_dir / FOLDER
        self._data_dir = data_dir
        self._machine = machine

    def check(self) -> None:
        """Whether a claim can be kept here; to be asked before one is made.

        Raises:
            FenceError: a copy of the data directory could not be told from it.
            OSError: it is not there.
        """
        self._machine.check(self._data_dir)

    def kept(self) -> Kept | None:
        """The claim; None: there is none, or it is another's, or of before the machine's start.

        Raises:
            OSError: there is one that can't be read: nobody knows whether it was given up.
        """
        found = self._found()
        return found if found is not None and self._is_now(found) else None

    def former(self) -> Kept | None:
        """The claim of before the machine was started, not given up; None: there is none."""
        found = self._found()
        return None if found is None or found.given or self._is_now(found) else found

    def _is_now(self, found: Kept) -> bool:
        return found.run == self._machine.run(self._data_dir)

    def _found(self) -> Kept | None:
        try:
            found = msgspec.json.decode((self._folder / CLAIM).read_bytes(), type=Kept)
        except FileNotFoundError:
            return None
        except msgspec.MsgspecError as error:
            path = str(self._folder / CLAIM)
            raise OSError(errno.EIO, f"{path} is damaged: remove it, and claim anew") from error
        return found if self._is_ours(found) else None

    def _is_ours(self, found: Kept) -> bool:
        """Whether it was kept here, and this is no copy.

        Versions before this one have kept less. No such claim is of this run: it is gone on with as
        after a start of the machine, by the next epoch, which only one of two copies gets.
        """
        try:
            self.check()
        except FenceError:
            return False
        machine, at = self._machine, self._data_dir
        return found.bound in {machine.bound(at), machine.bound_before(at)}

    def keep(self, mine: Mine, *, opened: bool, given: bool = False) -> None:
        """Keep a claim in the place of the one before. Lasts before it returns.

        Raises:
            FenceError: as `check`.
            OSError: the folder can't be written.
        """
        self.check()
        kept = Kept(
            claim=mine.claim,
            private=mine.private.hex(),
            bound=self._machine.bound(self._data_dir),
            run=self._machine.run(self._data_dir),
            opened=opened,
            given=given,
        )
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._data_dir / FENCED).touch()
        new = self._folder / f".{secrets.token_hex(8)}"
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(kept))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._folder / CLAIM)
        # After it: whoever sees the wish gone sees what has become of it.
        (self._folder / WISH).unlink(missing_ok=True)
        _settle(self._folder)

    def drop(self) -> None:
        """Keep no claim any more."""
        (self._folder / CLAIM).unlink(missing_ok=True)
        (self._folder / WISH).unlink(missing_ok=True)
        _settle(self._folder)

    def wish(self) -> None:
        """Ask the process that keeps the claim to give it up."""
        (self._folder / WISH).touch()

    def is_wished(self) -> bool:
        """Whether it was asked to."""
        return (self._folder / WISH).exists()

    def refuse(self) -> None:
        """It is not given up, for all that was asked."""
        (self._folder / WISH).unlink(missing_ok=True)

    @contextlib.contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether this process is the one that deals with the claim, until the block ends."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with file_alone(self._folder / KEEPER) as alone:
            yield alone


def is_fenced(data_dir: Path) -> bool:
    """Whether a data directory, or what it is a copy of, has ever held a fence."""
    return (data_dir / FENCED).exists()


def _settle(folder: Path) -> None:
    """Let the names in a folder last a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
