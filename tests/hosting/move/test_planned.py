"""A planned move, both hosts in this process: each step, and what can come between."""

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.hosting.move.afloat import afloat

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.jobs import copy_now, last
from rostra.hosting.ark.media.later import left_in
from rostra.hosting.ark.restore import choose
from rostra.hosting.ark.seal import Sealer
from rostra.hosting.fence.state import State
from rostra.hosting.move.give import Part
from rostra.hosting.move.letters import Request, Side, letter_key, new_move, written
from rostra.hosting.move.media import Changes, deltas
from rostra.hosting.move.state import Gives, Takes, giving_in
from rostra.hosting.move.take import Move
from rostra.hosting.move.target import MoveError
from rostra.hosting.move.where import found as where
from rostra.kernel import ed25519
from rostra.store.blobs import Left
from rostra.store.gates import file_gates


async def test_everything_moves_and_the_old_host_says_where_it_went(
    data_dir: Path, tmp_path: Path
) -> None:
    async with afloat(data_dir, tmp_path) as hosts:
        assert await hosts.write("before") == 200
        key = "media/aa/bb/after.png"
        await hosts.until(Takes.FOLLOW)
        assert await hosts.write("while it follows") == 200
        await hosts.rostra.services.blobs.put(key, b"later than the copy", "image/png")
        await hosts.until(Takes.DONE)
        answer = await hosts.rostra.client().post("/api/v1/apps", json={})
        assert answer.status_code == 503
        assert "has moved to new" in answer.json()["error"]
        assert hosts.here.egress.closing() is not None
        assert hosts.gives is Gives.GIVEN
        assert hosts.written() == ["before", "while it follows"]
        assert left_in(hosts.to) == Left(1, len(b"later than the copy"))
        assert "open: 1 media (0.0 MiB) are still at the places" in hosts.told[-1]
        assert await hosts.medium(key) == b"later than the copy"
        assert left_in(hosts.to) == Left()
        write, egress = file_gates(hosts.to)
        assert write.closing() is None
        assert egress.closing() is None
        kept = State(hosts.to).kept()
        assert kept is not None
        assert (kept.opened, kept.claim.epoch, kept.claim.host) == (True, 2, "old")
        assert hosts.started
        now = await where(hosts.here.stores, ark_keys.kept(data_dir).public)
        assert now is not None
        assert (now.state, now.host, now.epoch) == ("here", "new", 2)
        assert hosts.told[-2].startswith("open: this host writes now; writes were paused for ")
        with pytest.raises(MoveError, match="too late"):
            await hosts.move.abort()


async def test_media_can_be_brought_first(data_dir: Path, tmp_path: Path) -> None:
    keys = [f"media/aa/{name}.png" for name in ("copied", "followed")]
    async with afloat(data_dir, tmp_path) as hosts:
        blobs = hosts.rostra.services.blobs
        await blobs.put(keys[0], b"copied", "image/png")
        await copy_now(hosts.rostra.services, ark_keys.kept(data_dir), hosts.here.stores)
        hosts.move = Move(replace(hosts.there, media_first=True))
        await hosts.until(Takes.FOLLOW)
        assert (hosts.to / "media" / keys[0]).read_bytes() == b"copied"
        await blobs.put(keys[1], b"followed", "image/png")
        await hosts.until(gives=Gives.DRAINED)
        await hosts.until(Takes.DONE)
        assert (hosts.to / "media" / keys[1]).read_bytes() == b"followed"
        assert left_in(hosts.to) == Left()
        assert hosts.told[-1].startswith("open: this host writes now")


async def test_media_come_to_the_folder_that_the_settings_name(
    data_dir: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    async with afloat(data_dir, tmp_path) as hosts:
        await hosts.rostra.services.blobs.put("media/aa/copied.png", b"copied", "image/png")
        await copy_now(hosts.rostra.services, ark_keys.kept(data_dir), hosts.here.stores)
        there = replace(hosts.there, media_first=True, media=lambda: elsewhere)
        hosts.move = Move(there)
        with pytest.raises(MoveError, match="leave out `--media-first`"):
            await hosts.until(Takes.DONE)
        assert not elsewhere.exists()
        hosts.move = Move(hosts.there)
        await hosts.until(Takes.DONE)
        await Move(there).bring_media()
        assert (elsewhere / "media/aa/copied.png").read_bytes() == b"copied"
        assert not (hosts.to / "media").exists()


async def test_media_that_are_to_come_first_and_can_not_be_had_end_it(
    data_dir: Path, tmp_path: Path
) -> None:
    async with afloat(data_dir, tmp_path) as hosts:
        await hosts.rostra.services.blobs.put("media/aa/lost.png", b"lost", "image/png")
        await copy_now(hosts.rostra.services, ark_keys.kept(data_dir), hosts.here.stores)
        for piece in (tmp_path / "places").glob("*/ark/v1/piece/*/*"):
            if piece.stat().st_size < 100:
                piece.unlink()
        hosts.move = Move(replace(hosts.there, media_first=True))
        with pytest.raises(MoveError, match="1 media can't be had from any place"):
            await hosts.until(Takes.FOLLOW)
        hosts.move = Move(hosts.there)
        await hosts.until(Takes.FOLLOW)
        assert left_in(hosts.to).count == 1


async def test_what_fails_beforehand_asks_the_old_host_for_nothing(
    data_dir: Path, tmp_path: Path
) -> None:
    async with afloat(data_dir, tmp_path) as hosts:
        failing = ["no certificate"]

        async def prepare() -> None:
            if failing:
                raise MoveError(failing.pop())

        hosts.move = Move(replace(hosts.there, prepare=prepare))
        with pytest.raises(MoveError, match="no certificate"):
            await hosts.until(Takes.DONE)
        assert hosts.gives is Gives.NOTHING
        assert await hosts.write("goes on") == 200
        await hosts.until(Takes.DONE)
        assert hosts.written() == ["goes on"]


async def test_who_is_killed_at_the_very_end_says_where_it_is_the_next_time(
    data_dir: Path, tmp_path: Path
) -> None:
    async with afloat(data_dir, tmp_path) as hosts:
        await hosts.until(Takes.DONE)
        for store in hosts.here.stores:
            for key in await store.keys("where/v1"):
                if key.startswith("where/v1/0000000002-"):
                    await store.delete(key)
        public = ark_keys.kept(data_dir).public
        before = await where(hosts.here.stores, public)
        assert before is not None
        assert before.state == "moving"
        for _ in range(2):
            await Move(hosts.there).told()
        now = await where(hosts.here.stores, public)
        assert now is not None
        assert (now.state, now.host, now.epoch) == ("here", "new", 2)
        said = await hosts.here.stores[1].keys("where/v1")
        assert len([key for key in said if key.startswith("where/v1/0000000002-")]) == 1


async def test_files_that_are_as_in_the_copy_are_not_sent_in_the_pause(
    data_dir: Path, tmp_path: Path
) -> None:
    (data_dir / "large.tar").write_bytes(b"x" * 100)
    (data_dir / "small.toml").write_bytes(b"of before")
    async with afloat(data_dir, tmp_path) as hosts:
        (data_dir / "small.toml").write_bytes(b"changed")
        keys = ark_keys.kept(data_dir)
        sealer = Sealer(keys.data_key)
        changes = Changes(hosts.here.stores, sealer, None, data_dir)
        await changes.since(await choose(hosts.here.stores), [])
        listing = await changes.files(data_dir / "rostra.sqlite3")
        sent = [each async for each in deltas(hosts.here.stores, sealer, listing)]
        names = {entry.path for delta in sent for entry in delta.added}
        assert "small.toml" in names
        assert not {"large.tar", "ark/keys.json"} & names
        await hosts.until(Takes.DONE)
        assert (hosts.to / "large.tar").read_bytes() == b"x" * 100
        assert (hosts.to / "small.toml").read_bytes() == b"changed"


@pytest.mark.slow
async def test_a_place_that_hangs_keeps_nobody(data_dir: Path, tmp_path: Path) -> None:
    async with afloat(data_dir, tmp_path) as hosts:
        hosts.places[0].hangs = True
        assert await hosts.write("before") == 200
        await hosts.until(Takes.DONE)
        assert hosts.written() == ["before"]


async def test_both_are_killed_at_every_step(data_dir: Path, tmp_path: Path) -> None:
    async with afloat(data_dir, tmp_path) as hosts:
        assert await hosts.write("before") == 200
        await hosts.until(Takes.DONE, anew=True)
        assert hosts.written() == ["before"]
        assert hosts.gives is Gives.GIVEN


async def test_a_move_that_is_given_up_lets_the_old_host_go_on(
    data_dir: Path, tmp_path: Path
) -> None:
    async with afloat(data_dir, tmp_path) as hosts:
        await hosts.until(gives=Gives.DRAINED)
        assert await hosts.write("stopped") == 503
        gave_up = asyncio.create_task(hosts.move.abort())
        await hosts.old_until(Gives.NOTHING)
        assert await gave_up == "the old host goes on as before"
        assert await hosts.write("again") == 200
        with pytest.raises(MoveError, match="was given up"):
            await hosts.move.step()
        # Another directory can ask for it then.
        hosts.to = hosts.to.with_name("second")
        hosts.move = Move(replace(hosts.there, to=hosts.to))
        await hosts.until(Takes.DONE)
        assert hosts.written() == ["again"]


async def test_the_old_host_opens_again_when_nobody_takes_over(
    data_dir: Path, tmp_path: Path
) -> None:
    async with afloat(data_dir, tmp_path) as hosts:
        await hosts.until(gives=Gives.DRAINED)
        assert await hosts.write("stopped") == 503
        hosts.rostra.clock.advance(59_000)
        await hosts.part.turn()
        assert hosts.gives is Gives.DRAINED
        hosts.rostra.clock.advance(1_000)
        await hosts.part.turn()
        assert await hosts.write("opened again") == 200
        await hosts.until(Takes.DONE)
        assert hosts.written() == ["opened again"]
        assert any("did not take over in time" in each for each in hosts.told)


@pytest.mark.parametrize("stage", [Gives.PAUSING, Gives.DRAINED])
async def test_keys_that_can_not_be_read_any_more_keep_nothing_closed(
    data_dir: Path, tmp_path: Path, stage: Gives
) -> None:
    keys = data_dir / ark_keys.FOLDER / ark_keys.FILE

    async def busy() -> int:
        return 1

    async with afloat(data_dir, tmp_path) as hosts:
        if stage is Gives.PAUSING:  # it waits for a job
            hosts.part = Part(replace(hosts.here, running=busy))
        await hosts.until(gives=stage)
        content = keys.read_bytes()
        keys.write_bytes(b"damaged")
        assert await hosts.part.turn()
        assert hosts.here.jobs.closing() is not None
        hosts.rostra.clock.advance(60_000)
        assert await hosts.part.turn()
        assert hosts.here.jobs.closing() is None
        assert await hosts.write("opened again") == 200
        keys.write_bytes(content)
        hosts.part = Part(hosts.here)
        await hosts.until(Takes.DONE)
        assert hosts.written() == ["opened again"]


async def test_what_was_written_in_the_pause_is_noticed_before_anything_is_given_up(
    data_dir: Path, tmp_path: Path
) -> None:
    async with afloat(data_dir, tmp_path) as hosts:
        await hosts.until(Takes.TAKE)
        hosts.here.write.open()  # an operator does
        assert await hosts.write("in the pause") == 200
        await hosts.until(Takes.DONE)
        assert hosts.written() == ["in the pause"]
        assert any("something was still written" in each for each in hosts.told)


async def test_what_an_operator_has_closed_stays_so(data_dir: Path, tmp_path: Path) -> None:
    async with afloat(data_dir, tmp_path) as hosts:
        await hosts.until(gives=Gives.DRAINED)
        hosts.here.write.close("we are looking into something")
        gave_up = asyncio.create_task(hosts.move.abort())
        await hosts.old_until(Gives.NOTHING)
        await gave_up
        closing = hosts.here.write.stopped()
        assert closing is not None
        assert closing.reason == "we are looking into something"


async def test_only_a_key_of_the_ark_orders_a_move(data_dir: Path, tmp_path: Path) -> None:
    async with afloat(data_dir, tmp_path) as hosts:
        kept, keys = State(data_dir).kept(), hosts.here.keys()
        assert kept is not None
        assert keys is not None
        claim = kept.claim

        async def ask(private: bytes, epoch: int, nonce: str) -> Gives:
            move = new_move(epoch)
            said = Request(epoch=epoch, nonce=nonce, host="thief", copy=last(data_dir).mark)
            content = written(move, Side.NEW, 1, said, private)
            for store in hosts.here.stores:
                await store.create(letter_key(move, Side.NEW, 1), content)
            for _ in hosts.here.stores:
                await Part(hosts.here).turn()
            return giving_in(data_dir).now.stage

        assert await ask(ed25519.new_key(), 1, claim.nonce) is Gives.NOTHING  # the owner of a place
        assert await ask(keys.signing_key, 1, "of before") is Gives.NOTHING  # an old letter again
        assert await ask(keys.signing_key, 1, claim.nonce) is Gives.HEARD


async def test_a_directory_in_use_is_no_target(data_dir: Path, tmp_path: Path) -> None:
    async with afloat(data_dir, tmp_path) as hosts:
        hosts.to.mkdir()
        (hosts.to / "something").touch()
        with pytest.raises(MoveError, match="is not empty"):
            Move(hosts.there)
