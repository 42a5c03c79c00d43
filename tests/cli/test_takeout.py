"""`rostra export` and `rostra import`, as an operator types them."""

import asyncio
from pathlib import Path

import pyrage
import pytest
from tests.cli.test_ark import Program
from tests.harness.app import running
from tests.harness.crowd import Town
from tests.hosting.takeout.exported import lived_in


@pytest.fixture
def rostra(sqlite_url: str, data_dir: Path, capsys: pytest.CaptureFixture[str]) -> Program:
    """The program on a small network that somebody has lived in."""

    async def live() -> None:
        async with running(data_dir, sqlite_url) as place:
            await lived_in(Town(place))

    asyncio.run(live())
    return Program(data_dir, capsys)


def test_out_and_in(rostra: Program, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = rostra("export", str(tmp_path / "plain"))
    assert "rows of 16" in told
    assert "SECRET" in told
    elsewhere = Program(tmp_path / "elsewhere", capsys)
    told = elsewhere("import", str(tmp_path / "plain"))
    assert "every hash is right" in told
    assert "2 media" in told
    assert "is in " in told
    assert "and mute" in told
    assert "fence claim" not in told
    assert "there already" in elsewhere("import", str(tmp_path / "plain"), status=1)
    assert "accepts no writes" not in elsewhere("admin", "gate", "open", "write")
    assert "there already" in rostra("export", str(tmp_path / "plain"), status=1)
    assert "No such file" in elsewhere("import", str(tmp_path / "none"), status=1)


def test_sealed_and_without_media(
    rostra: Program,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secret = pyrage.x25519.Identity.generate()
    (tmp_path / "paper").write_text(f"{secret}\n")
    to = str(tmp_path / "network.tar.age")
    told = rostra("export", to, "--no-media", "--recipient", str(secret.to_public()))
    assert "NOT in it" in told
    assert "SECRET" not in told
    elsewhere = Program(tmp_path / "elsewhere", capsys)
    assert "--key" in elsewhere("import", to, status=1)
    monkeypatch.setenv("ROSTRA_HOSTING_PLACES", str(tmp_path / "places.toml"))
    (tmp_path / "places.toml").write_text("")
    told = elsewhere("import", to, "--key", str(tmp_path / "paper"))
    assert "2 media are named and are NOT in the store" in told
    assert "rostra fence claim" in told


def test_in_the_open(rostra: Program, tmp_path: Path) -> None:
    told = rostra("export", "--open", str(tmp_path / "open"))
    assert "3 actors, 3 notes, 1 announces, 2 follows, 1 likes, 1 media" in told
    assert "private" not in told
    told = rostra("export", "--open", "--private", str(tmp_path / "private.tar"))
    assert "5 notes" in told
    assert "in private, unsealed" in told
    assert "there already" in rostra("export", "--open", str(tmp_path / "open"), status=1)
    (tmp_path / "file").touch()
    told = rostra("export", "--open", str(tmp_path / "file" / "x"), status=1)
    assert "exists" in told or "directory" in told
