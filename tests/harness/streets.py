"""A town whose members post links to a foreign site."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.harness.app import running
from tests.harness.crowd import Member, Town, good
from tests.harness.site import Site, foreign_site

POSTS = "/api/v1/statuses"
MINUTE = 60_000


class Streets:
    """A town and a foreign site."""

    def __init__(self, town: Town, site: Site) -> None:
        self.town = town
        self.site = site

    async def work(self) -> None:
        """Let the longest delay pass, and work."""
        await self.town.rostra.work()
        self.town.rostra.clock.advance(2 * MINUTE)
        await self.town.rostra.work()

    async def card(self, who: Member, text: str, **fields: Any) -> Any:
        """Post, wait, and look at the card."""
        post = await self.town.post(who, text, **fields)
        await self.work()
        return good(await who.client.get(f"{POSTS}/{post}"))["card"]

    def stored(self) -> list[Path]:
        """Every stored file."""
        folder = Path(self.town.services.settings.media_store)
        return [path for path in folder.rglob("*") if path.is_file()]


@asynccontextmanager
async def streets_of(data_dir: Path, database_url: str, **env: Any) -> AsyncIterator[Streets]:
    """A running town from which the foreign site can be called; `env` as for `running`."""
    async with (
        foreign_site() as site,
        running(data_dir, database_url, fetch=site.client(), **env) as rostra,
    ):
        yield Streets(Town(rostra), site)
