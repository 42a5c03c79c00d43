"""A server and two members, for what clients take for granted."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.harness.app import InProcess, running
from tests.harness.crowd import Member, Town
from tests.harness.streams import Harbour

from rostra.outside.mail import NoMailer


@pytest.fixture
async def rostra(data_dir: Path, database_url: str) -> AsyncIterator[InProcess]:
    """A server that sends no mail: who signs up is in."""
    async with running(data_dir, database_url, NoMailer()) as server:
        yield server


@pytest.fixture
async def ada(town: Town) -> Member:
    """A member."""
    return await town.member("ada")


@pytest.fixture
async def ben(town: Town) -> Member:
    """Another."""
    return await town.member("ben")


@pytest.fixture
async def harbour(rostra: InProcess) -> Harbour:
    """The open port of the streams; the application closes it."""
    return await Harbour.of(rostra)
