"""`rostra banks`, on a database that no server has open."""

import random
from pathlib import Path

import pytest
from tests.cli.admin import Admin
from tests.pictures import photo, waves

from rostra.cli.banks import app
from rostra.safety.banks.csv_form import HEADS


@pytest.fixture
def banks(data_dir: Path, database_url: str, capsys: pytest.CaptureFixture[str]) -> Admin:
    """Its commands on a database of the test's own."""
    if database_url.startswith("postgresql"):
        (data_dir / "rostra.toml").write_text(f'[database]\nurl = "{database_url}"\n')
    return Admin(data_dir, capsys, app)


def test_a_file_is_added_and_met(banks: Admin, tmp_path: Path) -> None:
    known, copy = tmp_path / "known.png", tmp_path / "copy.jpg"
    for path in (known, copy):
        path.write_bytes(waves(1, 220, 160).write_to_buffer(path.suffix))
    other = tmp_path / "other.txt"
    other.write_text("no picture")
    assert "bank own is made" in banks("make", "own", "--category", "hate", "--wish", "hold")
    added = banks("add", "own", str(known), "--reason", "seen in May").splitlines()
    assert [line.split()[1] for line in added] == ["pdq", "sha256"]
    assert "already there" in banks("add", "own", str(known))
    met = banks("match", str(copy))
    assert f"own: hash {added[0].split()[0]}" in met
    assert added[1].split()[0] not in met
    assert "it meets nothing" in banks("match", str(other))
    shown = banks("show", "own")
    for word in ("hate", "hold", "seen in May", added[0].split()[2]):
        assert word in shown
    banks("switch", "own", added[0].split()[0], "--no-on", "--reason", "wrong")
    assert "it meets nothing" in banks("match", str(copy))
    banks("switch", "own", added[0].split()[0])
    assert "own: hash" in banks("match", str(copy))
    banks("switch", "own", "--no-on")
    assert "off" in banks("list")
    assert "it meets nothing" in banks("match", str(copy))
    assert "0 uploads wait" in banks("look-back", "own")
    banks("remove", "own", added[0].split()[0])
    assert "there is no hash" in banks.refused("remove", "own", added[0].split()[0])
    banks("remove", "own")
    assert "there is no bank" in banks.refused("show", "own")


def test_lists_come_in_and_go_out_the_same(banks: Admin, tmp_path: Path) -> None:
    chance = random.Random(6)  # noqa: S311 (the same in every run)
    lines = [",".join(HEADS)]
    lines += [f"pdq,{chance.randbytes(32).hex()},x,POSITIVE_CLASS,tag{at}" for at in range(2_500)]
    lines.append(f"sha256,{chance.randbytes(32).hex()},x,POSITIVE_CLASS,a file")
    listed, out, again = (tmp_path / name for name in ("in.csv", "out.csv", "again.csv"))
    listed.write_text("\n".join([*lines, "url,https://example.org,x,POSITIVE_CLASS,"]) + "\n")
    for name in ("first", "second"):
        banks("make", name, "--category", "spam")
    told = banks("import", "first", str(listed)).splitlines()
    assert told[0] == "1000 of 2501, 1000 new"
    assert told[-1].startswith("2501 new; 0 already there; 0 twice; 0 said to be harmless; 1 of")
    assert "2501 hashes" in banks("export", "first", str(out))
    assert "0 new; 2501 already there" in banks("import", "first", str(out))
    banks("import", "second", str(out))
    banks("export", "second", str(again))
    for path, name in ((out, "first"), (again, "second")):
        assert sorted(path.read_text().replace(f",{name},", ",x,").splitlines()) == sorted(lines)
    assert "File exists" in banks.refused("export", "first", str(out))


def test_what_is_wrong_is_said_and_nothing_is_taken(banks: Admin, tmp_path: Path) -> None:
    banks("make", "own", "--category", "spam")
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(f"{'ab' * 32}\nabc\n")
    with pytest.raises(SystemExit):
        app(["import", "own", str(wrong)], result_action="return_value")
    assert "0" in banks("show", "own")
    assert "hash must be 64" in banks.refused("add", "own", "abc")
    assert "kind must be one of" in banks.refused("add", "own", "ab" * 32, "--kind", "md5")
    assert "name has already" in banks.refused("make", "own", "--category", "spam")
    assert "name must be" in banks.refused("make", "my bank", "--category", "spam")
    assert "category is not" in banks.refused("make", "x", "--category", "nothing")
    assert "wish is not" in banks.refused("make", "x", "--category", "spam", "--wish", "burn")
    assert "share must" in banks.refused("make", "x", "--category", "spam", "--share", "2")
    assert "No such file" in banks.refused("match", str(tmp_path / "none"))
    assert "until is not" in banks.refused("switch", "own", _hash(banks), "--until", "2020-01-01")


def _hash(banks: Admin) -> str:
    return banks("add", "own", "ab" * 32).split()[0]


def test_a_small_photo_has_at_least_its_bytes(banks: Admin, tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(photo(2, 2).write_to_buffer(".png"))
    assert banks("match", str(path)).startswith("sha256")
