"""`rostra lists`: lists are made, filled, tried, written to files and read from them."""

from pathlib import Path

import pytest
from tests.cli.admin import Admin

from rostra.cli.lists import app


@pytest.fixture
def lists(admin: Admin, data_dir: Path, capsys: pytest.CaptureFixture[str]) -> Admin:
    del admin  # has written the settings of the database
    return Admin(data_dir, capsys, app)


def test_a_list_lives(lists: Admin, tmp_path: Path) -> None:
    told = lists("make", "threats", "phrases", "violence", "--score", "80", "--note", "Seen here")
    assert told.strip() == "threats is made; `rostra lists add threats` fills it"
    added = lists("add", "threats", "K!ll you", "shoot*", "--reason", "In July")
    assert added.strip() == "threats: 2 added, 0 there already, 0 removed"
    assert "threats  phrases  violence  80     on     2" in lists("list")
    shown = lists("show", "threats", "--most", "1")
    assert shown.startswith("threats: phrases, violence 80, on. Seen here")
    assert "In July" in shown
    assert "1 more; `rostra lists export threats` writes all of them" in shown
    found = lists("test", "I will k i l l you").splitlines()[1].split()
    assert (found[0], found[-1]) == ("threats", "7-18")
    assert lists("export", "threats") == "kill you\nshoot*\n"
    file = tmp_path / "more.csv"
    file.write_text(lists("export", "threats", "--csv") + "hang them,heard,2100-01-01\n")
    assert "3 added, 0 there already, 2 removed" in lists(
        "import", "threats", str(file), "--replace"
    )
    assert "2100-01-01" in lists("show", "threats")
    assert "0 added, 0 there already, 1 removed" in lists("remove", "threats", "hang them")
    assert lists("switch", "threats", "off").strip() == "threats is off"
    assert len(lists("test", "kill you").splitlines()) == 1
    assert lists("score", "threats", "hate", "30").strip() == "threats: hate 30"
    assert lists("drop", "threats").strip() == "threats is gone"


def test_what_is_wrong_is_told(lists: Admin, tmp_path: Path) -> None:
    assert "there is no list 'threats'" in lists.refused("show", "threats")
    assert "harm" in lists.refused("make", "threats", "phrases", "fun")
    lists("make", "threats", "patterns", "violence")
    file = tmp_path / "wrong.txt"
    file.write_text("k[i1]ll\n\n(a+)+b\n")
    told = lists.refused("import", "threats", str(file))
    assert "line_3_entry is refused: a repeat stands in a repeat" in told
    table = tmp_path / "wrong.csv"
    table.write_text(f"entry\n{'x' * 140_000}\n")
    assert "line 2 is no line of a table" in lists.refused("import", "threats", str(table))
    assert "No such file" in lists.refused("import", "threats", str(tmp_path / "no"))
    assert "none of these" in lists.refused("remove", "threats", "nothing")
    large = tmp_path / "large.txt"
    with large.open("wb") as opened:
        opened.truncate((20 << 20) + 1)
    assert "larger than 20 MB" in lists.refused("import", "threats", str(large))
