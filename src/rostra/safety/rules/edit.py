"""Rules are added, given another source, and other bounds; each source is checked and tried first.

A rule is never dropped: what was caught by it names it and its version.
"""

import re
from typing import Final

import msgspec

from rostra.kernel.errors import Conflict, Fault, Invalid
from rostra.safety.edge import Services, Transaction
from rostra.safety.rules import queries
from rostra.safety.rules.model import (
    MAX_HOURLY,
    MAX_JUMP,
    MOST_RULES,
    Bounds,
    State,
    StoredRule,
    What,
)
from rostra.safety.rules.place import words
from rostra.safety.rules.write import locked, note, put, reason_of, tell
from rostra.safety.team.model import Actor, Permission
from rostra.store.database import Duplicate

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")


async def add(
    services: Services,
    tx: Transaction,
    actor: Actor,
    *,
    name: str,
    source: str,
    reason: str,
    bounds: Bounds | None = None,
) -> StoredRule:
    """Add a rule. It is off.

    Raises:
        Forbidden: it is not theirs.
        Invalid: on `name`, `reason`, `most_an_hour` or `jump`.
        Faulty: the source is no rule, or its examples do not hold.
        Conflict: there is one of this name, or as many as there may be.
    """
    actor.require(Permission.SCREENING)
    if not _NAME.fullmatch(name):
        raise Invalid("name", "must be small letters, digits, - and _, 40 at most", "ERR_INVALID")
    said, within = reason_of(reason), checked(bounds or Bounds())
    text = _lines(source)
    (await words(services, tx)).read(text)
    if sum(count for _, count in await tx.all(queries.COUNTS)) >= MOST_RULES:
        raise Conflict("rules", safe=f"There are {MOST_RULES} rules already", code="too_many")
    made = StoredRule(
        id=services.ids.next(),
        name=name,
        state=State.OFF,
        version=1,
        state_at=services.clock.now(),
        switched_by=actor.account_id,
        most_an_hour=within.most_an_hour,
        jump=within.jump,
        created_at=services.clock.now(),
    )
    try:
        async with tx.savepoint():
            await tx.run(queries.ADD, **{**msgspec.structs.asdict(made), "state": int(made.state)})
    except Duplicate:
        safe = f"There is a rule {name!r} already"
        raise Conflict(f"rule {name}", safe=safe, code="name_taken") from None
    await _version(services, tx, made, actor, text, said)
    await note(services, tx, made, What.ADDED, actor, said)
    return made


async def change(
    services: Services,
    tx: Transaction,
    actor: Actor,
    rule_id: int,
    *,
    version: int,
    source: str,
    reason: str,
    stay_live: bool = False,
) -> StoredRule:
    """Give a rule another source; a live one goes on in shadow, for nobody has seen the new one.

    Args:
        services: the house's parts.
        tx: the transaction.
        actor: who does it.
        rule_id: which rule.
        version: the one that they have changed.
        source: what it says now. The same as before changes nothing.
        reason: why.
        stay_live: a live rule stays so, though the new source was not tried; for owners alone.

    Raises:
        Forbidden: it is not theirs.
        NotFound: there is none.
        Invalid: on `reason`, which must say more where it stays live.
        Faulty: the source is no rule, or its examples do not hold.
        Conflict: somebody has changed it since.
    """
    actor.require(Permission.SCREENING)
    rule = await locked(tx, rule_id, version)
    live, text = rule.state is State.LIVE, _lines(source)
    said = _reason(actor, reason, untried=live and stay_live)
    (await words(services, tx)).read(text)
    known = await tx.first(queries.VERSION, rule=rule_id, number=rule.version)
    if known is not None and known.source == text:
        return rule
    made: StoredRule = msgspec.structs.replace(
        rule,
        version=rule.version + 1,
        state=State.SHADOW if live and not stay_live else rule.state,
        state_at=services.clock.now(),
        switched_by=actor.account_id,
    )
    await _version(services, tx, made, actor, text, said)
    await put(services, tx, made)
    await note(services, tx, made, What.CHANGED, actor, said)
    await tell(tx, made)
    return made


def _reason(actor: Actor, reason: str, *, untried: bool) -> str:
    if untried:
        actor.require(Permission.UNTRIED)
    return reason_of(reason, explicit=untried)


async def bound(
    services: Services,
    tx: Transaction,
    actor: Actor,
    rule_id: int,
    *,
    bounds: Bounds,
    reason: str,
) -> StoredRule:
    """Say how much a rule may catch before it is put back to shadow by itself.

    Raises:
        Forbidden: it is not theirs.
        NotFound: there is none.
        Invalid: on `most_an_hour`, `jump` or `reason`.
    """
    actor.require(Permission.SCREENING)
    rule = await locked(tx, rule_id)
    within = checked(bounds)
    said = reason_of(reason)
    made: StoredRule = msgspec.structs.replace(
        rule, most_an_hour=within.most_an_hour, jump=within.jump
    )
    await tx.run(queries.BOUND, id=rule_id, most_an_hour=within.most_an_hour, jump=within.jump)
    await note(services, tx, made, What.BOUNDED, actor, said)
    return made


def checked(bounds: Bounds) -> Bounds:
    """The same, if they are bounds.

    Raises:
        Invalid: on `most_an_hour` or `jump`.
    """
    faults: list[Fault] = []
    if not 1 <= bounds.most_an_hour <= MAX_HOURLY:
        words = f"must lie between 1 and {MAX_HOURLY}"
        faults.append(Fault("most_an_hour", words, "ERR_INVALID"))
    if bounds.jump != 0 and not 2 <= bounds.jump <= MAX_JUMP:  # noqa: PLR2004 (once is no jump)
        words = f"must be 0, or lie between 2 and {MAX_JUMP}"
        faults.append(Fault("jump", words, "ERR_INVALID"))
    if faults:
        raise Invalid.many(faults)
    return bounds


def _lines(source: str) -> str:
    """As forms send it, browsers end lines in two characters."""
    return source.replace("\r\n", "\n")


async def _version(  # noqa: PLR0917 (the columns of a row)
    services: Services, tx: Transaction, rule: StoredRule, actor: Actor, source: str, reason: str
) -> None:
    await tx.run(
        queries.ADD_VERSION,
        rule_id=rule.id,
        number=rule.version,
        source=source,
        reason=reason,
        author_id=actor.account_id,
        created_at=services.clock.now(),
        shadowed_at=0,
    )
