"""A SQLite database as one file at one moment, and whether such a file is whole."""

import os
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import apsw

from rostra.store.moment import PART, moment
from rostra.store.wal import Lost


class NotWhole(Exception):
    """A file is no whole database; the text says what is wrong."""


def copy_sqlite(path: Path, to: Path) -> None:
    """Write a database as it is at one moment into a file of its own, while it is used.

    It is there to be read now: nothing brings it to disk.

    Raises:
        NotWhole: it is not there, or can't be read.
        OSError: the file is there already, or can't be written.
    """
    if not path.is_file():
        raise NotWhole(f"there is no database {path}")
    to.parent.mkdir(parents=True, exist_ok=True)
    # Nobody else reads what stands in it.
    descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb", buffering=0) as target, moment(path) as held:
            for part in held.parts():
                target.write(part)
    except (apsw.Error, Lost) as error:
        raise NotWhole(f"the database can't be copied: {error}") from error


@contextmanager
def _read_ahead(path: Path) -> Iterator[None]:
    """Have a file read in large parts meanwhile, so that whoever reads it by pages finds them.

    SQLite asks for one page at a time. Only for a file that nothing else in this process has open,
    see `wal.keep_open`.
    """
    over = threading.Event()

    def read(descriptor: int) -> None:
        at = 0
        # Whatever is wrong with the file, SQLite finds it and says so.
        with suppress(OSError):
            while not over.is_set() and (part := len(os.pread(descriptor, PART, at))):
                at += part

    with path.open("rb", buffering=0) as file:
        reader = threading.Thread(
            target=read, args=(file.fileno(),), name="read-ahead", daemon=True
        )
        reader.start()
        try:
            yield
        finally:
            over.set()
            reader.join()


def check_sqlite(path: Path) -> None:
    """Let SQLite look through all of a database that nobody uses.

    Raises:
        NotWhole: something is wrong with it.
        OSError: it can't be opened.
    """
    with _read_ahead(path):
        try:
            with closing(apsw.Connection(str(path))) as connection:
                found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        except apsw.Error as error:
            raise NotWhole(f"the database can't be read: {error}") from error
    if found != ["ok"]:
        raise NotWhole(f"the database is not whole: {found[0]}")
