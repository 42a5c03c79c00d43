"""`rostra admin archive`, as an operator types it."""

import subprocess
import sys
from pathlib import Path

import apsw
import pytest
from tests.cli.admin import Admin
from tests.harness.patience import wait_for
from tests.network.portability.brought import ELSEWHERE, note, outbox, zipped
from tests.pictures import photo

PROGRAM = [sys.executable, "-m", "rostra.cli.main"]


def test_a_members_archive_comes_in(admin: Admin, tmp_path: Path) -> None:
    admin("create", "ann")
    shown = [{"url": "/media_attachments/a.png", "name": "A net"}]
    files = {
        "outbox.json": outbox(
            note(1),
            note(2, attachment=shown),
            note(30, to=[], cc=[]),
            *(note(40 + number, published="x") for number in range(25)),
        ),
        "media_attachments/a.png": bytes(photo(32, 24).pngsave_buffer()),
    }
    path = str(zipped(tmp_path / "archive.zip", files))
    said = admin("archive", "import", "ann", path, "--dry-run").splitlines()
    assert said[:3] == [
        "to bring in: 2 posts with 1 files, 2019-05-01 to 2019-05-01",
        "left out: 1 direct posts, and posts that nobody else could see",
        "left out: 25 that can't be brought in:",
    ]
    assert said[3] == "  outbox.json, item 4: published is no time: 'x'"
    assert said[-2:] == ["  and 5 more", "nothing was written"]
    assert "brought in: 2 posts with 1 files" in admin("archive", "import", "ann", path)
    again = admin("archive", "import", "ann", path)
    assert "to bring in: 0 posts with 0 files\n" in again
    assert "left out: 2 here already" in again


def test_what_is_refused(admin: Admin, tmp_path: Path) -> None:
    admin("create", "ann")
    path = tmp_path / "archive.zip"
    assert "No such file" in admin.refused("archive", "import", "ann", str(path))
    zipped(path, {"outbox.json": outbox(note(1))})
    assert "there is no account 'bob'" in admin.refused("archive", "import", "bob", str(path))
    admin("delete", "ann", "--yes")
    assert "there is no account" in admin.refused("archive", "import", "ann", str(path))
    zipped(path, {"actor.json": ELSEWHERE.encode()})
    admin("create", "eve")
    assert "outbox.json is not in" in admin.refused("archive", "import", "eve", str(path))


def test_killed_in_the_middle_it_goes_on(
    sqlite_url: str, data_dir: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    admin = Admin(data_dir, capsys)
    admin("create", "ann")
    listed = [note(number, f"No. {number}") for number in range(600)]
    path = str(zipped(tmp_path / "archive.zip", {"outbox.json": outbox(*listed)}))
    words = [*PROGRAM, "admin", "archive", "import", "ann", path, "--data", str(data_dir)]
    database = sqlite_url.removeprefix("sqlite:///")
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as running:  # noqa: S603 (our own program)
        wait_for(lambda: _posts(database) >= 40, 0.01)
        running.kill()
    half = _posts(database)
    assert 40 <= half < 600
    said = admin("archive", "import", "ann", path)
    assert f"brought in: {600 - half} posts" in said
    assert f"left out: {half} here already" in said
    assert _posts(database) == _posts(database, "post_origins") == 600


def _posts(database: str, table: str = "posts") -> int:
    connection = apsw.Connection(database, flags=apsw.SQLITE_OPEN_READONLY)
    try:
        count = connection.execute(f"SELECT count(*) FROM {table}").get  # noqa: S608 (names of our own)
    finally:
        connection.close()
    assert isinstance(count, int)
    return count
