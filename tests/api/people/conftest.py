"""A running server that sends no mail, on each kind of database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.harness.app import InProcess, running

from rostra.outside.mail import NoMailer


@pytest.fixture
async def rostra(data_dir: Path, database_url: str) -> AsyncIterator[InProcess]:
    """The server."""
    async with running(data_dir, database_url, NoMailer()) as server:
        yield server
