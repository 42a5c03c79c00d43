"""Somebody of the team answers an appeal: never who decided, never who agreed, never a machine."""

from typing import Final

import msgspec

from rostra.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from rostra.kernel.text.clean import normalise
from rostra.network.notifications.of_decisions import warn_again
from rostra.safety.appeals import queries
from rostra.safety.appeals.events import AppealAnswered
from rostra.safety.appeals.letters import leave_letter
from rostra.safety.appeals.model import Appeal, AppealState
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions.model import Decision, DecisionState
from rostra.safety.decisions.release import release
from rostra.safety.decisions.undo import undo
from rostra.safety.edge import Services, Transaction
from rostra.safety.panels import access as panels_access
from rostra.safety.standing import access as standing_access
from rostra.safety.team.model import Actor, Permission

MAX_ANSWER: Final = 5_000


async def answer(
    services: Services, tx: Transaction, actor: Actor, appeal_id: int, *, uphold: bool, reasons: str
) -> Appeal:
    """Answer an appeal with reasons. One that is right takes the decision back.

    A decision about many is taken back for the member who appealed alone; of a report that was
    wrongly dismissed the cases are open again.

    Raises:
        NotFound: there is no such appeal, or not for them.
        Conflict: it is answered already, or its decision is still being carried out.
        Forbidden: it is not theirs to answer: they have decided it, or said it themselves.
        Invalid: on `reasons`.
    """
    actor.require(Permission.APPEALS)
    found = await tx.first(queries.LOCKED, id=appeal_id)
    if found is None:
        raise NotFound(f"appeal {appeal_id}")
    decision = await decisions_access.one(tx, found.decision_id)
    deciders = await standing_access.deciders(tx, [decision])
    _theirs(actor, found, decision, deciders[decision.id])
    if decision.panel_id and await panels_access.sat(tx, decision.panel_id, actor.account_id):
        raise _another(found, actor)
    words = normalise(reasons).strip()
    if not words:
        raise Invalid("reasons", "can't be blank", "ERR_BLANK")
    if len(words) > MAX_ANSWER:
        raise Invalid("reasons", f"are too long (most: {MAX_ANSWER} characters)", "ERR_TOO_LONG")
    undo_id = await _take_back(services, tx, actor, found, decision, words) if uphold else 0
    answered: Appeal = msgspec.structs.replace(
        found,
        state=AppealState.UPHELD if uphold else AppealState.REJECTED,
        answer=words,
        actor_id=actor.account_id,
        undo_id=undo_id,
        answered_at=services.clock.now(),
    )
    await tx.run(
        queries.ANSWER,
        id=appeal_id,
        state=int(answered.state),
        answer=words,
        actor=actor.account_id,
        undo=undo_id,
        now=answered.answered_at,
    )
    await tx.emit(AppealAnswered(appeal_id, decision.id, found.report_id, uphold, undo_id))
    await _tell(services, tx, answered)
    return answered


def _theirs(actor: Actor, found: Appeal, decision: Decision, deciders: frozenset[int]) -> None:
    if not actor.account_id or not actor.sees(decision.category):
        raise NotFound(f"appeal {found.id} for {actor.account_id}")
    if actor.account_id in deciders | {found.account_id}:
        raise _another(found, actor)
    if found.state != AppealState.OPEN:
        safe = "This appeal is answered already"
        raise Conflict(f"appeal {found.id}: {found.state}", safe=safe, code="answered")


def _another(found: Appeal, actor: Actor) -> Forbidden:
    safe = "Somebody else has to answer this appeal"
    return Forbidden(f"appeal {found.id}: {actor.account_id}", safe=safe, code="same_person")


async def _take_back(  # noqa: PLR0917 (what an appeal and its answer are made of)
    services: Services,
    tx: Transaction,
    actor: Actor,
    found: Appeal,
    decision: Decision,
    reasons: str,
) -> int:
    """Take the decision back, if it still holds; the decision that does it, 0: none."""
    if decision.state in {DecisionState.UNDONE, DecisionState.BEING_UNDONE}:
        return 0
    if found.report_id:
        return (await undo(services, tx, actor, decision.id, facts=reasons, reopen=True)).id
    if await tx.first(queries.OF_OTHERS, id=decision.id, account=found.account_id) is None:
        return (await undo(services, tx, actor, decision.id, facts=reasons)).id
    return (await release(services, tx, actor, decision, found.account_id, reasons)).id


async def _tell(services: Services, tx: Transaction, answered: Appeal) -> None:
    """Let whoever appealed hear of it."""
    if not answered.report_id:
        statement_id = await tx.first(
            queries.STATEMENT, decision=answered.decision_id, account=answered.account_id
        )
        if statement_id is not None:
            await warn_again(services, tx, answered.account_id, statement_id)
    await leave_letter(services, tx, answered)
