"""A place of this program in a temporary folder, with the week's people, on a clock of ours."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from msgspec.structs import replace

from rostra.app import App, Ports, build
from rostra.cli.rehearse.plan import START, Plan
from rostra.cli.rehearse.rows import Places, tables
from rostra.cli.rehearse.world import World
from rostra.cli.town.sink import open_sink
from rostra.kernel.clock import ManualClock
from rostra.outside.mail import MemoryMailer
from rostra.settings import Settings, load
from rostra.store.migrate import migrate

_MEMORY = Path("/dev/shm")  # noqa: S108 (a folder of its own is made below it)
_SMALL = 0.02  # about half a gigabyte


class Place:
    """A running application, its clock, and who is who in it."""

    def __init__(self, app: App, clock: ManualClock, world: World, places: Places) -> None:
        self.app, self.clock, self.world, self.places = app, clock, world, places
        self.services = app.services
        self.db = app.services.db

    async def work(self) -> None:
        """Run the jobs that are due, and what those give rise to."""
        await self.app.worker.drain()


def _settings(folder: Path) -> Settings:
    """The house's own, with one job at a time: two at once would end in any order."""
    environ = {"ROSTRA_LIMITS__SCALE": "0", "ROSTRA_SITE__BASE_URL": "https://rehearsal.example"}
    settings = load(data=folder, environ=environ)
    return replace(settings, jobs=replace(settings.jobs, concurrency=1))


@contextmanager
def _folder(plan: Plan, path: Path | None) -> Iterator[Path]:
    """A temporary folder, of memory where there is one and it is enough: no disk is rehearsed."""
    if path is not None:
        yield path
        return
    memory = _MEMORY if plan.scale <= _SMALL and _MEMORY.is_dir() else None
    with TemporaryDirectory(prefix="rostra-rehearsal-", dir=memory) as name:
        yield Path(name)


@asynccontextmanager
async def opened(plan: Plan, world: World, path: Path | None = None) -> AsyncIterator[Place]:
    """The place as it is when the week begins, in an empty folder; in a temporary one without."""
    rng = Random(f"place {plan.seed}")  # noqa: S311 (a made-up place, nothing secret)
    with _folder(plan, path) as folder:
        settings = _settings(folder)
        await migrate(settings.database_url)
        places = Places(world, rng)
        sink = await open_sink(settings.database_url, throwaway=True)
        try:
            await sink.begin()
            for rows in tables(world, places):
                await sink.write(rows)
            await sink.finish()
        finally:
            await sink.close()
        clock = ManualClock(START)
        ports = Ports(clock=clock, mailer=MemoryMailer(), alone=True, randbits=rng.getrandbits)
        app = build(settings, ports)
        await app.start(jobs=False)
        try:
            yield Place(app, clock, world, places)
        finally:
            await app.close()
