"""A running network with a lifeboat, and what the lifeboat can read."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.harness.app import InProcess, running
from tests.harness.crowd import Town
from tests.hosting.ark.afloat import database_in
from tests.hosting.providers import folder_place, places_file

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.lifeboat import keys as lifeboat_keys
from rostra.hosting.lifeboat.book import Book, NotThere
from rostra.hosting.lifeboat.feed import Feeder
from rostra.hosting.lifeboat.keys import Berth
from rostra.hosting.lifeboat.model import FOLDER, Head, Page, Post
from rostra.hosting.lifeboat.newest import newest_head
from rostra.hosting.lifeboat.watch import Watch
from rostra.hosting.places.port import Store

NAMES = ("north", "south", "west")


class Afloat:
    """The network, its places, and a lifeboat that reads them."""

    def __init__(self, rostra: InProcess, places: Path, berth: Berth) -> None:
        self.rostra = rostra
        self.town = Town(rostra)
        self.places = places
        self.berth = berth
        self.stores: list[Store] = [folder_place(name, places / name) for name in NAMES]
        data_dir = rostra.services.settings.data_dir
        feed = lifeboat_keys.kept(data_dir)
        assert feed is not None
        self._made = (ark_keys.kept(data_dir), feed)
        self.feeder = self.feeder_to(self.stores)
        self.book = Book(self.stores, berth.secret)
        self.watch = Watch(berth, self.stores, NAMES, rostra.clock)

    def feeder_to(self, stores: Sequence[Store]) -> Feeder:
        """What tells the lifeboat, begun anew as after a start of the server."""
        return Feeder(self.rostra.services, *self._made, stores)

    async def told(self) -> Head:
        """Let what has changed be told, to the end; the newest head."""
        await self.rostra.work()
        for _ in range(3):
            await self.feeder.round()
            await self.feeder.settle()
        head = await newest_head(self.stores, self.berth.signer)
        assert head is not None
        self.book.turn_to(head)
        return head

    async def page(self, name: str) -> Page | None:
        """The page of a member as the lifeboat has it."""
        try:
            return await self.book.page(name)
        except NotThere:
            return None

    async def posts(self, name: str) -> list[Post]:
        """Their posts as the lifeboat has them, the newest first; none without a page."""
        page = await self.page(name)
        return [] if page is None else await self.book.newest(page, most=1_000)

    def pieces(self, name: str = "north") -> set[str]:
        """The names of all pieces that stand at a place."""
        folder = self.places / name / FOLDER / "piece"
        return {path.name for path in folder.rglob("*") if path.is_file()}


@asynccontextmanager
async def afloat(data_dir: Path) -> AsyncIterator[Afloat]:
    """A network that has a lifeboat, with three folders as places."""
    url = await asyncio.to_thread(database_in, data_dir)
    places = data_dir.parent / "places"
    file = places_file(data_dir.parent / "places.toml", places, NAMES)
    # Nobody keeps a fence here: no server runs that would.
    file.write_text(file.read_text().replace("[[place]]", "[[place]]\nfence = false"))
    _paper, recipient = ark_keys.new_paper_key()
    signer = ark_keys.make(data_dir, (recipient,)).public
    _made, secret = lifeboat_keys.make(data_dir)
    _private, notices = lifeboat_keys.new_notice_key()
    environ = {"ROSTRA_HOSTING__PLACES": str(file), "ROSTRA_HOSTING__LOG_S": "0"}
    async with running(data_dir, url, None, **environ) as rostra:
        settings = rostra.services.settings
        yield Afloat(
            rostra,
            places,
            Berth(
                domain=settings.domain,
                base_url=settings.site.base_url,
                title="A place",
                signer=signer,
                notices=notices,
                secret=secret,
            ),
        )
