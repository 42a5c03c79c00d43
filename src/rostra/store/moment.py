"""A SQLite database as it is at one moment, read from its beginning to its end while it is used.

While a connection reads from a moment, SQLite writes nothing newer into the file, and does not
begin the log anew unless all of it, up to that moment, is in the file (https://sqlite.org/wal.html).
So the file is what it was then once what the log has is laid over it; and it can be read in large
parts, where SQLite's own backup asks for one page at a time: a disk that takes its time for each
request is busy for a sixth of the time (docs/performance.md).
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

import apsw
import msgspec
import numpy as np

from rostra.store.sqlite import connect
from rostra.store.wal import (
    FRAME,
    HEADER,
    Head,
    Lost,
    Position,
    Words,
    beginning,
    keep_open,
    open_index,
    read_backfilled,
    read_frames,
    read_head,
)

PART: Final = 1 << 20
"""Bytes of a part: whole pages, of whatever size SQLite has them."""
_LOG_PART: Final = 4 << 20


class Moment(msgspec.Struct, frozen=True):
    """A database that is held as it is.

    Attributes:
        reader: reads from that moment. Used by one thread at a time.
        position: the end of the log.
        page_size: in bytes.
        pages: of the database.
        file: descriptor of the database.
        log: descriptor of its log.
        numbers: the pages that the log has, in order.
        frames: the last frame of each.
    """

    reader: apsw.Connection
    position: Position
    page_size: int
    pages: int
    file: int
    log: int
    numbers: Words
    frames: Words

    def parts(self) -> Iterator[memoryview]:
        """The database, `PART` bytes at a time; each part lies where the one before lay.

        Raises:
            Lost: the log is not what it was.
            OSError: the file can't be read.
        """
        whole = self.pages * self.page_size
        held = memoryview(bytearray(PART))
        for at in range(0, whole, PART):
            part = held[: min(PART, whole - at)]
            os.posix_fadvise(self.file, at + len(part), PART, os.POSIX_FADV_WILLNEED)
            read = os.preadv(self.file, [part], at)
            # A page that nobody needs any more may never have been written: it is read as zeros.
            part[read:] = bytes(len(part) - read)
            self._lay_over(part, at // self.page_size + 1)
            yield part

    def _lay_over(self, part: memoryview, first: int) -> None:
        last = first + len(part) // self.page_size
        begin, end = np.searchsorted(self.numbers, (first, last))
        for number, frame in zip(self.numbers[begin:end], self.frames[begin:end], strict=True):
            at = (int(number) - first) * self.page_size
            lies = HEADER + (int(frame) - 1) * (FRAME + self.page_size) + FRAME
            content = os.pread(self.log, self.page_size, lies)
            if len(content) < self.page_size:
                raise Lost("the log is shorter than it was")
            part[at : at + self.page_size] = content


@contextmanager
def moment(path: Path) -> Iterator[Moment]:
    """Hold a database as it is now; others write on meanwhile, and their log grows.

    Raises:
        apsw.Error: it can't be read.
        Lost: its log can't be.
        OSError: its files can't be opened.
    """
    with ExitStack() as stack:
        reader = stack.enter_context(closing(connect(path, read_only=True)))
        with closing(connect(path)) as writer:
            writer.execute("BEGIN IMMEDIATE")  # nobody writes while it is told where the log ends
            reader.execute("BEGIN")
            page_size, pages = (int(reader.pragma(name)) for name in ("page_size", "page_count"))
            index = open_index(path)
            end = read_head(index).end
            # What was written back is looked up once the reader reads: if it was not everything
            # then, the reader needs the log, and keeps it.
            in_file = read_backfilled(index) == end.frame
            writer.execute("ROLLBACK")
        log = stack.enter_context(Path(f"{path}-wal").open("rb", buffering=0)).fileno()
        none = np.zeros(0, np.uint32)
        numbers, frames = (none, none) if in_file else _in_log(log, Head(end, page_size, pages))
        yield Moment(reader, end, page_size, pages, keep_open(path), log, numbers, frames)


def _in_log(log: int, head: Head) -> tuple[Words, Words]:
    """The pages that a log has, in order, and the last frame of each."""
    found = [np.zeros(0, np.uint32)]
    at = beginning(log, head.end.salt)
    while at.frame < head.end.frame:
        read = read_frames(log, at, head, _LOG_PART)
        found.append(read.numbers)
        at = read.end
    if at != head.end:
        raise Lost("the log and its index differ")
    backwards = np.concatenate(found)[::-1]
    numbers, first = np.unique(backwards, return_index=True)
    return numbers, (len(backwards) - first).astype(np.uint32)
