"""Rows go out of one database and into another: exactly, whatever they hold, from any revision."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import apsw
import asyncpg
import pytest

from rostra.store.dump.model import DumpError, Row, Shape
from rostra.store.dump.open import source, target
from rostra.store.migrate import migrate
from rostra.store.schema import HEAD, current_revision
from rostra.store.sqlite import connect, followed_mark

_TEXTS = ("", 'a"b\\c\n\t', "\u2028 \U0001f30d é", "Z", "a", "ä")
_NUMBERS = (-(2**63), 2**63 - 1, 0, 2**53 + 1, -1, 7)
_BYTES = (b"", b"\x00\xff", b"\xff" * 40, b"a", b"\n", b"'")


def _odd(shape: Shape) -> list[Row]:
    """Rows with what is at the edges of each type; no value twice in a column."""
    kinds: dict[str, Row] = {"int": _NUMBERS, "text": _TEXTS, "bytes": _BYTES}
    return [tuple(kinds[column.type][at] for column in shape.columns) for at in range(6)]


async def _filled(url: str, revision: str = HEAD) -> None:
    async with target(url, revision) as rows:
        for shape in await rows.shapes():
            await rows.write(shape, _odd(shape))
        await rows.finish()


async def _accounts(url: str, made: Callable[[Shape], list[Row]]) -> None:
    async with target(url, HEAD) as rows:
        (shape,) = [each for each in await rows.shapes() if each.name == "accounts"]
        await rows.write(shape, made(shape))


async def _all(url: str, spool: Path) -> dict[str, Sequence[Row]]:
    async with source(url, spool) as rows:
        return {
            shape.name: [row async for batch in rows.rows(shape) for row in batch]
            for shape in await rows.shapes()
        }


async def test_what_was_written_is_read(empty_database_url: str, tmp_path: Path) -> None:
    await _filled(empty_database_url)
    assert await current_revision(empty_database_url) == HEAD
    async with source(empty_database_url, tmp_path / "spool") as rows:
        assert rows.revision == HEAD
        shapes = await rows.shapes()
        assert {await rows.count(shape) for shape in shapes if shape.name != "jobs"} == {6}
    found = await _all(empty_database_url, tmp_path / "spool")
    assert len(found) > 150
    for shape in shapes:
        if shape.name == "jobs":  # one more: search is to be made anew
            continue
        keyed = len(shape.key)
        wanted = sorted(_odd(shape), key=lambda row: _key(row[:keyed]))
        assert found[shape.name] == wanted, shape.name
    assert not (tmp_path / "spool").exists()


def _key(values: Row) -> list[object]:
    return [value.encode() if isinstance(value, str) else value for value in values]


async def test_only_an_empty_database_is_filled(database_url: str) -> None:
    with pytest.raises(DumpError, match=r"there already|has tables"):
        await _filled(database_url)


def test_the_log_of_an_older_database_is_no_part_of_a_new_one(tmp_path: Path) -> None:
    """A log that is followed outlives its process: SQLite would write it into the new file."""
    path = tmp_path / "rostra.sqlite3"
    url = f"sqlite:///{path}"
    asyncio.run(_filled(url))
    followed_mark(path).touch()
    database = connect(path)
    database.execute("UPDATE accounts SET username = 'of before'")
    database.close()
    assert Path(f"{path}-wal").stat().st_size
    path.unlink()
    for end in ("-wal", "-shm", "-shipped"):
        left = Path(f"{path}{end}")
        left.touch()
        with pytest.raises(DumpError, match=f"sqlite3{end} is left of the database that was"):
            asyncio.run(_filled(url))
        assert not path.exists()
        left.unlink()
    asyncio.run(_filled(url))


@pytest.mark.parametrize("end", ["-wal", "-journal"])
def test_a_log_that_comes_meanwhile(end: str, tmp_path: Path) -> None:
    path = tmp_path / "rostra.sqlite3"
    left = Path(f"{path}{end}")

    async def fill() -> None:
        async with target(f"sqlite:///{path}", HEAD) as rows:
            await rows.finish()
            await asyncio.to_thread(left.touch)

    with pytest.raises(DumpError, match=f"{end} is left"):
        asyncio.run(fill())
    assert list(tmp_path.iterdir()) == [left]


async def test_what_fails_leaves_nothing(empty_database_url: str) -> None:
    with pytest.raises(DumpError, match="table accounts"):
        await _accounts(empty_database_url, lambda shape: _odd(shape) * 2)  # the same keys again
    assert await current_revision(empty_database_url) is None
    await _filled(empty_database_url)  # and it can be begun again


async def test_what_does_not_fit_in_is_told(empty_database_url: str) -> None:
    with pytest.raises(DumpError, match="table accounts"):
        await _accounts(empty_database_url, lambda shape: [(2**63, *_odd(shape)[0][1:])])


async def test_an_older_schema_is_brought_to_the_newest(
    empty_database_url: str, tmp_path: Path
) -> None:
    """As a migration does with what is there: nothing is lost, indexes are those of today."""
    async with target(empty_database_url, "0040") as rows:
        (shape,) = [each for each in await rows.shapes() if each.name == "posts"]
        posts = _odd(shape)
        await rows.write(shape, posts)
        await rows.finish()
    assert await current_revision(empty_database_url) == HEAD
    found = await _all(empty_database_url, tmp_path / "spool")
    assert {row[0] for row in found["posts"]} == {row[0] for row in posts}
    fresh = f"sqlite:///{tmp_path / 'fresh'}"
    await migrate(fresh)
    assert set(found) == set(await _all(fresh, tmp_path / "spool"))
    if empty_database_url.startswith("sqlite"):
        kept = _indexes(Path(empty_database_url.removeprefix("sqlite:///")))
        assert kept == _indexes(tmp_path / "fresh")
        return
    connection = await asyncpg.connect(empty_database_url)
    assert await connection.fetchval("SELECT to_regclass('ix_posts_thread_id_id')") is not None
    await connection.close()


def _indexes(path: Path) -> set[str]:
    connection = apsw.Connection(str(path))
    found = {str(row[0]) for row in connection.execute("SELECT name FROM sqlite_schema")}
    connection.close()
    return found


async def test_a_database_that_is_none_of_ours(tmp_path: Path, postgres_url: str) -> None:
    spool = tmp_path / "spool"
    with pytest.raises(DumpError, match="there is no database"):
        await _all(f"sqlite:///{tmp_path / 'none'}", spool)
    with pytest.raises(DumpError, match="can't be reached"):
        await _all("postgresql://nobody@127.0.0.1:9/none", spool)
    odd = tmp_path / "odd"
    connection = apsw.Connection(str(odd))
    connection.execute("CREATE TABLE posts (id INTEGER PRIMARY KEY, weight REAL)")
    with pytest.raises(DumpError, match="schema_version"):
        await _all(f"sqlite:///{odd}", spool)
    connection.execute("CREATE TABLE schema_version (revision TEXT)")
    connection.execute("INSERT INTO schema_version VALUES ('0068')")
    with pytest.raises(DumpError, match=r"posts\.weight holds REAL"):
        await _all(f"sqlite:///{odd}", spool)
    connection.close()
    server = await asyncpg.connect(postgres_url)
    await server.execute("CREATE TABLE odd (id bigint PRIMARY KEY, weight float8)")
    try:
        with pytest.raises(DumpError, match=r"odd\.weight holds double"):
            await _all(postgres_url, spool)
    finally:
        await server.execute("DROP TABLE odd")
        await server.close()
