"""What is written between two copies is at the places within a second, and comes back whole."""

import asyncio
import os
import random
from pathlib import Path

import pytest
from msgspec import structs
from tests.harness.patience import PATIENCE_S, until
from tests.hosting.ark.afloat import always
from tests.hosting.ark.logged import Logged, begin_anew, rows

from rostra.hosting.ark.log.records import RECORDS, record_key
from rostra.hosting.ark.log.ship import Bound
from rostra.hosting.ark.manifest import mark_of
from rostra.hosting.ark.prune import prune
from rostra.kernel.errors import Unavailable
from rostra.store.arrival import Arrival
from rostra.store.gates import MemoryGate, WriteGate
from rostra.store.lease import MachineTime, MemoryLease
from rostra.store.sqlite import connect
from rostra.store.wal_tail import Tail

ROUNDS = int(os.environ.get("ROSTRA_TEST_ROUNDS", "8"))


@pytest.fixture
def logged(tmp_path: Path) -> Logged:
    """A database whose log is sent to two places."""
    return Logged(tmp_path / "data")


async def test_what_is_written_after_the_copy_comes_back(logged: Logged, tmp_path: Path) -> None:
    chance = random.Random(3)  # noqa: S311 (of a test)
    database = connect(logged.path)
    async with logged.sending():
        await logged.all_there()
        for _ in range(40):
            logged.write(chance.randint(1, 400), chance.randint(10, 3_000))
            if chance.random() < 0.2:
                database.execute("DELETE FROM t WHERE id % 5 = ?", (chance.randint(0, 4),))
            await asyncio.sleep(chance.random() * 0.05)
            if chance.random() < 0.3:
                await logged.all_there()
        database.execute("VACUUM")
        await logged.all_there()
    assert logged.copied == 1
    made, found = await logged.restored(tmp_path / "back")
    assert found == rows(logged.path)
    assert made.replayed.records > 3
    assert made.replayed.hole == ""
    assert await logged.faults() == []
    # SQLite's own log did not grow forever: it was written back and begun anew.
    assert len(await logged.salts()) > 2


async def test_until_a_time(logged: Logged, tmp_path: Path) -> None:
    async with logged.sending():
        await logged.all_there()
        logged.write()
        await logged.all_there()
        before, then = rows(logged.path), logged.clock.now()
        await asyncio.sleep(0.05)
        logged.write()
        await logged.all_there()
    _, found = await logged.restored(tmp_path / "then", until=then)
    assert found == before
    _, found = await logged.restored(tmp_path / "now")
    assert found == rows(logged.path) != before


async def test_a_place_that_was_away_catches_up(tmp_path: Path) -> None:
    logged = Logged(tmp_path / "data", "north", "south", "west")
    async with logged.sending():
        await logged.all_there()
        logged.places[2].away = True
        for _ in range(5):
            logged.write()
            await logged.all_there(places=2)
        behind = logged.standing().places["west"]
        assert behind.why == "away"
        assert any("the log ends with" in what for _, what in await logged.faults())
        logged.places[2].away = False
        await logged.all_there()
        assert logged.standing().places["west"].why == ""
    assert await logged.faults() == []
    logged.places = logged.places[2:]
    assert (await logged.restored(tmp_path / "back"))[1] == rows(logged.path)


async def test_nothing_is_forgotten_while_no_place_takes_it(logged: Logged, tmp_path: Path) -> None:
    async with logged.sending():
        await logged.all_there()
        for place in logged.places:
            place.away = True
        for _ in range(30):
            logged.write(200, 2_000)
        await until(lambda: logged.standing().why != "" and logged.standing().waiting_bytes > 1e7)
        now = logged.clock.now()
        assert logged.standing().lag_ms(now) > 0
    # The server is started again meanwhile.
    async with logged.sending():
        await asyncio.sleep(0.1)
        for place in logged.places:
            place.away = False
        await logged.all_there()
    assert logged.copied == 1
    assert (await logged.restored(tmp_path / "back"))[1] == rows(logged.path)


async def test_a_log_that_was_begun_anew_by_others_leads_to_a_new_copy(
    logged: Logged, tmp_path: Path
) -> None:
    async with logged.sending():
        await logged.all_there()
        logged.write()
        await logged.all_there()
    logged.write()
    begin_anew(logged.path)
    logged.write()
    async with logged.sending():
        await logged.all_there()
        assert logged.standing().begun_why == "the log was changed by others"
        logged.write()
        await logged.all_there()
    assert logged.copied == 2
    made, found = await logged.restored(tmp_path / "back")
    assert found == rows(logged.path)
    assert made.replayed.hole == ""


async def test_without_the_new_copy_the_hole_is_told(logged: Logged, tmp_path: Path) -> None:
    async with logged.sending():
        await logged.all_there()
        logged.write()
        await logged.all_there()
    before = rows(logged.path)
    begin_anew(logged.path)
    logged.write()
    logged.full = True
    async with logged.sending():
        await until(lambda: logged.standing().run == "0000000000-0000000002")
        logged.write()
        await until(lambda: logged.standing().mark == "0000000000-0000000002")
    made, found = await logged.restored(tmp_path / "back")
    assert found == before
    assert "goes on from another copy" in made.replayed.hole


async def _some(logged: Logged, count: int = 5) -> list[str]:
    """Records, each with something; the keys of all."""
    async with logged.sending():
        await logged.all_there()
        for _ in range(count):
            logged.write()
            await logged.all_there()
    return await logged.places[0].keys(RECORDS)


async def test_one_place_that_is_whole_is_enough(logged: Logged, tmp_path: Path) -> None:
    keys = await _some(logged)
    north = logged.places[0]
    stored = await north.read(keys[2])
    assert stored is not None
    flipped = bytearray(stored.content)
    flipped[-100] ^= 4
    await north.put(keys[2], bytes(flipped))
    assert ("north", "log: record 0-3 can't be had: north: it is damaged") in await logged.faults()
    made, found = await logged.restored(tmp_path / "back")
    assert found == rows(logged.path)
    assert made.replayed.hole == ""


@pytest.mark.parametrize("way", ["missing", "damaged", "exchanged"])
async def test_a_hole_is_told_and_nothing_behind_it_is_used(
    logged: Logged, tmp_path: Path, way: str
) -> None:
    keys = await _some(logged)
    other = Logged(tmp_path / "other")
    for place in logged.places:
        if way == "missing":
            await place.delete(keys[2])
        elif way == "damaged":
            await place.put(keys[2], b"{}\n")
        else:  # by what somebody else has signed
            await _some(other, 3)
            stored = await other.places[0].read(keys[2])
            assert stored is not None
            await place.put(keys[2], stored.content)
    words = {"missing": "record 0-3 is missing", "damaged": "damaged", "exchanged": "another key"}
    found_faults = await logged.faults()
    assert {place for place, _ in found_faults} == {"north", "south"}
    assert all(words[way] in what for _, what in found_faults if what.startswith("log: "))
    made, found = await logged.restored(tmp_path / "back")
    assert words[way] in made.replayed.hole
    assert made.replayed.records == 2
    assert found == rows(logged.path)[:40]


async def test_a_number_that_somebody_else_has_taken_begins_a_new_run(
    logged: Logged, tmp_path: Path
) -> None:
    keys = await _some(logged)
    sent, stored = logged.state.sent(), await logged.places[0].read(keys[-1])
    assert sent is not None
    assert stored is not None
    mark = mark_of(0, sent.number + 1)
    await logged.places[1].put(
        record_key(mark), logged.by_a_twin(stored.content, mark_of(0, sent.number), mark)
    )
    logged.write()
    async with logged.sending():
        await logged.all_there()
        logged.write()
        await logged.all_there()
    assert "south holds another record" in logged.standing().begun_why
    assert (await logged.restored(tmp_path / "back"))[1] == rows(logged.path)


async def test_what_lies_before_every_copy_is_removed(logged: Logged, tmp_path: Path) -> None:
    await _some(logged)
    await logged.copy()
    logged.write()
    async with logged.sending():
        await logged.all_there()
    for place in logged.places:
        pruned = await prune(place, logged.clock.now(), logged.keys.public, always)
        assert pruned.records == 4
        assert len(await place.keys(RECORDS)) == 2
    assert await logged.faults() == []
    assert (await logged.restored(tmp_path / "back"))[1] == rows(logged.path)


async def test_without_the_fence_nothing_is_sent(logged: Logged) -> None:
    await _some(logged)
    logged.epoch = None
    logged.write()
    async with logged.sending():
        await asyncio.sleep(0.3)
        assert len(await logged.places[0].keys(RECORDS)) == 5
        logged.epoch = 2
        await logged.all_there()
    assert logged.standing().run == "0000000002-0000000006"
    assert logged.copied == 2


async def test_a_transaction_of_many_records_is_whole_or_not_there(
    logged: Logged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rostra.hosting.ark.log.ship.MOST", 100_000)
    async with logged.sending():
        await logged.all_there()
        logged.write()
        await logged.all_there()
        before = rows(logged.path)
        logged.write(1_000, 1_000)
        await logged.all_there()
    keys = await logged.places[0].keys(RECORDS)
    assert len(keys) > 10
    assert (await logged.restored(tmp_path / "back"))[1] == rows(logged.path)
    for place in logged.places:
        await place.delete(keys[-1])
    assert (await logged.restored(tmp_path / "cut"))[1] == before


async def test_what_waits_too_long_closes_the_writing(logged: Logged) -> None:
    clock = MachineTime()
    moment = MemoryLease(clock)
    gate = WriteGate(MemoryGate(), elsewhere=moment)
    logged.bound = Bound(moment, clock, 1_000)
    with pytest.raises(Unavailable) as refused:
        gate.check()  # nobody sends yet
    assert "it does not get to other places" in str(refused.value.safe)
    assert gate.stopped() is None
    async with logged.sending():
        await logged.all_there()
        gate.check()
        for place in logged.places:
            place.away = True
        await asyncio.sleep(1.2)
        gate.check()  # nothing waits
        logged.write()
        await until(lambda: gate.closing() is not None)
        assert logged.standing().lag_ms(logged.clock.now()) >= 900
        for place in logged.places:
            place.away = False
        await until(lambda: gate.closing() is None)
    # A server that is gone keeps nothing open.
    await until(lambda: gate.closing() is not None)


async def test_what_has_arrived_is_told(logged: Logged, tmp_path: Path) -> None:
    clock = MachineTime()
    logged.arrival = Arrival(MemoryLease(clock), clock, PATIENCE_S)
    async with logged.sending():
        await logged.all_there()
        for number in range(3):
            logged.write()
            assert await logged.arrival.reached()
            made = rows(logged.path)
            assert (await logged.restored(tmp_path / f"back{number}"))[1] == made
        logged.arrival = Arrival(MemoryLease(clock), clock, 0.3)
    for place in logged.places:
        place.away = True
    async with logged.sending():
        logged.write()
        assert not await logged.arrival.reached()


def test_reading_is_not_in_the_way_of_writing(logged: Logged) -> None:
    tail = Tail(logged.path)
    at = tail.begin()
    slow = connect(logged.path, read_only=True)
    slow.execute("BEGIN")
    slow.execute("SELECT count(*) FROM t").fetchall()
    for _ in range(5):
        logged.write(100)
        while (frames := tail.read(at, 1 << 20)) is not None:
            at = frames.end
        at = tail.write_back(at, 1 << 20, lambda _frames: None)
    assert len(rows(logged.path)) == 500
    tail.close()


async def test_what_is_known_of_the_places_may_be_older_than_they_are(logged: Logged) -> None:
    async with logged.sending():
        await logged.all_there()
        logged.write()
        await logged.all_there()
    # Killed after the places had the last record, and before that was written down here.
    known = logged.standing()
    places = {
        name: structs.replace(each, number=each.number - 1) for name, each in known.places.items()
    }
    logged.state.tell(structs.replace(known, places=places))
    async with logged.sending():
        logged.write()
        await logged.all_there()
    assert logged.copied == 1


async def test_a_restore_says_that_a_place_was_silent(logged: Logged, tmp_path: Path) -> None:
    async with logged.sending():
        await logged.all_there()
        logged.write()
        await logged.all_there()
        logged.places[1].away = True
        logged.write()
        await logged.all_there(places=1)
    logged.places[0].silent = True
    made, found = await logged.restored(tmp_path / "silent")
    assert "north can't be asked" in made.replayed.hole
    assert found != rows(logged.path)
    logged.places[0].silent = False
    made, found = await logged.restored(tmp_path / "whole")
    assert made.replayed.hole == ""
    assert found == rows(logged.path)


async def test_a_lag_outlives_a_restart(logged: Logged) -> None:
    async with logged.sending():
        await logged.all_there()
        for place in logged.places:
            place.away = True
        logged.write()
        await until(lambda: logged.standing().waits_since > 0)
    since = logged.standing().waits_since
    before = logged.standing().looked_at
    async with logged.sending():
        await until(lambda: logged.standing().looked_at > before + 50)
        assert logged.standing().waits_since == since


async def test_strange_records_push_no_number_up(logged: Logged) -> None:
    for number in (9_999_999_999, 9_999_999_998):
        await logged.places[0].create(record_key(mark_of(0, number)), b"strange")
    async with logged.sending():
        await logged.all_there()
        logged.write()
        await logged.all_there()
    assert logged.standing().mark == mark_of(0, 1)
