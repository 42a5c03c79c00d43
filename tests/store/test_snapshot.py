"""A SQLite database as one file at one moment."""

import random
import stat
import subprocess
import sys
import threading
from contextlib import closing, suppress
from pathlib import Path

import apsw
import pytest

from rostra.store.moment import PART
from rostra.store.roots import read_out, roots_of
from rostra.store.snapshot import NotWhole, check_sqlite, copy_sqlite
from rostra.store.sqlite import connect
from rostra.store.wal import open_index, read_backfilled, read_head

ROWS = 4_000


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """One of some megabytes."""
    path = tmp_path / "live.sqlite3"
    connection = connect(path)
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT)")
    with connection:
        connection.executemany("INSERT INTO t (x) VALUES (?)", [("x" * 1_000,)] * ROWS)
    connection.close()
    return path


def test_it_is_of_one_moment_while_somebody_writes(database: Path, tmp_path: Path) -> None:
    ended = threading.Event()

    def write() -> None:
        connection = connect(database)
        while not ended.is_set():
            # Two rows in one transaction: a copy has both or none.
            with connection:
                connection.execute("INSERT INTO t (x) VALUES ('a')")
                connection.execute("INSERT INTO t (x) VALUES ('b')")
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            copy_sqlite(database, tmp_path / f"copy{number}")
    finally:
        ended.set()
        writer.join()
    for number in range(5):
        path = tmp_path / f"copy{number}"
        check_sqlite(path)
        connection = connect(path, read_only=True)
        ((count,),) = connection.execute("SELECT count(*) FROM t")
        connection.close()
        assert count >= ROWS
        assert count % 2 == 0
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_is_of_one_moment_while_the_log_is_written_back(database: Path, tmp_path: Path) -> None:
    # Money is moved about: whenever it is counted, all of it is there.
    with closing(connect(database)) as first, first:
        first.execute("CREATE TABLE money (id INTEGER PRIMARY KEY, held INTEGER, more BLOB)")
        first.executemany("INSERT INTO money VALUES (?, 100, x'')", ((id_,) for id_ in range(50)))
    ended = threading.Event()
    others = [
        threading.Thread(target=each, args=(database, ended)) for each in (_move, _write_back)
    ]
    for each in others:
        each.start()
    try:
        for number in range(25):
            copy_sqlite(database, tmp_path / f"copy{number}")
    finally:
        ended.set()
        for each in others:
            each.join()
    for number in range(25):
        path = tmp_path / f"copy{number}"
        check_sqlite(path)
        with closing(connect(path, read_only=True)) as connection:
            rows = connection.execute("SELECT count(*), sum(held) FROM money").fetchall()
        assert rows == [(50, 5_000)]


def _move(database: Path, ended: threading.Event) -> None:
    """Rows change and grow, and the file becomes longer and shorter."""
    chance = random.Random(7)  # noqa: S311 (no secret)
    with closing(connect(database)) as connection:
        while not ended.is_set():
            with connection:
                one, other = chance.sample(range(50), 2)
                more = chance.randbytes(chance.choice((0, 10, 30_000)))
                connection.execute("UPDATE money SET held = held - 7 WHERE id = ?", (one,))
                connection.execute(
                    "UPDATE money SET held = held + 7, more = ? WHERE id = ?", (more, other)
                )
            if chance.random() < 0.05:
                connection.execute("VACUUM")


def _write_back(database: Path, ended: threading.Event) -> None:
    """The log goes into the file, and is begun anew, in every way that SQLite knows."""
    with closing(connect(database)) as connection:
        connection.set_busy_timeout(20)
        while not ended.is_set():
            for mode in (
                apsw.SQLITE_CHECKPOINT_PASSIVE,
                apsw.SQLITE_CHECKPOINT_RESTART,
                apsw.SQLITE_CHECKPOINT_TRUNCATE,
            ):
                with suppress(apsw.BusyError):
                    connection.wal_checkpoint(mode=mode)


def test_what_stands_in_the_log_and_what_is_in_the_file(database: Path, tmp_path: Path) -> None:
    def copied(name: str) -> tuple[object, int, int]:
        copy_sqlite(database, tmp_path / name)
        check_sqlite(tmp_path / name)
        head = read_head(open_index(database))
        with closing(connect(tmp_path / name)) as copy:
            rows = copy.execute("SELECT count(*), max(x) FROM t").fetchall()
        return rows, head.end.frame, read_backfilled(open_index(database))

    with closing(connect(database)) as writer, closing(connect(database)) as reader:
        writer.execute("PRAGMA wal_autocheckpoint = 0")
        assert copied("nothing in the log") == ([(ROWS, "x" * 1_000)], 0, 0)
        writer.execute("UPDATE t SET x = 'y' WHERE id = 7")
        rows, frames, _ = copied("a page in the log")
        assert (rows, frames) == ([(ROWS, "y")], 1)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM t").fetchall()
        with writer:
            writer.executemany("INSERT INTO t (x) VALUES (?)", [("z" * 2_000,)] * 100)
        writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
        # The reader keeps what came later out of the file, which is shorter than the database.
        rows, frames, in_file = copied("a part of it in the file")
        assert rows == [(ROWS + 100, "z" * 2_000)]
        assert 0 < in_file < frames
        reader.execute("ROLLBACK")
        writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
        rows, frames, in_file = copied("all of it in the file")
        assert rows == [(ROWS + 100, "z" * 2_000)]
        assert in_file == frames > 0
        assert roots_of(tmp_path / "all of it in the file") == roots_of(
            tmp_path / "a part of it in the file"
        )


_ANOTHER_SQLITE = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:  # the bytes of which a reader holds one: os_unix.c
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)
"""


def test_a_copy_takes_no_lock_away(database: Path, tmp_path: Path) -> None:
    # Whoever can lock a database for themselves when they close it takes its log away, from under
    # those who still write to it.
    def could_be_locked() -> bool:
        command = [sys.executable, "-c", _ANOTHER_SQLITE, str(database)]
        tried = subprocess.run(command, check=False, stderr=subprocess.DEVNULL)  # noqa: S603 (ours)
        return tried.returncode == 0

    with closing(connect(database)):
        assert not could_be_locked()
        copy_sqlite(database, tmp_path / "copy")
        assert not could_be_locked()
    assert could_be_locked()


def test_it_is_read_out_as_it_is(database: Path, tmp_path: Path) -> None:
    copy_sqlite(database, tmp_path / "copy")
    seen: list[bytes] = []
    with closing(connect(database)) as writer:

        def take(part: memoryview) -> None:
            seen.append(bytes(part))
            writer.execute("UPDATE t SET x = 'later' WHERE id = ?", (len(seen),))

        read = read_out(database, take)
    assert {len(part) for part in seen[:-1]} == {PART}
    assert b"".join(seen) == (tmp_path / "copy").read_bytes()
    assert read.roots == roots_of(tmp_path / "copy") != roots_of(database)
    assert read.position is None  # nobody follows its log


def test_who_takes_what_is_read_out_can_end_it(database: Path) -> None:
    seen: list[int] = []

    def take(part: memoryview) -> None:
        seen.append(len(part))
        if len(seen) == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        read_out(database, take)
    assert seen == [PART, PART]
    with closing(connect(database)) as writer:  # nothing holds it any more
        assert writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE) == (0, 0)


def test_what_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(NotWhole, match="there is no database"):
        copy_sqlite(tmp_path / "none.sqlite3", tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_database_is_told(database: Path, tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        copy_sqlite(database, database)
    (tmp_path / "text").write_text("This is a text. " * 1_000)
    with pytest.raises(NotWhole, match="can't be read"):
        check_sqlite(tmp_path / "text")
    damaged = bytearray(database.read_bytes())
    for at in range(8_192, len(damaged) // 2, 4_096):
        damaged[at : at + 64] = b"\xff" * 64
    (tmp_path / "damaged").write_bytes(damaged)
    with pytest.raises(NotWhole):
        check_sqlite(tmp_path / "damaged")
