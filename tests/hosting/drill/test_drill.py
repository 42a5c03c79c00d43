"""A drill restores the newest copy, throws it away, and is green only if all was verified."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from tests.harness.app import InProcess, running
from tests.hosting.ark.afloat import database_in
from tests.hosting.drill.rehearsal import Rehearsal, told
from tests.hosting.providers import folder_place

from rostra.hosting.drill import results
from rostra.hosting.drill.drill import swept
from rostra.hosting.drill.model import RESULTS, Check, Signed, Stage, read, signed
from rostra.kernel import ed25519
from rostra.kernel.clock import HOUR


@pytest.fixture
async def rostra(data_dir: Path) -> AsyncIterator[InProcess]:
    """An application in its data directory, as a server has it."""
    async with running(data_dir, database_in(data_dir)) as app:
        yield app


@pytest.fixture
async def rehearsal(rostra: InProcess, data_dir: Path, tmp_path: Path) -> Rehearsal:
    """A small network with a copy at three places."""
    made = Rehearsal(rostra, data_dir, tmp_path)
    await made.live()
    return made


async def test_a_good_drill_is_green_and_says_what_was_verified(rehearsal: Rehearsal) -> None:
    rehearsal.rostra.clock.advance(2 * HOUR)
    result = await rehearsal.result()
    assert told(result) == []
    assert result.green
    assert set(result.checked) == set(Check)
    assert result.checked[Check.MEMBERS] == 2
    assert result.checked[Check.POSTS] == 2
    assert result.checked[Check.MEDIA] == 2  # the picture and its preview
    assert result.checked[Check.TABLES] > 50
    assert result.rpo == 2 * HOUR
    assert list(result.stages) == list(Stage)
    assert result.rto > 0
    assert set(result.read_bytes) == {"north", "south", "west"}
    assert all(result.read_bytes.values())
    assert result.key == "recipient"
    assert result.domain == "rostra.example"


async def test_a_place_may_be_left_out(rehearsal: Rehearsal) -> None:
    result = await rehearsal.result(rehearsal.ark.stores[1:], left_out=("north",))
    assert result.green
    assert result.left_out == ("north",)
    assert result.places == ("south", "west")
    assert "north" not in result.read_bytes


async def test_the_key_of_the_host_opens_it_too_and_the_result_says_so(
    rehearsal: Rehearsal,
) -> None:
    keys = rehearsal.ark.keys
    result = await rehearsal.result(key=lambda _found: keys.opened, key_kind="host")
    assert result.green
    assert result.key == "host"


async def test_what_was_restored_may_be_kept_and_is_mute(rehearsal: Rehearsal) -> None:
    done = await rehearsal.drilled(keep=True, whole=True)
    assert done.result.green
    assert done.data_dir is not None
    assert done.data_dir.parent == rehearsal.scratch
    assert list((done.data_dir / "media").rglob("*.*"))
    async with running(done.data_dir, database_in(done.data_dir)) as again:
        assert again.services.write_gate.closing() is not None
        assert again.services.egress.closing() is not None
    assert swept(rehearsal.scratch) == 0  # what is kept is not swept away
    assert done.data_dir.exists()


def test_what_a_killed_drill_left_behind_is_swept_away(tmp_path: Path) -> None:
    left, other = tmp_path / "drill-0123456789abcdef", tmp_path / "drill-notes"
    (left / "media").mkdir(parents=True)
    other.mkdir()
    assert swept(tmp_path) == 1
    assert [path.name for path in tmp_path.iterdir()] == [other.name]


async def test_a_network_of_nobody_is_red(
    rostra: InProcess, data_dir: Path, tmp_path: Path
) -> None:
    rehearsal = Rehearsal(rostra, data_dir, tmp_path)
    await rehearsal.ark.copy(rostra)
    result = await rehearsal.result()
    assert told(result) == [
        "here: answer: nobody can sign in: the copy has no members",
        "here: not verified: ledger, members, posts, media",
    ]
    assert result.rto == 0


async def test_a_result_is_signed_and_stays_at_the_places(rehearsal: Rehearsal) -> None:
    done = await rehearsal.drilled()
    assert done.private == rehearsal.ark.keys.signing_key  # it came out of the copy
    given = signed(done.result, done.private)
    stores = rehearsal.ark.stores
    assert await results.store(stores, given, done.result.begun_at) == {}
    keys = await stores[2].keys(RESULTS)
    assert keys == ["ark/v1/drill/20270115T080000-002.json"]
    stored = await stores[2].read(keys[0])
    assert stored is not None
    back = msgspec.json.decode(stored.content, type=Signed)
    assert read(back, rehearsal.ark.keys.public) == done.result
    # Neither another's signature nor another body is believed.
    assert read(back, ed25519.public_of(ed25519.new_key()).hex()) is None
    forged = back.body.replace('"faults":[]', '"faults":[ ]')
    assert read(msgspec.structs.replace(back, body=forged)) is None
    assert read(signed(done.result, None)) is None
    again = await results.store(stores, given, done.result.begun_at)
    assert again["north"] == "another result stands there"


async def test_a_hundred_results_stay(tmp_path: Path) -> None:
    store = folder_place("north", tmp_path)
    for number in range(results.KEPT + 2):
        assert await results.store([store], Signed("{}"), 1_800_000_000_000 + number) == {}
    kept = await store.keys(RESULTS)
    assert len(kept) == results.KEPT
    assert kept[-1].endswith("-101.json")


async def test_how_the_last_drill_stands(rehearsal: Rehearsal, tmp_path: Path) -> None:
    now = rehearsal.rostra.clock.now()

    def standing(known: results.Last, hours: int = 24, later: int = 0) -> results.Standing:
        results.remember(tmp_path, known)
        return results.standing(tmp_path, now + later, hours)

    assert not results.standing(tmp_path, now, 24).good
    result = await rehearsal.result()
    good = results.Last(begun_at=now, signed=signed(result, None))
    assert standing(good).good
    late = standing(good, later=49 * HOUR)
    assert not late.good
    assert late.text.endswith("the next one is late")
    assert standing(good, hours=0, later=49 * HOUR).good
    untold = standing(msgspec.structs.replace(good, failed={"west": "away"}))
    assert not untold.good
    assert untold.text.endswith("west did not take the result")
    lost = standing(results.Last(begun_at=now, why="status -9"))
    assert not lost.good
    assert lost.text == "red, 0.0 h ago: status -9"
    # A check that is left out is red, though nothing is known to be wrong.
    checked = {name: count for name, count in result.checked.items() if name != "media"}
    lacking = msgspec.structs.replace(result, checked=checked)
    assert not lacking.green
    assert not standing(results.Last(begun_at=now, signed=signed(lacking, None))).good
