"""The child that reads pictures has no way out: tried from inside, with and without the jail."""

import struct
import subprocess
import sys
from pathlib import Path

import pytest
from tests import pictures
from tests.harness.patience import PATIENCE_S

from rostra.outside.images import jail
from rostra.outside.images.workers import ImageWorkers
from rostra.settings import Images, Settings

# Tries everything from a thread that was there before the jail, and from one that comes after.
PRISONER = """
import ctypes, os, signal, socket, subprocess, sys, threading
from rostra.outside.images import jail

FILE, OTHER = sys.argv[2], int(sys.argv[3])
WAYS = {
    "read": lambda: open(FILE).close(),
    "write": lambda: open(FILE + ".new", "w").close(),
    "remove": lambda: os.unlink(FILE + ".old"),
    "rename": lambda: os.rename(FILE + ".a", FILE + ".b"),
    "folder": lambda: os.mkdir(FILE + ".folder"),
    "mode": lambda: os.chmod(FILE, 0o600),
    "tcp": lambda: socket.socket().close(),
    "udp": lambda: socket.socket(type=socket.SOCK_DGRAM).close(),
    "unix": lambda: socket.socket(socket.AF_UNIX).close(),
    "program": lambda: subprocess.run(["/bin/true"], check=True),
    "kill": lambda: os.kill(OTHER, signal.SIGCONT),
    "handle": lambda: os.close(os.pidfd_open(OTHER)),
    "ring": lambda: rings(),
}

def rings():
    kernel = ctypes.CDLL(None, use_errno=True)
    if kernel.syscall(425, 1, ctypes.create_string_buffer(256)) < 0 and ctypes.get_errno() == 1:
        raise OSError("refused")

def escapes():
    for name, way in WAYS.items():
        try:
            way()
        except OSError:
            continue
        sys.stdout.write(name + "\\n")

begin = threading.Event()
early = threading.Thread(target=lambda: (begin.wait(), escapes()))
early.start()
entered = sys.argv[1] == "jail" and jail.enter()
sys.stdout.write(f"entered {entered}\\n")
begin.set()
early.join()
for name in ("old", "a"):
    if sys.argv[1] != "jail":
        open(FILE + "." + name, "w").close()
late = threading.Thread(target=escapes)
if sys.argv[1] != "jail":
    os.rmdir(FILE + ".folder")
late.start()
late.join()
sum(bytearray(50_000_000))  # memory and time are still to be had
sys.stdout.write("done\\n")
"""


def tried(tmp_path: Path, how: str) -> list[str]:
    file = tmp_path / "secret"
    for name in ("secret", "secret.old", "secret.a"):
        (tmp_path / name).write_text("words")
    other = subprocess.Popen(["/bin/sleep", "600"])
    try:
        done = subprocess.run(  # noqa: S603 (our own script)
            [sys.executable, "-c", PRISONER, how, str(file), str(other.pid)],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
    finally:
        other.kill()
        other.wait()
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such a jail")
def test_there_is_no_way_out(tmp_path: Path) -> None:
    said = tried(tmp_path, "jail")
    assert said == ["entered True", "done"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret", "secret.a", "secret.old"]


def test_without_it_every_way_is_open(tmp_path: Path) -> None:
    """So that the test above can't pass because a way leads nowhere anyhow."""
    said = tried(tmp_path, "free")
    assert said[0] == "entered False"
    assert len(said) == 2 + 2 * 13


@pytest.mark.parametrize("sandbox", [True, False])
async def test_the_child_says_whether_it_is_barred(*, sandbox: bool) -> None:
    pool = ImageWorkers(Settings(images=Images(sandbox=sandbox)))
    try:
        await pool.avatar(bytes(pictures.photo(64, 64).pngsave_buffer()))
        assert pool.barred is sandbox
    finally:
        await pool.close()


@pytest.mark.parametrize("machine", jail._MACHINES.values(), ids=jail._MACHINES.keys())  # noqa: SLF001 (no way to have two processors here)
def test_the_filter_refuses_what_is_listed_and_nothing_else(machine: jail._Machine) -> None:
    """Run as the kernel would, for the processors that this machine has not."""
    code = jail.program(machine)
    refused = {number for number in range(700) if _run(code, machine.name, number) == 0x0005_0001}
    assert refused == set(machine.calls)
    assert _run(code, machine.name, 0x4000_0000 | 999) == 0x0005_0001
    for number in (0, 1, 9, 999):
        assert _run(code, 0x4000_0003, number) == 0x0005_0001  # the calls of 32 bits


def _run(code: bytes, machine: int, number: int) -> int:
    """What a filter of the kind that `jail` writes returns."""
    steps = list(struct.iter_unpack("=HBBI", code))
    at = held = 0
    while True:
        kind, then, other, value = steps[at]
        if kind == 0x06:
            return int(value)
        if kind == 0x20:
            held = (number, machine)[value // 4]
            at += 1
        else:
            holds = held == value if kind == 0x15 else held >= value
            at += 1 + (then if holds else other)


def test_a_processor_that_is_not_known_is_left_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert jail.enter() is False
