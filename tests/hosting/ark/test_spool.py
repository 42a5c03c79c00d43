"""The database on its way into a copy, in files that somebody reads behind the one who writes."""

import asyncio
import errno
import os
import resource
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from rostra.hosting.ark.spool import DatabaseSpool
from rostra.store.roots import roots_of
from rostra.store.snapshot import NotWhole, copy_sqlite
from rostra.store.sqlite import connect

PIECE = 1 << 20


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """One of six pieces, the last of them short."""
    path = tmp_path / "live.sqlite3"
    with closing(connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, x BLOB)")
        connection.executemany("INSERT INTO t (x) VALUES (randomblob(1000))", [()] * 5_400)
    return path


def lying(folder: Path) -> list[str]:
    """The files that are there, which nobody else may read."""
    found = sorted(folder.glob("spool-*"))
    assert {path.stat().st_mode & 0o777 for path in found} <= {0o600}
    return [path.name for path in found]


async def test_what_is_read_is_what_is_copied_and_no_file_stays(
    database: Path, tmp_path: Path
) -> None:
    spool = DatabaseSpool(tmp_path / "spool", 2 * PIECE)
    filling = asyncio.create_task(spool.fill(database))
    pieces = [piece async for piece in spool.pieces(PIECE)]
    read = await filling
    copy_sqlite(database, tmp_path / "copy")
    assert b"".join(pieces) == (tmp_path / "copy").read_bytes()
    assert [len(piece) for piece in pieces[:-1]] == [PIECE] * (len(pieces) - 1)
    assert len(pieces) == 6
    assert read.roots == roots_of(tmp_path / "copy")
    assert lying(tmp_path) == []


async def test_nobody_waits_for_who_reads_slowly(database: Path, tmp_path: Path) -> None:
    # The moment is over when all was read; and what was sent lies there no more.
    spool = DatabaseSpool(tmp_path / "spool", 2 * PIECE)
    await spool.fill(database)
    assert lying(tmp_path) == ["spool-0", "spool-1", "spool-2"]
    pieces = spool.pieces(PIECE)
    for _ in range(3):
        await anext(pieces)
    assert lying(tmp_path) == ["spool-1", "spool-2"]
    spool.remove()
    assert lying(tmp_path) == []


async def test_who_gives_up_leaves_nothing(database: Path, tmp_path: Path) -> None:
    for wanted in range(4):
        spool = DatabaseSpool(tmp_path / "spool", PIECE)
        filling = asyncio.create_task(spool.fill(database))
        pieces = spool.pieces(PIECE)
        for _ in range(wanted):
            await anext(pieces)
        spool.remove()
        await asyncio.gather(filling, return_exceptions=True)
        assert lying(tmp_path) == []


async def test_what_can_not_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("This is a text. " * 100_000)
    for name, why in (("text", "can't be read"), ("nothing", "there is no database")):
        spool = DatabaseSpool(tmp_path / "spool", PIECE)
        filling = asyncio.create_task(spool.fill(tmp_path / name))
        assert [piece async for piece in spool.pieces(PIECE)] == []
        with pytest.raises(NotWhole, match=why):
            await filling


async def test_a_full_disk_is_told(database: Path, tmp_path: Path) -> None:
    spool = DatabaseSpool(tmp_path / "spool", 4 * PIECE)
    with small_files():
        filling = asyncio.create_task(spool.fill(database))
        assert len([piece async for piece in spool.pieces(PIECE)]) == 2
    with pytest.raises(OSError, match=os.strerror(errno.EFBIG)):
        await filling
    spool.remove()
    assert lying(tmp_path) == []


@contextmanager
def small_files() -> Iterator[None]:
    """No file may become larger than two pieces: to whoever writes that is as a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * PIECE, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
