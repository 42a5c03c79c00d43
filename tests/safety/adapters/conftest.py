"""A program elsewhere, and places that ask it."""

from collections.abc import AsyncIterator

import pytest
from tests.safety.adapters.elsewhere import Elsewhere, elsewhere


@pytest.fixture
async def service() -> AsyncIterator[Elsewhere]:
    """A program elsewhere that listens."""
    async with elsewhere() as running:
        yield running
