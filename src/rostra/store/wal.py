"""SQLite's write-ahead log, read by its format (https://sqlite.org/walformat.html).

The log is a file of frames: a page each, with a checksum that continues that of the frame before.
When all of it was written back into the database, it is begun anew, with other salts. What is
committed, and so durable, is told by the head of the index beside it (`-shm`).
"""

import os
import struct
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

HEADER: Final = 32  # bytes before the first frame
FRAME: Final = 24  # bytes before the page of a frame
_INDEX_HEAD: Final = struct.Struct("=IIIBBHIIII8s8s")
_INDEX_VERSION: Final = 3_007_000
_FIRST: Final = struct.Struct(">IIII8sII")
_MAGIC: Final = 0x377F0682  # the lowest bit says in which order of bytes it is summed up
_LARGEST_PAGE: Final = 65_536
_TRIES: Final = 100

Words = npt.NDArray[np.uint32]


class Lost(Exception):
    """The log does not go on where it was left; the text says why."""


class Position(msgspec.Struct, frozen=True):
    """A point in the log.

    Attributes:
        salt: of this run of the log, from one beginning to the next; 16 hexadecimal digits.
        frame: how many frames of the run lie before it.
        check: the checksum of all of them; 16 hexadecimal digits.
    """

    salt: str
    frame: int
    check: str


class Head(msgspec.Struct, frozen=True):
    """What is committed, as the index says.

    Attributes:
        end: behind the last commit.
        page_size: in bytes.
        pages: of the database, with that commit.
    """

    end: Position
    page_size: int
    pages: int


class Frames(msgspec.Struct, frozen=True):
    """Frames that were read, each with its checksum right.

    Attributes:
        start: before the first of them.
        end: behind the last of them.
        page_size: in bytes.
        pages: the size of the database in pages when they end with a commit; 0: they don't.
        numbers: the page of each frame, from 1 on.
        contents: of the pages, a row of bytes each.
    """

    start: Position
    end: Position
    page_size: int
    pages: int
    numbers: Words
    contents: npt.NDArray[np.uint8]


_kept_open: dict[tuple[int, int], int] = {}  # descriptors by device and inode


def keep_open(path: Path) -> int:
    """A descriptor of a file that SQLite has open in this process, to read from. Never closed.

    SQLite's locks are those of POSIX: the first descriptor of the file that a process closes takes
    all locks of the process with it, whoever has them (https://sqlite.org/howtocorrupt.html). Then
    the next program that closes the database takes the log away from under this one.

    Raises:
        FileNotFoundError: there is none.
    """
    there = path.stat()
    known = _kept_open.get((there.st_dev, there.st_ino))
    if known is None:
        known = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        opened = os.fstat(known)
        _kept_open[opened.st_dev, opened.st_ino] = known
    return known


def open_index(path: Path) -> int:
    """A descriptor of the index of a database's log, `-shm`. Never closed, see `keep_open`.

    Raises:
        FileNotFoundError: there is none.
    """
    return keep_open(Path(f"{path}-shm"))


def read_head(index: int) -> Head:
    """What is committed.

    Args:
        index: descriptor of the index, `-shm`.

    Raises:
        Lost: it can't be read.
    """
    for _ in range(_TRIES):
        read = os.pread(index, 2 * _INDEX_HEAD.size, 0)
        one, other = read[: _INDEX_HEAD.size], read[_INDEX_HEAD.size :]
        if len(read) == 2 * _INDEX_HEAD.size and one == other:
            break  # otherwise somebody is writing it just now
    else:
        raise Lost("the head of the log's index can't be read")
    version, _, _, ready, _, size, frames, pages, one_sum, other_sum, salt, _ = _INDEX_HEAD.unpack(
        one
    )
    if version != _INDEX_VERSION or not ready:
        raise Lost("the index of the log is of another version")
    end = Position(salt.hex(), frames, f"{one_sum:08x}{other_sum:08x}")
    return Head(end, _LARGEST_PAGE if size == 1 else size, pages)


def read_backfilled(index: int) -> int:
    """How many frames of the log, from its beginning, are in the database as well.

    Args:
        index: descriptor of the index, `-shm`.
    """
    (frames,) = struct.unpack("=I", os.pread(index, 4, 2 * _INDEX_HEAD.size))
    return int(frames)


def check_at(log: int, frame: int, page_size: int) -> Position | None:
    """The point behind a frame, as the log itself has it; None: it is not that long."""
    if frame == 0:
        first = os.pread(log, HEADER, 0)
        return None if len(first) < HEADER else Position(first[16:24].hex(), 0, first[24:32].hex())
    found = os.pread(log, FRAME, HEADER + (frame - 1) * (FRAME + page_size))
    return None if len(found) < FRAME else Position(found[8:16].hex(), frame, found[16:24].hex())


def beginning(log: int, salt: str) -> Position:
    """Where a run of the log begins.

    Raises:
        Lost: the log has no whole header of this run.
    """
    first = os.pread(log, HEADER, 0)
    if len(first) < HEADER:
        raise Lost("the log has no header")
    words = np.frombuffer(first[:24], _order(first))
    one, other = _sums(words.reshape(1, -1), _weights(6, skip=0))[0]
    if first[24:32] != struct.pack(">II", one, other):
        raise Lost("the header of the log is damaged")
    if first[16:24].hex() != salt:
        raise Lost("the log was begun anew while it was read")
    return Position(salt, 0, first[24:32].hex())


def read_frames(log: int, since: Position, until: Head, most: int) -> Frames:
    """The frames behind a point.

    Args:
        log: descriptor of the log, `-wal`.
        since: where it was left, in the run that `until` is of.
        until: what is committed; something behind `since`.
        most: how many bytes of them, about; one frame at least.

    Raises:
        Lost: one of them is not what follows.
    """
    size = FRAME + until.page_size
    count = min(until.end.frame - since.frame, max(1, most // size))
    read = os.pread(log, count * size, HEADER + since.frame * size)
    if len(read) < count * size:
        raise Lost("the log is shorter than its index says")
    rows = np.frombuffer(read, np.uint8).reshape(count, size)
    heads = rows[:, :FRAME].copy().view(">u4").astype(np.uint32)
    if (rows[:, 8:16] != np.frombuffer(bytes.fromhex(since.salt), np.uint8)).any():
        raise Lost("a frame of the log is of another run")
    words = np.frombuffer(read, _order(os.pread(log, 4, 0))).reshape(count, size // 4)
    _check(since, words, heads)
    end = Position(since.salt, since.frame + count, heads[-1, 4:6].astype(">u4").tobytes().hex())
    if end.frame == until.end.frame and int(heads[-1, 1]) != until.pages:
        raise Lost("the log and its index differ")
    return Frames(
        start=since,
        end=end,
        page_size=until.page_size,
        pages=int(heads[-1, 1]),
        numbers=heads[:, 0].copy(),
        contents=rows[:, FRAME:],
    )


def _check(since: Position, words: Words, heads: Words) -> None:
    """Whether the checksum of each frame continues that of the one before."""
    pairs = (words.shape[1] - 4) // 2
    before = np.empty((len(words), 2), np.uint32)
    before[0] = np.frombuffer(bytes.fromhex(since.check), ">u4")
    before[1:] = heads[:-1, 4:6]
    found = before @ _power(pairs).T + _sums(words, _weights(words.shape[1], skip=4))
    wrong = np.flatnonzero((found != heads[:, 4:6]).any(axis=1))
    if wrong.size:
        raise Lost(f"frame {since.frame + 1 + int(wrong[0])} of the log is damaged")


# The checksum is (a, b) ← (a + b + x, a + 2b + x + y) for each pair of words x, y, modulo 2^32.
# That is linear: what a frame adds is one product of its words with weights that stay the same.
_STEP: Final = np.array([[1, 1], [1, 2]], np.uint32)
_kept_weights: dict[tuple[int, int], Words] = {}


def _power(pairs: int) -> Words:
    """What so many steps do to the checksum before."""
    made, square = np.eye(2, dtype=np.uint32), _STEP
    while pairs:
        if pairs & 1:
            made = made @ square
        square, pairs = square @ square, pairs >> 1
    return made


def _weights(words: int, *, skip: int) -> Words:
    """The weight of each word of a row; `skip` words behind the first two are not summed up."""
    known = _kept_weights.get((words, skip))
    if known is not None:
        return known
    made = np.zeros((words, 2), np.uint32)
    places = [0, *range(2 + skip, words, 2)]
    power = np.eye(2, dtype=np.uint32)
    for at in reversed(places):
        made[at] = power[:, 0] + power[:, 1]
        made[at + 1] = power[:, 1]
        power = power @ _STEP
    _kept_weights[words, skip] = made
    return made


def _sums(words: Words, weights: Words) -> Words:
    found: Words = words.astype(np.uint32, copy=False) @ weights
    return found


def _order(first: bytes) -> np.dtype[np.uint32]:
    """The order of bytes in which a log is summed up."""
    (magic,) = struct.unpack(">I", first[:4])
    if magic & ~1 != _MAGIC:
        raise Lost("the log is none of SQLite")
    return np.dtype(">u4" if magic & 1 else "<u4")
