"""Takes back what a file does not name, where it takes the place of all there was."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, Final

from rostra.kernel.errors import NotFound
from rostra.kernel.paging import Page
from rostra.network.edge import Services, Transaction
from rostra.network.filters import access as filters_access
from rostra.network.filters import change as filters
from rostra.network.lists import access as lists_access
from rostra.network.lists import manage as lists
from rostra.network.portability.import_model import Import
from rostra.network.portability.queries import archives
from rostra.network.portability.queries import imports as queries
from rostra.network.portability.sheets import Kind
from rostra.network.posts.react import unbookmark
from rostra.network.relations import access as relations_access
from rostra.network.relations import shun
from rostra.network.relations.follow import unfollow
from rostra.network.relations.model import Link
from rostra.network.relations.pair import lock_all

_AT_ONCE: Final = 20
_FILTERS_AT_ONCE: Final = 10

Undo = Callable[[Services, Transaction, int, int], Awaitable[Any]]


async def take_back(services: Services, tx: Transaction, found: Import) -> tuple[int, int]:
    """Take some back; how many, and behind which id the next stand (0: there are none)."""
    match found.of:
        case Kind.FOLLOWS | Kind.BLOCKS | Kind.MUTES:
            return await _people(services, tx, found)
        case Kind.BOOKMARKS:
            return await _bookmarks(services, tx, found)
        case Kind.LISTS:
            return await _lists(services, tx, found)
        case Kind.FILTERS:
            return await _filters(services, tx, found)
        case _:
            return 0, 0


async def _unnamed(tx: Transaction, found: Import, ids: Sequence[int]) -> list[int]:
    """Those of the ids that no line named."""
    kept = set(await tx.all(queries.KEPT, one=found.id, home=0, ids=ids))
    return [each for each in ids if each not in kept]


async def _people(services: Services, tx: Transaction, found: Import) -> tuple[int, int]:
    links, undo = await _linked(services, tx, found)
    gone = await _unnamed(tx, found, [link.account_id for link in links])
    if gone:
        await lock_all(tx, [found.account_id, *gone])
    removed = 0
    for account_id in gone:
        with suppress(NotFound):  # they have just left
            await undo(services, tx, found.account_id, account_id)
            removed += 1
    return removed, _next(links)


async def _linked(
    services: Services, tx: Transaction, found: Import
) -> tuple[Sequence[Link], Undo]:
    """Some of those who are followed, blocked or muted, and what ends that."""
    me, now = found.account_id, services.clock.now()
    page = Page(_AT_ONCE, min_id=found.behind)
    match found.of:
        case Kind.FOLLOWS:
            return (await relations_access.following(tx, me, me, page, now=now)).items, unfollow
        case Kind.BLOCKS:
            return (await relations_access.blocks(tx, me, page)).items, shun.unblock
        case _:
            return (await relations_access.mutes(tx, me, page, now=now)).items, shun.unmute


def _next(links: Sequence[Link]) -> int:
    """Pages come newest first, also when they are read upwards."""
    return links[0].id if len(links) == _AT_ONCE else 0


async def _bookmarks(services: Services, tx: Transaction, found: Import) -> tuple[int, int]:
    rows = await tx.all(
        archives.BOOKMARKS, account=found.account_id, after=found.behind, limit=_AT_ONCE
    )
    gone = await _unnamed(tx, found, [post_id for _, post_id in rows])
    for post_id in gone:
        await unbookmark(services, tx, found.account_id, post_id)
    return len(gone), rows[-1][0] if len(rows) == _AT_ONCE else 0


async def _lists(services: Services, tx: Transaction, found: Import) -> tuple[int, int]:
    """One list at a time: it goes, or those of its members who are not named."""
    me = found.account_id
    later = [row for row in await lists_access.all_own(tx, me) if row.id > found.behind]
    if not later:
        return 0, 0
    list_id = later[0].id
    behind = list_id if len(later) > 1 else 0
    kept = set(await tx.all(queries.KEPT_IN, one=found.id, home=list_id))
    if not kept:
        await lists.delete(services, tx, me, list_id)
        return 1, behind
    window = await lists_access.members(tx, me, list_id, Page(lists.MEMBERS_MAX))
    gone = [line.account_id for line in window.items if line.account_id not in kept]
    await lists.remove_members(services, tx, me, list_id, gone)
    return len(gone), behind


async def _filters(services: Services, tx: Transaction, found: Import) -> tuple[int, int]:
    """Some filters at a time: each goes, or those of its keywords that are not named."""
    me, removed = found.account_id, 0
    rules = [
        each for each in await filters_access.all_rules(tx, me) if each.filter.id > found.behind
    ]
    for each in rules[:_FILTERS_AT_ONCE]:
        kept = set(await tx.all(queries.KEPT_IN, one=found.id, home=each.filter.id))
        if not kept:
            await filters.remove(services, tx, me, each.filter.id)
            removed += 1
            continue
        for keyword in each.keywords:
            if keyword.id not in kept:
                await filters.remove_keyword(services, tx, me, keyword.id)
                removed += 1
    more = len(rules) > _FILTERS_AT_ONCE
    return removed, rules[_FILTERS_AT_ONCE - 1].filter.id if more else 0
