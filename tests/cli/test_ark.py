"""`rostra ark` and `rostra fence`, on folders as places and without a server."""

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace
from prometheus_client import generate_latest
from tests.hosting.providers import of_s3, places_file

from rostra.cli.doctor_hosting import copies, fence
from rostra.cli.main import app
from rostra.cli.metrics import LogStanding, registry_of
from rostra.hosting.ark.jobs import alone
from rostra.hosting.ark.log.state import AtPlace, LogState, Standing
from rostra.hosting.ark.media.later import left_in
from rostra.hosting.fence.state import State
from rostra.kernel.clock import SystemClock
from rostra.settings import load
from rostra.store.lease import FileLease


class Program:
    """Runs commands as a terminal would."""

    def __init__(self, data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._data_dir = data_dir
        self._capsys = capsys

    def __call__(self, *words: str, status: int = 0) -> str:
        """What the command prints, on both; it must end with this status."""
        ended = 0
        try:
            app([*words, "--data", str(self._data_dir)], result_action="return_value")
        except SystemExit as told:
            ended = int(told.code or 0)
        assert ended == status, self._capsys.readouterr()
        printed = self._capsys.readouterr()
        return printed.out + printed.err


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of three places, named in the settings."""
    file = places_file(tmp_path / "places.toml", tmp_path / "places")
    monkeypatch.setenv("ROSTRA_HOSTING_PLACES", str(file))
    monkeypatch.setenv("ROSTRA_HOSTING_HOST", "one")
    return file


@pytest.fixture
def rostra(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> Program:
    """The program on the test's own data directory."""
    return Program(data_dir, capsys)


@pytest.mark.usefixtures("places")
def test_places_are_tried_all_or_by_name(rostra: Program) -> None:
    told = rostra("ark", "probe")
    assert told.count("it may hold copies and vote on who writes") == 3
    assert "  ok    race              one of 8 at once wins, 5 times\n" in told
    told = rostra("ark", "probe", "south")
    assert told.startswith("south (south party)\n")
    assert "north" not in told
    assert "there is no place east" in rostra("ark", "probe", "east", status=1)


def test_a_folder_is_no_place_until_it_is_marked(rostra: Program, places: Path) -> None:
    cellar = places.parent / "cellar"
    places.write_text(
        places.read_text() + f'[[place]]\nname = "cellar"\nparty = "x"\nstore = "{cellar}"\n'
        '[[place]]\nname = "cloud"\nparty = "y"\nstore = "s3://bucket"\naccount = "a"\n'
        'credentials = "b"\n'
    )
    assert "cellar is not there, or not marked as a place" in rostra(
        "ark", "probe", "cellar", status=1
    )
    assert "cellar was not marked: No such file" in rostra("ark", "mark", "cellar", status=1)
    cellar.mkdir()
    assert "cellar is marked; note: it lies on the disk of the data" in rostra(
        "ark", "mark", "cellar"
    )
    assert "cellar was marked before" in rostra("ark", "mark", "cellar")
    assert "it may hold copies and vote" in rostra("ark", "probe", "cellar")
    assert "cloud is no folder and needs no mark" in rostra("ark", "mark", "cloud")


def test_what_can_not_be_used_is_told(rostra: Program, places: Path) -> None:
    gone = of_s3("http://127.0.0.1:9")
    places.write_text(
        places.read_text()
        + f'[[place]]\nname = "gone"\nparty = "north party"\nstore = "{gone.store}"\n'
        f'account = "a"\ncredentials = "b"\nendpoint = "{gone.endpoint}"\n'
        '[[place]]\nname = "odd"\nparty = "x"\nstore = "ftp://x"\n'
    )
    told = rostra("ark", "probe", status=1)
    assert "gone (north party)\n  fail  reached" in told
    assert "it can't be used" in told
    assert "odd (x)\n  fail  store" in told
    assert "note: north and gone belong to one party" in told
    places.write_text("nonsense")
    assert "can't be read" in rostra("ark", "probe", status=1)


def test_without_places_there_is_no_fence(rostra: Program) -> None:
    assert "no places are named" in rostra("ark", "probe", status=1)
    assert "there is no fence" in rostra("fence", "status", status=1)


@pytest.mark.usefixtures("places")
def test_the_fence_is_claimed_and_released(rostra: Program, data_dir: Path) -> None:
    told = rostra("fence", "status", status=1)
    assert told.splitlines()[:4] == [
        "north: no epoch",
        "south: no epoch",
        "west: no epoch",
        "nobody holds the fence",
    ]
    assert "does not hold it: it is read-only" in told
    assert "may write" in rostra("fence", "claim")
    told = rostra("fence", "status")
    assert "one holds the fence by epoch 1\n" in told
    assert "this installation holds it and may write, by epoch 1" in told
    assert "one holds the fence, by epoch 1" in rostra("fence", "claim", status=1)
    with State(data_dir).alone():
        assert "holds the fence already" in rostra("fence", "claim", "--over", status=1)
    assert "epoch 1 is released" in rostra("fence", "release")
    assert "does not hold the fence" in rostra("fence", "release", status=1)
    assert "one holds the fence by epoch 1 and has released it" in rostra(
        "fence", "status", status=1
    )
    # What was released is free: nobody has to say `--over`, and nobody waits.
    told = rostra("fence", "claim")
    assert "epoch 2 is claimed" in told
    assert "waiting" not in told


@pytest.mark.usefixtures("places")
def test_where_no_server_runs_a_command_keeps_the_fence_while_it_works(
    rostra: Program, data_dir: Path
) -> None:
    rostra("fence", "claim")
    rostra("ark", "init")
    lease = FileLease(data_dir / "gates" / "lease")
    lease.end()  # as it is soon after the claim, or once the server is stopped
    assert "copy 1-1\n" in rostra("ark", "copy")
    assert lease.holds()
    lease.end()
    with State(data_dir).alone():  # the server, which does not get through to the places
        assert "makes no copies: it has to make sure" in rostra("ark", "copy", status=1)
    rostra("fence", "release")
    assert "makes no copies: it has to make sure" in rostra("ark", "copy", status=1)
    assert not lease.holds()


def test_the_doctor_looks_at_the_fence(
    rostra: Program, places: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def found() -> list[tuple[str, str]]:
        settings = load(data=data_dir)
        return [(each.state, each.text) async for each in fence(settings)]

    assert asyncio.run(found()) == [("warn", "not held: this installation is read-only")]
    rostra("fence", "claim")
    places.write_text(places.read_text().replace("west party", "south party"))
    assert asyncio.run(found()) == [
        ("warn", "south and west belong to one party: they are lost together"),
        ("ok", "held by epoch 1"),
    ]
    places.write_text("nonsense")
    assert [state for state, _ in asyncio.run(found())] == ["fail"]
    monkeypatch.delenv("ROSTRA_HOSTING_PLACES")
    ((state, text),) = asyncio.run(found())
    assert state == "ok"
    assert text.startswith("none")


@pytest.mark.usefixtures("places")
def test_media_may_stay_where_they_are(
    rostra: Program,
    data_dir: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rostra("migrate")
    told = rostra("ark", "init")
    key = tmp_path / "paper"
    key.write_text(next(line for line in told.splitlines() if "AGE-SECRET-KEY-1" in line).strip())
    rostra("fence", "claim")
    medium = Path("media", "aa", "one.webp")
    (data_dir / medium).parent.mkdir(parents=True)
    (data_dir / medium).write_bytes(b"a picture")
    rostra("ark", "copy")
    kinds = (("whole", ()), ("bare", ("--without-media",)), ("later", ("--media-later",)))
    for name, flags in kinds:
        to = tmp_path / name
        told = rostra("ark", "restore", str(to), "--key", str(key), *flags)
        assert "is restored" in told
        assert (to / "rostra.sqlite3").exists()
        assert (to / medium).exists() == (name == "whole")
        assert ("1 media (0.0 MiB) are still at the places" in told) == (name == "later")
        assert left_in(to).count == (name == "later")
    both = ("--without-media", "--media-later")
    assert "can't both be" in rostra("ark", "restore", str(to), *both, status=1)
    monkeypatch.setenv("ROSTRA_MEDIA__STORE", "s3://somewhere/media")
    assert "at a provider" in Program(to, capsys)("ark", "fetch-media", status=1)
    monkeypatch.delenv("ROSTRA_MEDIA__STORE")
    assert "1 media" in Program(to, capsys)("ark", "fetch-media")
    assert (to / medium).read_bytes() == b"a picture"
    monkeypatch.setenv("ROSTRA_MEDIA__STORE", str(tmp_path / "large"))
    to = tmp_path / "moved"
    told = rostra("ark", "restore", str(to), "--key", str(key))
    assert f"media are in {to / 'media'}, and `media.store` is {tmp_path / 'large'}" in told


@pytest.mark.usefixtures("places")
def test_copies_are_made_checked_pruned_and_restored(
    rostra: Program, data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "there is no ark yet" in rostra("ark", "copy", status=1)
    rostra("migrate")
    assert asyncio.run(_found(data_dir)) == [("warn", "there is no copy elsewhere")]
    told = rostra("ark", "init")
    secret = next(line.strip() for line in told.splitlines() if "AGE-SECRET-KEY-1" in line)
    assert "there are keys already" in rostra("ark", "init", status=1)
    assert "may not write" in rostra("ark", "copy", status=1)  # it does not hold the fence yet
    rostra("fence", "claim")
    assert "no copy at north, south, west" in rostra("ark", "status", status=1)
    assert "no copy that is signed" in rostra("ark", "verify", status=1)
    (data_dir / "ledger.key").write_bytes(b"k" * 32)
    told = rostra("ark", "copy")
    assert "copy 1-1\n" in told
    assert told.count(": whole, ") == 3
    assert asyncio.run(_found(data_dir)) == [
        ("ok", "the newest copy is 0.0 h old, at north, south, west"),
        ("warn", "the log was never sent"),
    ]
    assert rostra("ark", "status").count("1 copies, the newest 1-1 of ") == 3
    assert "nothing is wrong" in rostra("ark", "verify")
    assert rostra("ark", "prune") == ""
    with alone(data_dir):
        for command in ("copy", "prune"):
            assert "another process" in rostra("ark", command, status=1)
    (tmp_path / "paper").write_text(f"# from the safe\n{secret}\n")
    to, key = tmp_path / "elsewhere", str(tmp_path / "paper")
    assert "a copy is named as 4-17" in rostra(
        "ark", "restore", str(to), "--key", key, "--copy", "x", status=1
    )
    assert "can't be read" in rostra("ark", "restore", str(to), "--key", "/none", status=1)
    told = rostra("ark", "restore", str(to), "--key", key, "--place", "south")
    assert "is restored, and mute" in told
    assert "the journal has nothing newer than the copy" in told
    assert f"rostra ark replay --data {to}" in told
    elsewhere = Program(to, capsys)
    assert "the journal has nothing newer" in elsewhere("ark", "replay")
    elsewhere("admin", "gate", "open", "write")
    assert "accepts writes" in elsewhere("ark", "replay", status=1)
    assert (to / "ledger.key").read_bytes() == b"k" * 32
    assert "is not empty" in rostra("ark", "restore", str(to), "--key", key, status=1)
    gone = next((tmp_path / "places" / "west" / "ark" / "v1" / "piece").glob("*/*"))
    gone.unlink()
    told = rostra("ark", "verify", status=1)
    assert f"west: piece {gone.name[:16]}… is missing" in told
    assert "1 things are wrong" in told
    assert "nothing is wrong" in rostra("ark", "verify", "north", "south")


@pytest.mark.usefixtures("places")
def test_a_moment_to_restore_is_checked(rostra: Program, tmp_path: Path) -> None:
    (tmp_path / "paper").write_text("no key")
    to, key = str(tmp_path / "elsewhere"), str(tmp_path / "paper")
    told = rostra("ark", "restore", to, "--key", key, "--until", "noon", status=1)
    assert "a time is written as" in told
    told = rostra("ark", "restore", to, "--key", key, "--until", "2026-01-01", status=1)
    assert "no place that answers has such a copy" in told


@pytest.mark.usefixtures("places")
def test_how_the_log_stands_is_told(rostra: Program, data_dir: Path) -> None:
    rostra("migrate")
    rostra("ark", "init")
    rostra("fence", "claim")
    rostra("ark", "copy")
    now = SystemClock().now()
    standing = Standing(
        looked_at=now,
        run="0000000001-0000000001",
        mark="0000000001-0000000007",
        waits_since=now - 90_000,
        waiting_bytes=3 << 20,
        places={"north": AtPlace(7), "south": AtPlace(4, "on fire")},
        why="too few places take it",
        begun_why="there was none",
    )
    LogState(data_dir).tell(standing)
    told = rostra("ark", "status")
    assert "log: 3.0 MiB wait, the oldest for 9" in told
    assert "log: too few places take it\n" in told
    assert "log: south is 3 records behind: on fire\n" in told
    assert "log: it goes on from no copy yet: there was none" in told
    found = asyncio.run(_found(data_dir))
    assert [state for state, _ in found] == ["ok", "warn", "warn", "warn", "warn"]
    assert found[-1][1] == "log: it needs a new copy, because there was none"
    metrics = generate_latest(registry_of(LogStanding(data_dir, SystemClock()))).decode()
    assert "rostra_log_waiting_bytes 3.145728e+06\n" in metrics
    assert 'rostra_log_behind_records{place="south"} 3.0\n' in metrics
    standing = replace(standing, waits_since=0, why="", places={})
    LogState(data_dir).tell(standing)
    assert "log: everything that was written is elsewhere\n" in rostra("ark", "status")


def test_too_few_places_are_told(rostra: Program, places: Path) -> None:
    places.write_text("".join(places.read_text().partition('[[place]]\nname = "west"')[:1]))
    assert "a fence needs 3 places with a vote, and there are 2" in rostra(
        "fence", "status", status=1
    )


async def _found(data_dir: Path) -> list[tuple[str, str]]:
    """What the doctor says of copies."""
    return [(each.state, each.text) async for each in copies(load(data=data_dir))]
