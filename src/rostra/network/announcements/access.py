"""Loads announcements: for members those that are shown, for operators all."""

from collections.abc import Sequence

from rostra.kernel.errors import NotFound
from rostra.network.announcements import queries
from rostra.network.announcements.model import Announcement, Reaction, Shown
from rostra.network.edge import Reader

MOST_SHOWN = 40
_MOST = 500


async def shown(reader: Reader, viewer_id: int, *, now: int, unread: bool = False) -> list[Shown]:
    """The announcements of this time (UTC ms) in the order of what they tell of. Two statements.

    ``unread`` leaves out what the viewer has dismissed.
    """
    rows = await reader.all(queries.SHOWN, viewer=viewer_id, now=now, limit=MOST_SHOWN)
    found = [(Announcement(*columns), bool(read)) for read, *columns in rows]
    if unread:
        found = [(each, read) for each, read in found if not read]
    found.sort(key=lambda pair: (pair[0].starts_at or pair[0].publish_at, pair[0].id))
    given = await reactions(reader, viewer_id, [each.id for each, _ in found])
    return [Shown(each, read, given.get(each.id, ())) for each, read in found]


async def shown_one(reader: Reader, announcement_id: int, *, now: int) -> Announcement:
    """One that everybody sees at this time (UTC ms).

    Raises:
        NotFound: there is none, or not now.
    """
    found = await reader.first(queries.ONE, id=announcement_id)
    if found is None or not found.shown_at(now):
        raise NotFound(f"announcement {announcement_id}")
    return found


async def reactions(
    reader: Reader, viewer_id: int, ids: Sequence[int]
) -> dict[int, tuple[Reaction, ...]]:
    """The reactions to announcements, the oldest first. One statement."""
    if not ids:
        return {}
    found: dict[int, tuple[Reaction, ...]] = {}
    rows = await reader.all(queries.REACTIONS, viewer=viewer_id, ids=ids)
    for announcement_id, name, count, mine in rows:
        reaction = Reaction(name, count, bool(mine))
        found[announcement_id] = (*found.get(announcement_id, ()), reaction)
    return found


async def count_of(reader: Reader, announcement_id: int, name: str) -> int:
    """How many reacted to an announcement by this emoji."""
    return int(await reader.value(queries.COUNT_OF, id=announcement_id, name=name) or 0)


async def every(reader: Reader) -> list[Announcement]:
    """The newest 500, whether they are shown or not; for operators."""
    return await reader.all(queries.ALL, limit=_MOST)


async def any_one(reader: Reader, announcement_id: int) -> Announcement:
    """One of them, shown or not; for operators.

    Raises:
        NotFound: there is none.
    """
    found = await reader.first(queries.ONE, id=announcement_id)
    if found is None:
        raise NotFound(f"announcement {announcement_id}")
    return found
