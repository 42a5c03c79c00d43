"""Counters that all worker processes of a machine share, without a server: one mapped file.

The file is a table of buckets of eight slots of 16 bytes: key (64 bits), end (unix seconds), count.
A bucket is changed under a byte-range lock of its own, so processes only ever wait for one another
on the same bucket, for about a microsecond. When eight live keys share a bucket the smallest count
gives way: flooding the table with new addresses never frees one that is near its limit.
"""

import fcntl
import mmap
import os
import struct
from pathlib import Path
from typing import Final

_SLOT = struct.Struct("<QII")
_BUCKET_SLOTS: Final = 8
_BUCKET_BYTES: Final = _BUCKET_SLOTS * _SLOT.size
_COUNT_MAX: Final = 0xFFFF_FFFF
DEFAULT_BUCKETS: Final = 8192  # 65,536 live keys in 1 MiB


class FileCounters:
    """`Counters` in a file at `path`, made when missing; opened by each process after forking."""

    def __init__(self, path: Path, buckets: int = DEFAULT_BUCKETS) -> None:
        self._buckets = buckets
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        size = buckets * _BUCKET_BYTES
        if os.fstat(self._file).st_size != size:
            os.ftruncate(self._file, size)
        self._map = mmap.mmap(self._file, size)

    def add(self, key: int, ends_at_s: int, now_s: int, amount: int) -> int:
        """See `rostra.http.limits.Counters.add`."""
        start = (key % self._buckets) * _BUCKET_BYTES
        fcntl.lockf(self._file, fcntl.LOCK_EX, 1, start)
        try:
            offset, end, count = self._slot(start, key, now_s)
            if end <= now_s:
                end, count = ends_at_s, 0
            count = min(count + amount, _COUNT_MAX)
            _SLOT.pack_into(self._map, offset, key, end, count)
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, start)
        return count

    def drop(self, key: int) -> None:
        """See `rostra.http.limits.Counters.drop`."""
        start = (key % self._buckets) * _BUCKET_BYTES
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

    def _slot(self, start: int, key: int, now_s: int) -> tuple[int, int, int]:
        """Offset, end and count of the key's slot; when it has none, of the slot to take over."""
        best, best_count = start, _COUNT_MAX + 1
        for offset in range(start, start + _BUCKET_BYTES, _SLOT.size):
            known, end, count = _SLOT.unpack_from(self._map, offset)
            if known == key:
                return offset, end, count
            weight = count if end > now_s else -1
            if weight < best_count:
                best, best_count = offset, weight
        return best, 0, 0
