"""What an installation keeps of its claim is worth nothing in a copy, and dealt with by one."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests.hosting.fence.test_fence import claim_of
from tests.hosting.providers import places_file

from rostra.hosting.fence.fence import FenceError
from rostra.hosting.fence.installation import lease_of
from rostra.hosting.fence.machine import Machine
from rostra.hosting.fence.state import CLAIM, FOLDER, State
from rostra.settings import Hosting, Settings
from rostra.store.lease import FileLease, MachineTime, Term

CLAIM_AT = f"{FOLDER}/{CLAIM}"
HOUR_NS = 3_600 * 10**9


def test_a_claim_is_kept_opened_and_dropped(tmp_path: Path) -> None:
    state, mine = State(tmp_path), claim_of(7, "one")
    assert state.kept() is None
    state.keep(mine, opened=False)
    kept = State(tmp_path).kept()
    assert kept is not None
    assert (kept.mine, kept.opened) == (mine, False)
    state.keep(mine, opened=True)
    state.wish()
    assert state.is_wished()
    state.drop()
    state.drop()
    assert (state.kept(), state.is_wished()) == (None, False)


def test_a_copy_of_the_data_holds_nothing(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    State(one).keep(claim_of(7, "one"), opened=True)
    lease = FileLease(one / "gates" / "lease")
    clock = MachineTime()
    lease.extend(Term(7, clock.boot() + HOUR_NS, clock.wall() + HOUR_NS))
    shutil.copytree(one, two)
    assert FileLease(two / "gates" / "lease").holds()  # what a copy brings along
    hosting = Hosting(places=places_file(tmp_path.with_suffix(".toml"), tmp_path))
    copied = lease_of(Settings(data_dir=two, hosting=hosting))
    assert copied is not None
    assert not copied.holds()
    assert State(two).kept() is None
    own = lease_of(Settings(data_dir=one, hosting=hosting))
    assert own is not None
    assert own.holds()


def test_a_copy_that_names_no_places_may_not_write_either(tmp_path: Path) -> None:
    assert lease_of(Settings(data_dir=tmp_path)) is None
    State(tmp_path).keep(claim_of(7, "one"), opened=True)
    lease = lease_of(Settings(data_dir=tmp_path))
    assert lease is not None
    assert not lease.holds()


def test_a_claim_of_before_the_start_of_the_machine_is_another_thing(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.keep(claim_of(7, "one"), opened=True)
    path = tmp_path / "gates" / "claim"
    given = msgspec.json.decode(path.read_bytes())
    path.write_bytes(msgspec.json.encode({**given, "run": "another"}))
    assert state.kept() is None
    former = state.former()
    assert former is not None
    assert former.claim.epoch == 7
    path.write_bytes(msgspec.json.encode({**given, "run": "another", "opened": False}))
    assert state.former() is not None  # it was killed while it waited
    path.write_bytes(
        msgspec.json.encode({**given, "run": "another", "opened": False, "given": True})
    )
    assert state.former() is None


@pytest.fixture
def volume() -> Iterator[Path]:
    """A folder on another file system than that of temporary folders."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        yield Path(folder)


def test_a_copy_on_another_volume_holds_nothing(tmp_path: Path, volume: Path) -> None:
    """A number of a folder is worth nothing there: the root of each volume has the same one."""
    claim = tmp_path / "gates" / "claim"
    state = State(tmp_path)
    state.keep(claim_of(7, "one"), opened=True)
    other = State(volume)
    other.keep(claim_of(8, "two"), opened=True)
    here, there = (msgspec.json.decode(each.read_bytes()) for each in (claim, volume / CLAIM_AT))
    assert here["run"] != there["run"]
    # Mounted where the other one was, in another container: the same path, and the same number.
    claim.write_bytes(msgspec.json.encode({**here, "run": there["run"]}))
    assert state.kept() is None
    assert state.former() is not None  # of two, the places let one go on


def test_a_claim_names_machine_path_and_volume(tmp_path: Path, volume: Path) -> None:
    (tmp_path / "id").write_text("3d1219c7\n")
    (tmp_path / "other").write_text("8a5513e0\n")
    one, other = Machine(id=tmp_path / "id"), Machine(id=tmp_path / "other")
    assert one.bound(tmp_path) == one.bound(tmp_path) != other.bound(tmp_path)
    before = one.bound(volume)
    state = State(volume, one)
    state.keep(claim_of(7, "one"), opened=True)
    assert State(volume, other).kept() is None
    assert State(volume, other).former() is None
    moved = volume.rename(volume.with_name(f"{volume.name}-moved"))
    try:
        assert moved.stat().st_ino
        assert one.bound(moved) != before
        assert State(moved, one).kept() is None
    finally:
        moved.rename(volume)
    assert State(volume, one).kept() is not None


def test_a_claim_of_an_older_version_is_gone_on_with_by_the_next_epoch(tmp_path: Path) -> None:
    """As after a start of the machine: of two copies that it has kept alike one gets it."""
    state, machine = State(tmp_path), Machine()
    state.keep(claim_of(7, "one"), opened=True)
    path = tmp_path / CLAIM_AT
    older = {
        **msgspec.json.decode(path.read_bytes()),
        "bound": machine.bound_before(tmp_path),
        "run": machine.boot_id.read_text().strip(),
    }
    path.write_bytes(msgspec.json.encode(older))
    assert state.kept() is None
    former = state.former()
    assert former is not None
    assert former.claim.epoch == 7
    path.write_bytes(msgspec.json.encode({**older, "bound": "of another directory"}))
    assert state.former() is None


@pytest.mark.parametrize("content", [None, "", "uninitialized\n"])
def test_nothing_is_claimed_that_could_not_be_told_from_a_copy(
    content: str | None, tmp_path: Path
) -> None:
    """The root of a volume, and a machine without a name, as in many containers."""
    name = tmp_path / "machine-id"
    if content is not None:
        name.write_text(content)
    machine, root = Machine(id=name), Path("/proc")  # is the root of a file system everywhere
    for refused in (State(root, machine).check, State(root / "../proc", machine).check):
        with pytest.raises(FenceError, match=r"nothing tells /proc from a copy.*machine-id of its"):
            refused()
    with pytest.raises(FenceError, match="nothing tells"):
        State(root, machine).keep(claim_of(7, "one"), opened=True)
    State(root).check()
    State(tmp_path, machine).check()
    name.write_text("3d1219c7c4c5404aaa1f6d2a48adfda4\n")
    State(root, machine).check()


def test_a_claim_that_can_not_be_read_was_not_given_up(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.keep(claim_of(7, "one"), opened=True)
    (tmp_path / "gates" / "claim").write_bytes(b"{")
    with pytest.raises(OSError, match="is damaged"):
        state.kept()


def test_a_wish_is_gone_only_when_what_became_of_it_is_kept(tmp_path: Path) -> None:
    state = State(tmp_path)
    (tmp_path / "gates" / "claim" / "in the way").mkdir(parents=True)
    state.wish()
    with pytest.raises(OSError, match="directory"):
        state.keep(claim_of(1, "one"), opened=False)
    assert state.is_wished()


def test_one_process_at_a_time_deals_with_it(tmp_path: Path) -> None:
    with State(tmp_path).alone() as first, State(tmp_path).alone() as second:
        assert (first, second) == (True, False)
    with State(tmp_path).alone() as again:
        assert again


def test_a_lease_holds_in_other_processes_and_ends_by_either_clock(tmp_path: Path) -> None:
    clock = MachineTime()
    lease = FileLease(tmp_path / "lease")
    code = (
        "import sys; from pathlib import Path; from rostra.store.lease import FileLease\n"
        "lease = FileLease(Path(sys.argv[1]))\n"
        "for line in sys.stdin: print(lease.holds(), lease.term().epoch, flush=True)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "lease")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe) as other:  # noqa: S603 (our own program)

        def ask() -> str:
            print(file=other.stdin, flush=True)
            return str(next(iter(other.stdout or ()))).strip()

        assert ask() == "False 0"
        far = HOUR_NS
        lease.extend(Term(3, clock.boot() + far, clock.wall() + far))
        assert ask() == "True 3"
        lease.extend(Term(3, clock.boot() + far, clock.wall() - 1))
        assert ask() == "False 3"
        lease.extend(Term(3, clock.boot() - 1, clock.wall() + far))
        assert ask() == "False 3"
        lease.end()
        assert ask() == "False 0"
        other.terminate()
    lease.release()


@pytest.mark.parametrize("opened", [False, True])
def test_only_a_claim_that_was_opened_has_a_lease(tmp_path: Path, *, opened: bool) -> None:
    State(tmp_path).keep(claim_of(7, "one"), opened=opened)
    clock = MachineTime()
    written = FileLease(tmp_path / "gates" / "lease")
    written.extend(Term(7, clock.boot() + HOUR_NS, clock.wall() + HOUR_NS))
    hosting = Hosting(places=places_file(tmp_path.with_suffix(".toml"), tmp_path))
    lease = lease_of(Settings(data_dir=tmp_path, hosting=hosting))
    assert lease is not None
    assert lease.holds() is opened
