"""`rostra parties`, and what `rostra doctor` says of them."""

import asyncio
from pathlib import Path

import pytest
from tests.cli.test_ark import Program
from tests.hosting.providers import places_file

from rostra.cli.doctor_parties import parties
from rostra.settings import load

DUTIES = ("host", "dns", "registrar", "certificates")


@pytest.fixture
def rostra(
    data_dir: Path,
    sqlite_template: Path,
    capsys: pytest.CaptureFixture[str],
) -> Program:
    """The program on the test's own data directory."""
    data_dir.mkdir(exist_ok=True)
    (data_dir / "rostra.sqlite3").write_bytes(sqlite_template.read_bytes())
    return Program(data_dir, capsys)


def _doctor(data_dir: Path) -> list[tuple[str, str]]:
    async def look() -> list[tuple[str, str]]:
        settings = load(data=data_dir)
        return [(each.state, each.text) async for each in parties(settings)]

    return asyncio.run(look())


def test_parties_are_noted_rehearsed_and_dropped(rostra: Program, data_dir: Path) -> None:
    told = rostra("parties", "list")
    for duty in DUTIES:
        assert f"{duty} " in told
    assert told.count("nobody is named") == 5
    assert _doctor(data_dir) == [("ok", "nobody is noted: no party has a second")]
    rostra("parties", "set", "dns", "Names Ltd", "--second", "Other", "--by", "ann")
    told = rostra("parties", "list")
    assert "dns           Names Ltd  Other   -          ann       never rehearsed\n" in told
    assert ("warn", "Names (DNS): Names Ltd: never rehearsed") in _doctor(data_dir)
    assert ("warn", "Machine: nobody is named") in _doctor(data_dir)
    rostra("parties", "rehearsed", "dns", "Names Ltd", "--by", "bob")
    assert "bob       ok\n" in rostra("parties", "list")
    rostra("parties", "rehearsed", "dns", "Names Ltd", "--on", "2020-05-31")
    assert "2020-05-31" in rostra("parties", "list")
    assert "which is more than 180" in rostra("parties", "list")
    rostra("parties", "drop", "dns", "Names Ltd")
    assert "Names Ltd" not in rostra("parties", "list")
    assert rostra("parties", "drop", "dns", "Names Ltd", status=1)


def test_what_can_not_be_noted_is_told(rostra: Program) -> None:
    assert "party can't be blank" in rostra("parties", "set", "dns", " ", status=1)
    assert "must be a time that has been" in rostra(
        "parties", "rehearsed", "dns", "x", "--on", "2999-01-01", status=1
    )
    assert "Invalid value" in rostra("parties", "set", "cook", "x", status=2)


def test_what_settings_say_is_known(
    rostra: Program, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = places_file(tmp_path / "places.toml", tmp_path / "places")
    monkeypatch.setenv("ROSTRA_HOSTING_PLACES", str(file))
    monkeypatch.setenv("ROSTRA_HOSTING_PARTY", "North Party")
    assert "it is the host: both are lost at once" in rostra("parties", "list")
    found = {text: state for state, text in _doctor(data_dir)}
    assert found["Copies: south party: never rehearsed"] == "warn"
    assert found["Machine: North Party: there is no second; never rehearsed"] == "warn"
    # Without the fence nothing is written where there are places.
    assert "read-only" in rostra("parties", "set", "dns", "b", status=1)
    monkeypatch.delenv("ROSTRA_HOSTING_PLACES")
    given = [*zip(DUTIES, ("North Party", "b", "c", "d"), strict=True)]
    given += [("store", f"{name} party") for name in ("north", "south", "west")]
    for kind, party in given:
        rostra("parties", "set", kind, party, "--second", "e")
        rostra("parties", "rehearsed", kind, party)
    monkeypatch.setenv("ROSTRA_HOSTING_PLACES", str(file))
    wrong = "Copies: north party: it is the host: both are lost at once"
    assert _doctor(data_dir) == [("warn", wrong)]
    monkeypatch.setenv("ROSTRA_HOSTING_PARTY", "Somebody Else")
    assert _doctor(data_dir) == [("ok", "each has a second, and was rehearsed")]
    file.write_text("nonsense")
    assert "can't be read" in rostra("parties", "list", status=1)
    assert _doctor(data_dir) == []
