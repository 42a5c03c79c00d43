"""What is a member's own as files that Mastodon reads, written piece by piece.

Only what the member may see now is in them: every account and post comes by its loader.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from rostra.kernel.paging import Page, Window
from rostra.kernel.text import sheet
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.cards import cards
from rostra.network.addresses import addresses
from rostra.network.edge import Reader, Services
from rostra.network.filters import access as filters_access
from rostra.network.filters.model import Action, Context, FilterRules
from rostra.network.lists import access as lists_access
from rostra.network.lists.manage import MEMBERS_MAX
from rostra.network.portability.queries import archives as queries
from rostra.network.portability.sheets import Kind
from rostra.network.posts import access as posts_access
from rostra.network.relations import access as relations_access
from rostra.network.relations.model import Link

_AT_ONCE: Final = 200
Cells = Sequence[str]
# Some lines behind a place, and behind which the next stand; 0: there are none.
Part = Callable[[Reader, int], Awaitable[tuple[list[Cells], int]]]


async def exported(services: Services, account_id: int, kind: Kind) -> AsyncIterator[bytes]:
    """The file of one kind, in pieces; each is read off the event loop, some lines at a time.

    Domains are a file without lines: this place speaks with no other, so nobody blocks one.
    """
    if kind.sheet.headed:
        yield sheet.written([kind.sheet.columns])
    part = _Exporter(services, account_id).part(kind)
    place = 0
    while True:
        lines, place = await _slowly(services, part, place)
        if lines:
            yield sheet.written(lines)
        if not place:
            return


async def _slowly(services: Services, part: Part, place: int) -> tuple[list[Cells], int]:
    async def work(reader: Reader) -> tuple[list[Cells], int]:
        return await part(reader, place)

    return await services.db.slowly(work)


class _Exporter:
    """Reads the lines of one member's files."""

    def __init__(self, services: Services, account_id: int) -> None:
        self._services = services
        self._me = account_id

    def part(self, kind: Kind) -> Part:
        """What reads the lines of this kind."""
        return {
            Kind.FOLLOWS: self._follows,
            Kind.BLOCKS: self._blocks,
            Kind.MUTES: self._mutes,
            Kind.LISTS: self._lists,
            Kind.BOOKMARKS: self._bookmarks,
            Kind.FILTERS: self._filters,
            Kind.DOMAINS: self._nothing,
        }[kind]

    async def _follows(self, reader: Reader, below: int) -> tuple[list[Cells], int]:
        now = self._services.clock.now()
        window = await relations_access.following(reader, self._me, self._me, _page(below), now=now)
        named = await self._named(reader, window, self._me)
        relations = await relations_access.relationships(
            reader, self._me, [account_id for account_id, _ in named], now=now
        )
        names = dict(named)
        lines: list[Cells] = [
            (
                names[each.id],
                _flag(each.showing_reblogs),
                _flag(each.notifying),
                ", ".join(each.languages),
            )
            for each in relations
        ]
        return lines, window.next_max_id or 0

    async def _blocks(self, reader: Reader, below: int) -> tuple[list[Cells], int]:
        window = await relations_access.blocks(reader, self._me, _page(below))
        named = await self._named(reader, window)
        return [(name,) for _, name in named], window.next_max_id or 0

    async def _mutes(self, reader: Reader, below: int) -> tuple[list[Cells], int]:
        now = self._services.clock.now()
        window = await relations_access.mutes(reader, self._me, _page(below), now=now)
        named = await self._named(reader, window)
        ids = [account_id for account_id, _ in named]
        found = await relations_access.relationships(reader, self._me, ids, now=now)
        hides = {each.id: each.muting_notifications for each in found}
        lines: list[Cells] = [
            (name, _flag(hides.get(account_id, True))) for account_id, name in named
        ]
        return lines, window.next_max_id or 0

    async def _named(
        self, reader: Reader, window: Window[Link], viewer_id: int = 0
    ) -> list[tuple[int, str]]:
        """The accounts of a window with their addresses, in its order.

        Whom one blocks or mutes is told even where they block back: the pages tell it too.
        """
        ids = [link.account_id for link in window.items]
        rows = await accounts_access.by_ids(reader, viewer_id, ids)
        return [(each, self._address(rows[each].username)) for each in ids if each in rows]

    def _address(self, username: str) -> str:
        return f"{username}@{self._services.settings.domain}"

    async def _lists(self, reader: Reader, behind: int) -> tuple[list[Cells], int]:
        """One list at a time."""
        own = await lists_access.all_own(reader, self._me)
        later = [row for row in own if row.id > behind]
        if not later:
            return [], 0
        row = later[0]
        window = await lists_access.members(reader, self._me, row.id, Page(MEMBERS_MAX))
        ids = [line.account_id for line in window.items]
        rows = await accounts_access.by_ids(reader, self._me, ids)
        lines: list[Cells] = [
            (row.title, self._address(rows[each].username)) for each in ids if each in rows
        ]
        return lines, row.id if len(later) > 1 else 0

    async def _bookmarks(self, reader: Reader, after: int) -> tuple[list[Cells], int]:
        found = await reader.all(queries.BOOKMARKS, account=self._me, after=after, limit=_AT_ONCE)
        rows = await posts_access.rows(reader, self._me, [post_id for _, post_id in found])
        known = await cards(reader, list({row.account_id for row in rows.values()}))
        at = addresses(self._services.settings)
        lines: list[Cells] = [
            (at.post_uri(known[rows[post_id].account_id].username, post_id),)
            for _, post_id in found
            if post_id in rows and rows[post_id].account_id in known
        ]
        return lines, found[-1][0] if len(found) == _AT_ONCE else 0

    async def _filters(self, reader: Reader, _behind: int) -> tuple[list[Cells], int]:
        """All at once: there are few."""
        rules = await filters_access.all_rules(reader, self._me)
        now = self._services.clock.now()
        return [line for each in rules if _lasts(each, now) for line in _filter_lines(each)], 0

    async def _nothing(self, _reader: Reader, _behind: int) -> tuple[list[Cells], int]:
        return [], 0


def _page(below: int) -> Page:
    return Page(_AT_ONCE, max_id=below or None)


def _flag(value: bool) -> str:  # noqa: FBT001 (a cell's value, not a choice of the caller)
    return "true" if value else "false"


def _lasts(rules: FilterRules, now: int) -> bool:
    return not rules.filter.expires_at or rules.filter.expires_at > now


def _filter_lines(rules: FilterRules) -> list[Cells]:
    """A line for each keyword; one without where there are none. Single posts have no place."""
    one = rules.filter
    until = datetime.fromtimestamp(one.expires_at / 1000, UTC).isoformat() if one.expires_at else ""
    head = (one.title, ", ".join(Context(one.contexts).names), Action(one.action).wire, until)
    words = [(each.keyword, _flag(bool(each.whole_word))) for each in rules.keywords]
    return [(*head, *each) for each in words or [("", "")]]
