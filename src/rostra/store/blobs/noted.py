"""Blobs, with a note of each key that came or went: whoever sends them elsewhere looks there.

A note is an empty file, made when the blob is stored and before the row that names it is committed,
so that neither a crash nor another process loses one. It says no more than that the key is to be
looked at.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterable
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from rostra.store.blobs.port import BlobInfo, Blobs

_SLASH: Final = "+"  # in no key


class Waiting(msgspec.Struct, frozen=True):
    """How many keys are to be looked at, and the time of the oldest note; UTC ms, 0: none."""

    count: int = 0
    since: int = 0


class BlobNotes:
    """The keys that came or went, in a folder."""

    def __init__(self, folder: Path) -> None:
        self._new = folder / "new"
        self._taken = folder / "taken"

    def add(self, keys: Iterable[str]) -> None:
        """Note keys; raises OSError."""
        self._new.mkdir(parents=True, exist_ok=True, mode=0o700)
        for key in keys:
            (self._new / key.replace("/", _SLASH)).touch()

    def take(self, most: int) -> list[str]:
        """So many keys, those that were taken before and not done with among them.

        One that is noted again from now on is given again. One at a time takes them.
        """
        for folder in (self._new, self._taken):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        room = most - sum(1 for _ in self._taken.iterdir())
        for path in list(islice(self._new.iterdir(), max(0, room))):
            path.replace(self._taken / path.name)
        return sorted(path.name.replace(_SLASH, "/") for path in self._taken.iterdir())

    def done(self, keys: Iterable[str]) -> None:
        """Forget keys that were taken."""
        for key in keys:
            (self._taken / key.replace("/", _SLASH)).unlink(missing_ok=True)

    def forget(self) -> None:
        """Forget all of them."""
        for folder in (self._new, self._taken):
            shutil.rmtree(folder, ignore_errors=True)

    def waiting(self) -> Waiting:
        """How many there are, and since when."""
        times = []
        for folder in (self._new, self._taken):
            for path in folder.iterdir() if folder.is_dir() else ():
                try:
                    times.append(path.stat().st_mtime_ns // 1_000_000)
                except FileNotFoundError:  # done with since
                    continue
        return Waiting(len(times), min(times)) if times else Waiting()


class NotedBlobs:
    """A store that notes what comes and goes; all else is as in the store within."""

    def __init__(self, within: Blobs, notes: BlobNotes) -> None:
        self.within = within
        self._notes = notes

    async def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store `content`; it is durable when this returns. A blob of that key is replaced."""
        await self.within.put(key, content, content_type)
        await self._note((key,))

    async def put_file(self, key: str, path: Path, content_type: str) -> None:
        """Store the content of a file, as `put` does, without holding it in memory."""
        await self.within.put_file(key, path, content_type)
        await self._note((key,))

    async def copy(self, key: str, to: str) -> None:
        """Store a blob's content under another key as well; NotFound where there is none."""
        await self.within.copy(key, to)
        await self._note((to,))

    async def delete(self, keys: Iterable[str]) -> None:
        """Remove for good; keys without a blob are passed over."""
        going = list(keys)
        await self.within.delete(going)
        await self._note(going)

    async def size(self, key: str) -> int:
        """How many bytes the blob has; NotFound where there is none."""
        return await self.within.size(key)

    async def get(self, key: str) -> bytes:
        """The content; NotFound where there is none."""
        return await self.within.get(key)

    def stream(self, key: str) -> AsyncIterator[bytes]:
        """The content piece by piece; NotFound with the first piece."""
        return self.within.stream(key)

    def stream_part(self, key: str, start: int, length: int) -> AsyncIterator[bytes]:
        """`length` bytes from `start` on, piece by piece; NotFound with the first piece."""
        return self.within.stream_part(key, start, length)

    async def exists(self, key: str) -> bool:
        """Whether there is such a blob."""
        return await self.within.exists(key)

    def list(self, prefix: str = "") -> AsyncIterator[BlobInfo]:
        """The blobs in one folder and those below it, in any order."""
        return self.within.list(prefix)

    def local_path(self, key: str) -> Path | None:
        """The file with the content, where it lies on this machine; None elsewhere."""
        return self.within.local_path(key)

    async def _note(self, keys: Iterable[str]) -> None:
        await asyncio.to_thread(self._notes.add, keys)
