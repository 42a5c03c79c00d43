"""The commands of `rostra admin` and others, as a terminal runs them."""

from pathlib import Path

import pytest
from cyclopts import App

from rostra.cli.admin import app


class Admin:
    """Runs commands as a terminal would, on the test's own data directory."""

    def __init__(
        self, data_dir: Path, capsys: pytest.CaptureFixture[str], program: App = app
    ) -> None:
        self._data_dir = data_dir
        self._capsys = capsys
        self._app = program

    def __call__(self, *words: str) -> str:
        """What the command prints; it must succeed."""
        self._run(*words)
        return self._capsys.readouterr().out

    def refused(self, *words: str) -> str:
        """What the command says when it ends with status 1."""
        self._fail(*words)
        return self._capsys.readouterr().err

    def stopped(self, *words: str) -> str:
        """What the command prints before it ends with status 1."""
        self._fail(*words)
        return self._capsys.readouterr().out.strip()

    def _fail(self, *words: str) -> None:
        with pytest.raises(SystemExit) as ended:
            self._run(*words)
        assert ended.value.code == 1

    def _run(self, *words: str) -> None:
        self._app([*words, "--data", str(self._data_dir)], result_action="return_value")
