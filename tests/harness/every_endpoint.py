"""A run of all tests fails when an endpoint gave no good answer to any of them, or only empty ones.

An endpoint that can but answer that there is nothing says so in its declaration (`empty`).

Each process of the run notes what its own tests have heard (`tests.harness.answers`); those of
pytest-xdist hand that to the controlling process when they end. A run of some tests only says
nothing, and neither does one in which a test has failed already.
"""

from collections.abc import Iterable
from typing import Any

import pytest
from tests.harness import answers

from rostra.api.endpoint import Empty, Endpoint, Endpoints

_KEY = "endpoints_exercised"


def is_whole(config: pytest.Config) -> bool:
    """Whether all tests are asked for: no path, no name, no mark, nothing left out."""
    option = config.option
    chosen = (
        option.keyword,
        option.markexpr,
        option.deselect,
        option.ignore,
        option.ignore_glob,
        option.collectonly,
        getattr(option, "lf", False),
    )
    return config.args_source is not pytest.Config.ArgsSource.ARGS and not any(chosen)


class EveryEndpoint:
    """The plugin.

    Args:
        config: of the run.
        endpoints: those that must give a good answer, and something in it where they can.
        streams: names of those that are listened to.
    """

    def __init__(
        self, config: pytest.Config, endpoints: Endpoints, streams: Iterable[str] = ()
    ) -> None:
        self._config = config
        self._endpoints = endpoints
        self._streams = tuple(streams)
        self._exercised: set[str] = set()
        self._filled: set[str] = set()
        self.silent: list[str] = []
        self.hollow: list[str] = []

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what a worker of pytest-xdist has heard."""
        exercised, filled = getattr(node, "workeroutput", {}).get(_KEY, ((), ()))
        self._exercised.update(exercised)
        self._filled.update(filled)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Hand on what was heard, or judge it."""
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[_KEY] = (sorted(answers.exercised), sorted(answers.filled))
        elif is_whole(self._config) and exitstatus == pytest.ExitCode.OK:
            self.judge()
            if self.silent or self.hollow:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def judge(self) -> None:
        """Find the endpoints that no test heard, or heard nothing from."""
        exercised = self._exercised | answers.exercised
        filled = self._filled | answers.filled
        self.silent += [name for name in self._streams if name not in exercised]
        for endpoint in self._endpoints:
            if endpoint.name not in exercised:
                self.silent.append(endpoint.name)
            elif endpoint.name not in filled and not _says_nothing(endpoint):
                self.hollow.append(endpoint.name)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name what is missing."""
        for title, names in (
            ("endpoints that no test got a good answer from", self.silent),
            ("endpoints that gave empty answers alone, and are not declared so", self.hollow),
        ):
            if names:
                terminalreporter.section(title, red=True)
                for name in names:
                    terminalreporter.line(name)


def _says_nothing(endpoint: Endpoint[Any]) -> bool:
    """Whether empty answers are all that can be had."""
    return endpoint.empty or endpoint.answer in {None, Empty}
