"""Nobody is told that something is done by an installation that has lost the fence meanwhile."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec import structs
from tests.harness.app import START_MS, InProcess
from tests.harness.browser import Browser
from tests.harness.crowd import Town

from rostra.app import Ports, build
from rostra.kernel.clock import ManualClock
from rostra.outside.mail import MemoryMailer
from rostra.settings import load
from rostra.store.gates import MemoryGate, WriteGate, memory_gates
from rostra.store.lease import Term

ALWAYS = 1_000_000


class Ending:
    """A lease that is over once it was asked so often."""

    def __init__(self) -> None:
        self.left = ALWAYS

    def extend(self, term: Term) -> None:
        """It has its own end."""

    def end(self) -> None:
        """It has its own end."""

    def term(self) -> Term:
        """Of no epoch."""
        return Term()

    def holds(self) -> bool:
        """Whether it still does."""
        self.left -= 1
        return self.left >= 0


@pytest.fixture
def lease() -> Ending:
    """The lease of the installation."""
    return Ending()


@pytest.fixture
async def fenced(data_dir: Path, database_url: str, lease: Ending) -> AsyncIterator[InProcess]:
    """An installation that holds a fence for so long."""
    settings = load(data=data_dir, environ={"ROSTRA_LIMITS__SCALE": "0"})
    database = structs.replace(settings.database, url=database_url)
    clock, mail = ManualClock(START_MS), MemoryMailer()
    gates = WriteGate(MemoryGate(), lease), memory_gates()[1]
    app = build(
        structs.replace(settings, database=database),
        Ports(clock=clock, mailer=mail, gates=gates, alone=True),
    )
    await app.start(jobs=False)
    try:
        yield InProcess(app, clock, mail)
    finally:
        await app.close()


async def test_an_app_is_told_only_while_it_is_held(fenced: InProcess, lease: Ending) -> None:
    member = await Town(fenced).member("ann")

    async def status() -> int:
        answer = await member.client.post("/api/v1/statuses", json={"status": "Is it done?"})
        return answer.status_code

    lease.left = ALWAYS
    assert await status() == 200
    used = ALWAYS - lease.left
    assert used >= 4  # before it begins, on its turn, on disk, and before the answer
    # It ends anywhere on the way, in the end while the answer is put together.
    for left in range(used):
        lease.left = left
        assert await status() == 503, left
    lease.left = used
    assert await status() == 200
    lease.left = 0
    assert (await member.client.get("/api/v1/timelines/home")).status_code == 200


async def test_a_page_is_told_only_while_it_is_held(fenced: InProcess, lease: Ending) -> None:
    town = Town(fenced)
    async with Browser(fenced) as browser:
        browser.client = await town.browser(await town.member("ann"))

        async def status() -> int:
            await browser.open("/compose")
            lease.left = left
            await browser.send("/compose", None, text="Is it done?")
            return browser.page.status_code

        left = ALWAYS
        assert await status() == 200
        left = ALWAYS - lease.left
        assert await status() == 200
        left -= 1
        assert await status() == 503
