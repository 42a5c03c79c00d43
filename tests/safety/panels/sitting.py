"""A place with panels, for tests: members who sit, a case, their votes."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.harness.app import running
from tests.harness.neighbours import Asker, Place
from tests.safety.moderating import moderator

from rostra.safety.panels import members
from rostra.safety.panels.jobs import Send, Tick, send_by_itself, tick

PANEL = "/api/rostra/v1/panel"
TEAM = "/api/rostra/v1/safety"
OPEN: dict[str, Any] = {"ROSTRA_PANELS__CATEGORIES": "harassment, spam"}


@asynccontextmanager
async def with_panels(data_dir: Path, database_url: str, **more: Any) -> AsyncIterator[Place]:
    """A place where insults and spam may go to panels."""
    async with running(data_dir, database_url, **OPEN, **more) as app:
        yield Place(app)


async def seated(place: Place, *names: str, **how: Any) -> list[Asker]:
    """Members who are invited, and sit."""
    made = await place.members(*names)
    async with place.db.write() as tx:
        for each in made:
            await members.invite(place.services, tx, moderator(), each.account_id)
    for each in made:
        given = {"daily_limit": 3, "languages": []} | how
        await each.ask("PUT", PANEL, json=given)
    return made


async def waiting(people: Sequence[Asker]) -> list[tuple[Asker, str]]:
    """Who is asked, and about what."""
    return [(each, head["id"]) for each in people for head in await each.get(f"{PANEL}/cases")]


async def vote(who: Asker, case_id: str, choice: str, **more: Any) -> None:
    """Vote."""
    await who.do(f"{PANEL}/cases/{case_id}/vote", choice=choice, **more)


async def time(place: Place, ms: int) -> None:
    """Let time go by, and panels with it."""
    place.clock.advance(ms)
    async with place.db.write() as tx:
        await tick(place.services, tx, Tick())


async def by_itself(place: Place) -> None:
    """Let go to panels what goes there by itself."""
    async with place.db.write() as tx:
        await send_by_itself(place.services, tx, Send())
