"""A town and a foreign site for these tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.harness.app import running
from tests.harness.crowd import Town
from tests.harness.site import foreign_site
from tests.harness.streets import Streets


@pytest.fixture
async def streets(data_dir: Path, database_url: str) -> AsyncIterator[Streets]:
    async with (
        foreign_site() as site,
        running(data_dir, database_url, fetch=site.client()) as rostra,
    ):
        yield Streets(Town(rostra), site)
