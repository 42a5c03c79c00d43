"""A place for these tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.harness.neighbours import Place, place_of


@pytest.fixture
async def place(data_dir: Path, database_url: str) -> AsyncIterator[Place]:
    async with place_of(data_dir, database_url) as running:
        yield running
