"""Bring a database to the newest schema.

Alembic turns the steps into SQL text for the dialect, without a connection; the house's own
drivers run that text in one transaction. So SQLite is only ever opened by the bundled library, and
PostgreSQL needs no second driver.
"""

import io
from pathlib import Path

import asyncpg
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from rostra.store.query import Dialect
from rostra.store.schema import HEAD
from rostra.store.sqlite import connect

MIGRATIONS = Path(__file__).parent / "migrations"
_VERSION_TABLE = "CREATE TABLE IF NOT EXISTS schema_version (revision TEXT NOT NULL)"
_ADVISORY_LOCK = 7_206_113_801  # any number that nothing else in the database uses


def steps_sql(dialect: Dialect, current: str | None, until: str = HEAD) -> str:
    """The SQL that leads from revision ``current`` (None: an empty database) to ``until``."""
    directory = ScriptDirectory(str(MIGRATIONS))
    out = io.StringIO()
    context = MigrationContext.configure(
        dialect_name=dialect, opts={"as_sql": True, "output_buffer": out}
    )
    steps = reversed(list(directory.iterate_revisions(until, current or "base")))
    with Operations.context(context):
        for step in steps:
            step.module.upgrade()
    return out.getvalue()


def migrate_sqlite(path: Path) -> tuple[str | None, str]:
    """Migrate the file (made if missing); the revisions before and after."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = connect(path)
    try:
        # The outermost ``with`` is BEGIN IMMEDIATE … COMMIT, and a rollback on any error.
        connection.transaction_mode = "IMMEDIATE"
        with connection:
            connection.execute(_VERSION_TABLE)
            row = connection.execute("SELECT revision FROM schema_version").fetchone()
            before = row[0] if row else None
            if before != HEAD:
                connection.execute(steps_sql("sqlite", before))
                connection.execute("DELETE FROM schema_version")
                connection.execute("INSERT INTO schema_version VALUES (?)", (HEAD,))
        return before, HEAD
    finally:
        connection.close()


async def migrate_postgresql(url: str) -> tuple[str | None, str]:
    """Migrate the database; the revisions before and after."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _ADVISORY_LOCK)
            await connection.execute(_VERSION_TABLE)
            before = await connection.fetchval("SELECT revision FROM schema_version")
            if before != HEAD:
                await connection.execute(steps_sql("postgresql", before))
                await connection.execute("DELETE FROM schema_version")
                await connection.execute("INSERT INTO schema_version VALUES ($1)", HEAD)
        return before, HEAD
    finally:
        await connection.close()


async def migrate(url: str) -> tuple[str | None, str]:
    """Migrate the database at this URL (``sqlite:///path`` or ``postgresql://…``).

    Returns:
        The revision it had (None: it was empty) and the one it has now.
    """
    if url.startswith("sqlite:///"):
        return migrate_sqlite(Path(url.removeprefix("sqlite:///")))
    return await migrate_postgresql(url)
