"""A place with members, for tests of moderation."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.harness.neighbours import Place, place_of


@pytest.fixture
async def place(database_url: str, data_dir: Path) -> AsyncIterator[Place]:
    """A place without members, on both databases."""
    async with place_of(data_dir, database_url) as made:
        yield made
