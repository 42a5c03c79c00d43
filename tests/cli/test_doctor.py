"""What the doctor finds."""

from pathlib import Path

import msgspec
import pytest
from tests.harness.served import free_port

from rostra.app import Ports, build
from rostra.cli import doctor
from rostra.cli.common import Where
from rostra.cli.doctor_screening import screening
from rostra.hosting.certificates.installation import folder_of
from rostra.safety.adapters.model import Circuit
from rostra.safety.screening.house import PackagedModel
from rostra.safety.signals.text_model.signal import load
from rostra.settings import Adapter, Database, Dns, Mail, Push, Screening, Settings, Site
from rostra.store.gates import file_gates
from rostra.store.query import insert
from rostra.store.schema import HEAD
from rostra.store.tables.adapters import adapter_circuits


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
    assert lines["signals"].endswith("account, copies")
    assert list(healthy.data_dir.glob(".commit-probe*")) == []


@pytest.mark.parametrize("there", [True, False])
async def test_the_text_model_is_looked_at_where_it_judges(
    healthy: Settings, tmp_path: Path, *, there: bool
) -> None:
    wanted = msgspec.structs.replace(healthy, screening=Screening(signals=("text_model",)))
    model = PackagedModel() if there else PackagedModel(lambda: load(tmp_path / "none"))
    [finding] = [each async for each in screening(wanted, model)]
    assert finding.state == ("ok" if there else "fail")
    assert ("can't be read" in finding.text) == (not there)


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


async def test_adapters_are_told_as_they_are(healthy: Settings) -> None:
    _, lines = await examine(healthy)
    assert "no post leaves" in lines["adapters"]
    given = {"name": "guard", "form": "moderation", "endpoint": "https://user@api.example"}
    guard = msgspec.convert(given, Adapter)
    worst, lines = await examine(msgspec.structs.replace(healthy, adapters=(guard,)))
    assert worst == "ok"
    assert "guard (moderation at api.example) is new: in 7 days 0 answered" in lines["adapters"]
    private = msgspec.structs.replace(guard, visibilities=("public", "direct"))
    worst, lines = await examine(msgspec.structs.replace(healthy, adapters=(private,)))
    assert worst == "warn"
    assert "posts that are not public (direct)" in lines["adapters"]
    app = build(msgspec.structs.replace(healthy, adapters=(guard,)), Ports(alone=True))
    async with app.services.db.write() as tx:
        circuit = Circuit().failed(app.services.clock.now(), "it answered 500")
        await tx.run(insert(adapter_circuits), adapter="guard", **msgspec.structs.asdict(circuit))
    await app.close()
    worst, lines = await examine(msgspec.structs.replace(healthy, adapters=(guard,)))
    assert worst == "warn"
    assert "is failing" in lines["adapters"]


async def test_names_and_their_certificate(tmp_path: Path, healthy: Settings) -> None:
    assert not {"names", "certificate"} & set((await examine(healthy))[1])
    file = tmp_path / "dns.toml"
    file.write_text('auth_token = "a-long-secret"\n')
    file.chmod(0o600)
    named = msgspec.structs.replace(healthy, dns=Dns(provider="gandi", credentials=file))
    worst, lines = await examine(named)
    assert worst == "ok", lines
    assert "led by gandi" in lines["names"]
    file.chmod(0o644)
    worst, lines = await examine(named)
    assert worst == "fail"
    assert "dns.credentials: others may read" in lines["names"]


async def test_a_certificate_of_which_no_web_server_was_told(healthy: Settings) -> None:
    folder = folder_of(healthy)
    folder.path.mkdir()
    folder.keep("1", "chain", b"key")
    worst, lines = await examine(healthy)
    assert worst == "ok", lines
    assert "no command has told a web server" in lines["certificate"]
    untold = folder.untold()
    assert untold is not None
    untold.unlink()
    assert "certificate" not in (await examine(healthy))[1]
