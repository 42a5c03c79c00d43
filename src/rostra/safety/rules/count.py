"""Counts what rules answered, and puts a live rule back to shadow where it catches too much.

Each post asks every rule. What they answered is kept by the process and added to the rows of the
hour a few times a minute, so that posts do not wait for each other's rows. What a live rule has
caught is a row of its own at once, for that is what trips it; but no member counts for more than a
few of these, so that nobody can have a rule put back by posting what it is there for.
"""

import math
from collections.abc import Iterable
from functools import partial
from typing import Final
from weakref import WeakKeyDictionary

from rostra.kernel import ids
from rostra.kernel.clock import DAY, HOUR
from rostra.safety.edge import Services, Transaction
from rostra.safety.rules import queries
from rostra.safety.rules.letters import tell_team
from rostra.safety.rules.model import Asked, LiveRule, State
from rostra.safety.rules.outcome import Verdict
from rostra.safety.rules.switch import put_back
from rostra.store.database import Database

EVERY_MS: Final = 15_000  # how often a process writes what it has counted
PAST_MS: Final = 7 * DAY  # what a rule's own share is reckoned from
FLOOR: Final = 20
"""A rule that caught fewer within an hour has not jumped, however little it caught before."""

MEMBERS: Final = 5
MOST_OF_ONE: Final = FLOOR // MEMBERS
"""More of one member's posts within an hour trip nothing: it takes as many members as above."""

Key = tuple[int, int, int]  # rule, hour, version
_COLUMNS: Final = ("rule_id", "hour", "version", "asked", "caught", "skipped", "spent_ns")


Sums = dict[Key, list[int]]
"""What rules answered: posts asked about, caught, skipped, and nanoseconds that it took.

Lists, because every post adds to that of every rule.
"""


class _Pending:
    """What a process has counted and not written yet."""

    def __init__(self) -> None:
        self.sums: Sums = {}
        self.written_at = -EVERY_MS

    def add(self, answers: Iterable[Asked], hour: int) -> None:
        _add(self.sums, answers, hour)

    def take(self, sums: Sums) -> None:
        for key, taken in sums.items():
            mine = self.sums.get(key, taken)
            left = [one - other for one, other in zip(mine, taken, strict=True)]
            if left[0] > 0:
                self.sums[key] = left
            else:
                self.sums.pop(key, None)


def _add(sums: Sums, answers: Iterable[Asked], hour: int) -> None:
    for answer in answers:
        key = (answer.rule.rule_id, hour, answer.rule.version)
        each = sums.get(key)
        if each is None:
            each = sums[key] = [0, 0, 0, 0]
        each[0] += 1
        if answer.verdict is not Verdict.PASSED:
            each[1 if answer.verdict is Verdict.CAUGHT else 2] += 1
        each[3] += answer.spent_ns


_PENDING: WeakKeyDictionary[Database, _Pending] = WeakKeyDictionary()


async def counted(
    services: Services, tx: Transaction, account_id: int, asked: Iterable[Asked]
) -> frozenset[int]:
    """Count what rules answered for one post.

    Args:
        services: the house's parts.
        tx: the transaction in which the post is published.
        account_id: whose it is.
        asked: every rule that was asked.

    Returns:
        The rules that were live until now and are in shadow from now on, for this post was one too
        many: what they ask for is not to be done to it either.
    """
    answers = list(asked)
    if not answers:
        return frozenset()
    now = services.clock.now()
    pending = _PENDING.setdefault(services.db, _Pending())
    hour = now - now % HOUR
    if abs(now - pending.written_at) >= EVERY_MS:
        await _write(tx, pending, answers, hour, now)
    else:
        tx.after_commit(partial(pending.add, answers, hour))
    caught = [
        each.rule
        for each in answers
        if each.verdict is Verdict.CAUGHT and each.rule.state is State.LIVE
    ]
    return frozenset(
        [
            rule.rule_id
            for rule in caught
            if await _is_one_too_many(services, tx, rule, account_id, now)
        ]
    )


async def _write(
    tx: Transaction, pending: _Pending, answers: Iterable[Asked], hour: int, now: int
) -> None:
    """Write all that is counted; should the transaction fail, what was pending still is."""
    pending.written_at = now
    before = {key: [*each] for key, each in pending.sums.items()}
    together = {key: [*each] for key, each in before.items()}
    _add(together, answers, hour)
    rows = [  # in order, so that two that write the same do not wait crosswise
        dict(zip(_COLUMNS, (*key, *each), strict=True)) for key, each in sorted(together.items())
    ]
    await tx.run_many(queries.ADD_HOUR, rows)
    tx.after_commit(partial(pending.take, before))


async def _is_one_too_many(
    services: Services, tx: Transaction, rule: LiveRule, account_id: int, now: int
) -> bool:
    """Note what a live rule has caught; whether it is put back for it."""
    hour = {"rule": rule.rule_id, "since": ids.floor_at(max(now - HOUR, rule.state_at))}
    most = of_one(rule.bounds.most_an_hour)
    if await tx.value(queries.CAUGHT_OF_MEMBER, **hour, account=account_id, limit=most) >= most:
        return False
    await tx.run(
        queries.ADD_CATCH, rule_id=rule.rule_id, id=services.ids.next(), account_id=account_id
    )
    caught = await tx.value(queries.CAUGHT, **hour, limit=rule.bounds.most_an_hour + 1)
    why = await _too_much(services, tx, rule, caught, now)
    if not why or not await put_back(services, tx, rule.rule_id, rule.version, why):
        return False
    await tell_team(services, tx, rule.name, why)
    return True


def of_one(most_an_hour: int) -> int:
    """How many posts of one member count within an hour, for a rule that may catch so many."""
    return max(1, min(MOST_OF_ONE, most_an_hour // MEMBERS))


async def _too_much(
    services: Services, tx: Transaction, rule: LiveRule, caught: int, now: int
) -> str:
    """Why so many are too many; empty: they are not."""
    most, jump = rule.bounds.most_an_hour, rule.bounds.jump
    if caught > most:
        return f"It caught more than {most:,} posts within an hour"
    if not jump or caught < FLOOR:
        return ""
    usual = await _usual(services, tx, rule, now)
    if caught <= jump * usual:
        return ""
    return (
        f"It caught {caught:,} posts within an hour, more than {jump} times the"
        f" {usual:.1f} that its own last seven days lead to expect"
    )


async def _usual(services: Services, tx: Transaction, rule: LiveRule, now: int) -> float:
    """How many posts of the last hour a rule would have caught by its own past share."""
    hour = now - now % HOUR
    rows = await tx.all(
        queries.ASKED, rule=rule.rule_id, since=hour - PAST_MS, version=rule.version
    )
    asked_before = sum(asked for at, asked, _ in rows if at < hour - HOUR)
    caught_before = sum(caught for at, _, caught in rows if at < hour - HOUR)
    by_hour = {at: asked for at, asked, _ in rows}
    waiting = _PENDING[services.db].sums.get((rule.rule_id, hour, rule.version))
    present = by_hour.get(hour, 0) + (waiting[0] if waiting else 0)
    present += math.ceil(by_hour.get(hour - HOUR, 0) * (1 - (now - hour) / HOUR))
    return expected(asked_before, caught_before, present)


def expected(asked: int, caught: int, present: int) -> float:
    """How many of so many posts a rule is expected to catch by its past.

    One catch more than there was is assumed, so that a short past promises little: a rule that was
    never asked may catch everything.

    Args:
        asked: how many posts it was asked about in the past.
        caught: how many of them it caught.
        present: about how many it is asked now.
    """
    return (caught + 1) / (asked + 1) * present
