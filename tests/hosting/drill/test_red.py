"""Whatever is wrong with a copy or a place makes a drill red, and is named."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import msgspec
import pytest
from tests.harness.app import InProcess, running
from tests.hosting.ark.afloat import database_in
from tests.hosting.ark.test_sabotage import KINDS, Sabotage, flip_a_bit, lose_a_piece
from tests.hosting.drill.rehearsal import Rehearsal, told

from rostra.hosting.ark.copy import Copied
from rostra.hosting.ark.keys import new_paper_key
from rostra.hosting.ark.manifest import Manifest, manifest_key, mark_of, piece_key, signed
from rostra.hosting.ark.media.read import marks
from rostra.hosting.ark.media.record import record_key
from rostra.hosting.ark.media.send import Ferry, notes_of
from rostra.hosting.ark.read import index, index_pieces, roots
from rostra.hosting.ark.restore import opened_by
from rostra.hosting.ark.seal import Sealer, name_of
from rostra.hosting.drill.model import Check
from rostra.kernel.clock import HOUR
from rostra.safety.ledger import checkpoints, keys, sign
from rostra.safety.ledger.chain import Head


@pytest.fixture
async def rostra(data_dir: Path) -> AsyncIterator[InProcess]:
    """An application in its data directory, as a server has it."""
    async with running(data_dir, database_in(data_dir)) as app:
        yield app


@pytest.fixture
async def afloat(rostra: InProcess, data_dir: Path, tmp_path: Path) -> tuple[Rehearsal, Copied]:
    """A small network with two copies at three places; the second one."""
    made = Rehearsal(rostra, data_dir, tmp_path)
    await made.ark.copy(rostra)
    return made, await made.live()


@pytest.mark.parametrize("sabotage", KINDS, ids=lambda each: each.__name__)
async def test_one_place_is_enough_and_what_is_wrong_with_another_is_red(
    afloat: tuple[Rehearsal, Copied], sabotage: Sabotage
) -> None:
    rehearsal, copied = afloat
    await sabotage(rehearsal.ark.stores[1], copied.manifest)
    result = await rehearsal.result()
    assert not result.green
    assert any(each.place == "south" and KINDS[sabotage] in each.what for each in result.faults)
    assert all(each.place == "south" for each in result.faults), told(result)
    assert set(result.checked) == set(Check)  # restored all the same


async def test_what_no_place_has_ends_the_restore(afloat: tuple[Rehearsal, Copied]) -> None:
    rehearsal, copied = afloat
    stores = rehearsal.ark.stores
    await flip_a_bit(stores[0], copied.manifest)
    await lose_a_piece(stores[1], copied.manifest)
    await lose_a_piece(stores[2], copied.manifest)
    result = await rehearsal.result()
    assert not result.green
    assert result.rto == 0
    assert any("fetch: piece" in line and "can't be had" in line for line in told(result))
    assert {each.place for each in result.faults} == {"here", "north", "south", "west"}
    assert Check.PIECES in result.checked  # the places were looked through all the same
    left = "not verified: keys, database, tables, replay, ledger, members, posts, media"
    assert told(result)[-1] == f"here: {left}"


async def test_a_place_that_is_away_is_named(
    afloat: tuple[Rehearsal, Copied], tmp_path: Path
) -> None:
    rehearsal, _ = afloat
    (rehearsal.places / "west").rename(tmp_path / "elsewhere")
    (rehearsal.places / "west").touch()
    result = await rehearsal.result()
    assert {each.place for each in result.faults} == {"west"}
    assert not result.green


async def test_all_places_away(afloat: tuple[Rehearsal, Copied], tmp_path: Path) -> None:
    rehearsal, _ = afloat
    rehearsal.places.rename(tmp_path / "elsewhere")
    result = await rehearsal.result()
    assert "everywhere: there is no copy that is signed" in told(result)
    assert not result.checked


async def test_a_wrong_key_is_red(afloat: tuple[Rehearsal, Copied]) -> None:
    rehearsal, _ = afloat
    other, _recipient = new_paper_key()
    done = await rehearsal.drilled(key=lambda found: opened_by(found, other))
    assert "here: find: this key does not open this ark" in told(done.result)
    assert not done.result.green
    assert done.private is None  # nobody can sign that


async def test_a_stale_copy_is_red(afloat: tuple[Rehearsal, Copied]) -> None:
    rehearsal, _ = afloat
    rehearsal.rostra.clock.advance(13 * HOUR)
    result = await rehearsal.result()
    assert told(result) == ["everywhere: the newest copy is 13.0 h old, stale: 12 h are the most"]
    assert result.rpo == 13 * HOUR


async def test_a_copy_of_a_time_to_come_is_red(afloat: tuple[Rehearsal, Copied]) -> None:
    rehearsal, _ = afloat
    clock = rehearsal.rostra.clock
    clock.set(clock.now() - HOUR)
    assert told(await rehearsal.result()) == [
        "everywhere: the newest copy is of a time to come: a clock is wrong"
    ]


async def test_places_that_all_show_an_older_copy_are_red(
    afloat: tuple[Rehearsal, Copied],
) -> None:
    rehearsal, copied = afloat
    for store in rehearsal.ark.stores:
        await store.delete(manifest_key(copied.manifest.mark))
    result = await rehearsal.result(made_here=copied.manifest.mark)
    assert told(result)[0] == (
        "here: this host has made copy 0-2, and no place shows it: 0-1 is the newest"
    )


Change = Callable[[Rehearsal, Manifest], Awaitable[Manifest]]


async def another_table(rehearsal: Rehearsal, manifest: Manifest) -> Manifest:
    """A table held something else when it was copied."""
    ark = rehearsal.ark
    sealer = Sealer(ark.keys.data_key)
    known = await roots(ark.stores, manifest, sealer)
    assert known is not None
    content = msgspec.json.encode({**known, "posts": "0" * 64})
    sealed = sealer.seal(content)
    name = name_of(sealed)
    names = [*await index(ark.stores, manifest), name]
    (listed,) = index_pieces(names, 1 << 20)
    for store in ark.stores:
        await store.put(piece_key(name), sealed)
        await store.put(piece_key(name_of(listed)), listed)
    return msgspec.structs.replace(
        manifest, roots=name, index=(name_of(listed),), pieces=len(names)
    )


async def no_roots(rehearsal: Rehearsal, manifest: Manifest) -> Manifest:
    """An older version has made the copy."""
    del rehearsal
    return msgspec.structs.replace(manifest, roots="")


async def more_than_there_is(rehearsal: Rehearsal, manifest: Manifest) -> Manifest:
    """The manifest has counted more than the listing names."""
    del rehearsal
    return msgspec.structs.replace(manifest, content_bytes=manifest.content_bytes + 1)


CHANGES: dict[Change, str] = {
    another_table: "here: table posts is not what it was when it was copied",
    no_roots: "here: the copy does not say what its tables held: an older version has made it",
    more_than_there_is: "bytes are listed, the copy has",
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda each: each.__name__)
async def test_a_copy_that_is_not_what_it_says_is_red(
    afloat: tuple[Rehearsal, Copied], change: Change
) -> None:
    rehearsal, copied = afloat
    ark = rehearsal.ark
    changed = await change(rehearsal, copied.manifest)
    for store in ark.stores:
        content = signed(changed, ark.keys.signing_key)
        await store.put(manifest_key(mark_of(0, 2)), content)
    result = await rehearsal.result()
    assert not result.green
    assert any(CHANGES[change] in line for line in told(result)), told(result)


async def test_a_copy_without_the_keys_of_the_ark_is_red(
    afloat: tuple[Rehearsal, Copied], data_dir: Path
) -> None:
    rehearsal, _ = afloat
    (data_dir / "ark" / "keys.json").unlink()
    await rehearsal.ark.copy(rehearsal.rostra)
    assert told(await rehearsal.result())[0] == (
        "here: the keys of the ark are not in the copy: nobody could go on with it"
    )


async def test_a_ledger_whose_end_is_gone_is_red(
    afloat: tuple[Rehearsal, Copied], data_dir: Path
) -> None:
    """Somebody has signed a line that the ledger in the copy has not got."""
    rehearsal, _ = afloat
    services = rehearsal.rostra.services
    now = rehearsal.rostra.clock.now()
    private = keys.private_key(services)
    point = checkpoints.sign(private, "rostra.example", Head(7, now, b"h" * 32), now)
    (data_dir / sign.COPY).write_text(checkpoints.whole_text(point))
    await rehearsal.ark.copy(rehearsal.rostra)
    assert any(line.startswith("here: ledger, line 7: ") for line in told(await rehearsal.result()))
    # One that was signed after the database was copied says nothing about it.
    late = checkpoints.sign(private, "rostra.example", Head(7, now + 1, b"h" * 32), now + 1)
    (data_dir / sign.COPY).write_text(checkpoints.whole_text(late))
    await rehearsal.ark.copy(rehearsal.rostra)
    assert (await rehearsal.result()).green


async def test_media_that_came_after_the_copy_are_there(
    afloat: tuple[Rehearsal, Copied], data_dir: Path
) -> None:
    """As on every day: somebody posts a picture between a copy and the drill of it."""
    rehearsal, _ = afloat
    media = data_dir / "media"
    media.rename(data_dir / "ark" / "aside")
    media.mkdir()
    await rehearsal.ark.copy(rehearsal.rostra)
    assert not (await rehearsal.result()).green
    media.rmdir()
    (data_dir / "ark" / "aside").rename(media)
    keys = [path.relative_to(media).as_posix() for path in media.rglob("*.*") if path.is_file()]
    notes_of(data_dir).add(keys)
    stores = rehearsal.ark.stores
    assert await Ferry(rehearsal.rostra.services, stores).round() == len(keys)
    result = await rehearsal.result()
    assert told(result) == []
    # What is wrong with it at a place is red as well.
    for mark in await marks(stores[0]):
        await stores[0].delete(record_key(mark))
        await stores[1].delete(record_key(mark))
    assert "everywhere: media of 1 records stand at too few places" in told(
        await rehearsal.result()
    )


async def test_media_that_are_not_in_the_copy_are_named(
    afloat: tuple[Rehearsal, Copied], data_dir: Path
) -> None:
    rehearsal, _ = afloat
    lost = [path for path in (data_dir / "media").rglob("*.*") if path.is_file()]
    for path in lost:
        path.unlink()
    await rehearsal.ark.copy(rehearsal.rostra)
    lines = told(await rehearsal.result())
    assert len(lines) == len(lost)
    assert all("hangs on a post, and is not in the copy" in line for line in lines)
