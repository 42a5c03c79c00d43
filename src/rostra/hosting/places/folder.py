"""A folder as a place: a disk of another machine that is mounted here, or a part of a test.

Not obstore's own local store: it does not fsync, and a claim that a power cut takes back is none.
"""

import contextlib
import os
import secrets
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

from rostra.hosting.places.lane import Hangs, lane
from rostra.hosting.places.model import LARGEST, PlaceFailed, Unsupported, not_marked, too_large
from rostra.hosting.places.port import Stored
from rostra.hosting.places.tree import INCOMING, MARK, MARKED, in_order, may_hold, parts_of

DEADLINE_S: Final = 30.0
_SLOWEST: Final = 32_768  # bytes a second that a write may take beyond that
_LEFT_S: Final = 86_400.0
_LARGE: Final = 1 << 19  # bytes
T = TypeVar("T")


class FolderStore:
    """Files below a folder that was marked. A file has its whole content or does not exist."""

    def __init__(self, name: str, root: Path, *, deadline_s: float = DEADLINE_S) -> None:
        self._name = name
        self._root = root
        self._deadline_s = deadline_s
        self._lane = lane(str(root))
        self._swept = False

    @property
    def name(self) -> str:
        """What the place is called."""
        return self._name

    async def create(self, key: str, content: bytes) -> bool:
        """Store it if nothing is there; whether it was."""
        return await self._do(
            lambda: self._write(self._path(key), content, replace=False), len(content)
        )

    async def put(self, key: str, content: bytes) -> None:
        """Store it, whatever is there."""
        await self._do(lambda: self._write(self._path(key), content, replace=True), len(content))

    async def replace(self, key: str, content: bytes, version: str) -> bool:  # noqa: ARG002 (the port's)
        """Never: a folder knows no versions.

        Raises:
            Unsupported: always.
        """
        raise Unsupported(self._name, "a folder has no conditional updates")

    async def read(self, key: str) -> Stored | None:
        """What is there; None: nothing."""
        return await self._do(lambda: self._read(self._path(key)))

    async def keys(self, prefix: str, *, after: str = "", limit: int = 1_000) -> list[str]:
        """The keys below a prefix, in order."""

        def found() -> list[str]:
            self._path(prefix)
            behind = (key for key in self._below(prefix, after) if key > after)
            return list(islice(behind, limit))

        return await self._do(found)

    async def delete(self, key: str) -> None:
        """Remove it; nothing there is as well."""

        def gone() -> None:
            path = self._path(key)
            path.unlink(missing_ok=True)
            if path.parent.exists():
                _settle(path.parent)

        await self._do(gone)

    async def mark(self) -> bool:
        """Say that this folder is the place; whether nothing had said so before.

        Raises:
            PlaceFailed: the folder is not there, or can't be written.
        """

        def marked() -> bool:
            path = self._root / MARK
            try:
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC)
            except FileExistsError:
                return False
            with os.fdopen(descriptor, "wb") as file:
                file.write(MARKED)
                file.flush()
                os.fsync(file.fileno())
            _settle(self._root)
            return True

        return await self._answer(marked, self._deadline_s)

    def _path(self, key: str) -> Path:
        return self._root.joinpath(*parts_of(key))

    async def _do(self, work: Callable[[], T], size: int = 0) -> T:
        def at_the_place() -> T:
            if not (self._root / MARK).exists():
                raise not_marked(self._name, str(self._root))
            return work()

        return await self._answer(at_the_place, self._deadline_s + size / _SLOWEST)

    async def _answer(self, work: Callable[[], T], seconds: float) -> T:
        try:
            return await self._lane.run(work, seconds)
        except Hangs as error:
            raise PlaceFailed(self._name, str(error)) from error
        except OSError as error:
            raise PlaceFailed(self._name, error.strerror or str(error)) from error

    def _below(self, folder: str, after: str) -> Iterator[str]:
        try:
            with os.scandir(self._root / folder) as entries:
                found = in_order([(each.name, each.is_dir()) for each in entries])
        except (FileNotFoundError, NotADirectoryError):  # never made, or removed by somebody else
            return
        for name, is_folder in found:
            key = f"{folder}/{name}"
            if not is_folder:
                yield key
            elif may_hold(key, after):
                yield from self._below(key, after)

    def _read(self, path: Path) -> Stored | None:
        try:
            with path.open("rb") as file:
                state = os.fstat(file.fileno())
                if state.st_size > LARGEST:
                    raise too_large(self._name, state.st_size)
                _read_ahead(file.fileno(), state.st_size)
                content = file.read()
                _forget(file.fileno(), len(content))
                return Stored(content, "", state.st_mtime_ns // 1_000_000)
        except FileNotFoundError:
            return None

    def _write(self, path: Path, content: bytes, *, replace: bool) -> bool:
        incoming = self._root / INCOMING
        incoming.mkdir(exist_ok=True)
        if not self._swept:
            self._swept = True
            _sweep(incoming)
        new = incoming / secrets.token_hex(8)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                _forget(file.fileno(), len(content))
            made = [parent for parent in (path.parent, *path.parent.parents) if not parent.exists()]
            path.parent.mkdir(parents=True, exist_ok=True)
            if replace:
                new.replace(path)
            else:
                try:
                    os.link(new, path)  # a rename would replace what is there
                except FileExistsError:
                    return False
            for folder in (path.parent, *(parent.parent for parent in made)):
                _settle(folder)
        finally:
            new.unlink(missing_ok=True)
        return True


def _read_ahead(descriptor: int, size: int) -> None:
    """Have all of a large file fetched at once, not in steps that each wait for the disk."""
    if size >= _LARGE:
        os.posix_fadvise(descriptor, 0, size, os.POSIX_FADV_WILLNEED)


def _forget(descriptor: int, size: int) -> None:
    """Leave the memory of the machine to its own files: a piece is read or written once."""
    if size >= _LARGE:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def _sweep(incoming: Path) -> None:
    """Remove what hosts that were killed have left half written, a day ago or longer."""
    before = time.time() - _LEFT_S
    with os.scandir(incoming) as entries:
        for each in entries:
            with contextlib.suppress(FileNotFoundError):  # somebody else's, and done meanwhile
                if each.stat(follow_symlinks=False).st_mtime < before:
                    Path(each.path).unlink()


def _settle(folder: Path) -> None:
    """Let the names in a folder last a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
