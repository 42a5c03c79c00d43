"""`rostra drill`, as a terminal and the schedule run it: what it says, sends and leaves behind."""

import asyncio
import os
import resource
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from prometheus_client import CollectorRegistry, generate_latest
from tests.cli.test_ark import Program as Here
from tests.harness.app import running
from tests.harness.crowd import Town
from tests.harness.patience import PATIENCE_S
from tests.hosting.ark.afloat import database_in
from tests.hosting.providers import places_file
from tests.pictures import photo

from rostra.cli.doctor_hosting import drills
from rostra.cli.metrics_hosting import DrillFigures
from rostra.hosting.ark import jobs as ark
from rostra.hosting.drill import jobs
from rostra.hosting.drill.model import Signed, read
from rostra.hosting.drill.results import Last, last, remember
from rostra.kernel.clock import HOUR
from rostra.settings import load

# The first test's drill is a process that is traced; those of the others are not, and what is made
# beforehand or refused at once is done in this process: to start the program costs seconds.


class Program:
    """Runs `rostra` in processes of its own."""

    def __init__(self, data_dir: Path, environ: dict[str, str]) -> None:
        self.data_dir = data_dir
        self.environ = environ
        self.paper = data_dir.parent / "paper"

    def __call__(self, *words: str, status: int = 0, around: str = "", most: int = 0) -> str:
        """What it prints, on both; it must end with this status.

        Args:
            words: the command.
            status: with which it must end.
            around: a shell script whose "$@" runs it.
            most: the bytes of the largest file that it may write; 0: any.
        """
        rostra = [sys.executable, "-m", "rostra.cli.main", *words]
        command = ["sh", "-c", around, "sh", *rostra] if around else rostra
        unlimited = resource.RLIM_INFINITY

        def limited() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most or unlimited, unlimited))

        done = subprocess.run(  # noqa: S603 (our own program)
            [*command, "--data", str(self.data_dir)],
            check=False,
            capture_output=True,
            text=True,
            env=self.environ,
            timeout=PATIENCE_S,
            preexec_fn=limited,
        )
        told = done.stdout + done.stderr
        assert done.returncode == status, told
        return told


async def _live(data_dir: Path) -> None:
    """Somebody posts a picture."""
    async with running(data_dir, database_in(data_dir)) as app:
        town = Town(app)
        alice = await town.member("alice")
        picture = await town.picture(alice, photo().jpegsave_buffer())
        await town.post(alice, "Before.", media_ids=[picture["id"]])
        await town.settle()


@pytest.fixture
def here(
    data_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Here:
    """The program in this process, with three places."""
    file = places_file(tmp_path / "places.toml", tmp_path / "places")
    monkeypatch.setenv("ROSTRA_HOSTING_PLACES", str(file))
    return Here(data_dir, capsys)


@pytest.fixture
def rostra(data_dir: Path, here: Here) -> Program:
    """The program, on a small network with a copy at three places."""
    asyncio.run(_live(data_dir))
    program = Program(data_dir, {**os.environ})
    told = here("ark", "init")
    secret = next(line.strip() for line in told.splitlines() if "AGE-SECRET-KEY-1" in line)
    program.paper.write_text(secret)
    here("fence", "claim")
    here("ark", "copy")
    return program


def _left(data_dir: Path) -> list[str]:
    """What lies where drills make their directories."""
    return sorted(path.name for path in (data_dir / "ark").iterdir() if path.is_dir())


def test_a_drill_says_what_it_found_and_keeps_it(rostra: Program, tmp_path: Path) -> None:
    told = rostra("drill", "--key", str(rostra.paper), "--without", "north")
    assert "opened with a key that is not the host's\n" in told
    assert "without north\n" in told
    assert "first answer after (RTO): " in told
    assert "members 1, posts 1, media 2, ledger 0, pieces " in told
    assert told.endswith("green\n") or "\ngreen\n" in told
    assert _left(rostra.data_dir) == []
    known = last(rostra.data_dir)
    assert known.stored == ("south", "west")
    (stored,) = (tmp_path / "places" / "west" / "ark" / "v1" / "drill").iterdir()
    assert read(msgspec.json.decode(stored.read_bytes(), type=Signed)) == known.result
    assert not (tmp_path / "places" / "north" / "ark" / "v1" / "drill").exists()
    assert "the last drill: green, 0.0 h ago" in rostra("ark", "status")
    # What nobody shall believe without having seen it.
    assert "that the paper key opens it is NOT shown" in rostra("drill")


def test_what_can_not_be_drilled_is_told(
    rostra: Program, here: Here, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = here("drill", "--without", "east", status=1)
    assert "there is no place east" in told
    names = ("north", "south", "west")
    every = [word for name in names for word in ("--without", name)]
    assert "no place is left" in here("drill", *every, status=1)
    assert "can't be read" in here("drill", "--key", "/none", status=1)
    with ark.alone(rostra.data_dir, jobs.LOCK, jobs.WHY_BUSY):
        assert "another drill goes on" in rostra("drill", status=jobs.BUSY)
    data_dir = tmp_path / "nothing"
    elsewhere = Here(data_dir, capsys)
    assert "there are no keys of an ark here" in elsewhere("drill", status=1)
    (data_dir / "ark").mkdir(parents=True, exist_ok=True)
    (data_dir / "ark" / "keys.json").write_bytes(b"damaged")
    assert "keys.json can't be read" in elsewhere("drill", status=1)
    # From nothing but the places and the paper key, as on the bad day.
    drilled = Program(data_dir, rostra.environ)("drill", "--key", str(rostra.paper))
    assert "green" in drilled


def test_a_full_disk_is_red_and_named(rostra: Program) -> None:
    assert "File too large" in (told := rostra("drill", status=1, most=200_000))
    assert "RED" in told
    assert _left(rostra.data_dir) == []
    known = last(rostra.data_dir).result
    assert known is not None
    assert not known.green


needs_namespaces = pytest.mark.skipif(
    subprocess.run(["unshare", "-rnm", "true"], check=False, capture_output=True).returncode != 0,  # noqa: S607 (wherever it is)
    reason="this machine lets nobody make namespaces",
)


@needs_namespaces
def test_a_drill_leaves_room_on_the_disk(rostra: Program, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    around = (
        f'exec unshare -rm sh -c \'mount -t tmpfs -o size=64m small {small} && exec "$@"\' sh "$@"'
    )
    told = rostra("drill", "--scratch", str(small), status=1, around=around)
    assert f"here: fetch: no room in {small}: " in told
    assert "64 MiB are free, and 512 MiB must stay free" in told


# A network of its own with one way out, which counts what is sent there; nobody answers.
_ALONE = """
exec unshare -rn sh -ec '
    for which in all default; do echo 1 > /proc/sys/net/ipv6/conf/$which/disable_ipv6; done
    ip link set lo up
    ip link add out type veth peer name far
    ip addr add 192.0.2.1/24 dev out
    ip link set far up
    ip link set out up
    ip route add default dev out
    status=0
    "$@" || status=$?
    grep -E "^ *(lo|out):" /proc/net/dev
    exit $status
' sh "$@"
"""
_FIRST_SENT = 9  # fields of a line in /proc/net/dev: the name, eight received, then sent


def _sent(told: str) -> dict[str, int]:
    """Bytes that were sent, by interface."""
    lines = (line.split() for line in told.splitlines() if line.strip().startswith(("lo:", "out:")))
    return {fields[0].rstrip(":"): int(fields[_FIRST_SENT]) for fields in lines}


@needs_namespaces
def test_a_drill_sends_nothing_to_anybody_but_its_places(rostra: Program) -> None:
    """The places are folders here: so not one byte leaves, nor stays on the loopback."""
    told = rostra("drill", "--key", str(rostra.paper), around=_ALONE)
    assert "green" in told
    assert _sent(told) == {"lo": 0, "out": 0}
    # The same with somebody who does send: what counts does count.
    send = "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('198.51.100.1', 9))"
    done = subprocess.run(  # noqa: S603 (a fixed command)
        ["sh", "-c", _ALONE, "sh", sys.executable, "-c", send],  # noqa: S607 (wherever it is)
        check=True,
        capture_output=True,
        text=True,
    )
    assert _sent(done.stdout)["out"] > 0


def _doctor(data_dir: Path) -> list[tuple[str, str]]:
    async def found() -> list[tuple[str, str]]:
        return [(each.state, each.text) async for each in drills(load(data=data_dir))]

    return asyncio.run(found())


def test_the_doctor_and_the_metrics_know_the_last_drill(
    rostra: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROSTRA_HOSTING_PLACES", rostra.environ["ROSTRA_HOSTING_PLACES"])
    data_dir = rostra.data_dir
    registry = CollectorRegistry()
    registry.register(DrillFigures(data_dir))
    assert generate_latest(registry) == b""
    ((state, text),) = _doctor(data_dir)
    assert (state, text) == (
        "warn",
        "there was no drill yet: whether a copy works is not known",
    )
    rostra("drill")
    ((state, text),) = _doctor(data_dir)
    assert state == "ok"
    assert text.startswith("green, 0.0 h ago: ")
    assert b"rostra_drill_green 1.0\n" in generate_latest(registry)
    known = last(data_dir)
    remember(data_dir, msgspec.structs.replace(known, begun_at=known.begun_at - 49 * HOUR))
    ((state, text),) = _doctor(data_dir)
    assert state == "warn"
    assert text.endswith("the next one is late")
    remember(data_dir, Last(begun_at=known.begun_at, why="it ended without a result, status -9"))
    assert _doctor(data_dir) == [("warn", "red, 0.0 h ago: it ended without a result, status -9")]
    assert b"rostra_drill_green 0.0\n" in generate_latest(registry)
