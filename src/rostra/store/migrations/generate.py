"""For developers: write the next migration step by comparing the tables with the last step.

    uv run python -m rostra.store.migrations.generate "add the polls"

The steps so far are run on an empty file by the bundled SQLite, for Python's own may be too old for
them. The difference to the tables becomes the new step, to be read and, for full-text indexes,
completed by hand. ``HEAD`` in ``store/schema.py`` must be raised with it.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import BigInteger, create_engine
from sqlalchemy.pool import NullPool

from rostra.store.migrate import MIGRATIONS, steps_sql
from rostra.store.sqlite import connect
from rostra.store.tables import metadata


def _render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    if kind == "type" and isinstance(item, BigInteger):
        return "Int"
    return False


def _ours(_object: Any, name: str | None, kind: str, *_: Any) -> bool:
    return kind != "table" or name in metadata.tables


def difference(file: Path) -> str:
    """The code that leads from the steps so far to the tables, worked out in an empty file."""
    with connect(file) as made:
        made.execute(steps_sql("sqlite", None))
    made.close()
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "target_metadata": metadata,
                "include_object": _ours,
                "render_item": _render_item,
                "compare_type": False,
                "sqlalchemy_module_prefix": "sa.",
                "alembic_module_prefix": "op.",
                "user_module_prefix": None,
                "render_as_batch": False,
            },
        )
        changes = produce_migrations(context, metadata).upgrade_ops
        assert changes is not None  # noqa: S101 (only empty for scripts without one)
        return render_python_code(changes, migration_context=context, render_item=_render_item)


def main() -> None:
    """Write the file and say its name."""
    directory = ScriptDirectory(str(MIGRATIONS))
    before = directory.get_current_head()
    with TemporaryDirectory() as folder:
        code = difference(Path(folder) / "steps.sqlite3")
    number = f"{int(before or '0') + 1:04}"
    step = directory.generate_revision(
        number,
        sys.argv[1],
        head=before or "base",
        upgrades=code,
    )
    print(step.path if step else "nothing written")  # noqa: T201 (a developer's command)


if __name__ == "__main__":
    main()
