"""A running server on each kind of database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.harness.app import InProcess, running

from rostra.outside.mail import NoMailer


@pytest.fixture
async def mailing(data_dir: Path, database_url: str) -> AsyncIterator[InProcess]:
    """A server that sends mail."""
    async with running(data_dir, database_url) as server:
        yield server


@pytest.fixture
async def quiet(data_dir: Path, database_url: str) -> AsyncIterator[InProcess]:
    """A server that sends no mail, so that nobody has to confirm anything."""
    async with running(data_dir, database_url, NoMailer()) as server:
        yield server
