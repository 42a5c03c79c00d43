"""`rostra rules`: rules that this place keeps are listed, shown, added, changed and switched."""

from pathlib import Path

import pytest
from tests.cli.admin import Admin
from tests.safety.rules.keeping import LINKS, MORE_LINKS

from rostra.cli.rules import app


@pytest.fixture
def rules(admin: Admin, data_dir: Path, capsys: pytest.CaptureFixture[str]) -> Admin:
    del admin  # has written the settings of the database
    return Admin(data_dir, capsys, app)


def test_a_rule_lives(rules: Admin, tmp_path: Path) -> None:
    file = tmp_path / "links.rule"
    file.write_text(LINKS)
    told = rules("add", "links", str(file), "--reason", "Spam in July")
    assert told.strip() == (
        "links is kept, and off; `rostra rules try` and shadow show what it catches"
    )
    assert "links  off    1" in rules("list")
    assert rules("show", "links").strip() == LINKS.strip()
    switch = ("switch", "links", "live", "--reason", "It is right")
    assert "never in shadow" in rules.refused(*switch)
    assert "kept as a try-out of the rule links" in rules("try", str(file), "--since", "1d")
    assert "never in shadow: try it first" in rules.refused(*switch)
    assert "reason" in rules.refused("switch", "links", "shadow", "--reason", " ")
    assert rules("switch", "links", "shadow", "--reason", "To see").strip() == (
        "links: version 1, shadow"
    )
    assert rules(*switch).strip() == "links: version 1, live"
    file.write_text(MORE_LINKS)
    changed = rules("change", "links", str(file), "--reason", "One is enough")
    assert changed.strip() == "links: version 2, shadow"
    assert rules("show", "links", "--version", "1").strip() == LINKS.strip()
    rules("bound", "links", "--most-an-hour", "9", "--jump", "0", "--reason", "A small place")
    log = rules("log", "links")
    assert [line.split()[4] for line in log.splitlines()[1:]] == [
        "bounded",
        "changed",
        "switched",
        "switched",
        "added",
    ]
    assert "operator  Spam in July" in log
    assert rules("log").splitlines()[1:] == log.splitlines()[1:]


def test_what_is_wrong_with_a_file_is_told_at_its_spot(rules: Admin, tmp_path: Path) -> None:
    file = tmp_path / "wrong.rule"
    file.write_text(LINKS.replace("post.links", "post.link"))
    told = rules.stopped("add", "links", str(file), "--reason", "x")
    spot = f"{file}:2:13: there is no feature post.link; post.links may be meant"
    assert told == spot
    assert "there is no rule" in rules.refused("show", "links")
    good = tmp_path / "good.rule"
    good.write_text(LINKS)
    rules("add", "links", str(good), "--reason", "x")
    assert rules.stopped("change", "links", str(file), "--reason", "x") == spot
    assert "No such file" in rules.refused("add", "other", str(tmp_path / "no"), "--reason", "x")
