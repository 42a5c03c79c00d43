"""The drill that goes on by itself: when it is due, in a process of its own, and never silent."""

import time
from pathlib import Path

import pytest
from tests.harness.app import InProcess, running
from tests.harness.crowd import Town
from tests.hosting.ark.afloat import database_in
from tests.hosting.ark.test_jobs import hold
from tests.hosting.providers import places_file

from rostra.hosting.ark import jobs as ark
from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.jobs import CopyAll, copy_all
from rostra.hosting.drill.jobs import LOCK, DrillDaily, drill_daily, oldest_of
from rostra.hosting.drill.results import Last, last
from rostra.kernel.clock import HOUR


def _now() -> int:
    """The drill is another process: the clock of the test goes as that one's."""
    return round(time.time() * 1_000)


async def _live(rostra: InProcess, data_dir: Path) -> None:
    """A member, keys, the fence, and a copy."""
    rostra.clock.set(_now())
    town = Town(rostra)
    await town.post(await town.member("alice"), "Before.")
    await town.settle()
    ark_keys.make(data_dir, (ark_keys.new_paper_key()[1],))
    await copy_all(rostra.services, CopyAll())
    assert ark.last(data_dir).mark


async def _drill(rostra: InProcess) -> Last:
    await drill_daily(rostra.services, DrillDaily())
    return last(rostra.services.settings.data_dir)


async def test_a_drill_goes_on_once_a_day(data_dir: Path, tmp_path: Path) -> None:
    url = database_in(data_dir)
    file = places_file(tmp_path / "places.toml", tmp_path / "places")
    environ = {"ROSTRA_HOSTING__PLACES": str(file), "ROSTRA_HOSTING__LEASE_S": "300"}
    async with running(data_dir, url, None, **environ) as rostra:
        settings = rostra.services.settings
        assert await _drill(rostra) == Last()  # it may not write, and there is no copy
        await hold(settings)
        assert await _drill(rostra) == Last()
        await _live(rostra, data_dir)
        assert oldest_of(settings) == 12 * HOUR
        with ark.alone(data_dir, LOCK):
            assert await _drill(rostra) == Last()  # somebody drills by hand: nothing is found out
        first = await _drill(rostra)
        assert first.result is not None
        assert first.result.green, first.result.faults
        assert first.result.key == "host"
        assert first.stored == ("north", "south", "west")
        rostra.clock.set(_now() + 23 * HOUR)
        assert await _drill(rostra) == first
        rostra.clock.set(_now() + 24 * HOUR)
        second = await _drill(rostra)
        assert second.begun_at > first.begun_at
        assert len(await ark.stores_of(settings)[0].keys("ark/v1/drill")) == 2


@pytest.mark.parametrize("hours", ["0", "24"])
async def test_a_drill_that_ends_without_a_result_is_red(
    data_dir: Path, tmp_path: Path, hours: str
) -> None:
    file = places_file(tmp_path / "places.toml", tmp_path / "places")
    (tmp_path / "file").touch()
    environ = {
        "ROSTRA_HOSTING__PLACES": str(file),
        "ROSTRA_HOSTING__LEASE_S": "300",
        "ROSTRA_HOSTING__DRILL_HOURS": hours,
        "ROSTRA_HOSTING__DRILL_FOLDER": str(tmp_path / "file" / "below"),
    }
    async with running(data_dir, database_in(data_dir), None, **environ) as rostra:
        await hold(rostra.services.settings)
        await _live(rostra, data_dir)
        known = await _drill(rostra)
        if hours == "0":
            assert known == Last()
            return
        assert known.result is None
        assert known.why == (
            "it ended without a result, status 1: "
            f"rostra: {tmp_path / 'file' / 'below'}: Not a directory"
        )
        assert known.begun_at == rostra.clock.now()
