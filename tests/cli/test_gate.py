"""`rostra admin gate`, beside a running server and without a database."""

from pathlib import Path

import pytest
from tests.cli.admin import Admin
from tests.harness.app import running
from tests.harness.crowd import Town

from rostra.kernel.errors import Unavailable
from rostra.store.gates import file_gates, jobs_gate


@pytest.fixture
def admin(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> Admin:
    """No database is there, and none is made."""
    return Admin(data_dir, capsys)


def test_a_gate_is_closed_told_of_and_opened(admin: Admin, data_dir: Path) -> None:
    assert admin("gate", "status") == "write: open\negress: open\njobs: open\n"
    said = admin("gate", "close", "write", "--message", " We are\n moving. ", "--wait", "90")
    assert said == "write: closed (We are moving.; ask again after 90 s)\n"
    write, egress = file_gates(data_dir)
    with pytest.raises(Unavailable) as refused:
        write.check()
    assert refused.value.retry_after_s == 90
    egress.check("mail")
    admin.refused("gate", "status")
    assert admin("gate", "open", "write") == "write: open\n"
    write.check()
    admin("gate", "status")
    assert not (data_dir / "rostra.sqlite3").exists()


def test_what_goes_out_is_stopped_as_a_whole_or_in_part(admin: Admin, data_dir: Path) -> None:
    _, egress = file_gates(data_dir)
    admin("gate", "close", "egress", "--channel", "mail", "--message", "The relay is full")
    egress.check("fetch")
    with pytest.raises(Unavailable):
        egress.check("mail")
    admin("gate", "close", "egress", "--message", "A copy is mute")
    admin("gate", "open", "egress", "--channel", "mail")
    with pytest.raises(Unavailable):
        egress.check("fetch")
    admin("gate", "open", "egress")
    egress.check("mail")
    assert "egress mail: open" in admin("gate", "status")


def test_jobs_are_stopped_by_themselves(admin: Admin, data_dir: Path) -> None:
    jobs = jobs_gate(data_dir)
    said = admin("gate", "close", "jobs", "--message", "The disk is slow")
    assert said == "jobs: closed (The disk is slow; ask again after 60 s)\n"
    assert jobs.closing() is not None
    admin.refused("gate", "status")
    assert admin("gate", "open", "jobs") == "jobs: open\n"
    assert jobs.closing() is None


def test_what_makes_no_sense_is_told(admin: Admin, data_dir: Path) -> None:
    assert "say why" in admin.refused("gate", "close", "write", "--message", " ")
    for wait in ("0", "-1", "86401"):
        said = admin.refused("gate", "close", "write", "--message", "x", "--wait", wait)
        assert "from 1 to 86400" in said
    no_part = ("--message", "x", "--channel", "mail")
    assert "each other gate is one" in admin.refused("gate", "close", "write", *no_part)
    outside = ("--message", "x", "--channel", "../write")
    assert "plain word" in admin.refused("gate", "close", "egress", *outside)
    assert admin("gate", "status") == "write: open\negress: open\njobs: open\n"
    nowhere = Admin(data_dir / "none", admin._capsys)  # noqa: SLF001 (the same terminal)
    assert "no data directory" in nowhere.refused("gate", "status")


async def test_a_running_server_hears_of_it_at_once(
    admin: Admin, data_dir: Path, database_url: str
) -> None:
    async with running(data_dir, database_url) as rostra:
        town = Town(rostra)
        ann = await town.member("ann")
        admin("gate", "close", "write", "--message", "We are moving", "--wait", "17")
        answer = await ann.client.post("/api/v1/statuses", json={"status": "x"})
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "17"
        assert "We are moving" in answer.json()["error"]
        admin("gate", "open", "write")
        await town.post(ann)
