"""A try-out of a kept rule is asked for, and given up."""

from collections.abc import Sequence
from typing import Final

import msgspec

from rostra.kernel.clock import DAY
from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.safety.edge import Services, Transaction
from rostra.safety.rules import access as rules
from rostra.safety.rules.place import words
from rostra.safety.team.model import Actor, Permission
from rostra.safety.tryout import queries
from rostra.safety.tryout.history import Period
from rostra.safety.tryout.jobs import NAME, TryRule
from rostra.safety.tryout.kept import State, Tryout, alone, encoded
from rostra.safety.tryout.model import Result

MOST_DAYS: Final = 3_650
MOST_WAITING: Final = 10
_ONE_AT_A_TIME: Final = "tryout"


async def begin(
    services: Services,
    tx: Transaction,
    actor: Actor,
    rule_id: int,
    *,
    version: int = 0,
    source: str = "",
    against: int = 0,
    days: int = 30,
) -> Tryout:
    """Ask for a try-out; it runs in the background, one at a time.

    A version 0 is the one that the rule has now; a `source` takes the place of a version. Beside
    it the version `against` is tried, where it is not 0. `days`: how far back.

    Raises:
        Forbidden: it is not theirs.
        NotFound: there is no such rule or version.
        Invalid: on `days`.
        Conflict: many wait already.
        Faulty: the source is no rule now.
    """
    actor.require(Permission.SCREENING)
    _days(days)
    rule = await rules.one(tx, rule_id)
    number = 0 if source else version or rule.version
    tried = source or (await rules.version(tx, rule.id, number)).source
    beside = (await rules.version(tx, rule.id, against)).source if against else ""
    await _check(services, tx, tried, beside)
    now = services.clock.now()
    made = Tryout(
        id=services.ids.next(),
        rule_id=rule.id,
        version=number,
        source=tried,
        against=against,
        against_source=beside,
        since=now - days * DAY,
        until=now,
        actor_id=actor.account_id,
    )
    await tx.run(queries.ADD, **msgspec.structs.asdict(made))
    await tx.enqueue(NAME, TryRule(made.id), group_key=_ONE_AT_A_TIME)
    return made


def _days(days: int) -> None:
    if not 1 <= days <= MOST_DAYS:
        raise Invalid("days", f"must be 1 to {MOST_DAYS}", "ERR_INVALID")


async def _check(services: Services, tx: Transaction, *sources: str) -> None:
    known = await words(services, tx)
    for source in filter(None, sources):
        known.read(source)
    if int(await tx.value(queries.WAITING) or 0) >= MOST_WAITING:
        raise Conflict("tryouts", safe=f"{MOST_WAITING} try-outs wait already", code="too_many")


async def keep_done(
    services: Services, tx: Transaction, sources: Sequence[str], period: Period, result: Result
) -> list[str]:
    """Keep what came of a try-out that has run elsewhere, with each rule that says this now.

    Args:
        services: the house's parts.
        tx: the transaction.
        sources: what was tried, and beside what.
        period: on what.
        result: what came of it; it says itself if it was of what had been exported.

    Returns:
        The names of these rules.
    """
    kept = await rules.every(tx)
    says = await rules.sources(tx, kept)
    same = [each for each in kept if says.get(each.id) == sources[0]]
    for rule in same:
        made = Tryout(
            id=services.ids.next(),
            rule_id=rule.id,
            version=rule.version,
            source=sources[0],
            against=0,
            against_source="",
            since=period.since,
            until=period.until,
            actor_id=0,
            state=State.DONE,
            total=result.seen,
            done=result.seen,
            result=encoded(alone(result)),
            ended_at=services.clock.now(),
        )
        await tx.run(queries.ADD, **msgspec.structs.asdict(made))
    return [each.name for each in same]


async def cancel(services: Services, tx: Transaction, actor: Actor, tryout_id: int) -> Tryout:
    """Give a try-out up; one that runs ends within moments, one that is over stays as it is.

    Raises:
        Forbidden: it is not theirs.
        NotFound: there is none.
    """
    actor.require(Permission.SCREENING)
    await tx.run(queries.END_OPEN, id=tryout_id, state=State.CANCELLED, now=services.clock.now())
    found = await tx.first(queries.ONE, id=tryout_id)
    if found is None:
        raise NotFound(f"tryout {tryout_id}")
    return found
