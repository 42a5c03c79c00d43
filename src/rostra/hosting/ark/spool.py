"""The database on its way into a copy: read at one moment, sealed and sent behind that.

A moment must not last: the log of the database grows meanwhile. So what is read is put into files
of this machine as fast as they take it, however slowly the places do. Each file is removed when it
was read: while the places keep up, nothing of it is ever brought to disk.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from io import BufferedWriter
from pathlib import Path
from typing import Final

from rostra.store.roots import ReadOut, read_out

SEGMENT: Final = 64 << 20


class _Ended(Exception):
    """Nobody wants the rest."""


class DatabaseSpool:
    """Files that a thread fills, and that are read and removed behind it."""

    def __init__(self, path: Path, segment: int = SEGMENT) -> None:
        """Nothing is there yet.

        Args:
            path: how the names of the files begin.
            segment: bytes of a file; whole parts and whole pieces.
        """
        self._path = path
        self._segment = segment
        self._file: BufferedWriter | None = None
        self._written = 0  # bytes, by the thread
        self._there = 0  # those that the loop knows of
        self._read = 0  # files
        self._whole = self._ended = False
        self._changed = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    async def fill(self, database: Path) -> ReadOut:
        """Read a database into it; raises as `read_out`, and OSError where the disk is full."""
        try:
            return await asyncio.to_thread(self._fill, database)
        finally:
            self._whole = True
            self._changed.set()

    async def pieces(self, size: int) -> AsyncIterator[bytes]:
        """What comes, in pieces of so many bytes; ends early where `fill` fails.

        Args:
            size: goes into a file without a rest.
        """
        at = 0
        while await self._reaches(at + size) > at:
            with self._name(self._read).open("rb", buffering=0) as file:
                end = (self._read + 1) * self._segment
                while at < end and await self._reaches(at + size) > at:
                    place = at % self._segment
                    piece = await asyncio.to_thread(os.pread, file.fileno(), size, place)
                    at += len(piece)
                    yield piece
            # In a thread: what is in memory of it goes, and that takes a while.
            await asyncio.to_thread(self._name(self._read).unlink)
            self._read += 1

    def remove(self) -> None:
        """Remove what is left. Whatever still fills it ends."""
        self._ended = True
        for left in self._path.parent.glob(f"{self._path.name}-*"):
            left.unlink(missing_ok=True)

    def _name(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}-{number}")

    def _fill(self, database: Path) -> ReadOut:
        try:
            return read_out(database, self._take)
        finally:
            if self._file is not None:
                self._file.close()

    def _take(self, part: memoryview) -> None:
        file = self._file
        if file is None or self._written % self._segment == 0:
            file = self._file = self._next()
        if self._ended:  # looked up behind the file that was made: `remove` may not have seen it
            self._name(self._written // self._segment).unlink(missing_ok=True)
            raise _Ended
        file.write(part)
        file.flush()
        self._written += len(part)
        self._loop.call_soon_threadsafe(self._now, self._written)

    def _next(self) -> BufferedWriter:
        if self._file is not None:
            self._file.close()
        name = self._name(self._written // self._segment)
        # Nobody else reads what stands in it.
        descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        return os.fdopen(descriptor, "wb")

    async def _reaches(self, end: int) -> int:
        """Wait for so many bytes, or for the last of them; how many there are then."""
        while self._there < end and not self._whole:
            self._changed.clear()
            await self._changed.wait()
        return self._there

    def _now(self, there: int) -> None:
        self._there = there
        self._changed.set()
