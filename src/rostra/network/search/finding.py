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
from rostra.network.search.candidates import LONGEST_WALK, candidates
from rostra.network.search.grammar import Asked, Span
from rostra.network.search.match import Condition
from rostra.network.search.model import Part, PostQuery

FURTHEST = 400  # results after which a list ends
MOST_READ = 8_000  # posts with the words of a query that are looked at, the newest
MOST_KEPT = 1_000  # favourites and bookmarks that are looked through, of the newest posts
_MOST_OLDER = 1_000  # posts with the words that are looked at for older ones of these
_AGAIN = 10_000  # posts that a second walk may read, whatever the first has left it
_SPARE = 10  # posts looked at beyond those wanted, as some may not be found
_LARGEST_BATCH = 2_000

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
        self._longest = LONGEST_WALK

    async def walk(self, condition: Condition, within: Span, wanted: int, most: int) -> list[int]:
        """Those that the viewer may find, newest first, among the newest ``most`` that fit."""
        fitting = candidates(self._reader, condition, within, self._longest)
        found: list[int] = []
        read, batch = 0, wanted + _SPARE
        while len(found) < wanted and read < most and not fitting.done:
            ids = await fitting.take(batch)
            found += await self._findable(ids, own_only=False)
            read += len(ids)
            batch = min(batch * 4, _LARGEST_BATCH)
        self._longest = max(self._longest - fitting.read, _AGAIN)
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
        found: list[int] = []
        batch = wanted + _SPARE
        while among and len(found) < wanted:
            found += await self._findable(among[:batch], own_only=True)
            among, batch = among[batch:], _LARGEST_BATCH
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
