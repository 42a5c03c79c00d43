"""Brings SQLite's write-ahead log back into the database, beside those who write.

SQLite itself does it in the commit that makes the log 1,000 pages long: all who wait for that
commit wait until these pages are written, wherever in the file they lie, and are on disk. Here a
connection of its own does it in a thread, while commits go on. The log can only be begun anew when
all of it was brought back, and while many write there is always something new at its end. So where
it has become long, what is left is done in the turn of the writer, once in a while.

Where somebody follows the log, it is left to them (`wal_tail.py`).
"""

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Final

import apsw

SOON: Final = 1_000  # pages that are not written back yet: it is done beside the writers
LONG: Final = 8_000  # pages of the log: the rest of it is done in the writer's turn
_MORE: Final = SOON // 2  # pages beyond that, after which the turn waits for whatever it takes
_FEW: Final = 200  # pages of such a rest; what is more is first written back beside the writers
_TRIES: Final = 3  # but not more often than this


class WriteBack:
    """What one writing connection does for the log of its database."""

    def __init__(self, writer: apsw.Connection, beside: apsw.Connection) -> None:
        """Take over from SQLite.

        Args:
            writer: told of the log's length at each of its commits.
            beside: another connection to the same database, for nothing else.
        """
        self._writer = writer
        self._beside = beside
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rostra-write-back")
        self._running: Future[None] | None = None
        self._pages = 0  # of the log, at the last commit
        self._written = 0  # of them, those that are back in the database
        self._long = LONG
        self._tries = 0
        writer.set_wal_hook(self._told)

    def _told(self, _connection: apsw.Connection, _name: str, pages: int) -> int:
        if pages < self._pages:  # it was begun anew
            self._written = self._tries = 0
            self._long = LONG
        self._pages = pages
        return apsw.SQLITE_OK

    def after_commit(self) -> bool:
        """Begin to write back, where it is time; whether the turn is to be kept for the rest."""
        if self._pages >= self._long + _MORE:
            return True  # also while a slow disk has not come to the end of it
        if self._running is not None and not self._running.done():
            return False
        left = self._pages - self._written
        if self._pages >= self._long:
            self._tries += 1
            if left <= _FEW or self._tries > _TRIES:
                return True
        elif left < SOON:
            return False
        self._running = self._thread.submit(self._write, self._beside)
        return False

    def in_turn(self) -> None:
        """Write back what is left, while nobody in this process adds to it."""
        if self._running is not None:
            self._running.result()  # SQLite lets one do it at a time
        self._write(self._writer)
        # Somebody may still read from it, or another process write: not at every commit then.
        self._long = self._pages + SOON
        self._tries = 0

    def _write(self, connection: apsw.Connection) -> None:
        # What could not be written back stays in the log: nothing is lost, and it is tried again.
        with suppress(apsw.Error):
            _, written = connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
            self._written = min(written, self._pages)

    def close(self) -> None:
        """Wait for what is under way."""
        self._thread.shutdown()
        self._beside.close()
