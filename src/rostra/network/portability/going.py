"""How much a file would take away that takes the place of all there was: told before the yes.

Counted the way it is taken away: a list or a filter that the file does not name is one, and of one
that it names each member or keyword that it does not.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from rostra.network.accounts.access import local_username
from rostra.network.edge import Reader, Services
from rostra.network.filters import access as filters_access
from rostra.network.portability import access
from rostra.network.portability.doing import flag
from rostra.network.portability.import_model import Import, Line
from rostra.network.portability.queries import going as queries
from rostra.network.portability.sheets import Kind
from rostra.network.posts import access as posts_access
from rostra.network.search.lookup import named

_POSTS_AT_ONCE: Final = 500
_PEOPLE: Final = {
    Kind.FOLLOWS: queries.FOLLOWS,
    Kind.BLOCKS: queries.BLOCKS,
    Kind.MUTES: queries.MUTES,
}


async def going(services: Services, reader: Reader, found: Import) -> int:
    """How much of what the member has now the file of an import does not name."""
    lines = await access.all_lines(reader, found)
    me, kind = found.account_id, found.of
    if kind in _PEOPLE:
        names = {name for line in lines if (name := _name(services, line, 0))}
        given = {"account": me, "names": sorted(names)}
        if kind is Kind.MUTES:
            given["now"] = services.clock.now()
        return await reader.first(_PEOPLE[kind], **given) or 0
    match kind:
        case Kind.BOOKMARKS:
            ids = await _posts(services, reader, me, lines)
            return await reader.first(queries.BOOKMARKS, account=me, ids=ids) or 0
        case Kind.LISTS:
            return await _lists(services, reader, me, lines)
        case Kind.FILTERS:
            return await _filters(reader, me, lines)
        case _:
            return 0


def _name(services: Services, line: Line, place: int) -> str:
    return (local_username(services.settings, line.cells[place]) or "").lower()


async def _posts(services: Services, reader: Reader, me: int, lines: Iterable[Line]) -> list[int]:
    """The posts that are meant, of reblogs the originals, as far as the member can see them."""
    given = [named(services.settings, line.cells[0]) for line in lines]
    ids = sorted({each.post_id for each in given if each is not None and each.post_id})
    meant: set[int] = set()
    for at in range(0, len(ids), _POSTS_AT_ONCE):
        rows = await posts_access.rows(reader, me, ids[at : at + _POSTS_AT_ONCE])
        meant |= {row.reblog_of_id or row.id for row in rows.values()}
    return sorted(meant)


async def _lists(services: Services, reader: Reader, me: int, lines: Iterable[Line]) -> int:
    kept: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        if name := _name(services, line, 1):
            kept[line.cells[0]].add(name)
    members: dict[int, tuple[str, set[str]]] = {}
    for list_id, title, username in await reader.all(queries.MEMBERS, account=me):
        members.setdefault(list_id, (title, set()))[1].add(username)
    count, seen = 0, set()
    for title, names in members.values():
        spared = title in kept and title not in seen  # of two of one title the older one
        seen.add(title)
        count += len(names - kept[title] - {""}) if spared else 1
    return count


async def _filters(reader: Reader, me: int, lines: Iterable[Line]) -> int:
    kept: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for line in lines:
        kept[line.cells[0]].add((line.cells[4], int(flag(line.cells[5]) is not False)))
    count, seen = 0, set()
    for rules in await filters_access.all_rules(reader, me):
        title = rules.filter.title
        if title not in kept or title in seen:
            count += 1
            continue
        seen.add(title)
        own = [(keyword.keyword, keyword.whole_word) for keyword in rules.keywords]
        count += sum(each not in kept[title] for each in own)
    return count
