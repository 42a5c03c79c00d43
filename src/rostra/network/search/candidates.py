"""Posts that fit a condition, newest first, bit by bit, at a bounded cost on both databases.

SQLite walks the lists of its index in the order of ids, and stops where it is told to. PostgreSQL's
index gives all that have the tokens, in no order: good for tokens that few posts have. Others are
found by reading the newest posts one by one. What is both frequent by its tokens and seldom
together is found among the newest :data:`LONGEST_WALK` posts alone.
"""

from collections.abc import Iterable, Sequence

import msgspec

from rostra.network.edge import Reader
from rostra.network.search import queries
from rostra.network.search.grammar import Span
from rostra.network.search.match import Condition, Part, all_of

LONGEST_WALK = 60_000  # posts read one by one for a query, the newest
_FIRST_WALK = 2_000
_WIDEST_WALK = 20_000
_SHORT_WALK = 4_000  # further ones are compared with what the index would cost
_MOST_INDEXED = 20_000  # posts with the tokens that are taken from the index

# What it costs, in microseconds: see docs/decisions/0015-search-by-marks.md.
_READ = 0.25  # a post that is walked through
_FETCH = 3.0  # a post taken from the table because the index says so
_STEP = 0.1  # an entry of the index's lists, where they are read from end to end
_JUMP = 15.0  # an entry that is looked for in a list
_MOST_SPENT = 20_000.0
_UNKNOWN = 5_000.0  # what the index costs where nothing is known of the tokens

_encode = msgspec.json.Encoder().encode


class Candidates:
    """Posts that fit a condition, on SQLite."""

    def __init__(self, reader: Reader, match: str, within: Span) -> None:
        self.done = False
        self.read = 0  # posts that were walked through one by one
        self._reader = reader
        self._match = match
        self._below, self._above = within.end, within.first - 1

    async def take(self, limit: int) -> list[int]:
        """At most ``limit`` more of them; ``done`` tells that there are no others."""
        ids = await self._reader.all(
            queries.POST_MATCHES,
            match=self._match,
            below=self._below,
            above=self._above,
            limit=limit,
        )
        self.done = len(ids) < limit
        if ids:
            self._below = ids[-1]
        return ids


class Walking(Candidates):
    """The same on PostgreSQL."""

    def __init__(self, reader: Reader, condition: Condition, within: Span, longest: int) -> None:
        super().__init__(reader, condition.postgresql(), within)
        self._longest = longest
        self._parts = condition.parts()
        self.ready: list[int] = []
        self._fitting = 0
        self._plan: Plan | None = None
        self._ended = False

    async def take(self, limit: int) -> list[int]:
        """See above."""
        while len(self.ready) < limit and not self._ended:
            await self._go_on(limit - len(self.ready))
        ids, self.ready = self.ready[:limit], self.ready[limit:]
        self.done = self._ended and not self.ready
        return ids

    async def _go_on(self, missing: int) -> None:
        """Walk on, or ask the index where that costs less, or where the walk has been long."""
        if not self.read:
            return await self._walk(_FIRST_WALK)
        far = missing * self.read // max(1, self._fitting)
        tired = self.read >= self._longest
        if tired or far > _SHORT_WALK:
            if self._plan is None:
                self._plan = await self._planned()
            if self._plan.parts and (tired or self._plan.cost < far * _READ):
                return await self._ask_index(self._plan.parts)
        if tired:
            self._ended = True
            return None
        far = max(_FIRST_WALK, far + far // 4)
        return await self._walk(min(far, _WIDEST_WALK, self._longest - self.read))

    async def _walk(self, far: int) -> None:
        floor = await self._reader.first(
            queries.FLOOR, below=self._below, above=self._above, far=far - 1
        )
        above = self._above if floor is None else floor - 1
        ids = await self._reader.all(
            queries.WALKED, match=self._match, below=self._below, above=above
        )
        self.ready += ids
        self._fitting += len(ids)
        self.read += far
        self._below = above + 1
        self._ended = floor is None

    async def _ask_index(self, parts: Sequence[Part]) -> None:
        """Take all that the index has, unless it has more than may be looked at."""
        rows = await self._reader.all(
            queries.INDEXED,
            tokens=all_of(parts),
            match=self._match,
            below=self._below,
            above=self._above,
            most=_MOST_INDEXED + 1,
        )
        seen, ids = rows[0]
        if seen > _MOST_INDEXED:
            self._plan = Plan()
        else:
            self.ready += ids or ()
            self._ended = True

    async def _planned(self) -> "Plan":
        """How the index is best asked, as far as the database knows how frequent tokens are."""
        tokens = sorted({token for part in self._parts for token in part})
        rows = await self._reader.all(queries.FREQUENCIES, tokens=_encode(tokens).decode())
        if not rows:
            return Plan(tuple(self._parts), _UNKNOWN)
        counts = {token: count for token, count, _ in rows}
        posts = rows[0][2]
        parts = [(min(posts, sum(counts[token] for token in part)), part) for part in self._parts]
        return cheapest(posts, parts)


class Plan(msgspec.Struct, frozen=True):
    """Parts of a condition that the index is asked for (none: not at all), and what that costs."""

    parts: tuple[Part, ...] = ()
    cost: float = 0.0  # microseconds


def cheapest(posts: int, parts: Iterable[tuple[int, Part]]) -> Plan:
    """Choose among parts, each of which so many of all ``posts`` have.

    The rarest one, and of the others those that cost less than they spare.
    """
    chosen: list[Part] = []
    expected, spent = float(posts), 0.0
    for count, part in sorted(parts):
        cost = count * _STEP if not chosen else min(count * _STEP, expected * _JUMP)
        if chosen and cost >= expected * (1 - count / posts) * _FETCH:
            continue
        chosen.append(part)
        spent += cost
        expected *= count / posts
    if expected > _MOST_INDEXED or spent > _MOST_SPENT:
        return Plan()
    return Plan(tuple(chosen), spent + expected * _FETCH)


def candidates(reader: Reader, condition: Condition, within: Span, longest: int) -> Candidates:
    """Posts within these ids that fit; ``longest``: how many are walked through, where any are."""
    if reader.dialect == "sqlite":
        return Candidates(reader, condition.sqlite(), within)
    return Walking(reader, condition, within, longest)
