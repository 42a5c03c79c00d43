"""Loads lists and what stands in them, for the edges."""

from rostra.kernel.errors import NotFound
from rostra.kernel.paging import MAX_BOUND
from rostra.safety.edge import Reader
from rostra.safety.lists import queries
from rostra.safety.lists.model import Entry, WordList


async def every(reader: Reader) -> list[WordList]:
    """All lists, by name. One statement."""
    return await reader.all(queries.ALL)


async def counts(reader: Reader) -> dict[int, int]:
    """How many entries each list has, by its id; lists without any are left out."""
    return dict(await reader.all(queries.COUNTS))


async def one(reader: Reader, list_id: int) -> WordList:
    """A list.

    Raises:
        NotFound: there is none.
    """
    found = await reader.first(queries.ONE, id=list_id)
    if found is None:
        raise NotFound(f"list {list_id}")
    return found


async def named(reader: Reader, name: str) -> WordList:
    """A list by its name.

    Raises:
        NotFound: there is none.
    """
    for found in await every(reader):
        if found.name == name:
            return found
    raise NotFound(f"list {name}", safe=f"there is no list {name!r}")


async def count(reader: Reader, list_id: int) -> int:
    """How many entries a list has."""
    return int(await reader.value(queries.COUNT, list=list_id))


async def entries(
    reader: Reader, list_id: int, *, below: int = MAX_BOUND, limit: int = 100
) -> list[Entry]:
    """What stands in a list, the newest first. One statement."""
    return await reader.all(queries.ENTRIES, list=list_id, below=below, limit=limit)


async def all_entries(reader: Reader, list_id: int) -> list[Entry]:
    """All that stands in a list, in the order of the alphabet: for files of it."""
    return await reader.all(queries.EVERY_ENTRY, list=list_id)
