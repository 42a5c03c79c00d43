"""What `rostra move` does about names: before the hand-over, and when the new host writes."""

from pathlib import Path

import pytest
from tests.harness.knot import ZONE
from tests.hosting.certificates.test_obtain import Host, afloat
from tests.hosting.fence.test_fence import claim_of

from rostra.cli.move_names import Naming
from rostra.hosting.certificates.keep import Folder
from rostra.hosting.fence.state import State
from rostra.hosting.move.target import MUTE, MoveError
from rostra.hosting.naming.model import NamingError
from rostra.store.gates import file_gates

NEW = "192.0.2.7"


async def test_a_host_has_a_certificate_before_and_the_names_after(
    tmp_path: Path,
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with afloat(tmp_path) as at:
        for name, value in Host(tmp_path, at.knot, at.pebble.directory).given.items():
            monkeypatch.setenv(name, value)
        _, egress = file_gates(data_dir)
        egress.close(MUTE)
        naming = Naming(data_dir, (NEW,), certificate=True, pause_s=60)
        await naming.before()
        assert "for 3600 s, longer than the pause of 60 s" in capsys.readouterr().out
        assert Folder(data_dir / "certificate").newest() is not None
        assert at.knot.shows(ZONE, "A") == {"192.0.2.1"}
        # The move is not through: its copy is mute, and leads no names anywhere.
        told = await naming.after()
        assert f"; again by `rostra dns set {NEW} --data {data_dir}`" in told
        assert at.knot.shows(ZONE, "A") == {"192.0.2.1"}
        egress.open()
        state = State(data_dir)
        state.keep(claim_of(7, "new"), opened=False)
        assert "no other copy of it is running" in await naming.after()
        state.keep(claim_of(7, "new"), opened=True)
        at.knot.stop()
        told = await naming.after()
        assert told.startswith("the network is here, and writes, but not all is done:\n  dns.serv")
        assert f"by hand, at your DNS provider: {ZONE} A {NEW}, and no other address" in told
        at.knot.start()
        assert await naming.after() == ""
        assert at.knot.shows(ZONE, "A") == {NEW}
        assert await naming.after() == ""  # again, which changes nothing


async def test_what_can_not_be_done_after_is_told_before(
    tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with afloat(tmp_path) as at:
        for name, value in Host(tmp_path, at.knot, at.pebble.directory).given.items():
            monkeypatch.setenv(name, value)
        at.knot.credentials(tmp_path / "dns.toml", secret="d3Jvbmc=")
        naming = Naming(data_dir, (NEW,), certificate=False, pause_s=60)
        with pytest.raises(MoveError, match=r"dns.credentials(.|\n)*was asked for nothing yet"):
            await naming.before()
        monkeypatch.setenv("ROSTRA_DNS__PROVIDER", "")
        with pytest.raises(MoveError, match=r"dns.provider is not set"):
            await naming.before()
        await Naming(data_dir, (), certificate=False, pause_s=60).before()
    with pytest.raises(NamingError, match="home is no address"):
        Naming(data_dir, ("home",), certificate=False, pause_s=60)
