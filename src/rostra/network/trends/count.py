"""Counts how often hashtags and links are used each day, by how many people, and when.

An account's day is always counted anew from its posts, by a job: so a deletion lowers what a post
has raised, nothing is counted twice, and one post costs as much in a busy place as in a quiet one.
"""

from collections.abc import Iterator, Mapping

import msgspec

from rostra.kernel import ids
from rostra.kernel.clock import DAY, HOUR, SECOND
from rostra.network.accounts.events import AccountChanged, AccountRemoved, AccountsRestricted
from rostra.network.accounts.limits import Limit
from rostra.network.accounts.model import AccountState
from rostra.network.edge import Services, Transaction
from rostra.network.posts.events import (
    PostDeleted,
    PostEdited,
    PostPublished,
    PostsRestricted,
)
from rostra.network.posts.model import Visibility
from rostra.network.trends.model import Kind, Used
from rostra.network.trends.queries import counting

DAYS = 7
"""How far the counts go back, today among them."""
WAIT = 20 * SECOND
"""How long a new post waits to be counted, together with those that follow it."""
_MOST_POSTS = 2_000  # of an account's day: the latest
_MOST_SUBJECTS = 500  # of each kind
_NOTHING = Used(0, 0)
_STATEMENTS = ((Kind.TAG, counting.TAGS_USED), (Kind.LINK, counting.LINKS_USED))

Subject = tuple[int, int]  # kind and id


class CountDay(msgspec.Struct, frozen=True):
    """Count an account's day anew."""

    account_id: int
    day: int  # days since 1970


class CountDays(msgspec.Struct, frozen=True):
    """Count several days anew: what many posts of one decision are."""

    days: tuple[CountDay, ...]


class CountAccount(msgspec.Struct, frozen=True):
    """Count all days of an account anew: whether its posts count has changed."""

    account_id: int


async def post_published(services: Services, tx: Transaction, event: PostPublished) -> None:
    """Count a public post that carries something to count."""
    if event.tagged and event.visibility == Visibility.PUBLIC:
        await _count_later(tx, event.account_id, event.post_id, run_at=services.clock.now() + WAIT)


async def post_edited(services: Services, tx: Transaction, event: PostEdited) -> None:
    """Count what a public post carries now."""
    if event.visibility == Visibility.PUBLIC and _recent(services, event.post_id):
        await _count_later(tx, event.account_id, event.post_id)


async def post_deleted(services: Services, tx: Transaction, event: PostDeleted) -> None:
    """Count no longer what a post carried."""
    public = event.visibility == Visibility.PUBLIC and not event.reblog_of_id
    if public and _recent(services, event.post_id):
        await _count_later(tx, event.account_id, event.post_id)


async def posts_restricted(services: Services, tx: Transaction, event: PostsRestricted) -> None:
    """Count no longer what a decision hides or covers, and count again what it shows."""
    days = {
        (each.account_id, ids.time_of(each.post_id) // DAY)
        for each in event.posts
        if Visibility.PUBLIC in {each.before, each.after}
        and not each.reblog_of_id
        and _recent(services, each.post_id)
    }
    if days:
        counts = tuple(CountDay(account_id, day) for account_id, day in sorted(days))
        await tx.enqueue("trends.count_days", CountDays(counts))


async def count_days(_services: Services, tx: Transaction, payload: CountDays) -> None:
    """The job: have each of these days counted anew."""
    for each in payload.days:
        await _enqueue(tx, each)


async def account_changed(_services: Services, tx: Transaction, event: AccountChanged) -> None:
    """Whoever leaves, or no longer wants to be found, does not count."""
    await _count_all(tx, event.account_id)


async def accounts_restricted(
    _services: Services, tx: Transaction, event: AccountsRestricted
) -> None:
    """Whoever is limited or covered does not count, and counts again afterwards."""
    for each in event.accounts:
        if any(each.begins(limit) or each.ends(limit) for limit in (Limit.REACH, Limit.SENSITIVE)):
            await _count_all(tx, each.account_id)


async def account_removed(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Nothing of an account that is gone counts."""
    await _count_all(tx, event.account_id)


def _recent(services: Services, post_id: int) -> bool:
    return ids.time_of(post_id) // DAY > services.clock.now() // DAY - DAYS


async def _count_later(
    tx: Transaction, account_id: int, post_id: int, *, run_at: int | None = None
) -> None:
    await _enqueue(tx, CountDay(account_id, ids.time_of(post_id) // DAY), run_at=run_at)


async def _enqueue(tx: Transaction, count: CountDay, *, run_at: int | None = None) -> None:
    await tx.enqueue(
        "trends.count_day",
        count,
        run_at=run_at,
        dedupe_key=f"{count.account_id}:{count.day}",
        group_key=f"trends:{count.account_id}",
    )


async def _count_all(tx: Transaction, account_id: int) -> None:
    await tx.enqueue(
        "trends.count_account",
        CountAccount(account_id),
        dedupe_key=str(account_id),
        group_key=f"trends:{account_id}",
    )


async def count_account(services: Services, tx: Transaction, payload: CountAccount) -> None:
    """The job: seven days."""
    today = services.clock.now() // DAY
    for day in range(today, today - DAYS, -1):
        await count_day(services, tx, CountDay(payload.account_id, day))


async def count_day(services: Services, tx: Transaction, payload: CountDay) -> None:
    """The job: make the counts what the account's posts of the day say; 4 to 13 statements."""
    if payload.day <= services.clock.now() // DAY - DAYS:
        return  # what is so old is removed
    account_id, day = payload.account_id, payload.day
    known = {
        (kind, subject): Used(uses, hour)
        for kind, subject, uses, hour in await tx.all(counting.KNOWN, account=account_id, day=day)
    }
    now = await _used(tx, account_id, day)
    changed = [
        (subject, known.get(subject, _NOTHING), now.get(subject, _NOTHING))
        # In one order everywhere: two that count the same subjects must not wait for each other.
        for subject in sorted(known.keys() | now.keys())
        if known.get(subject) != now.get(subject)
    ]
    if changed:
        await _write(tx, account_id, day, changed)


async def _used(tx: Transaction, account_id: int, day: int) -> dict[Subject, Used]:
    """What the account used on a day; nothing, where it is not there for others."""
    author = await tx.first(counting.AUTHOR, account=account_id)
    if author is None or author[0] != AccountState.ACTIVE:
        return {}
    wants_to_be_found = bool(author[1])
    used: dict[Subject, Used] = {}
    for kind, statement in _STATEMENTS:
        rows = await tx.all(
            statement,
            account=account_id,
            since=ids.floor_at(day * DAY),
            until=ids.floor_at((day + 1) * DAY),
            most_posts=_MOST_POSTS,
            most=_MOST_SUBJECTS,
        )
        for subject, uses, last in rows:
            hour = ids.time_of(last) // HOUR if wants_to_be_found else 0
            used[(int(kind), subject)] = Used(uses, hour)
    return used


Change = tuple[Subject, Used, Used]  # before and after


async def _write(tx: Transaction, account_id: int, day: int, changed: list[Change]) -> None:
    gone = [
        {"kind": kind, "subject": subject, "day": day, "account": account_id}
        for (kind, subject), _, after in changed
        if not after.uses
    ]
    there = [
        {
            "kind": kind,
            "subject_id": subject,
            "day": day,
            "account_id": account_id,
            "uses": after.uses,
            "hour": after.hour,
        }
        for (kind, subject), _, after in changed
        if after.uses
    ]
    if gone:
        await tx.run_many(counting.DROP_USES, gone)
    if there:
        await tx.run_many(counting.SET_USES, there)
    await tx.run_many(counting.ADD_TO_DAY, _daily(day, changed))
    hourly = _hourly(changed)
    if hourly:
        await tx.run_many(counting.ADD_TO_HOUR, hourly)
    await _drop_empty(tx, day, changed)


def _daily(day: int, changed: list[Change]) -> list[Mapping[str, int]]:
    return [
        {
            "kind": kind,
            "subject_id": subject,
            "day": day,
            "uses": after.uses - before.uses,
            "accounts": int(after.uses > 0) - int(before.uses > 0),
        }
        for (kind, subject), before, after in changed
    ]


def _hourly(changed: list[Change]) -> list[Mapping[str, int]]:
    def steps() -> Iterator[tuple[Subject, int, int]]:
        for subject, before, after in changed:
            if before.hour != after.hour:
                yield from (
                    (subject, hour, step)
                    for hour, step in ((before.hour, -1), (after.hour, 1))
                    if hour
                )

    return [
        {"kind": kind, "subject_id": subject, "hour": hour, "accounts": step}
        for (kind, subject), hour, step in sorted(steps())
    ]


async def _drop_empty(tx: Transaction, day: int, changed: list[Change]) -> None:
    for kind in Kind:
        gone = [s for (k, s), _, after in changed if k == kind and not after.uses]
        if gone:
            await tx.run(counting.DROP_EMPTY_DAYS, kind=int(kind), ids=gone, day=day)
        left = {
            subject: before.hour
            for (k, subject), before, after in changed
            if k == kind and before.hour and before.hour != after.hour
        }
        if left:
            hours = sorted(set(left.values()))
            await tx.run(counting.DROP_EMPTY_HOURS, kind=int(kind), ids=list(left), hours=hours)
