"""Bring a database to the newest schema.

Alembic turns the steps into SQL text for the dialect, without a connection; the house's own
drivers run that text in one transaction. So SQLite is only ever opened by the bundled library, and
PostgreSQL needs no second driver.
"""

import io
from pathlib import Path
from typing import Any

import apsw
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


def revisions() -> frozenset[str]:
    """Every revision that this program knows."""
    return frozenset(step.revision for step in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


def migrate_sqlite(path: Path) -> tuple[str | None, str]:
    """Migrate the file (made if missing); the revisions before and after."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = connect(path)
    try:
        # The outermost ``with`` is BEGIN IMMEDIATE … COMMIT, and a rollback on any error.
        connection.transaction_mode = "IMMEDIATE"
        return upgrade_sqlite(connection), HEAD
    finally:
        connection.close()


def upgrade_sqlite(connection: apsw.Connection, until: str = HEAD) -> str | None:
    """Migrate to a revision in a transaction, or in a part of the one under way.

    Returns:
        The revision before; None: it was empty.
    """
    with connection:
        connection.execute(_VERSION_TABLE)
        row = connection.execute("SELECT revision FROM schema_version").fetchone()
        before = str(row[0]) if row else None
        if before != until:
            connection.execute(steps_sql("sqlite", before, until))
            connection.execute("DELETE FROM schema_version")
            connection.execute("INSERT INTO schema_version VALUES (?)", (until,))
    return before


async def migrate_postgresql(url: str) -> tuple[str | None, str]:
    """Migrate the database; the revisions before and after."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            return await upgrade_postgresql(connection), HEAD
    finally:
        await connection.close()


async def upgrade_postgresql(connection: Any, until: str = HEAD) -> str | None:
    """Migrate to a revision in the transaction under way, which nobody else migrates in meanwhile.

    Returns:
        The revision before; None: it was empty.
    """
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _ADVISORY_LOCK)
    await connection.execute(_VERSION_TABLE)
    before: str | None = await connection.fetchval("SELECT revision FROM schema_version")
    if before != until:
        await connection.execute(steps_sql("postgresql", before, until))
        await connection.execute("DELETE FROM schema_version")
        await connection.execute("INSERT INTO schema_version VALUES ($1)", until)
    return before


async def migrate(url: str) -> tuple[str | None, str]:
    """Migrate the database at this URL (``sqlite:///path`` or ``postgresql://…``).

    Returns:
        The revision it had (None: it was empty) and the one it has now.
    """
    if url.startswith("sqlite:///"):
        return migrate_sqlite(Path(url.removeprefix("sqlite:///")))
    return await migrate_postgresql(url)
