"""`rostra move`: what is refused before anything is done, and the server that it starts."""

import os
import sys
import time
from pathlib import Path

import pytest
from tests.harness.patience import PATIENCE_S
from tests.hosting.providers import places_file

from rostra.cli.move import move
from rostra.cli.starting import Server
from rostra.cli.waiting import ready_mark
from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.move.state import Takes, taking_alone, taking_in
from rostra.hosting.move.target import MoveError


def test_a_second_command_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    places = places_file(tmp_path / "places.toml", tmp_path / "places")
    monkeypatch.setenv("ROSTRA_HOSTING__PLACES", str(places))
    with taking_alone(tmp_path / "new"), pytest.raises(SystemExit):
        move(tmp_path / "new")
    assert "another `rostra move`" in capsys.readouterr().err
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "something").touch()
    with pytest.raises(SystemExit):
        move(tmp_path / "full")
    assert "is not empty" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["something"]


def test_what_does_not_go_together_is_refused_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    places = places_file(tmp_path / "places.toml", tmp_path / "places")
    monkeypatch.setenv("ROSTRA_HOSTING__PLACES", str(places))
    new = tmp_path / "new"
    for refused, given in (
        ("start it afterwards", {"hostile": True, "start": "true"}),
        ("--new-places goes with --hostile", {"new_places": places}),
        ("none.toml", {"hostile": True, "new_places": tmp_path / "none.toml"}),
    ):
        with pytest.raises(SystemExit):
            move(new, **given)
        assert refused in capsys.readouterr().err
    assert not new.exists()


def test_the_key_is_asked_for_again_where_the_keys_came_by_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    places = places_file(tmp_path / "places.toml", tmp_path / "places")
    monkeypatch.setenv("ROSTRA_HOSTING__PLACES", str(places))
    new = tmp_path / "new"
    taking_in(new).change(copy="0000000001-0000000001")
    (new / ark_keys.FOLDER / ark_keys.FILE).touch()  # a command was killed before it wrote them
    with pytest.raises(SystemExit):
        move(new, key=str(tmp_path / "paper.txt"))
    assert "paper.txt can't be read" in capsys.readouterr().err


def test_settings_that_came_along_and_can_not_be_used_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    places = places_file(tmp_path / "places.toml", tmp_path / "places")
    monkeypatch.setenv("ROSTRA_HOSTING__PLACES", str(places))
    new = tmp_path / "new"
    ark_keys.make(new, (ark_keys.new_paper_key()[1],))
    taking_in(new).change(stage=Takes.DONE)
    (new / "rostra.toml").write_text("media = 3\n")
    with pytest.raises(SystemExit):
        move(new, media_first=True)
    assert "media" in capsys.readouterr().err


def test_a_server_that_can_not_be_started_is_noticed(tmp_path: Path) -> None:
    ready_mark(tmp_path).parent.mkdir()
    fails = Server(f"{sys.executable} -c 'raise SystemExit(3)'", tmp_path)
    assert not fails.is_ready()
    fails.start()
    with pytest.raises(MoveError, match="ended with status 3"):
        _wait(fails)
    _renewed(ready_mark(tmp_path))
    assert fails.is_ready()
    assert Server("", tmp_path).is_ready()


def test_no_second_server_is_started_beside_one_that_waits(tmp_path: Path) -> None:
    mark = ready_mark(tmp_path)
    mark.parent.mkdir()
    _renewed(mark)
    fails = Server(f"{sys.executable} -c 'raise SystemExit(3)'", tmp_path)
    fails.start()
    assert fails.is_ready()
    # It was killed: its mark is there, and nobody renews it.
    long_ago = time.time() - 60
    os.utime(mark, (long_ago, long_ago))
    assert not fails.is_ready()
    fails.start()
    with pytest.raises(MoveError, match="ended with status 3"):
        _wait(fails)


def _renewed(mark: Path) -> None:
    """The mark as of a server that goes on renewing it while the test runs."""
    mark.touch()
    later = time.time() + 3_600
    os.utime(mark, (later, later))


def _wait(server: Server) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        assert not server.is_ready()
        time.sleep(0.02)
