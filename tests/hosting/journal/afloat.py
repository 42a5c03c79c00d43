"""A place whose acts are noted, with its copies and its journal at places in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.harness.app import InProcess, running
from tests.hosting.ark.afloat import Ark, database_in
from tests.hosting.providers import marked_folder

from rostra.cli.ark_journal import replay_on, settings_in
from rostra.hosting.ark.copy import Source, copy
from rostra.hosting.ark.read import newest
from rostra.hosting.ark.restore import choose
from rostra.hosting.journal.chain import Known
from rostra.hosting.journal.keep import Recorder
from rostra.hosting.journal.replay import Opener, Replayed
from rostra.hosting.journal.send import Sender
from rostra.hosting.journal.verify import verify
from rostra.store.gates import file_gates

_PLACES = """
[[place]]
name = "{name}"
party = "{name}"
store = "{folder}/{name}"
fence = false
"""


class Noted:
    """A running application whose journal is sent when it is told to be."""

    def __init__(self, rostra: InProcess, ark: Ark) -> None:
        self.rostra = rostra
        self.ark = ark
        self.recorder = Recorder(rostra.services, ark.stores)
        self.sender = Sender(rostra.db, ark.data_dir, ark.keys, ark.stores, rostra.services.clock)

    async def send(self, epoch: int | None = None) -> int:
        """Send what is noted, by an epoch or as the server does; the newest note."""
        if epoch is not None:
            return (await self.sender.send(epoch)).last
        sent = await self.recorder.round()
        assert sent is not None
        return sent.last

    async def copy(self, epoch: int = 0) -> str:
        """Make a copy, the journal first; its mark."""
        source = Source(
            data_dir=self.ark.data_dir,
            database=self.ark.data_dir / "rostra.sqlite3",
            blobs=self.rostra.services.blobs,
            domain="rostra.example",
            clock=self.rostra.clock,
            epoch=epoch,
            journal=(await self.sender.send(epoch)).last,
        )
        copied = await copy(source, self.ark.keys, self.ark.stores)
        return copied.manifest.mark

    async def restore(self, to: Path, mark: str = "") -> Replayed:
        """Restore a copy with the paper key, and replay the journal on it."""
        await self.ark.restore(to, mark)
        found = await choose(self.ark.stores, mark, self.ark.keys.public)
        return await self.replay(to, found.manifest.epoch)

    async def replay(self, to: Path, epoch: int | None = None) -> Replayed:
        """Replay the journal on what was restored."""
        opener, signer = Opener(self.ark.paper), self.ark.keys.public
        return await replay_on(settings_in(to), self.ark.stores, opener, signer, epoch=epoch)

    async def faults(self) -> list[tuple[str, str]]:
        """What reading the journal back finds: place and words."""
        top = await newest(self.ark.stores)
        known = Known(top.manifest.journal, top.manifest.epoch) if top else Known()
        checked = await verify(self.ark.stores, self.ark.keys.public, known=known)
        return [(each.place, each.what) for each in checked.faults]


@asynccontextmanager
async def noted(data_dir: Path) -> AsyncIterator[Noted]:
    """An application in its data directory, with keys and places that have no vote."""
    url = await asyncio.to_thread(database_in, data_dir)
    folder = data_dir.parent / "places"
    file = data_dir.parent / "places.toml"
    names = ("north", "south")
    for name in names:
        marked_folder(folder / name)
    file.write_text("".join(_PLACES.format(name=name, folder=folder) for name in names))
    async with running(data_dir, url, None, ROSTRA_HOSTING__PLACES=str(file)) as rostra:
        yield Noted(rostra, Ark(data_dir))


@asynccontextmanager
async def gone_on_with(to: Path) -> AsyncIterator[InProcess]:
    """The restored place, opened. Its clock is that of the very beginning: far behind."""
    for gate in file_gates(to):
        gate.open()
    async with running(to, f"sqlite:///{to / 'rostra.sqlite3'}") as rostra:
        yield rostra
