"""Both hosts of a move in this process: an application, and a directory that it moves to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import apsw
from msgspec.structs import replace
from tests.harness.app import InProcess, running
from tests.harness.patience import PATIENCE_S, until_asked
from tests.harness.people import OUT_OF_BAND
from tests.hosting.ark.afloat import database_in
from tests.hosting.ark.test_jobs import hold
from tests.hosting.providers import Hanging, places_file

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.jobs import last
from rostra.hosting.ark.log.installation import moment_of, shipper_of
from rostra.hosting.ark.media.behind import Bringer
from rostra.hosting.ark.media.later import awaited_path
from rostra.hosting.fence.installation import fence_of, keeper_of, lease_of
from rostra.hosting.journal.keep import recorder_of
from rostra.hosting.move.give import Part
from rostra.hosting.move.here import Here, may_give
from rostra.hosting.move.installation import here_of
from rostra.hosting.move.state import Gives, Takes, giving_in, taking_in
from rostra.hosting.move.take import Move
from rostra.hosting.move.target import There
from rostra.store.blobs import AwaitedBlobs, AwaitedList, LocalBlobs


class Afloat:
    """An old host with its places, and the new one."""

    def __init__(self, rostra: InProcess, here: Here, paper: str, to: Path) -> None:
        self.rostra = rostra
        self.places = [Hanging(store) for store in here.stores]  # as the two hosts reach them
        self.here = here = replace(here, stores=tuple(self.places))
        self.to = to
        self.told: list[str] = []
        self.started = 0
        self.part = Part(here)
        settings = rostra.services.settings

        async def sleep(_seconds: float) -> None:
            await asyncio.sleep(0.01)

        async def finish(_now: object) -> None:
            """The schema is the same."""

        async def prepare() -> None:
            """Nothing is to be done first."""

        async def start() -> None:
            self.started += 1

        self.there = There(
            to=to,
            stores=here.stores,
            fence=lambda lease, token: fence_of(settings, lease, token),
            secret=paper,
            host="new",
            clock=rostra.clock,
            sleep=sleep,
            say=self.told.append,
            progress=lambda _total: lambda _count, _what: None,
            finish=finish,
            start=start,
            ready=lambda: True,
            prepare=prepare,
        )
        self.move = Move(self.there)

    @property
    def takes(self) -> Takes:
        """How far the new host is."""
        return taking_in(self.to).now.stage

    @property
    def gives(self) -> Gives:
        """How far the old host is."""
        return giving_in(self.here.data_dir).now.stage

    async def until(
        self, takes: Takes | None = None, gives: Gives | None = None, *, anew: bool = False
    ) -> None:
        """Let both do what they can, until one is as far; `anew`: both are killed at each turn."""
        async with asyncio.timeout(PATIENCE_S):
            while self.takes is not takes and (gives is None or self.gives is not gives):
                if anew:
                    self.part, self.move = Part(self.here), Move(self.there)
                await self.part.turn()
                if gives is None or self.gives is not gives:
                    await self.move.step()
                await asyncio.sleep(0.01)

    async def old_until(self, gives: Gives) -> None:
        """Let the old host alone do what it can, until it is as far."""
        async with asyncio.timeout(PATIENCE_S):
            while self.gives is not gives:
                await self.part.turn()
                await asyncio.sleep(0.01)

    async def write(self, name: str) -> int:
        """Somebody registers an app at the old host; the status of its answer."""
        body = {"client_name": name, "redirect_uris": OUT_OF_BAND, "scopes": "read"}
        return (await self.rostra.client().post("/api/v1/apps", json=body)).status_code

    async def does_write(self, name: str) -> None:
        """The same, until it may: a lease of seconds can run out on a busy machine."""

        async def written() -> bool:
            return await self.write(name) == 200

        await until_asked(written)

    async def medium(self, key: str) -> bytes:
        """A medium, as the server of the new host finds it."""
        folder, awaited = LocalBlobs(self.to / "media"), AwaitedList(awaited_path(self.to))
        brings = Bringer(self.to, folder, awaited, lambda: self.places)
        with closing(awaited):
            return await AwaitedBlobs(folder, awaited, brings).get(key)

    def written(self) -> list[str]:
        """What is there at the new host."""
        with closing(apsw.Connection(str(self.to / "rostra.sqlite3"))) as database:
            return [
                str(name)
                for (name,) in database.execute("SELECT name FROM oauth_apps ORDER BY name")
            ]


@asynccontextmanager
async def afloat(data_dir: Path, folder: Path, **more: str) -> AsyncIterator[Afloat]:
    """A running old host that holds the fence, has keys and a copy, and sends its log."""
    url = database_in(data_dir)
    paper, recipient = ark_keys.new_paper_key()
    ark_keys.make(data_dir, (recipient,))
    environ = {
        "ROSTRA_HOSTING__PLACES": str(places_file(folder / "places.toml", folder / "places")),
        "ROSTRA_HOSTING__HOST": "old",
        **more,
    }
    async with running(data_dir, url, None, **environ) as rostra:
        services = rostra.services
        settings = services.settings
        await hold(settings, kept=True)
        lease, recorder = lease_of(settings), recorder_of(services)
        assert recorder is not None
        here = here_of(services, recorder)
        keeper = keeper_of(settings, lease, lambda: may_give(data_dir, here.database))
        shipper = shipper_of(services, moment_of(settings), None)
        assert keeper is not None
        assert shipper is not None
        tasks = [asyncio.create_task(each.run()) for each in (keeper, shipper)]
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not last(data_dir).run:  # noqa: ASYNC110 (a file)
                    await asyncio.sleep(0.05)
            yield Afloat(rostra, here, paper, folder / "new")
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
