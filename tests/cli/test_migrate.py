"""`rostra migrate`, as operators run it before a server starts."""

import os
import subprocess
import sys
from pathlib import Path

from tests.harness.patience import PATIENCE_S

from rostra.store.schema import HEAD


def _migrate(data: Path, url: str) -> str:
    """What the command prints; it must succeed."""
    # Without a URL in the settings, SQLite is the file of the data directory.
    given = {"ROSTRA_DATABASE__URL": url} if url.startswith("postgresql") else {}
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-m", "rostra.cli.main", "migrate", "--data", str(data)],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_schema_is_made_once(data_dir: Path, empty_database_url: str) -> None:
    assert f"schema (empty) -> {HEAD}" in _migrate(data_dir, empty_database_url)
    assert f"schema {HEAD}, nothing to do" in _migrate(data_dir, empty_database_url)
