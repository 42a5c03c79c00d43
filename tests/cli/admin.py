"""The commands of `rostra admin`, as a terminal runs them."""

from pathlib import Path

import pytest

from rostra.cli.admin import app


class Admin:
    """Runs commands as a terminal would, on the test's own data directory."""

    def __init__(self, data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._data_dir = data_dir
        self._capsys = capsys

    def __call__(self, *words: str) -> str:
        """What the command prints; it must succeed."""
        app([*words, "--data", str(self._data_dir)], result_action="return_value")
        return self._capsys.readouterr().out

    def refused(self, *words: str) -> str:
        """What the command says when it ends with status 1."""
        with pytest.raises(SystemExit) as ended:
            app([*words, "--data", str(self._data_dir)], result_action="return_value")
        assert ended.value.code == 1
        return self._capsys.readouterr().err
