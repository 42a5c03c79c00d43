"""Which schema this software works with, told without loading the migration tool."""

from pathlib import Path

import asyncpg

from rostra.store.sqlite import connect

HEAD = "0032"


async def current_revision(url: str) -> str | None:
    """The schema revision of the database at this URL; None if it has none yet."""
    if url.startswith("sqlite:///"):
        return _of_file(Path(url.removeprefix("sqlite:///")))
    connection = await asyncpg.connect(url)
    try:
        if await connection.fetchval("SELECT to_regclass('schema_version')") is None:
            return None
        revision: str | None = await connection.fetchval("SELECT revision FROM schema_version")
        return revision
    finally:
        await connection.close()


def _of_file(path: Path) -> str | None:
    if not path.exists():
        return None
    connection = connect(path, read_only=True)
    try:
        if not connection.table_exists("main", "schema_version"):
            return None
        row = connection.execute("SELECT revision FROM schema_version").fetchone()
        return str(row[0]) if row else None
    finally:
        connection.close()
