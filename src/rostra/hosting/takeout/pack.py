"""Where an export is written: a folder, or one file, which may be sealed for somebody."""

import hashlib
import os
import tarfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, Protocol

import pyrage

from rostra.hosting.takeout.model import File, TakeoutError, checked_path
from rostra.hosting.takeout.passing import passing

_PIECE: Final = 1 << 20


class Sink(Protocol):
    """Takes files that were written elsewhere, one after another."""

    def take(self, path: str, file: Path) -> None:
        """A file by its path in the export; it is gone from where it was."""
        ...


class Spool:
    """A file on its way into an export: written, counted, hashed."""

    def __init__(self, at: Path) -> None:
        self._at = at
        descriptor = os.open(at, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self._file = os.fdopen(descriptor, "wb", buffering=_PIECE)
        self._hash = hashlib.sha256()
        self._size = 0

    def write(self, content: bytes) -> None:
        """Write more."""
        self._file.write(content)
        self._hash.update(content)
        self._size += len(content)

    def close(self) -> None:
        """Write no more."""
        self._file.close()

    def drop(self) -> None:
        """It was not wanted after all."""
        self._file.close()
        self._at.unlink(missing_ok=True)

    def ended(self) -> tuple[int, str]:
        """Its bytes and their SHA-256; it lasts."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return self._size, self._hash.hexdigest()

    def into(self, sink: Sink, path: str) -> File:
        """Give it to an export."""
        size, sha256 = self.ended()
        sink.take(path, self._at)
        return File(path=path, size=size, sha256=sha256)


class Folder:
    """An export as a folder."""

    def __init__(self, to: Path) -> None:
        self._to = to

    def take(self, path: str, file: Path) -> None:
        """Move it to its place."""
        place = self._to / checked_path(path)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.replace(place)


class _Tar:
    """An export as one file: a tar archive."""

    def __init__(self, file: IO[bytes]) -> None:
        # As a stream: nothing in it is ever gone back to.
        self._tar = tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115 (closed by `close`)

    def take(self, path: str, file: Path) -> None:
        """Copy it into the archive."""
        told = tarfile.TarInfo(checked_path(path))
        told.size, told.mode = file.stat().st_size, 0o600
        with file.open("rb") as content:
            self._tar.addfile(told, content)
        file.unlink()

    def close(self) -> None:
        """Write its end."""
        self._tar.close()


@contextmanager
def sink(to: Path, recipients: Sequence[str] = ()) -> Iterator[tuple[Sink, Path]]:
    """What takes an export, and a folder in which its files are written first.

    Args:
        to: a folder (made, or empty), or a file that does not exist: `….tar`, or `….tar.age` for
            one that only the recipients can open.
        recipients: of age.

    Raises:
        TakeoutError: it is there already, or it needs recipients, or must not have any.
        OSError: it can't be written.
    """
    sealed = to.name.endswith(".age")
    if sealed != bool(recipients):
        raise TakeoutError("one file that is sealed ends in .tar.age, and has a --recipient")
    whole = sealed or to.suffix == ".tar"
    if to.exists() and (whole or not to.is_dir() or any(to.iterdir())):
        raise TakeoutError(f"{to} is there already")
    to.parent.mkdir(parents=True, exist_ok=True)
    with passing(to.parent, f".{to.name}.") as spool:
        if whole:
            with _file(to, spool / "whole", recipients) as tar:
                yield tar, spool
        else:
            to.mkdir(exist_ok=True, mode=0o700)
            to.chmod(0o700)
            yield Folder(to), spool


@contextmanager
def _file(to: Path, new: Path, recipients: Sequence[str]) -> Iterator[_Tar]:
    """One file, which gets its name when all of it is written."""
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        if recipients:
            with _sealing(file, recipients) as plain:
                tar = _Tar(plain)
                yield tar
                tar.close()
        else:
            tar = _Tar(file)
            yield tar
            tar.close()
        file.flush()
        os.fsync(file.fileno())
    # Not over one that was made meanwhile; and not by a link, which not every file system has.
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    new.replace(to)


@contextmanager
def _sealing(file: IO[bytes], recipients: Sequence[str]) -> Iterator[IO[bytes]]:
    """What is written to this is sealed into a file; nothing of it touches the disk as it is."""
    opened = [_recipient(text) for text in recipients]
    outlet, inlet = os.pipe()
    faults: list[Exception] = []

    def seal() -> None:
        with os.fdopen(outlet, "rb") as reader:
            try:
                pyrage.encrypt_io(reader, file, opened)
            except Exception as error:  # noqa: BLE001 (told where it is waited for)
                faults.append(error)

    thread = threading.Thread(target=seal, name="rostra-seal")
    thread.start()
    try:
        with os.fdopen(inlet, "wb", buffering=_PIECE) as writer:
            yield writer
    except BrokenPipeError:
        pass  # the other end has failed, and says why
    finally:
        thread.join()
    if faults:
        raise TakeoutError(f"it can't be sealed: {faults[0]}")


def _recipient(text: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise TakeoutError(f"{text!r} is no recipient of age (age1…): {error}") from error
