"""Which schema this software works with, told without loading the migration tool."""

from pathlib import Path
from typing import TYPE_CHECKING

import apsw

from rostra.kernel.lazy import lazily
from rostra.store.sqlite import connect

if TYPE_CHECKING:
    import asyncpg
else:  # 2 MB that a server on SQLite never needs
    asyncpg = lazily("asyncpg")

HEAD = "0076"


def failures() -> tuple[type[Exception], ...]:
    """What is raised where a database can't be reached or read, on either kind."""
    return (OSError, apsw.Error, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)


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
