"""The second format of the ark: in every copy, sealed, made anew each week, read back, pruned."""

import tarfile
from pathlib import Path

import msgspec
from tests.harness.app import InProcess, running
from tests.harness.crowd import Town
from tests.hosting.ark.afloat import database_in
from tests.hosting.ark.test_jobs import hold
from tests.hosting.providers import places_file
from tests.hosting.takeout.exported import lived_in, silent

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.jobs import CopyAll, alone, copy_all, last, stores_of
from rostra.hosting.ark.restore import choose, opened_by, restore
from rostra.hosting.ark.verify import Fault, verify
from rostra.hosting.takeout.weekly import FILE, made_at
from rostra.kernel.clock import DAY, HOUR
from rostra.network.accounts.removal import remove_account
from rostra.network.portability.opened import OpenNetwork
from rostra.store.query import query_text


def _texts(path: Path) -> set[str]:
    """What the notes of an open export in one file say."""
    with tarfile.open(path) as tar:
        notes = tar.extractfile("notes.jsonl")
        assert notes is not None
        lines = [msgspec.json.decode(line) for line in notes]
    return {line["object"]["source"]["content"] for line in lines}


async def _copied(rostra: InProcess, after: int) -> int:
    """Let time pass and a copy be made; the moment of the open export in it."""
    rostra.clock.advance(after)
    await copy_all(rostra.services, CopyAll())
    assert last(rostra.services.settings.data_dir).made_at == rostra.clock.now()
    return made_at(rostra.services.settings.data_dir)


async def test_each_copy_has_it_sealed(data_dir: Path, tmp_path: Path) -> None:
    url = database_in(data_dir)
    paper, recipient = ark_keys.new_paper_key()
    places = places_file(tmp_path / "places.toml", tmp_path / "places")
    async with running(data_dir, url, None, ROSTRA_HOSTING__PLACES=str(places)) as rostra:
        town, settings = Town(rostra), rostra.services.settings
        ark_keys.make(data_dir, (recipient,))
        await hold(settings)
        alice, *_ = await lived_in(town)
        begun = rostra.clock.now()
        assert await _copied(rostra, 0) == begun
        assert (data_dir / FILE).stat().st_mode & 0o777 == 0o600
        await town.post(alice, "Later than that.")
        assert await _copied(rostra, 6 * HOUR) == begun
        stores = stores_of(settings)
        found = await choose(stores)
        await restore(stores, found, opened_by(found, paper), tmp_path / "to", silent)
        there = _texts(tmp_path / "to" / FILE)
        assert {"Edited zebrafish", "@carol for you alone"} <= there
        assert "Later than that." not in there
        sealed = [path for path in (tmp_path / "places" / "north").rglob("*") if path.is_file()]
        assert sealed
        assert not any(b"zebrafish" in path.read_bytes() for path in sealed)
        assert await _copied(rostra, 7 * DAY) == rostra.clock.now()
        assert "Later than that." in _texts(data_dir / FILE)
        assert [each async for each in verify(stores) if isinstance(each, Fault)] == []


async def test_what_fails_keeps_no_copy_from_being_made(data_dir: Path, tmp_path: Path) -> None:
    url = database_in(data_dir)
    places = places_file(tmp_path / "places.toml", tmp_path / "places")
    async with running(data_dir, url, None, ROSTRA_HOSTING__PLACES=str(places)) as rostra:
        ark_keys.make(data_dir, (ark_keys.new_paper_key()[1],))
        await hold(rostra.services.settings)
        (data_dir / ".open.new.tar").mkdir()  # where it would be written
        assert await _copied(rostra, 0) == 0
        (data_dir / ".open.new.tar").rmdir()
        left = data_dir / "..open.new.tar.0123456789abcdef"  # by one that was killed
        left.mkdir()
        (left / "notes.jsonl").touch()
        assert await _copied(rostra, 6 * HOUR) == rostra.clock.now()
        assert not left.exists()


async def test_whatever_fails_keeps_no_copy_from_being_made(data_dir: Path, tmp_path: Path) -> None:
    """What the database refuses to the export is no reason to have no copy."""
    url = database_in(data_dir)
    places = places_file(tmp_path / "places.toml", tmp_path / "places")
    async with running(data_dir, url, None, ROSTRA_HOSTING__PLACES=str(places)) as rostra:
        ark_keys.make(data_dir, (ark_keys.new_paper_key()[1],))
        await hold(rostra.services.settings)
        town = Town(rostra)
        await town.post(await town.member("alice"), "Not in it.")
        broken = query_text(sqlite="DROP TABLE favourites", postgresql="SELECT 1")
        async with rostra.db.write() as tx:
            await tx.run(broken)
        assert await _copied(rostra, 0) == 0


async def test_a_member_who_was_removed_meanwhile_is_left_out(
    data_dir: Path,
) -> None:
    async with running(data_dir, database_in(data_dir)) as rostra:
        town = Town(rostra)
        alice, bob = await town.members("alice", "bob")
        network = OpenNetwork(rostra.services)
        members = [each async for each in network.members()]
        async with rostra.db.write() as tx:
            await remove_account(rostra.services, tx, bob.id)
        there = {each.id: await network.actor(each) for each in members}
        assert there[alice.id] is not None
        assert there[bob.id] is None


async def test_the_export_keeps_no_other_copy_waiting(data_dir: Path, tmp_path: Path) -> None:
    url = database_in(data_dir)
    places = places_file(tmp_path / "places.toml", tmp_path / "places")
    async with running(data_dir, url, None, ROSTRA_HOSTING__PLACES=str(places)) as rostra:
        ark_keys.make(data_dir, (ark_keys.new_paper_key()[1],))
        await hold(rostra.services.settings)
        with alone(data_dir):  # a copy is being made for the log
            await copy_all(rostra.services, CopyAll())
        assert made_at(data_dir) == rostra.clock.now()
        with alone(data_dir, "export-lock"):
            assert await _copied(rostra, 8 * DAY) < rostra.clock.now()


async def test_it_can_be_left_out(data_dir: Path, tmp_path: Path) -> None:
    url = database_in(data_dir)
    file = places_file(tmp_path / "places.toml", tmp_path / "places")
    given = {"ROSTRA_HOSTING__PLACES": str(file), "ROSTRA_HOSTING__OPEN_DAYS": "0"}
    (data_dir / FILE).write_bytes(b"of before")
    async with running(data_dir, url, None, **given) as rostra:
        ark_keys.make(data_dir, (ark_keys.new_paper_key()[1],))
        await hold(rostra.services.settings)
        assert await _copied(rostra, 0) == 0
    assert not (data_dir / FILE).exists()
