"""What every change of a rule shares: its reason, its line in the log, telling who holds rules."""

from typing import Final

from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.kernel.text import clean
from rostra.safety.edge import Services, Transaction
from rostra.safety.rules import queries
from rostra.safety.rules.events import RuleSwitched
from rostra.safety.rules.model import (
    MAX_REASON,
    MOST_IN_FORCE,
    State,
    StoredRule,
    What,
)
from rostra.safety.states.keep import Part, changed
from rostra.safety.team.model import Actor

_LEAST_WHY: Final = 10


def reason_of(text: str, *, explicit: bool = False) -> str:
    """Why somebody does it, as it is kept.

    Args:
        text: as they wrote it.
        explicit: whether a word or two is too little.

    Raises:
        Invalid: on `reason`.
    """
    found = clean.one_line(text)
    if not found:
        raise Invalid("reason", "can't be blank", "ERR_BLANK")
    if len(found) > MAX_REASON:
        raise Invalid("reason", f"is too long (most: {MAX_REASON} characters)", "ERR_TOO_LONG")
    if explicit and len(found) < _LEAST_WHY:
        words = "must say why it was not tried first (10 characters at least)"
        raise Invalid("reason", words, "ERR_TOO_SHORT")
    return found


async def locked(tx: Transaction, rule_id: int, version: int = 0) -> StoredRule:
    """A rule that nobody else changes until the transaction ends.

    Args:
        tx: the transaction.
        rule_id: which one.
        version: what somebody has looked at; 0: whatever holds.

    Raises:
        NotFound: there is none.
        Conflict: another version holds by now.
    """
    found = await tx.first(queries.LOCKED, id=rule_id)
    if found is None:
        raise NotFound(f"rule {rule_id}")
    if version and version != found.version:
        safe = f"Somebody has changed this rule since: version {found.version} holds"
        raise Conflict(f"rule {rule_id} at {version}", safe=safe, code="changed_since")
    return found


async def room(tx: Transaction) -> None:
    """Let one more rule be asked at every post.

    Raises:
        Conflict: as many are asked as may be.
    """
    rows = await tx.all(queries.COUNTS)
    if sum(count for state, count in rows if state != State.OFF) >= MOST_IN_FORCE:
        safe = f"{MOST_IN_FORCE} rules are in shadow or live already: switch one off first"
        raise Conflict("rules in force", safe=safe, code="too_many")


async def note(  # noqa: PLR0917 (the columns of a line)
    services: Services,
    tx: Transaction,
    rule: StoredRule,
    what: What,
    actor: Actor,
    reason: str,
) -> None:
    """Write a line of the log, and have every process read the rules anew."""
    await tx.run(
        queries.ADD_LOG,
        id=services.ids.next(),
        rule_id=rule.id,
        version=rule.version,
        what=int(what),
        state=int(rule.state),
        actor_id=actor.account_id,
        reason=reason,
    )
    await changed(services, tx, Part.RULES)


async def put(services: Services, tx: Transaction, rule: StoredRule) -> None:
    """Write the state and the version that hold, and say so."""
    if rule.state is State.SHADOW:
        now = services.clock.now()
        await tx.run(queries.SHADOWED, rule=rule.id, which=rule.version, now=now)
    await tx.run(
        queries.SET,
        id=rule.id,
        state=int(rule.state),
        version=rule.version,
        state_at=rule.state_at,
        switched_by=rule.switched_by,
    )


async def tell(tx: Transaction, rule: StoredRule, *, by_itself: bool = False) -> None:
    """Emit what holds now."""
    await tx.emit(RuleSwitched(rule.id, rule.version, int(rule.state), rule.switched_by, by_itself))
