"""Blobs some of which are still elsewhere, and come when they are asked for.

A network that has moved opens before its media are here. Which are missing stands in a file beside
the database; each is fetched when somebody asks for it, and all others one after the other.
"""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final, Protocol, cast

import apsw
import msgspec

from rostra.store.blobs.local import LocalBlobs
from rostra.store.blobs.port import BlobInfo, checked_prefix
from rostra.store.sqlite import beside_of, connect

_AT_ONCE: Final = 256
_LAST: Final = "\U0010ffff"  # behind every key
_NAME: Final = 32  # bytes of the name of a piece
_TABLE: Final = """
    CREATE TABLE IF NOT EXISTS awaited (
        key TEXT PRIMARY KEY, size INTEGER NOT NULL, stored_at INTEGER NOT NULL,
        pieces BLOB NOT NULL
    ) WITHOUT ROWID;
"""
# There can be millions, so how many there are is kept beside them.
_COUNTED: Final = """
    CREATE TABLE IF NOT EXISTS left_over (count INTEGER NOT NULL, size INTEGER NOT NULL);
    INSERT INTO left_over SELECT 0, 0 WHERE NOT EXISTS (SELECT 1 FROM left_over);
    CREATE TRIGGER IF NOT EXISTS came AFTER INSERT ON awaited
        BEGIN UPDATE left_over SET count = count + 1, size = size + new.size; END;
    CREATE TRIGGER IF NOT EXISTS changed AFTER UPDATE ON awaited
        BEGIN UPDATE left_over SET size = size + new.size - old.size; END;
    CREATE TRIGGER IF NOT EXISTS went AFTER DELETE ON awaited
        BEGIN UPDATE left_over SET count = count - 1, size = size - old.size; END;
"""
_LEFT: Final = "SELECT count, size FROM left_over"
_ADD: Final = (
    "INSERT INTO awaited VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
    " size = excluded.size, stored_at = excluded.stored_at, pieces = excluded.pieces"
)


class Awaited(msgspec.Struct, frozen=True):
    """A blob that is not here yet.

    Attributes:
        key: of it.
        size: bytes.
        stored_at: when it was stored where it comes from; UTC ms, 0: not known.
        pieces: the names of what it is made of, where it comes from; 64 hexadecimal digits each.
    """

    key: str
    size: int
    stored_at: int
    pieces: tuple[str, ...]


class Left(msgspec.Struct, frozen=True):
    """How many blobs are not here yet, and their bytes."""

    count: int = 0
    size: int = 0


def left_at(path: Path) -> Left:
    """How many blobs a list says that are not here yet; none where there is no list.

    Raises:
        OSError: it can't be read.
    """
    if not path.exists():
        return Left()
    try:
        with closing(connect(path, read_only=True)) as rows:
            count, size = cast("tuple[int, int]", rows.execute(_LEFT).fetchall()[0])
    except (apsw.Error, IndexError) as error:
        raise OSError(f"{path}: {error}") from error
    return Left(count, size)


class AwaitedList:
    """The blobs that are not here yet. All processes of an installation share it."""

    def __init__(self, path: Path) -> None:
        """Open the file, made where it is missing.

        Raises:
            OSError: it can't be.
        """
        self._path = path
        self._turn = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self._rows = connect(path)
            with self._rows:
                self._rows.execute(_TABLE)
                self._rows.execute(_COUNTED)
        except apsw.Error as error:
            raise OSError(f"{path}: {error}") from error

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            self._rows.close()

    def add(self, blobs: Iterable[Awaited]) -> None:
        """Note blobs; one that is noted already is as it is told now."""
        with self._turn, self._rows:
            self._rows.executemany(_ADD, map(_row, blobs))

    def remove(self, keys: Iterable[str]) -> None:
        """Forget blobs; they are not fetched any more, whoever is about to."""
        with self._turn, self._rows:
            self._rows.executemany("DELETE FROM awaited WHERE key = ?", ((key,) for key in keys))

    def get(self, key: str) -> Awaited | None:
        """A blob that is not here yet; None: it is, or there is none."""
        with self._turn:
            found = self._rows.execute("SELECT * FROM awaited WHERE key = ?", (key,)).fetchall()
        return _awaited(found[0]) if found else None

    def some(self, after: str, most: int) -> list[Awaited]:
        """So many of them behind a key, in the order of their keys."""
        with self._turn:
            found = self._rows.execute(
                "SELECT * FROM awaited WHERE key > ? ORDER BY key LIMIT ?", (after, most)
            ).fetchall()
        return [_awaited(row) for row in found]

    def left(self) -> Left:
        """How many there are."""
        with self._turn:
            found = self._rows.execute(_LEFT).fetchall()
        count, size = cast("tuple[int, int]", found[0])
        return Left(count, size)

    def arrive(self, key: str, place: Callable[[], None]) -> bool:
        """Have a blob put where it belongs, unless it was deleted meanwhile; whether it was put.

        Nobody deletes it between the two: what was deleted does not come back.

        Args:
            key: of the blob.
            place: puts it there.

        Raises:
            OSError: it can't be put there.
        """
        with self._turn, self._rows:
            if not self._rows.execute(
                "DELETE FROM awaited WHERE key = ? RETURNING 1", (key,)
            ).fetchall():
                return False
            place()
        return True

    def as_now(self) -> "Moment":
        """What is awaited at this moment, whatever comes or goes; whoever asks closes it."""
        return Moment(self._path)


class Moment:
    """What was awaited at one moment."""

    def __init__(self, path: Path) -> None:
        self._rows = connect(path, read_only=True)
        self._rows.execute("BEGIN")
        self.is_empty = not self._rows.execute("SELECT 1 FROM awaited LIMIT 1").fetchall()

    def __contains__(self, key: str) -> bool:
        found = self._rows.execute("SELECT 1 FROM awaited WHERE key = ?", (key,))
        return bool(found.fetchall())

    def below(self, prefix: str) -> Iterator[list[BlobInfo]]:
        """Those whose key begins so, in lots."""
        after, end = prefix, f"{prefix}{_LAST}"
        while True:
            found = self._rows.execute(
                "SELECT key, size, stored_at FROM awaited WHERE key > ? AND key < ?"
                " ORDER BY key LIMIT ?",
                (after, end, _AT_ONCE),
            ).fetchall()
            if not found:
                return
            lot = [BlobInfo(str(row[0]), cast("int", row[1]), cast("int", row[2])) for row in found]
            yield lot
            after = lot[-1].key

    def close(self) -> None:
        """Let go of it."""
        self._rows.close()


class Filling:
    """A list that is made anew of very many blobs, and is there when all of them are in it."""

    def __init__(self, path: Path) -> None:
        """Begin one that will be at a path; what is there stays until then.

        Raises:
            OSError: it can't be written.
        """
        self._path = path
        self._new, self._heap = (Path(f"{path}.{end}") for end in ("new", "heap"))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._unlink()
        try:
            self._rows = apsw.Connection(str(self._new))
            self._rows.execute("ATTACH ? AS heap", (str(self._heap),))
            # Worth nothing after a crash: it is begun anew then.
            for name in ("main", "heap"):
                self._rows.execute(f"PRAGMA {name}.journal_mode=OFF").fetchall()
                self._rows.execute(f"PRAGMA {name}.synchronous=OFF")
            self._rows.execute("CREATE TABLE heap.heap (key, size, stored_at, pieces)")
        except apsw.Error as error:
            raise OSError(f"{path}: {error}") from error

    def add(self, blobs: Iterable[Awaited]) -> None:
        """Add blobs; of two with the same key the later one counts."""
        with self._rows:
            self._rows.executemany("INSERT INTO heap VALUES (?, ?, ?, ?)", map(_row, blobs))

    def finish(self) -> None:
        """Have it be the list."""
        with self._rows:
            # In the order of the keys: a tree that grows at its end takes a tenth of the time.
            self._rows.execute(_TABLE)
            self._rows.execute(
                "INSERT OR REPLACE INTO awaited SELECT * FROM heap ORDER BY key, rowid;"
                " CREATE TABLE left_over AS"
                " SELECT count(*) AS count, coalesce(sum(size), 0) AS size FROM awaited"
            )
        self._rows.close()
        with self._new.open("rb") as file:
            os.fsync(file.fileno())
        for path in (self._path, *beside_of(self._path)):
            path.unlink(missing_ok=True)
        self._new.replace(self._path)
        self._unlink()

    def end(self) -> None:
        """Give it up."""
        self._rows.close()
        self._unlink()

    def _unlink(self) -> None:
        for path in (self._new, self._heap):
            path.unlink(missing_ok=True)


def _row(blob: Awaited) -> tuple[str, int, int, bytes]:
    return blob.key, blob.size, blob.stored_at, bytes.fromhex("".join(blob.pieces))


def _awaited(row: Sequence[Any]) -> Awaited:
    key, size, stored_at, pieces = row
    names = (pieces[at : at + _NAME].hex() for at in range(0, len(pieces), _NAME))
    return Awaited(key, size, stored_at, tuple(names))


class Brings(Protocol):
    """Whoever brings blobs from where they are."""

    async def bring(self, awaited: Awaited) -> None:
        """Bring one to where it belongs; raises Unavailable where it can't be had now."""
        ...


class AwaitedBlobs:
    """A folder, and the blobs that belong there and are still elsewhere."""

    def __init__(self, within: LocalBlobs, awaited: AwaitedList, brings: Brings) -> None:
        """Put together the folder, what is not there yet, and who brings it."""
        self.within = within
        self.awaited = awaited
        self.brings = brings

    async def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store `content`; it is durable when this returns. A blob of that key is replaced."""
        await self.within.put(key, content, content_type)
        await asyncio.to_thread(self.awaited.remove, (key,))

    async def put_file(self, key: str, path: Path, content_type: str) -> None:
        """Store the content of a file, as `put` does, without holding it in memory."""
        await self.within.put_file(key, path, content_type)
        await asyncio.to_thread(self.awaited.remove, (key,))

    async def copy(self, key: str, to: str) -> None:
        """Store a blob's content under another key as well; NotFound where there is none."""
        await self._here(key)
        await self.within.copy(key, to)

    async def size(self, key: str) -> int:
        """How many bytes the blob has, which is here then; NotFound where there is none."""
        await self._here(key)
        return await self.within.size(key)

    async def get(self, key: str) -> bytes:
        """The content; NotFound where there is none."""
        await self._here(key)
        return await self.within.get(key)

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        """The content piece by piece; NotFound with the first piece."""
        await self._here(key)
        async for piece in self.within.stream(key):
            yield piece

    async def stream_part(self, key: str, start: int, length: int) -> AsyncIterator[bytes]:
        """`length` bytes from `start` on, piece by piece; NotFound with the first piece."""
        await self._here(key)
        async for piece in self.within.stream_part(key, start, length):
            yield piece

    async def exists(self, key: str) -> bool:
        """Whether there is such a blob, here or where it comes from."""
        here = await self.within.exists(key)
        return here or await asyncio.to_thread(self.awaited.get, key) is not None

    async def delete(self, keys: Iterable[str]) -> None:
        """Remove for good; keys without a blob are passed over."""
        going = list(keys)
        await asyncio.to_thread(self.awaited.remove, going)
        await self.within.delete(going)

    async def list(self, prefix: str = "") -> AsyncIterator[BlobInfo]:
        """The blobs in one folder and those below it, each once, wherever it is."""
        checked_prefix(prefix)
        with closing(await asyncio.to_thread(self.awaited.as_now)) as moment:
            lots = moment.below(prefix)
            while lot := await asyncio.to_thread(next, lots, None):
                for info in lot:
                    yield info
            async for info in self.within.list(prefix):
                if moment.is_empty or info.key not in moment:
                    yield info

    def local_path(self, key: str) -> Path | None:
        """The file with the content, where it is here already; None elsewhere."""
        return self.within.local_path(key)

    async def _here(self, key: str) -> None:
        """Have it brought where it is not here; nothing where there is no such blob."""
        if self.within.local_path(key) is not None:  # a look at the folder, in no thread
            return
        awaited = await asyncio.to_thread(self.awaited.get, key)
        if awaited is not None:
            await self.brings.bring(awaited)
