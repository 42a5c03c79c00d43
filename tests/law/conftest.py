"""A town whose members post links, for the laws that hold for them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.harness.neighbours import Place, place_of
from tests.harness.streets import Streets, streets_of


@pytest.fixture
async def streets(data_dir: Path, database_url: str) -> AsyncIterator[Streets]:
    async with streets_of(data_dir, database_url) as made:
        yield made


@pytest.fixture
async def place(data_dir: Path, database_url: str) -> AsyncIterator[Place]:
    """A place without members, on both databases."""
    async with place_of(data_dir, database_url) as running:
        yield running
