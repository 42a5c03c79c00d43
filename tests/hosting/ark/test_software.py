"""The software in a copy: wheels made of what is installed, which install where no registry is."""

import base64
import hashlib
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

from rostra.hosting.ark.software import FILE, keep_software, write_software
from rostra.hosting.ark.sources import other_files
from rostra.hosting.ark.wheels import fingerprint, installed, write_wheel

SMALL = "msgspec"  # with a compiled module
LEAF = "nh3"  # needs nothing else


def test_a_wheel_is_what_was_installed(tmp_path: Path) -> None:
    made = write_wheel(distribution(SMALL), tmp_path)
    path = tmp_path / made.file
    assert made.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert made.line == f"{SMALL}=={made.version} --hash=sha256:{made.sha256}"
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        (record,) = [name for name in names if name.endswith(".dist-info/RECORD")]
        lines = archive.read(record).decode().splitlines()
        assert sorted(line.split(",")[0] for line in lines) == sorted(names)
        for line in lines:
            name, digest, _ = line.split(",")
            if name != record:
                found = base64.urlsafe_b64encode(hashlib.sha256(archive.read(name)).digest())
                assert digest == f"sha256={found.rstrip(b'=').decode()}"
        archive.extractall(tmp_path / "out")  # noqa: S202 (made above)
    # It runs from there alone.
    program = f"import sys; sys.path = [{str(tmp_path / 'out')!r}, *sys.path]; import {SMALL} as m"
    program += "; print(m.__file__, m.json.encode([1]).decode())"
    told = _python("-I", "-S", "-c", program)
    assert told.strip() == f"{tmp_path / 'out' / SMALL / '__init__.py'} [1]"


def test_all_that_rostra_needs_is_there_and_nothing_that_only_its_tests_do() -> None:
    names = {each.name.lower() for each in installed()}
    assert {"rostra", "apsw", "granian", "msgspec", "starlette", "cryptography"} <= names
    assert not {"pytest", "mypy", "ruff", "hypothesis"} & names


def test_the_program_itself_is_a_wheel_from_its_source(tmp_path: Path) -> None:
    made = write_wheel(distribution("rostra"), tmp_path)
    assert made.file == f"rostra-{made.version}-py3-none-any.whl"
    with zipfile.ZipFile(tmp_path / made.file) as archive:
        names = set(archive.namelist())
    assert len(names) == len(list(names))
    assert "rostra/cli/main.py" in names
    assert any(name.startswith("rostra/web/templates/") for name in names)
    assert any(name.endswith(".dist-info/entry_points.txt") for name in names)
    assert not any("__pycache__" in name or name.endswith(".pth") for name in names)


def test_the_same_software_is_the_same_archive(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    for name in ("one", "two"):
        (wheel,) = write_software(tmp_path / name / FILE, LEAF)
    assert (tmp_path / "one" / FILE).read_bytes() == (tmp_path / "two" / FILE).read_bytes()
    with tarfile.open(tmp_path / "one" / FILE) as archive:
        names = archive.getnames()
        lock = archive.extractfile("software/requirements.txt")
        assert lock is not None
        assert lock.read().decode() == f"{wheel.line}\n"
    assert names == ["software/README", f"software/{wheel.file}", "software/requirements.txt"]
    assert [path.name for path in (tmp_path / "one").iterdir()] == [FILE]


def test_it_is_made_once_and_goes_with_the_copies(data_dir: Path) -> None:
    (data_dir / "ark").mkdir()
    assert keep_software(data_dir, LEAF)
    assert data_dir / FILE in other_files(data_dir, data_dir / "rostra.sqlite3")
    assert not keep_software(data_dir, LEAF)
    (data_dir / "ark" / "software").write_text("of another version")
    assert keep_software(data_dir, LEAF)
    assert fingerprint(LEAF) != fingerprint("structlog")


def test_what_fails_keeps_no_copy_from_being_made(tmp_path: Path) -> None:
    assert not keep_software(tmp_path, "no-such-distribution")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_it_installs_where_no_registry_is(tmp_path: Path) -> None:
    write_software(tmp_path / FILE)
    with tarfile.open(tmp_path / FILE) as archive:
        archive.extractall(tmp_path, filter="data")
    _python("-m", "venv", str(tmp_path / "venv"))
    python, wheels = str(tmp_path / "venv" / "bin" / "python"), str(tmp_path / "software")
    lock = str(tmp_path / "software" / "requirements.txt")
    pip = ("-m", "pip", "install", "-q", "--no-index", "--find-links", wheels)
    _python(*pip, "--require-hashes", "-r", lock, python=python)
    told = _python("-I", "-c", "import rostra.app; print(rostra.app.__file__)", python=python)
    assert told.startswith(str(tmp_path / "venv"))
    done = subprocess.run(  # noqa: S603 (our own program)
        [str(tmp_path / "venv" / "bin" / "rostra"), "demo", "--help"],
        capture_output=True,
        check=True,
        text=True,
    )
    assert "demo" in done.stdout


def _python(*arguments: str, python: str = sys.executable) -> str:
    done = subprocess.run(  # noqa: S603 (our own program)
        [python, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
