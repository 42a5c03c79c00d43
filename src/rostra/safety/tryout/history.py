"""Reads what was posted, by whom, and what was going on about them: author after author.

What is read is bounded by a shard: some thousand posts of several authors, or one author whose
posts are read page by page. No transaction is open between two statements.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from itertools import groupby
from typing import Any, Final

import msgspec

from rostra.kernel import ids
from rostra.network.posts.limits import Standing
from rostra.network.posts.model import Visibility
from rostra.safety.edge import Reader
from rostra.safety.rules.vocabulary import Needs
from rostra.safety.tryout import queries
from rostra.safety.tryout.judged import DecisionRow, by_post
from rostra.safety.tryout.model import LEAD_IN, Author, Judged, PastPost
from rostra.safety.tryout.queries import AuthorRow, PostRow

MOST_POSTS: Final = 4_000  # of a shard of several authors, and of a page of one
MOST_AUTHORS: Final = 500
_PIECE: Final = 50_000
_LEAD_PAGE: Final = 50_000
_NOTHING: Final = (Judged.UNKNOWN, 0)
_WIRE: Final = {int(each): each.wire for each in Visibility if not each.held}


class Period(msgspec.Struct, frozen=True):
    """From when on until before when, UTC ms."""

    since: int
    until: int


class Shard(msgspec.Struct, frozen=True):
    """Authors who are read together, and how many posts of theirs there are."""

    authors: tuple[int, ...]
    posts: int


class Wanted(msgspec.Struct, frozen=True):
    """What is worth reading beside the posts; by default all of it.

    Attributes:
        window: how far counters look back, in ms; 0: there are none.
        relations: who follows whom.
        older: how many posts and reblogs they had.
    """

    window: int = LEAD_IN
    relations: bool = True
    older: bool = True


def wanted_by(needs: Needs) -> Wanted:
    """What rules that need this come to ask for."""
    return Wanted(
        window=max((window for _, window in needs.counters), default=0),
        relations=bool(needs.features & {"author.followers", "author.following"}),
        older="author.posts" in needs.features,
    )


async def shards(reader: Reader, period: Period) -> list[Shard]:
    """Who has posted in a period, cut into parts of about the same work."""
    counts: dict[int, int] = defaultdict(int)
    start, until = ids.floor_at(period.since), ids.floor_at(period.until)
    while True:
        rows = await reader.all(queries.ACTIVE, from_id=start, until_id=until, limit=_PIECE)
        for account_id, count, _ in rows:
            counts[account_id] += count
        if sum(count for _, count, _ in rows) < _PIECE:
            break
        start = max(last for *_, last in rows) + 1
    return cut(counts)


def cut(counts: dict[int, int]) -> list[Shard]:
    """Authors by how many posts they have, cut into shards; who has very many is alone."""
    found: list[Shard] = []
    authors: list[int] = []
    posts = 0
    for account_id, count in sorted(counts.items()):
        if authors and (posts + count > MOST_POSTS or len(authors) == MOST_AUTHORS):
            found.append(Shard(tuple(authors), posts))
            authors, posts = [], 0
        authors.append(account_id)
        posts += count
    if authors:
        found.append(Shard(tuple(authors), posts))
    return found


async def authored(
    reader: Reader, period: Period, shard: Shard, wanted: Wanted
) -> AsyncIterator[tuple[Author, list[PastPost]]]:
    """The posts of a shard by author, the oldest first.

    An author who has very many comes again with each page of them.
    """
    decided = await reader.all(
        queries.DECIDED, ids=shard.authors, from_id=ids.floor_at(period.since - LEAD_IN)
    )
    judged = by_post(decided)
    authors = await _authors(reader, period, shard, wanted, decided)
    async for rows in _pages(reader, period, shard):
        posts = await _posts(reader, rows, judged)
        for author_id, theirs in groupby(posts, key=lambda post: post.account_id):
            if author_id in authors:  # else deleted meanwhile
                yield authors[author_id], list(theirs)


async def _pages(reader: Reader, period: Period, shard: Shard) -> AsyncIterator[list[PostRow]]:
    start, until = ids.floor_at(period.since), ids.floor_at(period.until)
    # Of several authors all at once: the second page would begin in the middle of one of them.
    limit = MOST_POSTS if len(shard.authors) == 1 else max(MOST_POSTS, shard.posts)
    while True:
        rows = await reader.all(
            queries.POSTS, ids=shard.authors, from_id=start, until_id=until, limit=limit
        )
        yield rows
        if len(shard.authors) > 1 or len(rows) < limit:
            return
        start = rows[-1].id + 1


async def _posts(
    reader: Reader, rows: Sequence[PostRow], judged: dict[int, tuple[Judged, int]]
) -> list[PastPost]:
    more: dict[int, list[str]] = defaultdict(list)
    for statement, asked in (
        (queries.OPTIONS, [row.id for row in rows if row.poll]),
        (queries.DESCRIPTIONS, [row.id for row in rows if row.media_count]),
    ):
        for post_id, words in await reader.all(statement, ids=asked) if asked else ():
            more[post_id].append(words)
    return [_post(row, more.get(row.id, ()), *judged.get(row.id, _NOTHING)) for row in rows]


def _post(row: PostRow, more: Sequence[str], judged: Judged, category: int) -> PastPost:
    visibility, sensitive = row.visibility, row.sensitive
    if row.limits:  # as its author wanted it
        standing = Standing(visibility, sensitive, row.limits)
        visibility, sensitive = standing.own_visibility, standing.own_sensitive
    return PastPost(
        id=row.id,
        account_id=row.account_id,
        text="\n\n".join(filter(None, (row.spoiler_text, row.text, *more))),
        spoiler=row.spoiler_text,
        language=row.language,
        visibility=_WIRE.get(visibility, ""),
        sensitive=bool(sensitive),
        media=row.media_count,
        is_reply=row.in_reply_to_id != 0,
        edited=row.edited_at != 0,
        judged=judged,
        category=category,
    )


async def _authors(
    reader: Reader, period: Period, shard: Shard, wanted: Wanted, decided: list[DecisionRow]
) -> dict[int, Author]:
    """The authors of a shard, with what happened until the end of the period."""
    more: dict[int, dict[str, Any]] = defaultdict(dict)
    lead_in = ids.floor_at(period.since - wanted.window)
    span = {"ids": shard.authors, "from_id": lead_in, "until_id": ids.floor_at(period.until)}
    if wanted.window:
        await _lead_in(reader, period, span, more)
        reported = await reader.all(queries.REPORTED, **span)
        _times(more, "reported", reported)
        made = dict.fromkeys((row.account_id, row.id) for row in decided if row.stands)
        _times(more, "decided", [(account, ids.time_of(each)) for account, each in made])
    if wanted.older:
        await _older(reader, period, shard, more)
    if wanted.relations:
        await _relations(reader, {**span, "from_id": ids.floor_at(period.since)}, more)
    return {
        row.id: _author(row, more.get(row.id, {}))
        for row in await reader.all(queries.AUTHORS, ids=shard.authors)
    }


def _author(row: AuthorRow, more: dict[str, Any]) -> Author:
    known: dict[str, Any] = {
        name: tuple(each) if isinstance(each, list) else each for name, each in more.items()
    }
    bot, made_at = bool(row.bot), row.created_at
    return Author(id=row.id, username=row.username, bot=bot, made_at=made_at, **known)


async def _lead_in(
    reader: Reader, period: Period, span: dict[str, Any], more: dict[int, dict[str, Any]]
) -> None:
    """When they posted before the period, as far as a counter looks back."""
    start, until = span["from_id"], ids.floor_at(period.since)
    while True:
        rows = await reader.all(
            queries.LEAD_IN, ids=span["ids"], from_id=start, until_id=until, limit=_LEAD_PAGE
        )
        for account_id, post_id, answers, media in rows:
            at, kept = ids.time_of(post_id), more[account_id]
            kept.setdefault("wrote", []).append(at)
            if answers:
                kept.setdefault("replied", []).append(at)
            if media:
                kept.setdefault("pictured", []).append(at)
        if len(rows) < _LEAD_PAGE:
            return
        start = rows[-1][1] + 1


async def _older(
    reader: Reader, period: Period, shard: Shard, more: dict[int, dict[str, Any]]
) -> None:
    """What their profiles counted before the period, and which reblogs came to that in it."""
    start, until = ids.floor_at(period.since), ids.floor_at(period.until)
    rows = await reader.all(queries.OLDER, ids=shard.authors, until_id=start)
    for account_id, visibility, limits, count in rows:
        if _is_counted(visibility, limits):
            more[account_id]["posts"] = more[account_id].get("posts", 0) + count
    while True:
        rows = await reader.all(
            queries.REBLOGS, ids=shard.authors, from_id=start, until_id=until, limit=_LEAD_PAGE
        )
        counted = [(who, ids.time_of(at)) for who, *seen, at in rows if _is_counted(*seen)]
        _times(more, "reblogged", counted)
        if len(rows) < _LEAD_PAGE:
            return
        start = rows[-1][-1] + 1


def _is_counted(visibility: int, limits: int) -> bool:
    """Whether a profile counts it, as its author wants it to be seen."""
    return Standing(visibility, 0, limits).own_visibility < Visibility.DIRECT


async def _relations(reader: Reader, span: dict[str, Any], more: dict[int, dict[str, Any]]) -> None:
    for name, times, before, since in (
        ("followers", "followed", queries.FOLLOWERS_BEFORE, queries.FOLLOWERS_SINCE),
        ("following", "follows", queries.FOLLOWING_BEFORE, queries.FOLLOWING_SINCE),
    ):
        counted = await reader.all(before, ids=span["ids"], from_id=span["from_id"])
        for account_id, count in counted:
            more[account_id][name] = count
        came = await reader.all(since, **span)
        _times(more, times, [(account_id, ids.time_of(each)) for account_id, each in came])


def _times(more: dict[int, dict[str, Any]], name: str, rows: Sequence[tuple[int, int]]) -> None:
    for account_id, at in rows:
        more[account_id].setdefault(name, []).append(at)
