"""A decision is taken back: everything that it did ends, and what else is in force stays."""

import msgspec

from rostra.kernel.errors import Conflict, NotFound
from rostra.kernel.text.clean import normalise
from rostra.safety.decisions import apply, queries
from rostra.safety.decisions.check import MAX_FACTS, about_others
from rostra.safety.decisions.events import DecisionUndone
from rostra.safety.decisions.model import Decision, DecisionKind, DecisionState
from rostra.safety.edge import Services, Transaction
from rostra.safety.team.model import Actor, Permission


async def undo(
    services: Services,
    tx: Transaction,
    actor: Actor,
    decision_id: int,
    *,
    facts: str = "",
    reopen: bool = False,
) -> Decision:
    """Take a decision back; the decision that does it.

    Args:
        services: the house's parts.
        tx: the transaction.
        actor: who takes it back.
        decision_id: a decision that is in force, or being applied.
        facts: why, for the members and the record.
        reopen: its cases are to be decided anew.

    Raises:
        NotFound: there is no such decision.
        Conflict: it is taken back already, or was never in force, or is still being applied.
        Forbidden: it is not theirs to take back, or about themselves.
    """
    actor.require(Permission.UNDO)
    found = await tx.first(queries.LOCKED, id=decision_id)
    if found is None:
        raise NotFound(f"decision {decision_id}")
    if found.kind != DecisionKind.DECISION or found.state != DecisionState.IN_FORCE:
        safe = "This decision is not in force"
        raise Conflict(f"decision {decision_id}: {found.state}", safe=safe, code="not_in_force")
    await about_others(tx, actor, decision_id)
    kind = DecisionKind.REOPENING if reopen else DecisionKind.UNDO
    made = undoing(services, actor, found, facts=facts, kind=kind)
    await tx.run(queries.ADD, **msgspec.structs.asdict(made))
    state = int(DecisionState.BEING_UNDONE)
    await tx.run(queries.SET_UNDONE, id=decision_id, undo=made.id, state=state)
    await tx.emit(DecisionUndone(decision_id, made.id))
    return await apply.begin_undo(services, tx, made, found)


def undoing(
    services: Services, actor: Actor, found: Decision, *, facts: str, kind: DecisionKind
) -> Decision:
    """What takes a decision back: about the same, on the same ground, and it does nothing new."""
    return msgspec.structs.replace(
        found,
        id=services.ids.next(),
        kind=kind,
        state=DecisionState.BEING_APPLIED,
        undoes_id=found.id,
        actions="[]",
        facts=normalise(facts).strip()[:MAX_FACTS],
        words="",
        note="",
        machine_found=0,
        machine_decided=0,
        rule_id=0,
        strikes=0,
        strikes_until=0,
        ends_at=0,
        actor_id=actor.account_id,
        second_id=0,
        panel_id=0,
        done_count=0,
        created_at=services.clock.now(),
        applied_at=0,
    )
