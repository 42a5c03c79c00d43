"""The log of a database is followed without a hole; where there could be one, it is noticed."""

import gc
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

from rostra.store.snapshot import copy_sqlite
from rostra.store.sqlite import connect
from rostra.store.wal import Frames, Lost, Position
from rostra.store.wal_tail import Tail, position_of

MOST = 1 << 20
Rows = list[tuple[Any, ...]]


class Replica:
    """A file that the pages of a log are written into."""

    def __init__(self, path: Path, to: Path) -> None:
        self._path = to
        copy_sqlite(path, to)

    def apply(self, frames: Frames) -> None:
        """Write pages, as restoring does."""
        with self._path.open("r+b") as file:
            for number, content in zip(frames.numbers, frames.contents, strict=True):
                file.seek((int(number) - 1) * frames.page_size)
                file.write(content.tobytes())
            if frames.pages:
                file.truncate(frames.pages * frames.page_size)

    def rows(self) -> Rows:
        """What is in the table, if the file is whole."""
        database = apsw.Connection(str(self._path))
        assert database.pragma("integrity_check") == "ok"
        found: Rows = database.execute("SELECT id, x FROM t ORDER BY id").fetchall()
        database.close()
        return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with a table."""
    path = tmp_path / "live.sqlite3"
    made = connect(path)
    made.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, x BLOB)")
    made.close()
    return path


@pytest.fixture
def tail(path: Path) -> Iterator[Tail]:
    """Its follower."""
    made = Tail(path)
    yield made
    made.close()


def write(database: apsw.Connection, rows: int, size: int = 500) -> None:
    """A transaction."""
    with database:
        database.executemany("INSERT INTO t (x) VALUES (?)", [(os.urandom(size),)] * rows)


def rows(path: Path) -> Rows:
    """What is in the live table."""
    database = connect(path)
    found: Rows = database.execute("SELECT id, x FROM t ORDER BY id").fetchall()
    database.close()
    return found


def all_of(tail: Tail, since: Position, replica: Replica) -> Position:
    """Read to the end."""
    while (frames := tail.read(since, 50_000)) is not None:
        replica.apply(frames)
        since = frames.end
    return since


def test_what_is_read_makes_the_same_database(path: Path, tail: Tail, tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 (of a test)
    at = tail.begin()
    replica = Replica(path, tmp_path / "replica")
    database = connect(path)
    runs = set()
    for _ in range(int(os.environ.get("ROSTRA_TEST_ROUNDS", "60"))):
        write(database, chance.randint(1, 200), chance.randint(1, 3_000))
        if chance.random() < 0.2:
            database.execute("DELETE FROM t WHERE id % 3 = ?", (chance.randint(0, 2),))
        if chance.random() < 0.7:
            at = all_of(tail, at, replica)
        if chance.random() < 0.3:
            at = tail.write_back(at, 1 << 30, replica.apply)
            runs.add(at.salt)
        if chance.random() < 0.05:
            database.execute("VACUUM")
    all_of(tail, at, replica)
    assert replica.rows() == rows(path)
    assert len(runs) > 3


def test_nobody_else_begins_the_log_anew_under_it(path: Path, tail: Tail, tmp_path: Path) -> None:
    at = tail.begin()
    replica = Replica(path, tmp_path / "replica")
    database = apsw.Connection(str(path))  # as any program opens it
    for _ in range(20):
        write(database, 300)
        for mode in ("PASSIVE", "RESTART", "TRUNCATE"):
            database.execute(f"PRAGMA wal_checkpoint({mode})").fetchall()
    all_of(tail, at, replica)
    assert replica.rows() == rows(path)


def test_a_log_that_was_begun_anew_meanwhile_is_lost(path: Path, tail: Tail) -> None:
    at = tail.begin()
    tail.close()
    database = connect(path)
    write(database, 10)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    write(database, 1)
    again = Tail(path)
    assert not again.goes_on(at)
    with pytest.raises(Lost):
        again.read(at, MOST)
    again.close()


def test_a_log_goes_on_after_its_follower_was_away(path: Path, tail: Tail, tmp_path: Path) -> None:
    at = tail.begin()
    replica = Replica(path, tmp_path / "replica")
    database = connect(path)
    write(database, 100)
    at = all_of(tail, at, replica)
    tail.close()
    write(database, 3_000)
    database.close()
    again = Tail(path)
    assert again.goes_on(at)
    all_of(again, at, replica)
    assert replica.rows() == rows(path)
    again.close()


def test_a_flipped_bit_is_not_passed_on(path: Path, tail: Tail) -> None:
    at = tail.begin()
    write(connect(path), 100)
    log = Path(f"{path}-wal")
    size = 24 + 4096
    with log.open("r+b") as file:
        file.seek(32 + (at.frame + 2) * size + 1_000)
        byte = file.read(1)[0]
        file.seek(-1, 1)
        file.write(bytes([byte ^ 16]))
    with pytest.raises(Lost, match=f"frame {at.frame + 3} of the log is damaged"):
        tail.read(at, MOST)


def test_a_database_that_was_exchanged_is_noticed(path: Path, tail: Tail) -> None:
    at = tail.begin()
    Path(f"{path}-wal").rename(path.with_name("gone"))
    with pytest.raises(Lost, match="is gone"):
        tail.read(at, MOST)


def test_where_it_is_followed_nobody_writes_back(path: Path, tail: Tail) -> None:
    tail.begin()
    tail.close()
    database = connect(path)
    for _ in range(5):
        write(database, 2_000)
    assert database.pragma("wal_autocheckpoint") == 0
    database.close()
    assert Path(f"{path}-wal").stat().st_size > 5_000_000


_ASKS = """
import sys, apsw
try:
    apsw.Connection(sys.argv[1]).execute("BEGIN IMMEDIATE")
except apsw.BusyError:
    print("busy")
else:
    print("free")
"""


def test_who_looks_at_the_index_takes_nobodys_lock_away(path: Path, tail: Tail) -> None:
    writer = connect(path)
    writer.execute("INSERT INTO t (x) VALUES (x'00')")
    writer.execute("BEGIN IMMEDIATE")
    position_of(path)
    Tail(path).close()
    tail.head()
    gc.collect()
    command = [sys.executable, "-c", _ASKS, str(path)]
    asked = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 (our own words)
    assert asked.stdout.strip() == "busy"
    writer.execute("ROLLBACK")
    writer.close()
