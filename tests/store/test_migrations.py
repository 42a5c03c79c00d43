"""The steps lead to the tables that the software is written for, on both databases."""

import sqlite3
from pathlib import Path

import asyncpg
import pytest

from rostra.store.migrate import migrate, steps_sql
from rostra.store.schema import HEAD, current_revision
from rostra.store.tables import metadata


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


async def test_migrating_twice_changes_nothing(database_url: str) -> None:
    assert await current_revision(database_url) == HEAD
    assert await migrate(database_url) == (HEAD, HEAD)


async def test_an_empty_place_has_no_revision(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'none.sqlite3'}"
    assert await current_revision(url) is None
    assert await migrate(url) == (None, HEAD)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_no_step_is_left_once_at_the_head(dialect: str) -> None:
    assert "CREATE TABLE" in steps_sql(dialect, None)  # type: ignore[arg-type] # both are dialects
    assert steps_sql(dialect, HEAD).strip() == ""  # type: ignore[arg-type] # as above
