"""What tests of trends share: people who want to be found, operators, and the jobs."""

from typing import Any

from tests.harness.neighbours import Asker, Place

from rostra.network.instance import settings
from rostra.network.trends import review
from rostra.network.trends.model import Decision, Kind
from rostra.network.trends.rank import Rank, rank
from rostra.store.query import query

PEOPLE = ("ann", "ben", "eve", "kim")


async def open_people(place: Place, *names: str) -> list[Asker]:
    """Members who want to be found."""
    made = await place.members(*names)
    for one in made:
        await one.change(discoverable=True)
    return made


async def ranked(place: Place) -> None:
    """Count and rank what is there now."""
    await place.app.work()
    await rank(place.services, Rank())


async def allow(place: Place, **values: Any) -> None:
    """Change what the place shows."""
    async with place.db.write() as tx:
        await settings.change(place.services, tx, values)


async def decide(place: Place, kind: Kind, given: str, decision: Decision) -> None:
    """An operator's word."""
    async with place.db.write() as tx:
        await review.decide(place.services, tx, kind, given, decision)


async def rows(place: Place, table: Any) -> int:
    """How many rows a table has."""
    async with place.db.read() as reader:
        return len(await reader.all(query(table.select())))
