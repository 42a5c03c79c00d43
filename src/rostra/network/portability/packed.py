"""An archive that somebody has brought along: a zip file, or Mastodon's older tar.gz.

Nothing of it is trusted: no name in it becomes a path here, what it says of sizes is a claim, and
whatever is read is read up to a limit. Links and devices in it are not there.
"""

import gzip
import lzma
import os
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Final, Protocol

MAX_ENTRIES: Final = 100_000
_MAX_DIRECTORY: Final = 32 << 20  # bytes of a zip file's list of what is in it
_MAX_HEADER: Final = 1 << 20  # bytes of one header in a tar file
_MAX_NAME: Final = 2_048
_MAX_UNPACKED: Final = 64 << 30
_TOLD: Final = 300
# Of these no more is unpacked than is asked for; others make gigabytes of a kilobyte at once.
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_PIECE: Final = 1 << 20
_END: Final = b"PK\x05\x06"
_END_64: Final = b"PK\x06\x06"
_END_BYTES: Final = 22
_NOTE_BYTES: Final = 1 << 16  # a zip file may end with a comment
_BROKEN: Final = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    RuntimeError,  # sealed with a password, or nested without end
    NotImplementedError,
    ValueError,
    OverflowError,
)


def shown(text: str) -> str:
    """Words out of an archive as they can be told: not many, and nothing that moves a cursor."""
    told = "".join(each if each.isprintable() else "?" for each in text[: _TOLD + 1])
    return told if len(told) <= _TOLD else f"{told[:_TOLD]}…"


class ArchiveError(Exception):
    """An archive, or a file in it, can't be used; the words name it and say why."""

    def __init__(self, words: str) -> None:
        super().__init__(shown(words))


class Packed(Protocol):
    """The files of an archive, by their names in it."""

    @property
    def names(self) -> list[str]:
        """All of them; those of media begin with `media_attachments/`."""
        ...

    def pieces(self, name: str, most: int) -> Iterator[bytes]:
        """A file, some bytes at a time.

        Raises:
            ArchiveError: it is not in it, is longer than so many bytes, or can't be read.
        """
        ...


def read(packed: Packed, name: str, most: int) -> bytes:
    """A whole file of an archive.

    Raises:
        ArchiveError: as `Packed.pieces`.
    """
    return b"".join(packed.pieces(name, most))


@contextmanager
def opened(path: Path, beside: Path, largest: int) -> Iterator[Packed]:
    """Open an archive.

    Args:
        path: the file.
        beside: a folder in which it may be unpacked; nothing is left there.
        largest: bytes of the largest file in it that is of any use.

    Raises:
        ArchiveError: it is none, or there is too much in it.
    """
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
            start = file.read(4)
            if not path.is_file():
                raise ArchiveError(f"{path} is no file")
            if start.startswith(b"PK"):
                packed: Packed = stack.enter_context(_zip(path))
            elif start.startswith(b"\x1f\x8b"):
                folder = tempfile.TemporaryDirectory(dir=beside, prefix="archive-")
                packed = _unpacked(path, Path(stack.enter_context(folder)), largest)
            else:
                raise ArchiveError(f"{path} is neither a zip file nor a tar.gz")
        except _BROKEN as error:
            raise ArchiveError(f"{path} can't be read: {error or type(error).__name__}") from error
        except OSError as error:
            raise ArchiveError(f"{path} can't be read: {error.strerror or error}") from error
        yield packed


class _Zip:
    """A zip file; what is in it is read where it lies."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in file.infolist():
            if not entry.is_dir():
                self._entries.setdefault(known_as(entry.filename), entry)

    @property
    def names(self) -> list[str]:
        return list(self._entries)

    def pieces(self, name: str, most: int) -> Iterator[bytes]:
        entry = self._entries.get(name)
        if entry is None:
            raise ArchiveError(f"{name} is not in the archive")
        if entry.compress_type not in _METHODS:
            raise ArchiveError(f"{name} is packed in another way than zip files usually are")
        try:
            with self._file.open(entry) as file:
                yield from _up_to(file, name, most)
        except (*_BROKEN, OSError) as error:
            raise ArchiveError(f"{name} can't be read: {error or type(error).__name__}") from error


class _Folder:
    """An archive that was unpacked, its files under names of ours."""

    def __init__(self, folder: Path, files: dict[str, Path], too_large: frozenset[str]) -> None:
        self._folder = folder
        self._files = files
        self._too_large = too_large

    @property
    def names(self) -> list[str]:
        return [*self._files, *self._too_large]

    def pieces(self, name: str, most: int) -> Iterator[bytes]:
        if name in self._too_large:
            raise _too_large(name, most)
        path = self._files.get(name)
        if path is None:
            raise ArchiveError(f"{name} is not in the archive")
        try:
            os.utime(self._folder)  # it is in use: `portability.sweep_archives` removes old ones
            with path.open("rb") as file:
                yield from _up_to(file, name, most)
        except OSError as error:
            raise ArchiveError(f"{name} can't be read: {error.strerror or error}") from error


def known_as(name: str) -> str:
    """The name under which a file of an archive is asked for, whatever stands before it."""
    at = name.find("media_attachments/")
    return name[at:] if at >= 0 else name.removeprefix("./").lstrip("/")


def _up_to(file: IO[bytes], name: str, most: int) -> Iterator[bytes]:
    taken = 0
    while piece := file.read(_PIECE):
        taken += len(piece)
        if taken > most:
            raise _too_large(name, most)
        yield piece


def _too_large(name: str, most: int) -> ArchiveError:
    return ArchiveError(f"{name} is too large (at most {most / 1e6:,.3g} MB)")


@contextmanager
def _zip(path: Path) -> Iterator[_Zip]:
    _look_at_end(path)
    with zipfile.ZipFile(path) as file:
        if len(file.infolist()) > MAX_ENTRIES:
            raise _too_many(path)
        yield _Zip(file)


def _look_at_end(path: Path) -> None:
    """Refuse a list that would fill the memory before it is read: its length stands at the end."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _NOTE_BYTES - 2 * _END_BYTES - 64))
        tail = file.read()
    listed = [
        int.from_bytes(tail[at + place : at + place + width], "little")
        for mark, place, width in ((_END, 12, 4), (_END_64, 40, 8))
        for at in _places(tail, mark)
    ]
    # Every mark is looked at, for a reader may take any of them. All ones: it stands in the other.
    if any(_MAX_DIRECTORY < length != (1 << 32) - 1 for length in listed):
        raise _too_many(path)


def _places(tail: bytes, mark: bytes) -> Iterator[int]:
    at = tail.find(mark)
    while at >= 0:
        yield at
        at = tail.find(mark, at + 1)


def _too_many(path: Path) -> ArchiveError:
    return ArchiveError(f"there are too many files in {path} (at most {MAX_ENTRIES:,})")


class _Gunzipped(gzip.GzipFile):
    """A tar file as it is read: never much at once, and not without end."""

    most = _MAX_UNPACKED

    def read(self, size: int | None = -1) -> bytes:
        """Read some bytes; the reader of tar files asks for all of a header at once."""
        if size is None or not 0 <= size <= _MAX_HEADER:
            raise ArchiveError("a header in it is too long")
        if self.tell() > self.most:
            raise ArchiveError("it is too large once it is unpacked")
        return super().read(size)


def _unpacked(path: Path, folder: Path, largest: int) -> _Folder:
    """Unpack a tar.gz: what is asked for by name can't be found in it otherwise."""
    files: dict[str, Path] = {}
    too_large: set[str] = set()
    with _Gunzipped(path) as unzipped, tarfile.TarFile(fileobj=unzipped) as tar:
        unzipped.most = min(_MAX_UNPACKED, shutil.disk_usage(folder).free // 2)
        ahead = 0
        for count, member in enumerate(_members(tar)):
            ahead += member.size
            if count >= MAX_ENTRIES:
                raise _too_many(path)
            if ahead > unzipped.most:
                raise ArchiveError(f"{path} is too large once it is unpacked")
            name = known_as(member.name)
            if not member.isreg() or member.issparse() or name in files or len(name) > _MAX_NAME:
                continue
            if member.size > largest:
                too_large.add(name)
            elif (content := tar.extractfile(member)) is not None:
                files[name] = folder / str(count)
                with files[name].open("xb") as target:
                    shutil.copyfileobj(content, target, _PIECE)
    return _Folder(folder, files, frozenset(too_large))


def _members(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """What is in it, one after another; a tar file remembers each, with headers of any length."""
    while (member := tar.next()) is not None:
        if member.size < 0 or sum(map(len, tar.pax_headers.values())) > _MAX_HEADER:
            raise ArchiveError("a header in it can't be right")
        tar.members.clear()  # type: ignore[attr-defined] # there, and not told of
        yield member
