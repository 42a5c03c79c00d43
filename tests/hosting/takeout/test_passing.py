"""What holds an export unsealed is gone when it is not used any more, however that came."""

import os
import subprocess
import sys
from pathlib import Path

from tests.harness.patience import PATIENCE_S, wait_for

from rostra.cli.common import FAILED
from rostra.hosting.takeout.passing import passing, swept

HOLDING = """
import sys, time
from pathlib import Path
from rostra.hosting.takeout.passing import passing
with passing(Path(sys.argv[1]), ".held-") as folder:
    (folder / "private.jsonl").touch()
    time.sleep(3_600)
"""


def test_what_is_used_stays_and_what_was_left_goes(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDING, str(tmp_path)]) as running:  # noqa: S603 (our own program)
        try:
            wait_for(lambda: list(tmp_path.glob(".held-*/private.jsonl")))
            (theirs,) = tmp_path.glob(".held-*")
            with passing(tmp_path, ".held-") as ours:
                assert ours != theirs
                assert ours.stat().st_mode & 0o777 == 0o700
                assert theirs.exists()
            assert not ours.exists()
        finally:
            running.kill()
    assert theirs.exists()
    assert swept(tmp_path, ".held-") == 1
    assert list(tmp_path.iterdir()) == []


def test_nothing_else_is_removed(tmp_path: Path) -> None:
    for name in (
        ".held-",
        ".held-0123456789abcdeg",
        ".held-0123456789abcdef0",
        "held-0123456789abcdef",
    ):
        (tmp_path / name).mkdir()
    (tmp_path / ".held-0123456789abcdef").symlink_to(tmp_path / ".held-")
    (tmp_path / ".held-fedcba9876543210").touch()
    assert swept(tmp_path, ".held-") == 0
    assert len(list(tmp_path.iterdir())) == 6


def test_an_import_that_is_ended_leaves_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    os.mkfifo(tmp_path / "network.tar")  # nobody ever writes into it
    words = [sys.executable, "-m", "rostra.cli.main", "import", str(tmp_path / "network.tar")]
    with subprocess.Popen([*words, "--data", str(data)], stderr=subprocess.DEVNULL) as running:  # noqa: S603 (our own program)
        try:
            wait_for(lambda: list(data.glob(".importing-*")))
            running.terminate()
            assert running.wait(PATIENCE_S) == FAILED
        finally:
            running.kill()
    assert list(data.glob(".importing-*")) == []
