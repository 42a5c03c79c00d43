"""One sort of restriction is taken off an account, whatever decided it; all else stays."""

from typing import Any

import msgspec

from rostra.kernel.errors import Forbidden
from rostra.safety.categories.model import Category
from rostra.safety.decisions import queries
from rostra.safety.decisions.apply import enforce
from rostra.safety.decisions.events import Decided
from rostra.safety.decisions.model import (
    OWN_INITIATIVE,
    ActionKind,
    Decision,
    DecisionKind,
    DecisionState,
    Ground,
    SubjectState,
)
from rostra.safety.edge import Services, Transaction
from rostra.safety.subjects import Subject, SubjectKind
from rostra.safety.team.model import Actor, Permission


async def lift(  # noqa: PLR0917 (each is named where it is called)
    services: Services,
    tx: Transaction,
    actor: Actor,
    account_id: int,
    kinds: frozenset[ActionKind],
    facts: str = "",
) -> Decision | None:
    """End these restrictions of an account by a decision of its own; None: there were none.

    Raises:
        Forbidden: it is not theirs to lift, or about themselves.
    """
    actor.require(Permission.UNDO)
    actor.require_other(account_id)
    if not all(kind.of_account for kind in kinds):
        raise Forbidden(f"{kinds} are not of accounts")
    subject = Subject(SubjectKind.ACCOUNT, account_id)
    held = await tx.all(queries.IN_FORCE, ids=[account_id], kind=int(subject.kind))
    ending = [each for each in held if each.action in kinds]
    if not ending:
        return None
    now = services.clock.now()
    made = _made(services, actor, facts)
    await write(tx, made, account_id)
    await tx.run(queries.END, ids=[each.id for each in ending], now=now)
    await enforce(services, tx, [subject])
    await tx.emit(Decided(made.id))
    return made


async def write(tx: Transaction, made: Decision, account_id: int) -> None:
    """Write down a decision that takes something off one account, and is done."""
    await tx.run(queries.ADD, **msgspec.structs.asdict(made))
    await tx.run(
        queries.ADD_SUBJECT,
        decision_id=made.id,
        subject_kind=int(SubjectKind.ACCOUNT),
        subject_id=account_id,
        account_id=account_id,
        case_id=0,
        state=int(SubjectState.DONE),
    )


def _made(services: Services, actor: Actor, facts: str) -> Decision:
    now = services.clock.now()
    values: dict[str, Any] = dict.fromkeys(Decision.__struct_fields__, 0)
    values |= dict.fromkeys(("clause", "legal_ground", "words", "note"), "")
    values |= {
        "id": services.ids.next(),
        "kind": DecisionKind.LIFTING,
        "state": DecisionState.IN_FORCE,
        "actions": "[]",
        "category": Category.OTHER,
        "ground": Ground.NONE,
        "facts": facts,
        "language": "en",
        "source": OWN_INITIATIVE,
        "actor_id": actor.account_id,
        "subjects_count": 1,
        "done_count": 1,
        "created_at": now,
        "applied_at": now,
    }
    return Decision(**values)
