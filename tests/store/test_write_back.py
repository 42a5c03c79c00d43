"""The log comes back into the database beside the writers, and does not grow without end."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.harness.patience import until
from tests.store.test_database import NoJobs

from rostra.store.database import Hooks, Ties
from rostra.store.gates import memory_gates
from rostra.store.query import query_text
from rostra.store.sqlite import SQLiteDatabase, connect, followed_mark
from rostra.store.write_back import LONG, SOON

PAGE = 4096
_ADD = "INSERT INTO t (x) VALUES (randomblob(:size))"
ADD = query_text(sqlite=_ADD, postgresql=_ADD)
_COUNT = "SELECT count(*) FROM t"
COUNT = query_text(sqlite=_COUNT, postgresql=_COUNT, into=int)
PAGES = 250  # of one row


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with a table."""
    path = tmp_path / "a.sqlite3"
    made = connect(path)
    made.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, x BLOB)")
    made.close()
    return path


@pytest.fixture
async def db(path: Path) -> AsyncIterator[SQLiteDatabase]:
    """The same, as the house holds it."""
    made = opened(path)
    yield made
    await made.close()


def opened(path: Path) -> SQLiteDatabase:
    return SQLiteDatabase(path, Ties(Hooks(), NoJobs(), memory_gates()[0]))


async def add(db: SQLiteDatabase, pages: int) -> None:
    for _ in range(pages // PAGES):
        async with db.write() as tx:
            await tx.run(ADD, size=PAGES * PAGE)


def in_database(path: Path) -> int:
    """Pages of the file itself."""
    return path.stat().st_size // PAGE


def in_log(path: Path) -> int:
    return Path(f"{path}-wal").stat().st_size // PAGE


async def count(db: SQLiteDatabase) -> int:
    async with db.read() as reader:
        return await reader.first(COUNT) or 0


async def test_it_is_written_back_beside_those_who_write(db: SQLiteDatabase, path: Path) -> None:
    await add(db, SOON // 2)
    await asyncio.sleep(0.05)
    assert in_database(path) < PAGES  # it is not time yet
    await add(db, SOON)
    await until(lambda: in_database(path) >= SOON)
    assert await count(db) == (SOON // 2 + SOON) // PAGES


async def test_where_it_is_long_it_is_begun_anew(db: SQLiteDatabase, path: Path) -> None:
    await asyncio.gather(*[add(db, LONG // 2) for _ in range(4)])
    assert in_log(path) < LONG + 2 * SOON  # twice as much was written
    assert await count(db) == 2 * LONG // PAGES


async def test_a_reader_who_stays_only_puts_it_off(db: SQLiteDatabase, path: Path) -> None:
    await add(db, PAGES)
    stays = connect(path, read_only=True)
    stays.execute("BEGIN")
    assert stays.execute("SELECT count(*) FROM t").fetchall() == [(1,)]
    await add(db, 2 * LONG)
    assert stays.execute("SELECT count(*) FROM t").fetchall() == [(1,)]
    assert in_log(path) > 2 * LONG
    stays.close()
    await add(db, 2 * LONG)
    assert in_log(path) < 3 * LONG
    assert await count(db) == 1 + 4 * LONG // PAGES


async def test_a_log_that_somebody_follows_is_left_to_them(path: Path) -> None:
    followed_mark(path).touch()
    db = opened(path)
    await add(db, 2 * SOON)
    await asyncio.sleep(0.05)
    assert in_database(path) < PAGES
    await db.close()
