"""`rostra rules`: rules are checked where they lie."""

from pathlib import Path

import pytest

from rostra.cli.rules import app

LINKS = '''"""Newcomers who post links."""
when(author.age_days < 7, length(post.links) > 0)
hold(category="spam", within="12h", message="It waits for a look.")
catches("https://shop.example/x", author.age_days == 1)
spares("no link", author.age_days == 1)
'''


def test_rules_are_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, wrong = tmp_path / "good.rule", tmp_path / "wrong.rule"
    good.write_text(LINKS)
    wrong.write_text(LINKS.replace("age_days < 7", "age_day < 7").replace("12h", "12"))
    app(["check", str(good)], result_action="return_value")
    told = capsys.readouterr().out
    assert "2 examples hold; needs author.age_days, post.links; does: hold (spam 12h)" in told
    with pytest.raises(SystemExit) as ended:
        app(["check", str(good), str(wrong)], result_action="return_value")
    assert ended.value.code == 1
    told = capsys.readouterr().out
    assert f"{wrong}:2:6: there is no feature author.age_day; author.age_days may be meant" in told
    assert f"{wrong}:3:30: a length of time is written" in told
    with pytest.raises(SystemExit):
        app(["check", str(tmp_path / "none.rule")], result_action="return_value")
    assert "No such file" in capsys.readouterr().err
