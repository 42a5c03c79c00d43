"""What a decision about many does is taken back for one member of them, and stays for the others.

The record of it is a decision of its own, about that member's account.
"""

import msgspec

from rostra.safety.decisions import lift, queries
from rostra.safety.decisions.apply import enforce
from rostra.safety.decisions.events import MemberReleased
from rostra.safety.decisions.model import Decision, DecisionKind, DecisionState
from rostra.safety.decisions.undo import undoing
from rostra.safety.edge import Services, Transaction
from rostra.safety.subjects import Subject
from rostra.safety.team.model import Actor, Permission


async def release(  # noqa: PLR0917 (each is named where it is called)
    services: Services,
    tx: Transaction,
    actor: Actor,
    decision: Decision,
    account_id: int,
    facts: str,
) -> Decision:
    """End what a decision does to one member and what is theirs; its strikes count no more.

    Raises:
        Forbidden: it is not theirs to take back, or about themselves.
    """
    actor.require(Permission.UNDO)
    actor.require_other(account_id)
    now = services.clock.now()
    of_one = {"id": decision.id, "account": account_id}
    left = await tx.all(queries.LEFT_OF_ACCOUNT, **of_one)
    await tx.run(queries.END_OF_ACCOUNT, **of_one, now=now)
    await tx.run(queries.RELEASE_SUBJECTS, **of_one)
    await tx.run(queries.RELEASE_STATEMENT, **of_one, now=now)
    await enforce(services, tx, [Subject(kind, subject_id) for kind, subject_id in left])
    made = msgspec.structs.replace(
        undoing(services, actor, decision, facts=facts, kind=DecisionKind.RELEASE),
        state=DecisionState.IN_FORCE,
        case_id=0,
        cluster_id=0,
        subjects_count=1,
        done_count=1,
        applied_at=now,
    )
    await lift.write(tx, made, account_id)
    await tx.emit(MemberReleased(decision.id, made.id))
    return made
