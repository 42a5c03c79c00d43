"""The port of the streams of an application in this process."""

import pytest
from tests.harness.app import InProcess
from tests.harness.streams import Harbour


@pytest.fixture
async def harbour(rostra: InProcess) -> Harbour:
    """The open port; the application closes it."""
    return await Harbour.of(rostra)
