"""Following the write-ahead log of a database that others write, so that no commit is missed.

SQLite begins its log anew as soon as all of it was written back into the database and nobody reads
it. Whoever follows it therefore never stops reading: one of two connections, the *guard*, is in a
transaction all the time.

- A guard that reads from the log keeps it from being begun anew.
- A guard that began when all was written back reads from the database. It keeps anything from being
  written back, so the log can be begun anew once, and only as long as nothing is added to it.

So the log goes on where it was left if its salts are the same, or if it was left at its end and the
salts are those that follow. Everything else is `Lost`. Written back is only here, while nobody else
writes; connections that find the file `-shipped` beside the database leave it alone (`connect`).
"""

import os
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Final

import apsw
from msgspec import structs

from rostra.store.sqlite import connect, followed_mark
from rostra.store.wal import (
    Frames,
    Head,
    Lost,
    Position,
    beginning,
    check_at,
    open_index,
    read_frames,
    read_head,
)

_PATIENCE_S: Final = 2.0  # for the write lock
_NEXT: Final = 1 << 32


class Tail:
    """One follower of one database. Used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Begin to guard the log.

        Raises:
            OSError: the files can't be opened.
            apsw.Error: the database can't be read.
        """
        followed_mark(path).touch()
        self._path = path
        with ExitStack() as opened:

            def connected(*, read_only: bool = False) -> apsw.Connection:
                return opened.enter_context(closing(connect(path, read_only=read_only)))

            self._guards = [connected(read_only=True) for _ in range(2)]
            self._writer = connected()
            self._writer.set_busy_timeout(0)
            self._keeper = connected()
            self._held = 0
            self._settled: Position | None = None
            _begin(self._guards[0])
            log = opened.enter_context(Path(f"{path}-wal").open("rb", buffering=0))
            self._log = log.fileno()
            self._index = open_index(path)
            self._seen = self.head()
            self._opened = opened.pop_all()

    def close(self) -> None:
        """Stop following; the log stays as it is."""
        self._opened.close()

    @property
    def settled(self) -> Position | None:
        """Up to where all of the log was written back last: the next commit begins it anew."""
        return self._settled

    def head(self) -> Head:
        """What is committed at this moment.

        Raises:
            Lost: the index can't be read, or the files were replaced.
        """
        for end, descriptor in (("-wal", self._log), ("-shm", self._index)):
            try:
                there = Path(f"{self._path}{end}").stat()
            except FileNotFoundError:
                raise Lost(f"the file {self._path.name}{end} is gone") from None
            if not os.path.samestat(there, os.fstat(descriptor)):
                raise Lost(f"the file {self._path.name}{end} was replaced")
        return read_head(self._index)

    def begin(self) -> Position:
        """Where the log ends now: what is committed later is read from there.

        Raises:
            Lost: it can't be told.
        """
        if self.head().end.frame == 0 and self._locked():
            try:
                # A log with nothing in it has no salts yet. This writes one page as it is.
                version = self._writer.pragma("user_version")
                self._writer.execute(f"PRAGMA user_version = {version}")
                self._writer.execute("COMMIT")
            finally:
                _end(self._writer)
        self._seen = self.head()
        if self._seen.end.frame == 0:
            raise Lost("the log is empty")
        return self._seen.end

    def goes_on(self, since: Position, settled: Position | None = None) -> bool:
        """Whether the log goes on behind a point that was read before this follower began.

        Args:
            since: the point.
            settled: up to where the follower before had all of the log written back, see `settled`.
        """
        self._seen = self.head()
        end = self._seen.end
        if settled == since and _follows(end.salt, since.salt):
            # Begun anew behind that point: nobody but a follower writes back what came before it.
            self._seen = structs.replace(self._seen, end=since)
            return True
        if end.salt != since.salt or end.frame < since.frame:
            return False
        return check_at(self._log, since.frame, self._seen.page_size) == since

    def read(self, since: Position, most: int) -> Frames | None:
        """What was committed behind a point, about so many bytes of it; None: nothing.

        What has more ends amid a transaction, perhaps.

        Raises:
            Lost: the log does not go on there.
        """
        head = self.head()
        if head.end.salt != since.salt:
            if head.end.frame == 0:
                return None  # it was begun anew, and has nothing yet
            if not (_follows(head.end.salt, since.salt) and self._seen.end == since):
                raise Lost("the log was begun anew by somebody else")
            since = beginning(self._log, head.end.salt)
        elif head.end.frame < since.frame:
            raise Lost("the log is shorter than it was")
        elif head.end.frame == since.frame:
            if head.end.check != since.check:
                raise Lost("the log has changed")
            self._seen = head
            return None
        frames = read_frames(self._log, since, head, most)
        if frames.end.frame == head.end.frame and frames.end.check != head.end.check:
            raise Lost("the log and its index differ")
        self._seen = head
        return frames

    def write_back(self, since: Position, most: int, keep: Callable[[Frames], None]) -> Position:
        """Write the log back into the database, so that it can begin anew; where it then is.

        Nobody can write for as long as the last bit of it takes.

        Args:
            since: up to where it was read.
            most: bytes that may be unread; nothing is written back if there are more.
            keep: is called with what was not read yet, and must have it on disk when it returns.

        Raises:
            Lost: the log does not go on there.
        """
        self._renew()
        self._checkpoint()  # most of it, while others write
        if not self._locked():
            return since
        try:
            head = self.head()
            unread = self.read(since, most + head.page_size)
            if unread is not None:
                if unread.end != head.end:
                    return since
                keep(unread)
                since = unread.end
            self._renew()
            if self._checkpoint():
                self._renew()  # from here on it reads from the database
                self._settled = since
        finally:
            _end(self._writer)
        return since

    def _checkpoint(self) -> bool:
        """Write back what no reader needs any more; whether that was everything."""
        with suppress(apsw.BusyError, apsw.LockedError):
            in_log, written = self._keeper.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
            return in_log == written
        return False

    def _renew(self) -> None:
        """Let the guard read from here on; the other one until this one does."""
        fresh = 1 - self._held
        _begin(self._guards[fresh])
        _end(self._guards[self._held])
        self._held = fresh

    def _locked(self) -> bool:
        """Keep everybody from writing; whether that could be had."""
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
            except apsw.BusyError:
                if time.monotonic() > deadline:
                    return False
                time.sleep(0.0005)
            else:
                return True


def position_of(path: Path) -> Position:
    """Where the log of a database ends. The caller keeps others from writing meanwhile.

    Raises:
        Lost: it can't be told.
    """
    try:
        return read_head(open_index(path)).end
    except FileNotFoundError:
        raise Lost("there is no log") from None


def settled_end(path: Path) -> Position:
    """Where the log of a database ends, with nobody amid a write.

    Raises:
        Lost: it can't be told, or somebody writes all the time.
    """
    connection = connect(path)
    try:
        connection.execute("BEGIN IMMEDIATE")
        return position_of(path)
    except apsw.BusyError:
        raise Lost("somebody writes all the time") from None
    finally:
        _end(connection)
        connection.close()


def _begin(connection: apsw.Connection) -> None:
    connection.execute("BEGIN")
    connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()


def _end(connection: apsw.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _follows(salt: str, before: str) -> bool:
    """Whether a run of the log can be the next one: the first salt is counted up."""
    return int(salt[:8], 16) == (int(before[:8], 16) + 1) % _NEXT
