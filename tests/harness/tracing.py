"""What of a run is traced for coverage: the tests that lines are about, and nothing over again.

To trace makes a test twice as slow, what is set up for it as well, and the processes that it starts
three times. A test marked ``untraced`` is not traced from its first fixture to its last: the same
lines are reached by others, or its work is done elsewhere.
"""

import os
from collections.abc import Generator
from typing import Any

import pytest
from tests.harness.answers import SWEEPS

# Tests that ask everything for anything, that look at what processes of ours show, or that ask the
# same of each of thousands: a line that only they reach is no line that a test is about.
UNTRACED = (*SWEEPS, "tests/browser/", "tests/clients/", "tests/store/test_plans.py")

# Tests of what processes of ours do: only for these are the processes traced that a test starts. In
# all others it would be for lines that are reached in this process.
OF_PROCESSES = ("tests/cli/", "tests/http/", "tests/kernel/", "tests/outside/", "tests/store/")
_ENVIRON = "COVERAGE_PROCESS_CONFIG"
_given = os.environ.get(_ENVIRON)


def is_traced(item: pytest.Item) -> bool:
    """Whether a test is traced, where anything is."""
    return item.get_closest_marker("untraced") is None


class Tracing:
    """The plugin: pauses the measuring of coverage, and that of processes.

    Args:
        config: of the run.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._paused = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Mark what is not traced by where it stands."""
        for item in items:
            if item.nodeid.startswith(UNTRACED):
                item.add_marker("untraced")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, Any, Any]:
        """Trace a test with its fixtures, or neither; from one to the next it stays as it was."""
        traced = is_traced(item)
        self._trace(traced=traced)
        if _given and traced and item.nodeid.startswith(OF_PROCESSES):
            os.environ[_ENVIRON] = _given
        else:
            os.environ.pop(_ENVIRON, None)
        found = yield
        if nextitem is None:
            self._trace(traced=True)  # as whoever ends the measuring expects it
        return found

    def _trace(self, *, traced: bool) -> None:
        control = getattr(self._config.pluginmanager.getplugin("_cov"), "cov_controller", None)
        if control is None or traced is not self._paused:
            return
        if traced:
            control.resume()
        else:
            control.pause()
        self._paused = not traced
