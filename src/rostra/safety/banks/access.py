"""Loads banks, their hashes and what these were met on, for the edges."""

from rostra.kernel.errors import NotFound
from rostra.kernel.paging import MAX_BOUND
from rostra.safety.banks import queries
from rostra.safety.banks.held import HELD, Banks
from rostra.safety.banks.model import Bank, Hashes, Item, LookBack, Match
from rostra.safety.edge import Reader, Services
from rostra.safety.states import keep
from rostra.safety.team.model import Actor, Permission


async def held(services: Services, reader: Reader) -> Banks:
    """The banks as they are in force. One statement where nothing has changed."""
    return await HELD.of(services, reader, await keep.versions(reader))


async def every(reader: Reader) -> list[Bank]:
    """All banks, by name. One statement."""
    return await reader.all(queries.BANKS)


async def one(reader: Reader, bank_id: int) -> Bank:
    """A bank.

    Raises:
        NotFound: there is none.
    """
    found = await reader.first(queries.ONE, id=bank_id)
    if found is None:
        raise NotFound(f"bank {bank_id}", safe=f"there is no bank {bank_id}")
    return found


async def seen_by(reader: Reader, actor: Actor, bank_id: int) -> Bank:
    """A bank, for somebody of the team who may see cases of its category.

    Raises:
        Forbidden: they see no cases at all.
        NotFound: there is none, or it is not theirs to see.
    """
    actor.require(Permission.SEE_CASES)
    found = await one(reader, bank_id)
    if not actor.sees(found.category):
        raise NotFound(f"bank {bank_id} for {actor.account_id}")
    return found


async def named(reader: Reader, name: str) -> Bank:
    """The bank of this name.

    Raises:
        NotFound: there is none.
    """
    found = await reader.first(queries.NAMED, name=name)
    if found is None:
        raise NotFound(f"bank {name!r}", safe=f"there is no bank {name!r}")
    return found


async def item(reader: Reader, item_id: int) -> Item:
    """A hash.

    Raises:
        NotFound: there is none.
    """
    found = await reader.first(queries.ITEM, id=item_id)
    if found is None:
        raise NotFound(f"hash {item_id}", safe=f"there is no hash {item_id}")
    return found


async def items(
    reader: Reader, bank_id: int, *, below: int = MAX_BOUND, limit: int = 40
) -> list[Item]:
    """Hashes of a bank, the newest first. One statement."""
    return await reader.all(queries.ITEMS, bank=bank_id, below=below, limit=limit)


async def items_after(
    reader: Reader, bank_id: int, *, after: int = 0, limit: int = 1000
) -> list[Item]:
    """Hashes of a bank, the oldest first. One statement."""
    return await reader.all(queries.ITEMS_AFTER, bank=bank_id, after=after, limit=limit)


async def quarantined(reader: Reader) -> list[Item]:
    """Hashes of all banks that were switched off by themselves. One statement."""
    return await reader.all(queries.QUARANTINED)


async def matches(reader: Reader, bank_id: int, *, limit: int = 40) -> list[Match]:
    """What the hashes of a bank were met on lately, the newest first. One statement."""
    return await reader.all(queries.LATELY, bank=bank_id, limit=limit)


async def look_backs(reader: Reader, bank_id: int, *, limit: int = 5) -> list[LookBack]:
    """Looks at earlier uploads for a bank, the newest first. One statement."""
    return await reader.all(queries.BACKS_OF, bank=bank_id, limit=limit)


async def hashes_of(reader: Reader, media_id: int) -> Hashes:
    """What an upload is told by.

    Raises:
        NotFound: there is none.
    """
    found = await reader.first(queries.TOLD_BY, id=media_id)
    if found is None:
        raise NotFound(f"medium {media_id}", safe=f"there is no file {media_id}")
    return Hashes.of(*found)
