"""Records of the log: pages that commits have changed, sealed, signed, each naming the one before.

A record is one object: a line that anybody can check, and behind it the sealed pages. Records are
numbered through all epochs of the fence; those that go on from one another without a hole are a
*run*. A run means something only on top of a copy that was made during it.
"""

import hashlib
import zlib
from typing import Final

import msgspec
import numpy as np

from rostra.hosting import signed as envelope
from rostra.hosting.ark.manifest import FOLDER, mark_of, written
from rostra.hosting.ark.seal import Damaged, Sealer, name_of
from rostra.store.wal import Frames

RECORDS: Final = f"{FOLDER}/log"
_PURPOSE: Final = b"rostra ark log\n"
_COUNT_BYTES: Final = 4
_FASTEST: Final = 1  # pages of text become a third, at the speed of a slow disk


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the log.

    Attributes:
        epoch: of the fence by which it was written; 0: there was none.
        number: from 1 on, through all epochs.
        run: the mark of the first record of its run.
        previous: the hash of the record before in the run; empty: this is the first.
        made_at: when its commits were read, by the clock of the host; UTC ms.
        salt: of the run of SQLite's own log, see `store/wal.py`.
        after: the frame of it behind which the record begins.
        to: its last frame.
        check: the checksum of SQLite's log there.
        page_size: in bytes.
        pages: the size of the database in pages after it; 0: it ends amid a transaction.
        sealed: the hash of the sealed pages.
        key: the public key that has signed it; hexadecimal digits.
    """

    epoch: int
    number: int
    run: str
    previous: str
    made_at: int
    salt: str
    after: int
    to: int
    check: str
    page_size: int
    pages: int
    sealed: str
    key: str

    @property
    def mark(self) -> str:
        """What it is called: marks are in order as texts."""
        return mark_of(self.epoch, self.number)


class Kept(msgspec.Struct, frozen=True):
    """A record as it stands at a place, checked, with its hash and its sealed pages."""

    record: Record
    hash: str
    sealed: bytes


def record_key(mark: str) -> str:
    """Where a record stands."""
    return f"{RECORDS}/{mark}"


def record_at(key: str) -> str | None:
    """The mark of the record that stands there; None: none does."""
    name = key.removeprefix(f"{RECORDS}/")
    return name if written(name) == name else None


def signed(record: Record, sealed: bytes, private: bytes) -> bytes:
    """A record as it stands at the places."""
    return envelope.signed(record, private, _PURPOSE) + b"\n" + sealed


def read(content: bytes, mark: str) -> Kept | None:
    """The record in an object; None: it is none of this mark, damaged, or not signed by its key."""
    line, _, sealed = content.partition(b"\n")
    record = envelope.read(line, Record, _PURPOSE)
    if record is None or record.mark != mark or name_of(sealed) != record.sealed:
        return None
    return Kept(record, hashlib.sha256(line).hexdigest(), sealed)


def hash_of(content: bytes) -> str:
    """The hash by which the next record names this one."""
    return hashlib.sha256(content.partition(b"\n")[0]).hexdigest()


def packed(frames: Frames) -> bytes:
    """The pages of frames, of each the newest, in the order of the file; made smaller."""
    backwards = frames.numbers[::-1]
    numbers, at = np.unique(backwards, return_index=True)
    pages = frames.contents[len(backwards) - 1 - at]
    count = len(numbers).to_bytes(_COUNT_BYTES, "little")
    return zlib.compress(count + numbers.astype("<u4").tobytes() + pages.tobytes(), _FASTEST)


def unpacked(kept: Kept, sealer: Sealer) -> list[tuple[int, bytes]]:
    """The pages of a record: number and content.

    Raises:
        Damaged: they do not open.
    """
    try:
        content = zlib.decompress(sealer.open(kept.sealed))
    except zlib.error as error:
        raise Damaged("the pages can't be unpacked") from error
    size, count = kept.record.page_size, int.from_bytes(content[:_COUNT_BYTES], "little")
    first = _COUNT_BYTES * (1 + count)
    if len(content) != first + count * size:
        raise Damaged("there are not as many pages as was said")
    numbers = np.frombuffer(content, "<u4", count, _COUNT_BYTES)
    return [
        (int(number), content[first + at * size : first + (at + 1) * size])
        for at, number in enumerate(numbers)
    ]
