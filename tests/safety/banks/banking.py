"""What tests of banks do again and again."""

from typing import Any

from sqlalchemy import Table, func, select
from tests.harness.crowd import good
from tests.harness.neighbours import Asker, Place
from tests.pictures import waves

from rostra.safety.banks import access, items, manage
from rostra.safety.banks.items import Given
from rostra.safety.banks.model import Bank, Hashes, HashKind, Item, Match
from rostra.store.query import Query, query

WIDTH, HEIGHT = 220, 160


def picture(seed: int, form: str = "png") -> bytes:
    """A picture with enough to see to tell it by; the same look in any form."""
    return bytes(waves(seed, WIDTH, HEIGHT).write_to_buffer(f".{form}"))


async def upload(place: Place, by: Asker, data: bytes, *, work: bool = True) -> int:
    """Upload a file and do the jobs that follow; its id."""
    files = {"file": ("x", data)}
    sent: dict[str, Any] = good(await by.client.post("/api/v2/media", files=files))
    place.clock.advance(1)
    if work:
        await place.app.work()
    return int(sent["id"])


async def show(place: Place, by: Asker, *media_ids: int, work: bool = True) -> int:
    """Publish a post with these files; its id."""
    post = await by.post("look", media_ids=[str(each) for each in media_ids])
    if work:
        await place.app.work()
    return int(post["id"])


async def hashes_of(place: Place, media_id: int) -> Hashes:
    """What an upload is told by."""
    async with place.db.read() as reader:
        return await access.hashes_of(reader, media_id)


async def bank(place: Place, name: str = "own", category: str = "spam", **more: Any) -> Bank:
    """A new bank."""
    wanted = manage.Wanted(name=name, category=category, **more)
    async with place.db.write() as tx:
        return await manage.make(place.services, tx, wanted)


async def change(place: Place, which: Bank, **more: Any) -> Bank:
    """The bank, changed."""
    wanted = manage.Wanted(**{"name": which.name, "category": "spam", **more})
    async with place.db.write() as tx:
        return await manage.change(place.services, tx, which.id, wanted)


async def keep(place: Place, which: Bank, *hashes: Given, **more: Any) -> list[Item]:
    """Add hashes to a bank, and do the jobs that follow."""
    place.clock.advance(1)
    async with place.db.write() as tx:
        made = await items.add(place.services, tx, which.id, hashes, **more)
    await place.app.work()
    return made


async def known(place: Place, by: Asker, which: Bank, seed: int) -> Item:
    """A picture whose look is in the bank; whoever uploaded it has removed it since."""
    media_id = await upload(place, by, picture(seed))
    found = await hashes_of(place, media_id)
    await by.ask("DELETE", f"/api/v1/media/{media_id}")
    (made,) = await keep(place, which, Given(HashKind.PDQ, found.pdq))
    return made


async def matches(place: Place, which: Bank) -> list[Match]:
    """What the bank has met, the newest first."""
    async with place.db.read() as reader:
        return await access.matches(reader, which.id)


async def item(place: Place, item_id: int) -> Item:
    """A hash as it is now."""
    async with place.db.read() as reader:
        return await access.item(reader, item_id)


def count(table: Table) -> Query[tuple[Any, ...]]:
    """How many rows a table has."""
    return query(select(func.count()).select_from(table))
