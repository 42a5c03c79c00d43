"""Rules are switched: off, in shadow, live; by people, or back to shadow by themselves."""

import msgspec

from rostra.kernel.errors import Conflict
from rostra.safety.edge import Services, Transaction
from rostra.safety.rules import access
from rostra.safety.rules.model import Lack, State, StoredRule, Version, What
from rostra.safety.rules.place import words
from rostra.safety.rules.words import lacking
from rostra.safety.rules.write import locked, note, put, reason_of, room, tell
from rostra.safety.team.model import Actor, Permission

ITSELF = Actor(0)


async def switch(
    services: Services,
    tx: Transaction,
    actor: Actor,
    rule_id: int,
    *,
    version: int,
    state: State,
    reason: str,
    untried: bool = False,
) -> StoredRule:
    """Put a rule into a state; its examples are tried once more before it is asked again.

    Args:
        services: the house's parts.
        tx: the transaction.
        actor: who does it.
        rule_id: which rule.
        version: the one that they have looked at.
        state: what it is to be. Saying it twice changes nothing.
        reason: why.
        untried: it goes live though this version was not tried on the past, or never in shadow; the
            reason says why. Only owners may say so, and the log does.

    Raises:
        Forbidden: it is not theirs.
        NotFound: there is none.
        Invalid: on `reason`.
        Faulty: it is no rule any more: a list or a signal that it asks for is gone.
        Conflict: somebody has changed it since, it was not tried, or too many are asked.
    """
    actor.require(Permission.SCREENING)
    rule = await locked(tx, rule_id, version)
    said = reason_of(reason, explicit=untried and state is State.LIVE)
    if rule.state is state:
        return rule
    what = What.SWITCHED
    if state is not State.OFF:
        known = await access.version(tx, rule_id, rule.version)
        if state is State.LIVE and await _is_untried(tx, actor, known, untried=untried):
            what = What.UNTRIED
        (await words(services, tx)).read(known.source)
        if rule.state is State.OFF:
            await room(tx)
    made = _in_state(services, rule, state, actor)
    await put(services, tx, made)
    await note(services, tx, made, what, actor, said)
    await tell(tx, made)
    return made


async def _is_untried(tx: Transaction, actor: Actor, known: Version, *, untried: bool) -> bool:
    """Whether a version goes live without having been tried, as an owner wants it.

    Raises:
        Forbidden: somebody else does.
        Conflict: nobody does.
    """
    lacks = await access.lacks(tx, known)
    if not lacks:
        return False
    if not untried:
        safe = f"This version was {lacking(lacks)}: try it first. An owner may say why not"
        code = "never_tried" if Lack.PAST in lacks else "never_in_shadow"
        raise Conflict(f"rule {known.rule_id}", safe=safe, code=code)
    actor.require(Permission.UNTRIED)
    return True


async def put_back(
    services: Services, tx: Transaction, rule_id: int, version: int, reason: str
) -> bool:
    """Put a live rule back to shadow, for it catches too much; whether it was live until now."""
    rule = await locked(tx, rule_id)
    if rule.state is not State.LIVE or rule.version != version:
        return False
    made = _in_state(services, rule, State.SHADOW, ITSELF)
    await put(services, tx, made)
    await note(services, tx, made, What.PUT_BACK, ITSELF, reason)
    await tell(tx, made, by_itself=True)
    return True


def _in_state(services: Services, rule: StoredRule, state: State, actor: Actor) -> StoredRule:
    made: StoredRule = msgspec.structs.replace(
        rule, state=state, state_at=services.clock.now(), switched_by=actor.account_id
    )
    return made
