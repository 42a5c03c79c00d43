"""`rostra transparency`, as a terminal runs it."""

import asyncio
import json
from pathlib import Path

import pytest
from tests.harness.neighbours import place_of
from tests.safety.moderating import decide, queue, report, ruling

from rostra.cli.transparency import app
from rostra.safety.decisions.model import ActionKind
from rostra.safety.transparency.validate import faults_of_batch


class Commands:
    """Runs the commands on the test's own data directory."""

    def __init__(self, data_dir: Path, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.data_dir, self._url, self._capsys = data_dir, url, capsys

    def __call__(self, *words: str) -> str:
        app([*words, "--data", str(self.data_dir)], result_action="return_value")
        return self._capsys.readouterr().out

    def refused(self, *words: str) -> str:
        with pytest.raises(SystemExit) as ended:
            app([*words, "--data", str(self.data_dir)], result_action="return_value")
        assert ended.value.code == 1
        return self._capsys.readouterr().err

    def decided(self, count: int) -> None:
        """So many posts are removed."""

        async def work() -> None:
            async with place_of(self.data_dir, self._url) as place:
                ann, bob = await place.members("ann", "bob")
                for _ in range(count):
                    post = await bob.post("an insult")
                    await report(ann, bob, post["id"])
                    (case,) = await queue(place)
                    await decide(place, [case.id], ruling(ActionKind.REMOVE))

        asyncio.run(work())


@pytest.fixture
def rostra(data_dir: Path, database_url: str, capsys: pytest.CaptureFixture[str]) -> Commands:
    if database_url.startswith("postgresql"):
        (data_dir / "rostra.toml").write_text(f'[database]\nurl = "{database_url}"\n')
    return Commands(data_dir, database_url, capsys)


def test_statements_are_written_in_batches(rostra: Commands, tmp_path: Path) -> None:
    rostra.decided(3)
    into = tmp_path / "out"
    told = rostra(
        "statements", "--into", str(into), "--since", "2027-01-01", "--until", "2027-01-31"
    )
    assert told == "3 statements of 2027-01-01/2027-01-31 in 1 files\n"
    (file,) = into.iterdir()
    payload = json.loads(file.read_text())
    assert faults_of_batch(payload) == {}
    assert len(payload["statements"]) == 3
    assert rostra("statements", "--into", str(into)).startswith("0 statements")


def test_days_that_are_none(rostra: Commands, tmp_path: Path) -> None:
    where = ("--into", str(tmp_path))
    assert "2026-01-31" in rostra.refused("statements", *where, "--since", "soon")
    bounds = ("--since", "2027-01-02", "--until", "2027-01-01")
    assert "before" in rostra.refused("statements", *where, *bounds)


def test_the_report_of_a_half_year(rostra: Commands, tmp_path: Path) -> None:
    rostra.decided(1)
    assert "0 decisions" in rostra("report", "--into", str(tmp_path / "none"))
    refused = rostra.refused("report", "--into", str(tmp_path), "--period", "2001-H1")
    assert "there is no report '2001-H1'" in refused
    assert len(list((tmp_path / "none").iterdir())) == 9


def test_the_evidence_pack_is_one_file_that_needs_nothing(rostra: Commands, tmp_path: Path) -> None:
    rostra.decided(2)
    file = tmp_path / "pack.html"
    # The clock of the command is today's, that of the decisions the test's: nothing falls in it.
    assert "0 decisions" in rostra("pack", str(file))
    text = file.read_text()
    for foreign in ("<script", "http://", "https://", "@import", "url("):
        assert foreign not in text
    assert "certified" not in text.lower()
    assert "Take It Down" in text


def test_what_is_asked_for_and_missing(rostra: Commands) -> None:
    rostra.decided(1)
    assert "are missing" in rostra.refused("readiness")
