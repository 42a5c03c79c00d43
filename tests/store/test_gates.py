"""Both gates, in memory and through files; the latter hold in other processes at once."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rostra.kernel.errors import Unavailable
from rostra.store.gates import EgressGate, FileGate, WriteGate, file_gates, memory_gates

Gates = tuple[WriteGate, EgressGate]


@pytest.fixture(params=["memory", "file"])
def gates(request: pytest.FixtureRequest, tmp_path: Path) -> Gates:
    made: dict[str, Callable[[], Gates]] = {
        "memory": memory_gates,
        "file": lambda: file_gates(tmp_path),
    }
    return made[request.param]()


def test_gates_are_open_at_first(gates: Gates) -> None:
    write, egress = gates
    write.check()
    egress.check("mail")
    assert write.closing() is None
    assert egress.closing() is None


def test_a_closed_write_gate_says_why_and_until_when(gates: Gates) -> None:
    write, egress = gates
    write.close("We are moving.", 120)
    with pytest.raises(Unavailable) as caught:
        write.check()
    assert caught.value.retry_after_s == 120
    assert "We are moving." in caught.value.safe
    assert caught.value.code == "read_only"
    egress.check("mail")
    write.open()
    write.check()


def test_egress_closes_whole_or_by_channel(gates: Gates) -> None:
    _, egress = gates
    egress.close("mail is broken", channel="mail")
    egress.check("push")
    with pytest.raises(Unavailable):
        egress.check("mail")
    egress.close("a copy is mute")
    with pytest.raises(Unavailable, match="a copy is mute") as caught:
        egress.check("push")
    assert caught.value.code == "egress_closed"
    egress.open()
    egress.check("push")
    with pytest.raises(Unavailable):
        egress.check("mail")
    egress.open(channel="mail")
    egress.check("mail")


def test_closing_twice_keeps_the_last_reason(gates: Gates) -> None:
    write, _ = gates
    write.close("first")
    write.close("é" * 5000, 7)
    closing = write.closing()
    assert closing is not None
    assert closing.reason.startswith("éé")
    assert closing.retry_after_s == 7
    write.open()
    write.open()
    assert write.closing() is None


def test_a_file_gate_holds_in_another_process_and_after_a_restart(tmp_path: Path) -> None:
    write, egress = file_gates(tmp_path)
    program = (
        "import sys; from pathlib import Path; from rostra.store.gates import file_gates\n"
        "write, egress = file_gates(Path(sys.argv[1]))\n"
        "assert write.closing() is None\n"
        "write.close('closed by another'); egress.close('mute')\n"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True)  # noqa: S603 (ours)
    closing = write.closing()
    assert closing is not None
    assert closing.reason == "closed by another"
    with pytest.raises(Unavailable):
        egress.check("mail")
    again, _ = file_gates(tmp_path)
    with pytest.raises(Unavailable):
        again.check()


def test_a_damaged_gate_file_means_closed(tmp_path: Path) -> None:
    (tmp_path / "write").write_bytes(b"\x01" + b"{broken" + b"\x00" * 4088)
    gate = FileGate(tmp_path / "write")
    closing = gate.closing()
    assert closing is not None
    gate.release()


def test_a_channel_is_a_plain_word(tmp_path: Path) -> None:
    _, egress = file_gates(tmp_path)
    with pytest.raises(ValueError, match="plain word"):
        egress.check("../escape")
