"""Many strangers at once: no more of them are held up than there are connections."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.harness.app import InProcess, running
from tests.harness.patience import PATIENCE_S

from rostra.network.instance.figures import figures, weeks


@pytest.fixture
async def narrow(data_dir: Path, postgres_url: str) -> AsyncIterator[InProcess]:
    """A place that has just started, with two connections."""
    async with running(data_dir, postgres_url, ROSTRA_DATABASE__POOL_SIZE="2") as app:
        yield app


@pytest.mark.parametrize("path", ["/about", "/", "/@nobody/1/embed"])
async def test_more_strangers_than_connections_are_all_answered(
    narrow: InProcess, path: str
) -> None:
    async with asyncio.timeout(PATIENCE_S), narrow.client() as client:
        answers = await asyncio.gather(*(client.get(path) for _ in range(8)))
    assert {each.status_code for each in answers} == {404 if "embed" in path else 200}


async def test_one_counts_for_all_who_ask_meanwhile(rostra: InProcess) -> None:
    with rostra.counted() as first:
        assert await figures(rostra.services) is await figures(rostra.services)
        await weeks(rostra.services)
    rostra.clock.advance(11 * 60_000)
    with rostra.counted() as again:
        found = await asyncio.gather(*(figures(rostra.services) for _ in range(9)))
        listed = await asyncio.gather(*(weeks(rostra.services) for _ in range(9)))
    assert again.statements == first.statements
    assert len({id(each) for each in found}) == len({id(each) for each in listed}) == 1
