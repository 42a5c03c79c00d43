"""The steps lead to the tables that the software is written for, on both databases."""

import sqlite3
from operator import itemgetter
from pathlib import Path

import asyncpg
import pytest

from rostra.store.migrate import migrate, steps_sql, upgrade_postgresql, upgrade_sqlite
from rostra.store.migrations.generate import difference
from rostra.store.schema import HEAD, current_revision
from rostra.store.sqlite import connect
from rostra.store.tables import metadata

_ONLY_POSTGRESQL = {"ix_tags_name_pattern"}  # for LIKE with a prefix


async def _columns(url: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    if url.startswith("sqlite:"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            for name in metadata.tables:
                rows = connection.execute(f"PRAGMA table_info({name})")
                found[name] = {row[1] for row in rows}
        connection.close()
        return found
    connection = await asyncpg.connect(url)
    for name in metadata.tables:
        rows = await connection.fetch(
            "SELECT column_name FROM information_schema.columns WHERE table_name = $1", name
        )
        found[name] = {row[0] for row in rows}
    await connection.close()
    return found


async def test_the_steps_make_the_described_tables(database_url: str) -> None:
    expected = {name: {c.name for c in t.columns} for name, t in metadata.tables.items()}
    assert await _columns(database_url) == expected


async def _keys(url: str) -> dict[str, dict[str, list[str]]]:
    """Of each table, the columns of the primary key and of the indexes, by name."""
    found: dict[str, dict[str, list[str]]] = {}
    if url.startswith("sqlite:"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            for name in metadata.tables:
                table = connection.execute(f"PRAGMA table_info({name})").fetchall()
                found[name] = {
                    f"pk_{name}": [r[1] for r in sorted(table, key=itemgetter(5)) if r[5]]
                }
                for _, index, _, origin, _ in connection.execute(f"PRAGMA index_list({name})"):
                    if origin == "c":
                        rows = connection.execute(f"PRAGMA index_info({index})")
                        found[name][index] = [row[2] for row in rows]
        connection.close()
        return found
    connection = await asyncpg.connect(url)
    for name in metadata.tables:
        rows = await connection.fetch(
            """SELECT c.relname, array_agg(a.attname ORDER BY a.attnum) FROM pg_index AS i
            JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_attribute AS a ON a.attrelid = c.oid
            WHERE i.indrelid = $1::regclass GROUP BY c.relname""",
            name,
        )
        found[name] = {row[0]: list(row[1]) for row in rows if row[0] not in _ONLY_POSTGRESQL}
    await connection.close()
    return found


async def test_the_steps_make_the_described_keys_and_indexes(database_url: str) -> None:
    expected = {
        name: {
            f"pk_{name}": [c.name for c in table.primary_key.columns],
            **{
                str(index.name): [getattr(part, "name", None) for part in index.expressions]
                for index in table.indexes
            },
        }
        for name, table in metadata.tables.items()
    }
    assert await _keys(database_url) == expected


def test_a_step_written_now_would_be_empty(tmp_path: Path) -> None:
    code = difference(tmp_path / "steps.sqlite3")
    assert [line.strip() for line in code.splitlines() if not line.strip().startswith("#")] == [
        "pass"
    ]


async def test_migrating_twice_changes_nothing(database_url: str) -> None:
    assert await current_revision(database_url) == HEAD
    assert await migrate(database_url) == (HEAD, HEAD)


async def test_an_empty_place_has_no_revision(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'none.sqlite3'}"
    assert await current_revision(url) is None
    assert await migrate(url) == (None, HEAD)


def test_notifications_keep_their_rows_when_their_order_changes(tmp_path: Path) -> None:
    rows = [(7, 1, "mention", 8, 30, "", 0), (9, 1, "reblog", 8, 31, "reblog-31", 1)]
    order = "id, account_id, kind, from_account_id, post_id, group_key, set_aside"
    connection = connect(tmp_path / "place.sqlite3")
    with connection:
        connection.execute(steps_sql("sqlite", None, "0023"))
        connection.executemany(
            f"INSERT INTO notifications ({order}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 (names)
            rows,
        )
        connection.execute(steps_sql("sqlite", "0023", "0024"))
        kept = connection.execute(f"SELECT {order} FROM notifications ORDER BY id")  # noqa: S608 (names)
        assert kept.fetchall() == rows
    connection.close()


async def test_phrases_that_lost_their_vowels_are_over(empty_database_url: str) -> None:
    kept = {
        1: "kill you",
        2: "\u092e \u0930",
        3: "\u0e06 \u0e32",
        4: "\u30cf\u304b",
        5: "\u6bba\u4eba",
    }
    values = ", ".join(f"({entry}, 1, '{text}', 7, 'Seen', 0)" for entry, text in kept.items())
    fill = (
        "INSERT INTO screening_lists (id, name, kind, harm, score, enabled, note, created_by,"  # noqa: S608 (numbers and words of this test)
        " created_at, changed_at) VALUES (1, 'threats', 0, 'violence', 80, 1, '', 7, 1, 1);"
        "INSERT INTO screening_list_entries (id, list_id, text, author_id, reason, ends_at)"
        f" VALUES {values}"
    )
    found = "SELECT id, reason FROM screening_list_entries WHERE ends_at = 1 ORDER BY id"
    if empty_database_url.startswith("sqlite:"):
        connection = connect(Path(empty_database_url.removeprefix("sqlite:///")))
        upgrade_sqlite(connection, "0071")
        connection.execute(fill)
        upgrade_sqlite(connection, "0072")
        over = [tuple(row) for row in connection.execute(found).fetchall()]
        connection.close()
    else:
        server = await asyncpg.connect(empty_database_url)
        await upgrade_postgresql(server, "0071")
        await server.execute(fill)
        await upgrade_postgresql(server, "0072")
        over = [tuple(row) for row in await server.fetch(found)]
        await server.close()
    assert [entry for entry, _ in over] == [2, 3, 4]
    assert all("write it anew. Seen" in str(reason) for _, reason in over)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_no_step_is_left_once_at_the_head(dialect: str) -> None:
    assert "CREATE TABLE" in steps_sql(dialect, None)  # type: ignore[arg-type] # both are dialects
    assert steps_sql(dialect, HEAD).strip() == ""  # type: ignore[arg-type] # as above
