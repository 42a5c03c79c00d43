"""Counters that all worker processes of a machine share, without a server: one mapped file.

The file is a header and some tables. A table has buckets of eight slots of 16 bytes: key (64 bits),
end (unix seconds), count. A bucket is changed under a byte-range lock of its own, so processes only
ever wait for one another on the same bucket, for about a microsecond.

When eight live keys share a bucket the smallest count gives way. In the first table, whose rules
have windows of all lengths, it is gone: a flood of new addresses frees none that is near its limit.
Each other table is one rule's, whose windows all end together: whoever takes a slot over there
takes its count over as well. So a count may be too high in a flood, and is never too low, whatever
others do ("Space-Saving": Metwally and others, "Efficient Computation of Frequent and Top-k
Elements in Data Streams", 2005).

The header holds a secret that keys are made with: nobody outside can tell which share a bucket.
"""

import fcntl
import mmap
import os
import secrets
import struct
from pathlib import Path
from typing import Final

_MAGIC: Final = b"RSTRLIM2"
_HEADER_BYTES: Final = 64
_SECRET_BYTES: Final = 32
_SLOT = struct.Struct("<QII")
_BUCKET_SLOTS: Final = 8
_BUCKET_BYTES: Final = _BUCKET_SLOTS * _SLOT.size
_COUNT_MAX: Final = 0xFFFF_FFFF
DEFAULT_BUCKETS: Final = 8192  # 65,536 live keys in 1 MiB, of each table


class FileCounters:
    """`Counters` in a file at `path`, made when missing; opened by each process after forking."""

    def __init__(self, path: Path, tables: int = 1, buckets: int = DEFAULT_BUCKETS) -> None:
        self._buckets = buckets
        self._file = _opened(path, _HEADER_BYTES + tables * buckets * _BUCKET_BYTES)
        self._map = mmap.mmap(self._file, 0)
        start = len(_MAGIC)
        self.secret = self._map[start : start + _SECRET_BYTES]

    def add(self, key: int, ends_at_s: int, now_s: int, amount: int, table: int = 0) -> int:
        """See `rostra.http.limits.Counters.add`."""
        start = self._start(key, table)
        fcntl.lockf(self._file, fcntl.LOCK_EX, 1, start)
        try:
            offset, known, end, count = self._slot(start, key, now_s)
            if end <= now_s or (known != key and not table):
                end, count = ends_at_s, 0
            count = min(count + amount, _COUNT_MAX)
            _SLOT.pack_into(self._map, offset, key, end, count)
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, start)
        return count

    def drop(self, key: int, table: int = 0) -> None:
        """See `rostra.http.limits.Counters.drop`."""
        start = self._start(key, table)
        fcntl.lockf(self._file, fcntl.LOCK_EX, 1, start)
        try:
            for offset in range(start, start + _BUCKET_BYTES, _SLOT.size):
                if _SLOT.unpack_from(self._map, offset)[0] == key:
                    _SLOT.pack_into(self._map, offset, 0, 0, 0)
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, start)

    def close(self) -> None:
        """Unmap and close; the counts stay in the file for other processes."""
        self._map.close()
        os.close(self._file)

    def _start(self, key: int, table: int) -> int:
        """Where the bucket of a key begins."""
        bucket = table * self._buckets + key % self._buckets
        return _HEADER_BYTES + bucket * _BUCKET_BYTES

    def _slot(self, start: int, key: int, now_s: int) -> tuple[int, int, int, int]:
        """Offset, key, end and count of the key's slot, or of the one to take over."""
        best, best_weight = (start, 0, 0, 0), _COUNT_MAX + 1
        for offset in range(start, start + _BUCKET_BYTES, _SLOT.size):
            known, end, count = _SLOT.unpack_from(self._map, offset)
            if known == key:
                return offset, known, end, count
            weight = count if end > now_s else -1
            if weight < best_weight:
                best, best_weight = (offset, known, end, count), weight
        return best


def _opened(path: Path, size: int) -> int:
    """A descriptor of the file, which has this form.

    One of another form, of another version of the program, is replaced and never changed: processes
    that still run have it mapped.
    """
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(file, fcntl.LOCK_EX)  # until it is closed, or has the form
        try:
            current = path.exists() and os.path.samestat(os.fstat(file), path.stat())
            found = os.fstat(file).st_size
            if current and not found:
                os.pwrite(file, _MAGIC + secrets.token_bytes(_SECRET_BYTES), 0)
                os.ftruncate(file, size)
                found = size
            if current and found == size and os.pread(file, len(_MAGIC), 0) == _MAGIC:
                fcntl.flock(file, fcntl.LOCK_UN)
                return file
            if current:
                path.unlink()
        except BaseException:
            os.close(file)
            raise
        os.close(file)
