"""A run of the log counts only once enough places hold a copy that it goes on behind."""

from contextlib import closing
from pathlib import Path

import pytest
from msgspec import structs
from tests.harness.patience import until
from tests.hosting.ark.logged import Logged, begin_anew, rows

from rostra.hosting.ark.log.records import record_key
from rostra.hosting.ark.manifest import mark_of
from rostra.store.arrival import Arrival
from rostra.store.lease import MachineTime, MemoryLease
from rostra.store.sqlite import connect
from rostra.store.wal_tail import settled_end


async def test_a_copy_at_too_few_places_is_no_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rostra.hosting.ark.log.ship._COPY_AGAIN_MS", 100)
    logged = Logged(tmp_path / "data", "north", "south", "west")
    clock = MachineTime()
    logged.arrival = Arrival(MemoryLease(clock), clock, 0.3)
    south, west = logged.places[1:]
    south.full = west.full = True
    async with logged.sending():
        await until(lambda: logged.last.places == ("north",))
        logged.write()
        await until(lambda: logged.standing().mark != "")  # the records themselves arrive
        assert not await logged.arrival.reached()
        assert "a copy that the log goes on from" in logged.standing().why
        south.full = west.full = False
        await logged.all_there()
        logged.write()
        assert await logged.arrival.reached()
        await logged.all_there()
    # What was acknowledged is there also where the first copy is lost.
    logged.places = [south, west]
    made, found = await logged.restored(tmp_path / "back")
    assert found == rows(logged.path)
    assert made.replayed.hole == ""


async def test_copies_of_one_run_at_different_places_are_a_base(tmp_path: Path) -> None:
    logged = Logged(tmp_path / "data", "north", "south", "west")
    north, south, west = logged.places
    async with logged.sending():
        await logged.all_there()
        north.full = south.full = True
        logged.write()
        await logged.all_there()
        await logged.copy()
        assert logged.last.places == ("west",)
        await logged.all_there()
        assert logged.copied == 2  # the copy before still carries the run at the other two
    assert logged.last.earlier == ("north", "south")
    assert not logged.based("another")
    logged.places = [north, south]
    assert (await logged.restored(tmp_path / "back"))[1] == rows(logged.path)
    logged.places = [west, *(Logged(tmp_path / "other", "east", "far").places)]
    assert not logged.based(logged.last.run)  # of the places that there are now, one has it


@pytest.mark.parametrize("what", ["garbage", "of others", "nothing"])
async def test_one_place_that_shows_something_else_does_not_end_the_log(
    tmp_path: Path, what: str
) -> None:
    logged = Logged(tmp_path / "data", "north", "south", "west")
    west = logged.places[2]
    async with logged.sending():
        await logged.all_there()
        logged.write()
        await logged.all_there()
    mark = mark_of(0, 2)
    if what == "garbage":
        await west.put(record_key(mark), b"something else")
    elif what == "of others":
        stored = await west.read(record_key(mark_of(0, 1)))
        assert stored is not None
        other = Logged(tmp_path / "other")
        await west.put(record_key(mark), other.by_a_twin(stored.content, mark_of(0, 1), mark))
    else:
        west.refusing = True  # it says that something is there, and shows nothing
    async with logged.sending():
        for _ in range(3):
            logged.write()
            await logged.all_there(places=2)
        assert logged.standing().run == mark_of(0, 1)
        why = f"what stands there as record {mark} is none of ours"
        await until(lambda: logged.standing().places["west"].why == why)
    assert logged.copied == 1
    assert (await logged.restored(tmp_path / "back"))[1] == rows(logged.path)


async def test_two_runs_are_never_called_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rostra.hosting.ark.log.ship._COPY_AGAIN_MS", 100)
    monkeypatch.setattr("rostra.hosting.ark.log.ship._COPY_AT_LAST_MS", 100)
    logged = Logged(tmp_path / "data")
    async with logged.sending():
        await logged.all_there()  # a copy stands, and no record yet
    first = logged.last.run
    logged.write()
    begin_anew(logged.path)
    logged.write()
    logged.full = True  # a copy of the second run can't be made for now
    async with logged.sending():
        await until(lambda: logged.standing().run != first)
        assert not logged.based(logged.standing().run)
        logged.write()
        await until(lambda: logged.standing().mark != "")
        made, found = await logged.restored(tmp_path / "first")
        assert found == []
        # A move takes that for what it is, and fetches the newest copy.
        assert "goes on from another copy" in made.replayed.hole
        logged.full = False
        logged.write()
        await logged.all_there()
    made, found = await logged.restored(tmp_path / "second")
    assert found == rows(logged.path)
    assert made.replayed.hole == ""


async def test_a_log_that_was_begun_anew_behind_what_was_sent_is_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rostra.hosting.ark.log.ship.WRITE_BACK", 1)
    logged = Logged(tmp_path / "data")
    with closing(connect(logged.path)) as beside:  # as another process that lives on
        beside.execute("SELECT 1 FROM t").fetchall()
        async with logged.sending():
            await logged.all_there()
            logged.write()
            await until(lambda: settled(logged))
        before = logged.state.sent()
        logged.write()
        assert before is not None
        assert settled_end(logged.path).salt != before.at.salt
        async with logged.sending():
            logged.write()
            await logged.all_there()
        assert logged.copied == 1
        made, found = await logged.restored(tmp_path / "back")
        assert (found, made.replayed.hole) == (rows(logged.path), "")
        # Begun anew twice, or with something between: what was written may be in neither.
        begin_anew(logged.path)
        logged.write()
        begin_anew(logged.path)
        logged.write()
        async with logged.sending():
            await logged.all_there()
        assert logged.copied == 2
    made, found = await logged.restored(tmp_path / "again")
    assert (found, made.replayed.hole) == (rows(logged.path), "")


def settled(logged: Logged) -> bool:
    """Whether all that was sent is written back, and it is kept that it is."""
    sent = logged.state.sent()
    return sent is not None and sent.hash != "" and logged.state.settled() == sent.at


async def test_a_record_that_does_not_reach_back_to_the_copy_is_a_hole(tmp_path: Path) -> None:
    logged = Logged(tmp_path / "data")
    async with logged.sending():
        await logged.all_there()
    sent = logged.state.sent()
    assert sent is not None
    logged.write()  # nobody sends it, and the run is gone on with behind it
    logged.state.keep(structs.replace(sent, at=settled_end(logged.path)))
    async with logged.sending():
        logged.write()
        await logged.all_there()
    made, found = await logged.restored(tmp_path / "back")
    assert found == []
    assert "between the copy and that is missing" in made.replayed.hole
