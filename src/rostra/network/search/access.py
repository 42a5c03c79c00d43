"""Finds accounts, hashtags and posts for a viewer: only what they may see, and may find.

These reads may take some milliseconds: call them within ``Database.slowly``. What they read is
bounded, however frequent the words are; answers are ids, to be loaded through the slices' loaders.
"""

from collections.abc import Mapping, Sequence

from rostra.kernel.clock import DAY, SECOND
from rostra.kernel.text.clean import strip_nulls
from rostra.kernel.text.entities import hashtag_key
from rostra.kernel.text.names import is_username
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.model import AccountRow
from rostra.network.edge import Reader
from rostra.network.search import queries, words
from rostra.network.search.finding import FURTHEST, posts
from rostra.network.search.grammar import LONGEST_QUERY, MOST_TOKENS, problems
from rostra.network.search.model import Day, FoundTag, Part

__all__ = ["FURTHEST", "accounts", "posts", "problems", "tag", "tags"]


_MOST_PEOPLE = 1_000
_DAYS = 7
_HIGHEST = "\U0010ffff"


async def _by_name(reader: Reader, name: str, viewer_id: int) -> AccountRow | None:
    if not is_username(name):  # nor is it asked for: a database may refuse its characters
        return None
    return await accounts_access.by_username(reader, name, viewer_id)


async def accounts(
    reader: Reader, viewer_id: int, text: str, part: Part, *, following: bool = False
) -> list[int]:
    """Ids of accounts whose names have words that begin so. Three statements.

    The exact user name comes first, then those whom the viewer follows, then by followers.
    """
    beginnings = words.beginnings(text[:LONGEST_QUERY], MOST_TOKENS)
    if not beginnings or part.offset >= FURTHEST:
        return []
    sqlite = reader.dialect == "sqlite"
    write = words.sqlite_beginnings if sqlite else words.postgresql_beginnings
    candidates = await reader.all(
        queries.ACCOUNT_MATCHES, match=write(beginnings), limit=_MOST_PEOPLE
    )
    name = text.strip().removeprefix("@")
    exact = await _by_name(reader, name, viewer_id)
    if exact:
        candidates.append(exact.id)  # whatever else begins so
    return await reader.all(
        queries.PEOPLE,
        viewer=viewer_id,
        ids=candidates,
        name=name.lower() if exact else "",
        following=int(following),
        limit=part.limit,
        offset=part.offset,
    )


async def tags(
    reader: Reader, text: str, part: Part, *, now: int, reviewed: bool = False
) -> list[FoundTag]:
    """Hashtags in public posts that begin so: the exact one first, then the last used.

    With ``reviewed`` only the exact one, and those that operators let trend.
    """
    low = hashtag_key(strip_nulls(text).strip().removeprefix("#"))[:200]
    if not low or part.offset >= FURTHEST:
        return []
    found = await reader.all(
        queries.TAGS,
        low=low,
        high=low + _HIGHEST,
        reviewed=int(reviewed),
        limit=part.limit,
        offset=part.offset,
    )
    return await _with_history(reader, found, now)


async def tag(reader: Reader, name: str, *, now: int) -> FoundTag:
    """One hashtag (folded name), as far as public posts carry it."""
    found = await reader.first(queries.TAG, name=name)
    return (await _with_history(reader, [found or (0, name)], now))[0]


async def histories(
    reader: Reader, found: Sequence[tuple[int, str]], *, now: int
) -> list[FoundTag]:
    """Hashtags (id and folded name) with their last seven days. One query."""
    return await _with_history(reader, found, now)


async def _with_history(
    reader: Reader, found: Sequence[tuple[int, str]], now: int
) -> list[FoundTag]:
    known = [tag_id for tag_id, _ in found if tag_id]
    days = await weeks(reader, known, now=now)
    unused = _week({}, 0, now)
    return [FoundTag(tag_id, name, days.get(tag_id, unused)) for tag_id, name in found]


async def weeks(
    reader: Reader, ids: Sequence[int], *, now: int, kind: int = 0
) -> dict[int, tuple[Day, ...]]:
    """The last seven days of hashtags (kind 0) or links (1), by id. One query, or none."""
    if not ids:
        return {}
    since = now // DAY - _DAYS + 1
    rows = await reader.all(queries.HISTORY, kind=kind, ids=list(ids), since=since)
    used = {(subject, day): (uses, people) for subject, day, uses, people in rows}
    return {subject: _week(used, subject, now) for subject in ids}


def _week(
    used: Mapping[tuple[int, int], tuple[int, int]], subject: int, now: int
) -> tuple[Day, ...]:
    today = now // DAY
    return tuple(
        Day(day * DAY // SECOND, *used.get((subject, day), (0, 0)))
        for day in range(today, today - _DAYS, -1)
    )
