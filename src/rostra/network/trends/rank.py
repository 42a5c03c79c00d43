"""Ranks what is talked about, every five minutes, off the event loop.

A hashtag or a link is worth the people who used it in the last two days, each of whom counts once a
day and half as much after each half-life, less the people who use it on any day. A post is worth
the people who favourited or reblogged it, half as much after each half-life of its own age.
"""

import math
from collections import Counter

import msgspec

from rostra.kernel import ids
from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.network.accounts.events import AccountRemoved
from rostra.network.edge import Reader, Services, Transaction
from rostra.network.posts.events import PostDeleted
from rostra.network.posts.model import Visibility
from rostra.network.trends.count import (
    DAYS,
    CountAccount,
    CountDay,
    CountDays,
    count_account,
    count_day,
    count_days,
)
from rostra.network.trends.model import Kind, Scored
from rostra.network.trends.publishers import settle, take_turn
from rostra.network.trends.queries import counting, ranking
from rostra.store.outbox.kinds import JobKind

HOURS = 48
"""How long a use counts, at most."""
MOST = 100
"""Subjects of each kind that are ranked."""
_CANDIDATES = 500
_POSTS_LOOKED_AT = 20_000
_OF_ONE_AUTHOR = 3
_REACTIONS_COUNTED = 2_000
_COUNTED_BY_NAME = 100  # people; where there are more, some who come on two days change nothing
_PERSON = 1_000  # what one is worth who spoke just now


class Rank(msgspec.Struct, frozen=True):
    """Rank what is talked about."""


class Prune(msgspec.Struct, frozen=True):
    """Remove counts that are too old for any list."""


async def rank(services: Services, _payload: Rank) -> None:
    """The job: score each kind, then write what has changed."""
    now = services.clock.now()

    async def score(reader: Reader) -> dict[Kind, list[Scored]]:
        return {
            Kind.TAG: await _subjects(services, reader, Kind.TAG, now),
            Kind.LINK: await _subjects(services, reader, Kind.LINK, now),
            Kind.POST: await _posts(services, reader, now),
        }

    for kind, scored in (await services.db.slowly(score)).items():
        async with services.db.write() as tx:
            if kind is Kind.LINK:
                await take_turn(tx)
            await _write(tx, kind, scored)
            if kind is Kind.LINK:
                await settle(tx)


async def _subjects(services: Services, reader: Reader, kind: Kind, now: int) -> list[Scored]:
    """Hashtags or links. Three queries."""
    settings = services.settings.trends
    weights = [int(_PERSON * 0.5 ** (ago / settings.half_life_h)) for ago in range(HOURS)]
    found = await reader.all(
        ranking.WEIGHED,
        kind=int(kind),
        hour=now // HOUR,
        weights=msgspec.json.encode(weights).decode(),
        least=settings.least_people,
        limit=_CANDIDATES,
    )
    found = await _by_enough(reader, kind, found, now, settings.least_people)
    if not found:
        return []
    today = now // DAY
    days_before = DAYS - 1
    usual = {
        subject: int(people)
        for subject, people in await reader.all(
            ranking.USUAL,
            kind=int(kind),
            ids=[each.subject_id for each in found],
            since=today - days_before,
            until=today,
        )
    }
    # What people who come evenly all day long are worth at any moment, for each of them.
    each_usual = _PERSON * settings.half_life_h / math.log(2) / 24 / days_before
    scored = [
        Scored(
            each.subject_id,
            each.score - int(usual.get(each.subject_id, 0) * each_usual),
            each.accounts,
        )
        for each in found
    ]
    return _best(scored)[:MOST]


async def _by_enough(
    reader: Reader, kind: Kind, found: list[Scored], now: int, least: int
) -> list[Scored]:
    """Those that enough different people speak of: who did so on two days is counted as two."""
    few = [each.subject_id for each in found if each.accounts <= _COUNTED_BY_NAME]
    if not few:
        return found
    people = {each.subject_id: each.accounts for each in found} | dict.fromkeys(few, 0)
    hour = now // HOUR - HOURS
    people |= dict(
        await reader.all(
            ranking.DIFFERENT, kind=int(kind), ids=few, day=hour * HOUR // DAY, since=hour
        )
    )
    return [
        Scored(each.subject_id, each.score, int(people[each.subject_id]))
        for each in found
        if people[each.subject_id] >= least
    ]


def _best(scored: list[Scored]) -> list[Scored]:
    there = [each for each in scored if each.score > 0]
    return sorted(there, key=lambda each: (each.score, each.subject_id), reverse=True)


async def _posts(services: Services, reader: Reader, now: int) -> list[Scored]:
    """Posts of the last two days. Two queries."""
    settings = services.settings.trends
    lively = await reader.all(
        ranking.LIVELY,
        since=ids.floor_at(now - HOURS * HOUR),
        looked_at=_POSTS_LOOKED_AT,
        least=settings.least_people,
        limit=_CANDIDATES,
    )
    # Where so many reacted nobody counts how many did both: at least the larger number of them.
    people = {row[0]: max(row[2], row[3]) for row in lively}
    few = [row[0] for row in lively if row[2] + row[3] <= _REACTIONS_COUNTED]
    counted = dict(await reader.all(ranking.REACTED, ids=few)) if few else {}
    people |= {post_id: int(counted.get(post_id, 0)) for post_id in few}
    half_life = settings.half_life_h * HOUR
    scored = [
        Scored(
            post_id,
            int(_PERSON * people[post_id] * 0.5 ** ((now - ids.time_of(post_id)) / half_life)),
            people[post_id],
        )
        for post_id in people
        if people[post_id] >= settings.least_people
    ]
    return _some_of_each(_best(scored), {row[0]: row[1] for row in lively})


def _some_of_each(scored: list[Scored], authors: dict[int, int]) -> list[Scored]:
    """The best, few of each author."""
    kept: list[Scored] = []
    of_author: Counter[int] = Counter()
    for each in scored:
        author_id = authors[each.subject_id]
        of_author[author_id] += 1
        if of_author[author_id] <= _OF_ONE_AUTHOR:
            kept.append(each)
    return kept[:MOST]


async def _write(tx: Transaction, kind: Kind, scored: list[Scored]) -> None:
    before = {each.subject_id: each for each in await tx.all(ranking.TRENDING, kind=int(kind))}
    changed = [each for each in scored if before.get(each.subject_id) != each]
    if changed:
        await tx.run_many(
            ranking.SET_SCORE,
            [
                {
                    "kind": int(kind),
                    "subject_id": each.subject_id,
                    "score": each.score,
                    "accounts": each.accounts,
                }
                for each in sorted(changed, key=lambda each: each.subject_id)
            ],
        )
    faded = before.keys() - {each.subject_id for each in scored}
    if faded:
        await tx.run(ranking.FADE, kind=int(kind), ids=sorted(faded))
    await tx.run(ranking.FORGET_FADED, kind=int(kind))


async def post_deleted(_services: Services, tx: Transaction, event: PostDeleted) -> None:
    """A post that is gone has no rank and no decision."""
    if event.visibility == Visibility.PUBLIC and not event.reblog_of_id:
        await tx.run(ranking.DROP, kind=int(Kind.POST), subject=event.post_id)


async def account_removed(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """There is nothing left to decide on an account that is gone."""
    await tx.run(ranking.DROP, kind=int(Kind.AUTHOR), subject=event.account_id)


async def prune(services: Services, _payload: Prune) -> None:
    """The job: some hundred subjects or accounts to a transaction."""
    now = services.clock.now()
    day, hour = now // DAY - DAYS + 1, now // HOUR - HOURS
    more = True
    while more:
        async with services.db.write() as tx:
            gone = await tx.run(counting.PRUNE_USES, day=day)
            gone += await tx.run(counting.PRUNE_DAYS, day=day)
            for kind in (Kind.TAG, Kind.LINK):
                gone += await tx.run(counting.PRUNE_HOURS, kind=int(kind), hour=hour)
            more = gone > 0


JOBS = (
    JobKind("trends.count_day", CountDay, count_day, transactional=True),
    JobKind("trends.count_days", CountDays, count_days, transactional=True),
    JobKind("trends.count_account", CountAccount, count_account, transactional=True),
    JobKind("trends.rank", Rank, rank, every_ms=5 * MINUTE),
    JobKind("trends.prune", Prune, prune, every_ms=6 * HOUR, timeout_s=600),
)
