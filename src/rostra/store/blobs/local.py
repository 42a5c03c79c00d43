"""Blobs as files in a folder of this machine.

Not obstore's own local store: it does not fsync (object_store can since 2026, but obstore has no
switch for it), so an upload that was acknowledged could be gone after a power cut.
"""

import asyncio
import contextlib
import os
import secrets
import shutil
import stat
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

from rostra.kernel.clock import HOUR, Clock, SystemClock
from rostra.kernel.errors import NotFound
from rostra.store.blobs.port import CHUNK_BYTES, BlobInfo, checked, checked_prefix

_INCOMING = ".incoming"
_LISTED_AT_ONCE = 256


class LocalBlobs:
    """A folder. A file has its whole content or does not exist."""

    def __init__(self, root: Path, clock: Clock | None = None) -> None:
        """Use `root`, made where it is missing, and drop what a crash left half written.

        Raises:
            OSError: the folder can't be made or written.
        """
        self._root = root
        self._incoming = root / _INCOMING
        self._incoming.mkdir(parents=True, exist_ok=True)
        self._sweep((clock or SystemClock()).now())

    async def put(self, key: str, content: bytes, content_type: str) -> None:  # noqa: ARG002 (told by the suffix)
        """Store `content`; it is durable when this returns. A blob of that key is replaced."""
        await asyncio.to_thread(self._put, self._path(key), content)

    async def put_file(self, key: str, path: Path, content_type: str) -> None:  # noqa: ARG002 (told by the suffix)
        """Store the content of a file; it is durable when this returns."""
        await asyncio.to_thread(self._put_file, self._path(key), path)

    async def copy(self, key: str, to: str) -> None:
        """Store a blob's content under another key as well; NotFound where there is none."""
        try:
            await asyncio.to_thread(self._put_file, self._path(to), self._path(key))
        except FileNotFoundError:
            raise NotFound(f"no blob {key}") from None

    async def size(self, key: str) -> int:
        """How many bytes the blob has; NotFound where there is none."""
        try:
            return (await asyncio.to_thread(self._path(key).stat)).st_size
        except FileNotFoundError:
            raise NotFound(f"no blob {key}") from None

    async def get(self, key: str) -> bytes:
        """The content; NotFound where there is none."""
        path = self._path(key)
        try:
            return await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError:
            raise NotFound(f"no blob {key}") from None

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        """The content piece by piece; NotFound with the first piece."""
        path = self._path(key)
        try:
            file = await asyncio.to_thread(path.open, "rb")
        except FileNotFoundError:
            raise NotFound(f"no blob {key}") from None
        with file:
            while piece := await asyncio.to_thread(file.read, CHUNK_BYTES):
                yield piece

    async def stream_part(self, key: str, start: int, length: int) -> AsyncIterator[bytes]:
        """`length` bytes from `start` on, piece by piece; NotFound with the first piece."""
        path = self._path(key)
        try:
            file = await asyncio.to_thread(path.open, "rb")
        except FileNotFoundError:
            raise NotFound(f"no blob {key}") from None
        with file:
            file.seek(start)
            left = length
            while left and (piece := await asyncio.to_thread(file.read, min(left, CHUNK_BYTES))):
                left -= len(piece)
                yield piece

    async def exists(self, key: str) -> bool:
        """Whether there is such a blob."""
        return await asyncio.to_thread(self._path(key).is_file)

    async def delete(self, keys: Iterable[str]) -> None:
        """Remove for good; keys without a blob are passed over."""
        await asyncio.to_thread(self._delete, [self._path(key) for key in keys])

    async def list(self, prefix: str = "") -> AsyncIterator[BlobInfo]:
        """The blobs in one folder and those below it, in any order."""
        files = self._walk(self._root / checked_prefix(prefix))
        while batch := await asyncio.to_thread(_take, files):
            for info in batch:
                yield info

    def local_path(self, key: str) -> Path | None:
        """The file with the content, if there."""
        path = self._path(key)
        return path if path.is_file() else None

    def fresh(self) -> Path:
        """A new name beside the others, where a file can be written that `take_in` then takes."""
        return self._incoming / secrets.token_hex(16)

    def take_in(self, fresh: Path, key: str, stored_at: int) -> None:
        """Have a file that is on disk under a `fresh` name be the blob of a key.

        Args:
            fresh: the file.
            key: that it has from now on.
            stored_at: when it was first stored; UTC ms, 0: now.

        Raises:
            OSError: it can't be.
        """
        path = self._path(key)
        if stored_at:
            os.utime(fresh, ns=(stored_at * 1_000_000, stored_at * 1_000_000))
        _make_folder(path.parent, self._root)
        fresh.replace(path)
        _fsync_folder(path.parent)

    def _path(self, key: str) -> Path:
        return self._root / checked(key)

    def _put(self, path: Path, content: bytes) -> None:
        self._keep(path, lambda file: file.write(content))

    def _put_file(self, path: Path, source: Path) -> None:
        with source.open("rb") as given:
            self._keep(path, lambda file: shutil.copyfileobj(given, file, CHUNK_BYTES))

    def _keep(self, path: Path, write: Callable[[IO[bytes]], object]) -> None:
        """Write a new file beside the others, and give it its name when it is on disk."""
        fresh = self._incoming / secrets.token_hex(16)
        try:
            with fresh.open("xb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            _make_folder(path.parent, self._root)
            fresh.replace(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
        _fsync_folder(path.parent)

    def _delete(self, paths: Iterable[Path]) -> None:
        changed = set()
        for path in paths:
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
                changed.add(path.parent)
        for folder in changed:
            _fsync_folder(folder)

    def _walk(self, folder: Path) -> Iterator[BlobInfo]:
        for parent, folders, names in os.walk(folder):
            folders[:] = [name for name in folders if name != _INCOMING]
            for name in names:
                path = Path(parent, name)
                with contextlib.suppress(FileNotFoundError):  # deleted since
                    told = path.stat()
                    if stat.S_ISREG(told.st_mode):
                        key = path.relative_to(self._root).as_posix()
                        yield BlobInfo(key, told.st_size, told.st_mtime_ns // 1_000_000)

    def _sweep(self, now: int) -> None:
        for path in self._incoming.iterdir():
            with contextlib.suppress(FileNotFoundError):  # another process sweeps as well
                if path.stat().st_mtime * 1000 < now - HOUR:
                    path.unlink()


def _take(files: Iterator[BlobInfo]) -> list[BlobInfo]:
    return [info for _, info in zip(range(_LISTED_AT_ONCE), files, strict=False)]


def _make_folder(folder: Path, root: Path) -> None:
    """Make the folder and its parents, each durable in its own parent."""
    if folder.is_dir():
        return
    if folder != root:
        _make_folder(folder.parent, root)
    folder.mkdir(exist_ok=True)
    _fsync_folder(folder.parent)


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
