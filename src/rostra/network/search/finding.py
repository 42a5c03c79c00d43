"""Finds posts for a viewer: those that they may see, and whose authors agreed to be found.

The words and marks of a query are looked up in the index, newest first, in batches; of each batch
those stay that the viewer may find. However frequent the words are and however rare what may be
found, no more than :data:`MOST_READ` posts are looked at one by one.
"""

from collections.abc import Iterable, Sequence

import msgspec

from rostra.kernel.text.names import is_username, username_key
from rostra.network.accounts import access as accounts_access
from rostra.network.edge import Reader
from rostra.network.search import documents, grammar, queries
from rostra.network.search.grammar import Asked, Span
from rostra.network.search.match import Condition
from rostra.network.search.model import Part, PostQuery

FURTHEST = 400  # results after which a list ends
MOST_READ = 8_000  # posts with the words of a query that are looked at, the newest
MOST_KEPT = 1_000  # favourites and bookmarks each that are looked through, of the newest posts
_MOST_OLDER = 2_000  # posts with the words that are looked at for older ones of these
_FIRST_BATCH = 100
_LARGEST_BATCH = 2_000
_FIRST_WALK = 2_000
_LONGEST_WALK = 20_000
_FREQUENT = 1_000  # words are frequent that one of so many posts has

_encode = msgspec.json.Encoder().encode


class _Seen(msgspec.Struct, frozen=True):
    """Who looks, when, and which of both kinds they look for."""

    viewer_id: int
    now: int
    open: bool = True  # public posts of authors who agreed
    own: bool = True  # the viewer's library


async def posts(
    reader: Reader, viewer_id: int, query: PostQuery, part: Part, *, now: int
) -> list[int]:
    """Ids of posts for which all of the query holds, newest first; none for viewer 0.

    A member finds public posts of those who agreed to be found, and their library: whatever they
    wrote, favourited, bookmarked or were mentioned in; nothing of those whom they block or mute.
    """
    asked = grammar.parse(query.text)
    wanted = min(part.offset + part.limit, FURTHEST)
    if not viewer_id or asked.empty or part.offset >= FURTHEST:
        return []
    condition = await _condition(reader, viewer_id, query, asked)
    within = Span(max(asked.within.first, query.above + 1), min(asked.within.end, query.below))
    if condition is None or within.first >= within.end:
        return []
    seen = _Seen(viewer_id, now, open=asked.scope != "library", own=asked.scope != "public")
    by_mark = msgspec.structs.replace(condition, any_of=_marks(seen))
    search = _Search(reader, seen, asked.outside)
    found = await search.walk(by_mark, within, wanted, MOST_READ)
    if seen.own:
        kept = await search.kept(condition, within, wanted)
        found = sorted({*found, *kept}, reverse=True)
    return found[part.offset : wanted]


def _marks(seen: _Seen) -> tuple[str, ...]:
    own = (documents.author(seen.viewer_id), documents.mentioned(seen.viewer_id))
    return (documents.PUBLIC,) * seen.open + own * seen.own


async def _condition(
    reader: Reader, viewer_id: int, query: PostQuery, asked: Asked
) -> Condition | None:
    """What is looked for, as tokens; None: somebody is named who is not there for the viewer."""
    names = {name.removesuffix(f"@{query.domain}") for name in asked.authors}
    unwanted_names = {name.removesuffix(f"@{query.domain}") for name in asked.unwanted_authors}
    known = await _ids(reader, viewer_id, names | unwanted_names)
    if not names <= known.keys():
        return None
    authors = [known[name] for name in names]
    if query.author_id:
        authors.append(query.author_id)
    if len(set(authors)) > 1:  # nobody's post is another's too
        return None
    marks = [*map(documents.author, authors[:1]), *map(documents.facet, asked.facets)]
    unwanted = [documents.author(known[name]) for name in unwanted_names if name in known]
    unwanted += map(documents.facet, asked.unwanted_facets)
    return Condition(
        wanted=(*((mark,) for mark in marks), *asked.wanted),
        unwanted=(*(((mark,),) for mark in unwanted), *asked.unwanted),
    )


async def _ids(reader: Reader, viewer_id: int, names: Iterable[str]) -> dict[str, int]:
    """Whom names mean, `me` among them; names that nobody can have are not asked for."""
    wanted = set(names)
    found = {"me": viewer_id} if "me" in wanted else {}
    others = [name for name in wanted if name != "me" and is_username(name)]
    rows = await accounts_access.by_usernames(reader, others, viewer_id)
    for name in others:
        row = rows.get(username_key(name))
        if row is not None:
            found[name] = row.id
    return found


class _Search:
    """One viewer's search through the index."""

    def __init__(self, reader: Reader, seen: _Seen, outside: Sequence[Span]) -> None:
        self._reader = reader
        self._seen = seen
        self._outside = outside

    async def walk(self, condition: Condition, within: Span, wanted: int, most: int) -> list[int]:
        """Those that the viewer may find, newest first, among the newest ``most`` that fit."""
        candidates = _candidates(self._reader, condition, within)
        found: list[int] = []
        read, batch = 0, _FIRST_BATCH
        while len(found) < wanted and read < most and not candidates.done:
            ids = await candidates.take(batch)
            found += await self._findable(ids, own_only=False)
            read += len(ids)
            batch = min(batch * 4, _LARGEST_BATCH)
        return found[:wanted]

    async def kept(self, condition: Condition, within: Span, wanted: int) -> list[int]:
        """Those that fit of what the viewer has favourited or bookmarked."""
        ids = await self._reader.all(
            queries.LIBRARY,
            viewer=self._seen.viewer_id,
            below=within.end,
            above=within.first - 1,
            limit=MOST_KEPT,
        )
        among = await self._among(condition, ids)
        found = await self._findable(among, own_only=True)
        if len(ids) >= MOST_KEPT and len(found) < wanted and condition.wanted:
            # There is more than was looked through: the words lead to it where they are few.
            older = Span(within.first, ids[-1])
            found += await self.walk(condition, older, wanted - len(found), _MOST_OLDER)
        return found

    async def _among(self, condition: Condition, ids: Sequence[int]) -> list[int]:
        if not ids or condition == Condition():
            return list(ids)
        sqlite = self._reader.dialect == "sqlite"
        rows = await self._reader.all(
            queries.AMONG,
            ids=_encode(ids).decode(),
            match="" if sqlite else condition.postgresql(),
        )
        return [at for at, document in rows if not sqlite or condition.holds(document)]

    async def _findable(self, ids: Sequence[int], *, own_only: bool) -> list[int]:
        inside = [
            each for each in ids if not any(span.first <= each < span.end for span in self._outside)
        ]
        if not inside:
            return []
        return await self._reader.all(
            queries.FINDABLE,
            viewer=self._seen.viewer_id,
            ids=inside,
            open=int(self._seen.open and not own_only),
            own=int(self._seen.own),
            now=self._seen.now,
        )


class _Candidates:
    """Posts that fit a condition, newest first, batch by batch (SQLite)."""

    def __init__(self, reader: Reader, match: str, within: Span) -> None:
        self.done = False
        self._reader = reader
        self._match = match
        self._below, self._above = within.end, within.first - 1

    async def take(self, limit: int) -> list[int]:
        """About ``limit`` more of them; `done` tells that there are no others."""
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


class _Walking(_Candidates):
    """The same on PostgreSQL, whose index knows no order.

    Words that are frequent among the newest posts are found by walking through these; others
    through the index, which gives all that have them.
    """

    def __init__(self, reader: Reader, match: str, within: Span) -> None:
        super().__init__(reader, match, within)
        self._far = _FIRST_WALK
        self._walks = True

    async def take(self, limit: int) -> list[int]:
        """See above."""
        if not self._walks:
            return await super().take(max(limit, _LARGEST_BATCH))
        floor = await self._reader.first(
            queries.FLOOR, below=self._below, above=self._above, far=self._far - 1
        )
        ids = await self._reader.all(
            queries.WALKED,
            match=self._match,
            below=self._below,
            above=self._above if floor is None else floor - 1,
        )
        self.done = floor is None
        self._below = floor or self._below
        self._walks = len(ids) * _FREQUENT >= self._far
        if ids:
            self._far = min(max(self._far, limit * self._far // len(ids)), _LONGEST_WALK)
        return ids


def _candidates(reader: Reader, condition: Condition, within: Span) -> _Candidates:
    if reader.dialect == "sqlite":
        return _Candidates(reader, condition.sqlite(), within)
    return _Walking(reader, condition.postgresql(), within)
