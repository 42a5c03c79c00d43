"""Places for these tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.api.trends.street import Street
from tests.harness.app import running
from tests.harness.neighbours import Place, place_of
from tests.harness.site import foreign_site


@pytest.fixture
async def place(data_dir: Path, database_url: str) -> AsyncIterator[Place]:
    async with place_of(data_dir, database_url) as running:
        yield running


@pytest.fixture
async def street(data_dir: Path, database_url: str) -> AsyncIterator[Street]:
    async with (
        foreign_site() as site,
        running(data_dir, database_url, fetch=site.client()) as app,
    ):
        made = Street(app)
        made.site = site
        yield made
