"""Commands on the test's own data directory and database."""

from pathlib import Path

import pytest
from tests.cli.admin import Admin


@pytest.fixture
def admin(data_dir: Path, database_url: str, capsys: pytest.CaptureFixture[str]) -> Admin:
    if database_url.startswith("postgresql"):
        (data_dir / "rostra.toml").write_text(f'[database]\nurl = "{database_url}"\n')
    return Admin(data_dir, capsys)
