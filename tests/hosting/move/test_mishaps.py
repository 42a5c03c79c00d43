"""What can go wrong in a move, and that it is told, waited for or gone on with."""

import asyncio
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw
import pytest
from obstore.store import MemoryStore
from tests.harness.patience import Watch, until
from tests.hosting.ark.afloat import database_in
from tests.hosting.fence.test_fence import claim_of
from tests.hosting.move.afloat import Afloat, afloat

from rostra.hosting.ark.keys import FOLDER
from rostra.hosting.ark.log.state import LogState
from rostra.hosting.ark.manifest import Entry
from rostra.hosting.ark.media.later import Later
from rostra.hosting.fence.state import State
from rostra.hosting.move.absent import absent_media
from rostra.hosting.move.give import STOPPING, Part
from rostra.hosting.move.letters import Request, Side, letter_key, new_move, written
from rostra.hosting.move.listen import asked_at
from rostra.hosting.move.state import TAKING, Gives, Kept, Takes, Unreadable, taking_alone
from rostra.hosting.move.take import Move
from rostra.hosting.move.target import MoveError, check_free
from rostra.hosting.places.bucket import BucketStore
from rostra.kernel import ed25519
from rostra.kernel.clock import DAY

SHORT = {"ROSTRA_HOSTING__LEASE_S": "10"}


async def test_no_second_command_and_no_server_beside_it(data_dir: Path, tmp_path: Path) -> None:
    to = tmp_path / "new"
    with taking_alone(to) as first, taking_alone(to) as second:
        assert (first, second) == (True, False)
    check_free(to)  # nothing but its lock is there
    async with afloat(data_dir, tmp_path) as hosts:
        with State(hosts.to).alone(), pytest.raises(MoveError, match="a server runs here"):
            await hosts.move.step()
        (hosts.to / "something").touch()
        with pytest.raises(MoveError, match="is not empty"):
            Move(hosts.there)


class Killed(BaseException):
    """The process ends here."""


def _killed_before(monkeypatch: pytest.MonkeyPatch, stage: Takes | Gives) -> None:
    """Whoever is about to keep that it is as far is killed."""
    change = Kept.change

    def changed(self: Kept[Any], **changes: Any) -> None:
        if changes.get("stage") is stage:
            raise Killed
        change(self, **changes)

    monkeypatch.setattr(Kept, "change", changed)


async def test_no_letter_is_lost_to_a_command_that_is_killed_with_it(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with afloat(data_dir, tmp_path) as hosts:
        await hosts.until(gives=Gives.DRAINED)
        _killed_before(monkeypatch, Takes.TAKE)
        with pytest.raises(Killed):
            await hosts.until(Takes.TAKE)
        monkeypatch.undo()
        hosts.move = Move(hosts.there)
        await hosts.until(Takes.DONE)
        assert not [told for told in hosts.told if "writes again" in told]


async def test_no_letter_is_lost_to_an_old_host_that_is_killed_with_it(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with afloat(data_dir, tmp_path) as hosts:
        await hosts.until(gives=Gives.DRAINED)
        gave_up = asyncio.create_task(hosts.move.abort())
        _killed_before(monkeypatch, Gives.NOTHING)
        with pytest.raises(Killed):
            await hosts.old_until(Gives.NOTHING)
        monkeypatch.undo()
        hosts.part = Part(hosts.here)
        await hosts.old_until(Gives.NOTHING)
        assert await gave_up == "the old host goes on as before"


async def test_by_force_a_place_that_is_away_is_waited_for(data_dir: Path, tmp_path: Path) -> None:
    async with afloat(data_dir, tmp_path, **SHORT) as hosts:
        await hosts.does_write("before")
        await hosts.until(Takes.FOLLOW)
        await hosts.does_write("later than the copy")
        await _sent(hosts)
        hosts.places[0].gone = hosts.places[1].gone = True
        forced = asyncio.create_task(hosts.move.force())
        await _told(hosts, "NOT all of it is there: there may be more; north can't be asked")
        assert not forced.done()
        hosts.places[0].gone = False
        await forced
        assert hosts.written() == ["before", "later than the copy"]
        assert hosts.takes is Takes.DONE


async def test_with_a_hole_only_where_somebody_says_so(data_dir: Path, tmp_path: Path) -> None:
    async with afloat(data_dir, tmp_path, **SHORT) as hosts:
        await hosts.until(Takes.FOLLOW)
        hosts.places[0].gone = hosts.places[1].gone = True
        await Move(hosts.there, with_hole=True).force()
        assert hosts.takes is Takes.DONE
        assert any("this host goes on without" in each for each in hosts.told)


async def test_after_two_pauses_for_nothing_a_person_is_asked(
    data_dir: Path, tmp_path: Path
) -> None:
    async with afloat(data_dir, tmp_path) as hosts:
        for _ in range(2):
            await hosts.until(gives=Gives.DRAINED)
            hosts.rostra.clock.advance(60_000)
            await hosts.part.turn()
            assert hosts.gives is Gives.HEARD
        with pytest.raises(MoveError, match="stopped writing 2 times"):
            await hosts.until(Takes.DONE)
        await Move(hosts.there).step()  # the same command tries again
        hosts.move = Move(hosts.there)
        await hosts.until(Takes.DONE)


async def test_a_place_that_hangs_from_the_pause_on_does_not_fill_it(
    data_dir: Path, tmp_path: Path
) -> None:
    async with afloat(data_dir, tmp_path) as hosts:
        await hosts.until(Takes.STOP)
        key = "media/aa/bb/late.png"
        await hosts.rostra.services.blobs.put(key, b"after the last lot", "image/png")
        hosts.places[0].hangs = True
        with Watch() as watch:
            await hosts.until(gives=Gives.DRAINED)
        assert watch.seconds < 60  # which is the pause
        await hosts.until(Takes.DONE)
        assert await hosts.medium(key) == b"after the last lot"


async def test_who_gives_the_fence_up_by_hand_is_not_waited_for(
    data_dir: Path, tmp_path: Path
) -> None:
    async with afloat(data_dir, tmp_path) as hosts:
        assert await hosts.write("before") == 200
        await hosts.until(gives=Gives.HEARD)
        await _sent(hosts)
        State(data_dir).wish()  # as `rostra fence release` does
        await until(lambda: State(data_dir).kept() is None)
        await hosts.until(Takes.DONE)
        assert "the old host has given the fence up by itself" in hosts.told
        assert any(each.startswith("lost, if anything") for each in hosts.told)
        assert hosts.gives is Gives.GIVEN
        assert hosts.written() == ["before"]


async def test_a_machine_that_was_started_between_claims_anew(
    data_dir: Path, tmp_path: Path
) -> None:
    async with afloat(data_dir, tmp_path, **SHORT) as hosts:
        await hosts.until(Takes.OPEN)
        claim = hosts.to / "gates" / "claim"
        claim.write_text(json.dumps({**json.loads(claim.read_text()), "run": "the one before"}))
        await Move(hosts.there).run()
        kept = State(hosts.to).kept()
        assert kept is not None
        assert (kept.claim.epoch, kept.opened) == (3, True)


async def test_a_day_without_a_word_ends_it(data_dir: Path, tmp_path: Path) -> None:
    async with afloat(data_dir, tmp_path) as hosts:
        await hosts.until(gives=Gives.HEARD)
        assert hosts.part.rest_s() == 1.0
        hosts.rostra.clock.advance(DAY - 1)
        assert hosts.part.rest_s() == 5.0
        hosts.rostra.clock.advance(1)
        await hosts.part.turn()
        assert hosts.gives is Gives.NOTHING


async def test_gates_that_a_person_has_closed_stay_as_they_are(
    data_dir: Path, tmp_path: Path
) -> None:
    async with afloat(data_dir, tmp_path) as hosts:
        hosts.here.jobs.close(STOPPING)  # killed between two things
        await hosts.part.turn()
        assert hosts.here.jobs.closing() is None
        hosts.here.jobs.close("the disk is slow")
        await hosts.part.turn()
        closing = hosts.here.jobs.closing()
        assert closing is not None
        assert closing.reason == "the disk is slow"
        await hosts.until(gives=Gives.HEARD)
        hosts.here.write.close("we are looking into something")
        await hosts.until(gives=Gives.DRAINED)
        closing = hosts.here.write.stopped()
        assert closing is not None
        assert closing.reason == "we are looking into something"


async def test_what_can_not_be_read_is_not_nothing(data_dir: Path, tmp_path: Path) -> None:
    async with afloat(data_dir, tmp_path) as hosts:
        await hosts.until(Takes.FOLLOW)
        (hosts.to / FOLDER / TAKING).write_bytes(b"half of i")
        with pytest.raises(Unreadable, match=TAKING):
            Move(hosts.there)
        (data_dir / FOLDER / "giving.json").write_bytes(b"{")
        with pytest.raises(Unreadable, match="giving"):
            Part(hosts.here)


async def test_a_request_behind_thousands_of_letters_is_found() -> None:
    store, private = BucketStore("north", MemoryStore()), ed25519.new_key()
    claim = claim_of(1, "one").claim
    for number in range(1_001):
        await store.create(letter_key("0000000001-00", Side.OLD, number), b"")
    move = f"0000000001-{'f' * 16}"
    said = Request(epoch=1, nonce=claim.nonce, host="new", copy="")
    await store.create(letter_key(move, Side.NEW, 1), written(move, Side.NEW, 1, said, private))
    public = ed25519.public_of(private).hex()
    found = await asked_at(store, claim, public, ())
    assert found is not None
    assert (found.move, found.request) == (move, said)
    assert await asked_at(store, claim, public, {move}) is None
    assert await asked_at(store, claim_of(1, "two").claim, public, ()) is None
    assert new_move(1) != new_move(1)


def test_media_whose_file_did_not_come_are_named(data_dir: Path) -> None:
    database_in(data_dir)
    path = data_dir / "rostra.sqlite3"
    with closing(apsw.Connection(str(path))) as database:
        for key in ("media/aa/there.png", "media/bb/lost.png", "media/cc/awaited.png"):
            database.execute("INSERT INTO media (id, blob_key) VALUES (NULL, ?)", (key,))
    there = data_dir / "media" / "media" / "aa" / "there.png"
    there.parent.mkdir(parents=True)
    there.touch()
    later = Later(data_dir)
    later.add(Entry("media", "media/cc/awaited.png", 9, ("5a" * 32,)))
    later.flush()
    later.close()
    assert absent_media(data_dir) == ["media/bb/lost.png"]


async def _sent(hosts: Afloat) -> None:
    """Wait until the places have everything that is committed now."""

    def there() -> bool:
        now = LogState(hosts.here.data_dir).standing()
        if now is None or now.waiting_bytes or now.looked_at < asked:
            return False
        number = int(now.mark.rpartition("-")[2]) if now.mark else 0
        return all(each.number >= number for each in now.places.values())

    hosts.rostra.clock.advance(1)  # to tell what is looked at from now on from what was
    asked = hosts.rostra.clock.now()
    await until(there)


async def _told(hosts: Afloat, text: str) -> None:
    await until(lambda: any(text in each for each in hosts.told))
