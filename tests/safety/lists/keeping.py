"""What tests of lists do again and again."""

from typing import Any

from tests.harness.neighbours import Place

from rostra.network.credentials.model import Role
from rostra.safety.lists import manage
from rostra.safety.lists.entries import Line
from rostra.safety.lists.held import HELD, Lists
from rostra.safety.lists.manage import About, Done
from rostra.safety.lists.model import WordList
from rostra.safety.states import keep
from rostra.safety.team.model import Actor

ADMIN = Actor(7, Role.ADMIN)


async def made(place: Place, name: str, kind: str, *entries: str, **about: Any) -> WordList:
    """A list with entries in it."""
    place.clock.advance(1)
    given = About(**{"harm": "violence", "score": 80, **about})
    async with place.db.write() as tx:
        kept = await manage.make(place.services, tx, ADMIN, name=name, kind=kind, about=given)
    if entries:
        await put(place, kept, *entries)
    return kept


async def put(place: Place, kept: WordList, *entries: str, **more: Any) -> Done:
    """Entries in a list."""
    place.clock.advance(1)
    lines = [Line(number, text) for number, text in enumerate(entries, 1)]
    given = {"reason": "Seen in July", **more}
    async with place.db.write() as tx:
        return await manage.put(place.services, tx, ADMIN, kept.id, lines, **given)


async def in_force(place: Place) -> Lists:
    """What a process holds now."""
    async with place.db.read() as reader:
        return await HELD.of(place.services, reader, await keep.versions(reader))
