"""`rostra certificate`, as a person or a timer runs it."""

import sys
from pathlib import Path

import pytest
from cyclopts import App
from tests.cli.admin import Admin
from tests.harness.knot import ZONE
from tests.hosting.certificates.test_obtain import Host, afloat

from rostra.cli.certificate import certificate
from rostra.store.gates import file_gates


def test_a_certificate_is_made_once_and_loaded(
    tmp_path: Path,
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = App()
    app.default(certificate)
    program = Admin(data_dir, capsys, app)
    with afloat(tmp_path) as at:
        given = {
            **Host(tmp_path, at.knot, at.pebble.directory).given,
            "ROSTRA_DATA_DIR": str(data_dir),
        }
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        loaded = tmp_path / "loaded"
        then = f"{sys.executable} -c \"open('{loaded}', 'x')\""
        _, egress = file_gates(data_dir)
        egress.close("restored from a copy")
        assert "asks for no certificate" in program.refused("--then", then)
        assert not loaded.exists()
        egress.open()
        told = program("--then", then)
        assert f"asked for, for {ZONE}\n" in told
        assert "/certificate/current is valid until " in told
        assert loaded.exists()
        told = program("--then", then)  # which would fail: the file is there
        assert told.count("\n") == 1
        # Where it fails, it is run again until the web server has been told.
        assert "ended with 1" in program.refused("--now", "--then", then)
        assert "ended with 1" in program.refused("--then", then)
        nobody = program.refused("--then", str(tmp_path / "nobody"))
        assert "can't be run: No such file or directory; --then is run again" in nobody
        assert "--then: No closing quotation" in program.refused("--then", "it's")
        loaded.unlink()
        assert program("--then", then).count("\n") == 1
        assert loaded.exists()
        assert program("--then", then).count("\n") == 1
    monkeypatch.setenv("ROSTRA_DATA_DIR", str(tmp_path / "none"))
    with pytest.raises(SystemExit):
        app(["--now"])
    assert "set `certificate.folder`" in capsys.readouterr().err
