"""The house that most of these tests ask."""

from pathlib import Path

import pytest
from tests.http.house import make

from rostra.http.dispatcher import Dispatcher


@pytest.fixture
def app(tmp_path: Path) -> Dispatcher:
    return make(tmp_path)
