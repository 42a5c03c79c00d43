"""`rostra dns`, as a person runs it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.cli.admin import Admin
from tests.harness.knot import ZONE, Knot
from tests.hosting.ark.test_jobs import hold
from tests.hosting.fence.test_fence import claim_of
from tests.hosting.naming.named import environ
from tests.hosting.providers import places_file

from rostra.cli.dns import app
from rostra.hosting.fence.installation import fence_of
from rostra.hosting.fence.keeper import SystemTime
from rostra.hosting.fence.state import State
from rostra.settings import load
from rostra.store.gates import file_gates
from rostra.store.lease import MemoryLease


@pytest.fixture
def knot(tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Knot]:
    """A name server, which the environment names."""
    with Knot(tmp_path / "knot") as knot:
        given = environ(tmp_path, knot, ROSTRA_DATA_DIR=str(data_dir))
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        yield knot


@pytest.fixture
def program(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> Admin:
    """The command."""
    return Admin(data_dir, capsys, app)


def test_names_are_shown_tried_and_led(knot: Knot, program: Admin) -> None:
    told = program("show")
    assert f"{knot.at}: {ZONE} A 192.0.2.1, kept for 3600 s\n" in told
    assert f"{knot.at}: {ZONE} AAAA 2001:db8::1, kept for 3600 s\n" in told
    assert "takes changes" in program("probe", "--pause", "7200")
    told = program("set", "192.0.2.7", "2001:db8::7")
    assert told.endswith(f"{ZONE}: 192.0.2.7, 2001:db8::7\n")
    assert knot.shows(ZONE, "A") == {"192.0.2.7"}
    assert "address" in program.refused("set", "home")


def test_a_mute_copy_leads_no_names_unless_a_person_says_so(
    knot: Knot, program: Admin, data_dir: Path
) -> None:
    file_gates(data_dir)[1].close("restored from a copy")
    told = program.refused("set", "192.0.2.7")
    assert "restored from a copy: this copy changes no names" in told
    assert "takes changes" not in program.refused("probe")
    assert "192.0.2.1" in program("show")  # which asks, and changes nothing
    assert knot.shows(ZONE, "A") == {"192.0.2.1"}
    program("set", "192.0.2.7", "--although-mute")
    assert knot.shows(ZONE, "A") == {"192.0.2.7"}


def test_a_host_that_lost_the_fence_leads_no_names(
    knot: Knot, program: Admin, data_dir: Path
) -> None:
    """Its gates stand open, as they did when it was the one."""
    file_gates(data_dir)
    state = State(data_dir)
    state.keep(claim_of(7, "one"), opened=True)
    program("set", "192.0.2.7")  # no server runs, and it is the one that would
    state.drop()
    told = program.refused("set", "192.0.2.8")
    assert "no other copy of it is running: this copy changes no names" in told
    state.keep(claim_of(8, "one"), opened=False)
    assert "changes no names" in program.refused("set", "192.0.2.8")
    assert knot.shows(ZONE, "A") == {"192.0.2.7"}
    program("set", "192.0.2.8", "--although-mute")
    assert knot.shows(ZONE, "A") == {"192.0.2.8"}


def test_a_host_whose_fence_was_taken_while_no_server_ran_leads_no_names(
    knot: Knot, program: Admin, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it keeps of its claim says nothing of that; the places do."""
    places = places_file(tmp_path / "places.toml", tmp_path / "places")
    monkeypatch.setenv("ROSTRA_HOSTING__PLACES", str(places))
    settings = load(data=data_dir)
    asyncio.run(hold(settings))
    program("set", "192.0.2.7")
    other = replace(settings, hosting=replace(settings.hosting, host="the other"))
    fence = fence_of(other, MemoryLease(SystemTime()))
    asyncio.run(fence.claim(over=True))
    told = program.refused("set", "192.0.2.8")
    assert "the other has taken the fence: this copy changes no names" in told
    assert knot.shows(ZONE, "A") == {"192.0.2.7"}
    program("set", "192.0.2.8", "--although-mute")
    assert knot.shows(ZONE, "A") == {"192.0.2.8"}


def test_what_is_missing_is_said(
    knot: Knot, program: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    knot.stop()
    assert "it does not answer" in program.stopped("show")
    assert "dns.servers: no name server of community.example answers" in program.refused(
        "set", "192.0.2.7"
    )
    monkeypatch.setenv("ROSTRA_DNS__PROVIDER", "")
    assert "dns.provider is not set" in program.refused("show")
