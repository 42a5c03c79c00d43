"""Copies that are made by themselves: when they are due, and only by whoever may write."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.harness.app import running
from tests.hosting.ark.afloat import database_in
from tests.hosting.providers import places_file

from rostra.cli.doctor_hosting import copies
from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.jobs import CopyAll, copy_all, copy_now, last, stores_of
from rostra.hosting.ark.manifest import manifest_key, mark_of
from rostra.hosting.ark.read import ArkError, marks
from rostra.hosting.fence.fence import Fence
from rostra.hosting.fence.installation import fence_of, lease_of
from rostra.hosting.fence.state import State
from rostra.kernel.clock import DAY, HOUR
from rostra.settings import Settings


async def test_copies_are_made_when_they_are_due(data_dir: Path, tmp_path: Path) -> None:
    url = database_in(data_dir)
    file = places_file(tmp_path / "places.toml", tmp_path / "places")
    async with running(data_dir, url, None, ROSTRA_HOSTING__PLACES=str(file)) as rostra:
        services = rostra.services

        async def made() -> list[str]:
            await copy_all(services, CopyAll())
            return await marks(stores_of(services.settings)[0])

        assert await made() == []  # there are no keys
        ark_keys.make(data_dir, (ark_keys.new_paper_key()[1],))
        assert await made() == []  # it does not hold the fence: it may be a copy itself
        await hold(services.settings)
        assert len(await made()) == 1
        assert last(data_dir).places == ("north", "south", "west")
        rostra.clock.advance(5 * HOUR)
        assert len(await made()) == 1
        rostra.clock.advance(HOUR)
        assert len(await made()) == 2
        # What is too old goes by itself.
        rostra.clock.advance(8 * DAY)
        assert len(await made()) == 1
        await _nowhere_to_copy(tmp_path)
        rostra.clock.advance(DAY)
        with pytest.raises(ArkError):
            await made()
        known = last(data_dir)
        assert known.tried_at == rostra.clock.now()
        assert "north: " in known.why


async def test_keys_that_cannot_be_read_are_told(data_dir: Path, tmp_path: Path) -> None:
    url = database_in(data_dir)
    file = places_file(tmp_path / "places.toml", tmp_path / "places")
    async with running(data_dir, url, None, ROSTRA_HOSTING__PLACES=str(file)) as rostra:
        services = rostra.services
        await hold(services.settings)
        await copy_all(services, CopyAll())
        assert last(data_dir).why == ""  # there are none
        (data_dir / "ark").mkdir(exist_ok=True)
        (data_dir / "ark" / "keys.json").write_bytes(b"damaged")
        with pytest.raises(ark_keys.KeysError, match="can't be read"):
            await copy_all(services, CopyAll())
        assert "keys.json can't be read" in last(data_dir).why


async def test_a_server_starts_with_keys_that_cannot_be_read(
    data_dir: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = database_in(data_dir)
    file = places_file(tmp_path / "places.toml", tmp_path / "places")
    (data_dir / "ark").mkdir(exist_ok=True)
    for name in ("ark/keys.json", "lifeboat.json"):
        (data_dir / name).write_bytes(b"damaged")
    async with running(data_dir, url, None, ROSTRA_HOSTING__PLACES=str(file)) as rostra:
        anybody = rostra.client()
        assert (await anybody.get("/api/v2/instance")).status_code == 200
    assert "the log is not sent: " in caplog.text
    assert "the lifeboat is told nothing: " in caplog.text


async def test_old_copies_go_though_others_are_made_in_between(
    data_dir: Path, tmp_path: Path
) -> None:
    """As when the log has one made every ten minutes, because too few places took the last."""
    url = database_in(data_dir)
    file = places_file(tmp_path / "places.toml", tmp_path / "places")
    async with running(data_dir, url, None, ROSTRA_HOSTING__PLACES=str(file)) as rostra:
        services, settings = rostra.services, rostra.services.settings
        keys = ark_keys.make(data_dir, (ark_keys.new_paper_key()[1],))
        await hold(settings)
        stores = stores_of(settings)
        await copy_all(services, CopyAll())
        rostra.clock.advance(8 * DAY)
        await copy_now(services, keys, stores)
        assert len(await marks(stores[0])) == 2
        rostra.clock.advance(HOUR)
        await copy_all(services, CopyAll())
        assert len(await marks(stores[0])) == 1
        # Nor does it matter whether one can be made.
        rostra.clock.advance(8 * DAY)
        await copy_now(services, keys, stores)
        rostra.clock.advance(DAY)
        (data_dir / "rostra.sqlite3").rename(data_dir / "away")
        with pytest.raises((ArkError, OSError)):
            await copy_all(services, CopyAll())
        assert last(data_dir).why
        assert len(await marks(stores[0])) == 1
        (data_dir / "away").rename(data_dir / "rostra.sqlite3")


async def test_a_place_that_lets_nothing_go_is_told(data_dir: Path, tmp_path: Path) -> None:
    url = database_in(data_dir)
    file = places_file(tmp_path / "places.toml", tmp_path / "places")
    async with running(data_dir, url, None, ROSTRA_HOSTING__PLACES=str(file)) as rostra:
        settings = rostra.services.settings
        ark_keys.make(data_dir, (ark_keys.new_paper_key()[1],))
        await hold(settings)
        await copy_all(rostra.services, CopyAll())
        # What stands there can't be read as a manifest: nothing is removed at this place.
        damaged = manifest_key(mark_of(0, 7))
        north, south, _ = stores_of(settings)
        await north.put(damaged, b"{}")
        rostra.clock.advance(8 * DAY)
        await copy_all(rostra.services, CopyAll())
        why = "manifest 0-7 at north is damaged, or not signed"
        assert f"north: {why}" in last(data_dir).stays
        assert len(await marks(south)) == 1  # the others are done all the same
        told = [each.text async for each in copies(settings)]
        assert any(f"stay: north: {why}" in text for text in told)
        await north.delete(damaged)
        rostra.clock.advance(DAY)
        await copy_all(rostra.services, CopyAll())
        assert last(data_dir).stays == ()


async def hold(settings: Settings, *, kept: bool = False) -> Fence:
    """Take the fence; where no keeper renews the lease (`kept`), it outlasts a busy machine."""
    if not kept:
        settings = replace(settings, hosting=replace(settings.hosting, lease_s=300))
    lease = lease_of(settings)
    assert lease is not None
    fence = fence_of(settings, lease)
    won = await fence.claim(over=True)
    State(settings.data_dir).keep(won.mine, opened=True)
    await fence.open(won)
    return fence


async def _nowhere_to_copy(tmp_path: Path) -> None:
    """Every place is full, or gone: a file stands where its folder was."""
    for name in ("north", "south", "west"):
        (tmp_path / "places" / name).rename(tmp_path / name)
        (tmp_path / "places" / name).touch()
