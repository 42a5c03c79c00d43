"""`rostra migrate`: bring the database to the newest schema."""

import asyncio
import os

from rostra.cli.common import Where, say, settings_of, stop
from rostra.store.migrate import migrate as migrate_database
from rostra.store.schema import failures


def migrate(*, where: Where | None = None) -> None:
    """Bring the database to the newest schema. `rostra serve` does it by itself.

    Safe to repeat and to interrupt: all steps run in one transaction.
    """
    settings = settings_of(where)
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        os.umask(0o077)
        before, after = asyncio.run(migrate_database(settings.database_url))
    except failures() as error:
        stop(f"the database can't be migrated: {error}\n  `rostra doctor` looks for the cause.")
    if before == after:
        say(f"database: schema {after}, nothing to do")
    else:
        say(f"database: schema {before or '(empty)'} -> {after}")
