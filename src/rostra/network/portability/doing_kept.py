"""Carries out the lines of a file: lists, bookmarks and filters. See `doing`."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from msgspec import structs

from rostra.kernel.errors import Invalid
from rostra.network.filters import access as filters_access
from rostra.network.filters import change as filters
from rostra.network.filters.model import Action, Context, FilterRules, FilterWish, KeywordWish
from rostra.network.lists import access as lists_access
from rostra.network.lists import manage as lists
from rostra.network.lists.model import ListChanges
from rostra.network.portability.doing import ELSEWHERE, Doer, People, Refused, flag
from rostra.network.portability.import_model import Line, Outcome
from rostra.network.posts import access as posts_access
from rostra.network.posts.model import Flag
from rostra.network.posts.react import bookmark
from rostra.network.search.lookup import named

_KEYWORD: Final = 4


class Lists(People):
    """Putting whom the member follows into lists, which are made where there are none yet."""

    place = 1
    locks = False

    async def ready(self, lines: Sequence[Line]) -> None:
        """Find the accounts and the lists."""
        await super().ready(lines)
        own = await lists_access.all_own(self.scene.tx, self.scene.account_id)
        self._lists = {row.title: row.id for row in reversed(own)}  # of two, the older one

    def spare(self, line: Line) -> None:
        """Whoever is named stays in the list, if there is one."""
        with suppress(Refused):
            who = self.whom(line)
            if line.cells[0] in self._lists:
                self.scene.kept.append((self._lists[line.cells[0]], who.id))

    async def do(self, line: Line) -> Outcome:
        """Put one account into one list."""
        scene, title = self.scene, line.cells[0]
        who = self.whom(line)
        if title in self._lists:
            scene.kept.append((self._lists[title], who.id))
        if who.requested and not who.following:
            raise Refused("has not accepted yet that you follow them", self.place)
        if not who.following and who.id != scene.account_id:
            raise Refused("is not followed by you: bring in whom you follow first", self.place)
        new = title not in self._lists
        if new:
            made = await lists.create(
                scene.services, scene.tx, scene.account_id, ListChanges(title=title)
            )
        list_id = made.id if new else self._lists[title]
        try:
            await lists.add_members(scene.services, scene.tx, scene.account_id, list_id, [who.id])
        except Invalid as error:
            faults = error.details.get("account_ids", [])
            if any(fault["error"] == "ERR_TAKEN" for fault in faults):
                return Outcome.SAME
            raise
        self._lists[title] = list_id
        scene.kept.append((list_id, who.id))
        return Outcome.MADE


class Bookmarks(Doer):
    """Bookmarking what the member may see."""

    async def ready(self, lines: Sequence[Line]) -> None:
        """Find the posts, and which of them are bookmarked."""
        scene = self.scene
        ids = [self._post_id(line) for line in lines]
        rows = await posts_access.rows(scene.tx, scene.account_id, [each for each in ids if each])
        self._meant = {row.id: row.reblog_of_id or row.id for row in rows.values()}
        self._flags = await posts_access.flags(
            scene.tx, scene.account_id, list(self._meant.values())
        )

    def _post_id(self, line: Line) -> int:
        found = named(self.scene.services.settings, line.cells[0])
        return found.post_id if found is not None else 0

    def spare(self, line: Line) -> None:
        """What can't be read or seen is no bookmark that could stay."""

    async def do(self, line: Line) -> Outcome:
        """Bookmark one post; of a reblog the original."""
        scene = self.scene
        asked = self._post_id(line)
        if not asked:
            raise Refused(ELSEWHERE)
        meant = self._meant.get(asked)
        if meant is None:
            raise Refused("is no post that you can see")
        scene.kept.append((0, meant))
        if self._flags.get(meant, Flag(0)) & Flag.BOOKMARKED:
            return Outcome.SAME
        await bookmark(scene.services, scene.tx, scene.account_id, meant)
        self._flags[meant] = Flag.BOOKMARKED
        return Outcome.MADE


class Filters(Doer):
    """Making filters, a line for each keyword; a filter with the same title gets what it lacks."""

    async def ready(self, lines: Sequence[Line]) -> None:
        """Look the member's filters up."""
        del lines
        scene = self.scene
        rules = await filters_access.all_rules(scene.tx, scene.account_id)
        self._rules = {each.filter.title: each for each in reversed(rules)}
        self._as_told: set[int] = set()

    def spare(self, line: Line) -> None:
        """A filter that is named stays, with the keyword."""
        found = self._rules.get(line.cells[0])
        if found is not None:
            self.scene.kept.append((found.filter.id, self._keyword_of(line, found)))

    async def do(self, line: Line) -> Outcome:
        """Make a filter, or add a keyword to it."""
        wish = self._wish(line)
        found = self._rules.get(line.cells[0])
        if found is None:
            return self._keep(line, await self._made(line, wish), Outcome.MADE)
        if self.scene.replaces and found.filter.id not in self._as_told:
            found = await self._changed(found, wish)
        if not line.cells[_KEYWORD] or self._keyword_of(line, found):
            return self._keep(line, found, Outcome.SAME)
        scene = self.scene
        await filters.add_keyword(
            scene.services, scene.tx, scene.account_id, found.filter.id, _keyword(line)
        )
        rules = await filters_access.rules(scene.tx, scene.account_id, found.filter.id)
        return self._keep(line, rules, Outcome.MADE)

    async def _made(self, line: Line, wish: FilterWish) -> FilterRules:
        scene = self.scene
        words = (_keyword(line),) if line.cells[_KEYWORD] else ()
        wish = structs.replace(wish, title=line.cells[0], keywords=words)
        return await filters.create(scene.services, scene.tx, scene.account_id, wish)

    async def _changed(self, found: FilterRules, wish: FilterWish) -> FilterRules:
        """The filter as the file has it, but for its keywords."""
        scene, was = self.scene, found.filter
        same = was.contexts == int(Context.of(wish.contexts or ()) or 0) and (
            wish.action in {None, Action(was.action).wire}
        )
        if same and wish.never_expires and not was.expires_at:
            return found
        return await filters.update(scene.services, scene.tx, scene.account_id, was.id, wish)

    def _wish(self, line: Line) -> FilterWish:
        """What a line says of its filter: contexts, action and end."""
        _, contexts, action, expires, *_ = line.cells
        seconds = None
        if expires:
            until_ms = int(datetime.fromisoformat(expires).timestamp() * 1000)
            seconds = -((self.scene.now - until_ms) // 1000)
            if seconds <= 0:
                raise Refused("is in the past", 3)
        return FilterWish(
            contexts=tuple(contexts.split(", ")),
            action=action or None,
            expires_in_s=seconds,
            never_expires=seconds is None,
        )

    def _keyword_of(self, line: Line, rules: FilterRules) -> int:
        wanted, whole = line.cells[_KEYWORD], int(flag(line.cells[5]) is not False)
        return next(
            (k.id for k in rules.keywords if (k.keyword, k.whole_word) == (wanted, whole)), 0
        )

    def _keep(self, line: Line, rules: FilterRules, outcome: Outcome) -> Outcome:
        self._rules[rules.filter.title] = rules
        self._as_told.add(rules.filter.id)
        self.scene.kept.append((rules.filter.id, self._keyword_of(line, rules)))
        return outcome


def _keyword(line: Line) -> KeywordWish:
    return KeywordWish(keyword=line.cells[_KEYWORD], whole_word=flag(line.cells[5]))
