"""What the doctor finds."""

from pathlib import Path

import msgspec
import pytest
from tests.harness.served import free_port

from rostra.cli import doctor
from rostra.cli.common import Where
from rostra.settings import Database, Mail, Push, Settings, Site
from rostra.store.gates import file_gates
from rostra.store.schema import HEAD


async def examine(settings: Settings) -> tuple[str, dict[str, str]]:
    """The worst state, and the lines by what they are about."""
    lines: list[str] = []
    worst = await doctor.report(settings, lines.append)
    return worst, {line[5:17].strip(): line for line in lines if line[:5].strip()}


@pytest.fixture
def healthy(data_dir: Path, database_url: str) -> Settings:
    data_dir.mkdir(exist_ok=True)
    data_dir.chmod(0o700)
    return Settings(data_dir=data_dir, database=Database(url=database_url))


async def test_a_healthy_server(healthy: Settings) -> None:
    worst, lines = await examine(healthy)
    assert worst == "ok", lines
    assert f"schema {HEAD}" in lines["database"]
    assert "works" in lines["pictures"]
    assert list(healthy.data_dir.glob(".commit-probe*")) == []


async def test_what_is_not_there_yet(tmp_path: Path) -> None:
    worst, lines = await examine(Settings(data_dir=tmp_path / "a" / "b"))
    assert worst == "warn"
    assert "does not exist yet" in lines["data"]
    assert "no schema yet" in lines["database"]


async def test_a_database_that_is_down(healthy: Settings) -> None:
    down = Database(url=f"postgresql://nobody@127.0.0.1:{free_port()}/x")
    worst, lines = await examine(msgspec.structs.replace(healthy, database=down))
    assert worst == "fail"
    assert "can't be reached" in lines["database"]


async def test_open_doors_and_closed_gates(healthy: Settings) -> None:
    healthy.data_dir.chmod(0o755)
    write, egress = file_gates(healthy.data_dir)
    write.close("moving house")
    egress.close("a drill")
    bare = msgspec.structs.replace(healthy, site=Site(base_url="http://social.example"))
    worst, lines = await examine(bare)
    assert worst == "warn"
    assert "other users" in lines["data"]
    assert "not encrypted" in lines["address"]
    assert "a drill" in lines["gates"] or "moving house" in lines["gates"]
    write.open()
    egress.open()
    egress.close("the relay is full", channel="mail")
    _, lines = await examine(bare)
    assert "no mail leaves: the relay is full" in lines["gates"]


@pytest.mark.parametrize("tls", ["none", "implicit"])
async def test_mail_that_does_not_answer(healthy: Settings, tls: str) -> None:
    given = msgspec.convert(
        {"host": "127.0.0.1", "port": free_port(), "timeout_s": 1.0, "tls": tls}, Mail
    )
    worst, lines = await examine(msgspec.structs.replace(healthy, mail=given))
    assert worst == "fail"
    assert "127.0.0.1" in lines["mail"]


@pytest.mark.parametrize(
    ("networks", "worst", "says"),
    [
        ((), "ok", "public services alone"),
        (("10.20.0.7/32", "fd00::7/128"), "ok", "10.20.0.7/32, fd00::7/128"),
        (("10.20.0.7/32", "10.0.0.0/8"), "warn", "10.0.0.0/8"),
    ],
)
async def test_networks_that_push_messages_may_go_to(
    healthy: Settings, networks: tuple[str, ...], worst: str, says: str
) -> None:
    found, lines = await examine(
        msgspec.structs.replace(healthy, push=Push(allowed_networks=networks))
    )
    assert (found, says in lines["push"]) == (worst, True)


async def test_pictures_that_cannot_be_made(healthy: Settings) -> None:
    images = msgspec.structs.replace(healthy.images, deadline_s=0.000001)
    worst, lines = await examine(msgspec.structs.replace(healthy, images=images))
    assert worst == "fail"
    assert "does not work" in lines["pictures"]


def test_the_exit_status_tells(data_dir: Path, sqlite_template: Path) -> None:
    data_dir.mkdir(exist_ok=True)
    (data_dir / "rostra.sqlite3").write_bytes(sqlite_template.read_bytes())
    with pytest.raises(SystemExit) as ended:
        doctor.doctor(where=Where(data=data_dir))
    assert ended.value.code == 0
