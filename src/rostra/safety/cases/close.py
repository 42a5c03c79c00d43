"""Closes cases that are decided, and opens them again where that is taken back."""

from collections.abc import Collection, Iterable, Sequence

from rostra.safety.cases import keep, queries
from rostra.safety.cases.events import CasesClosed
from rostra.safety.cases.model import Case, CaseState, Event, EventKind
from rostra.safety.edge import Services, Transaction
from rostra.safety.subjects import Subject


async def close(
    services: Services,
    tx: Transaction,
    decision_id: int,
    actor_id: int,
    *,
    case_ids: Collection[int],
    subjects: Iterable[Subject] = (),
) -> list[int]:
    """Close these cases, and what is open of these subjects; the ids of those that were open."""
    found = {case.id: case for case in await keep.locked(tx, case_ids)} if case_ids else {}
    for case in (await keep.open_of(tx, subjects)).values():
        found[case.id] = case
    event = Event(
        kind=EventKind.DECIDED,
        at=services.clock.now(),
        actor_id=actor_id,
        decision_id=decision_id,
    )
    open_ = [case for case in found.values() if case.status.state == CaseState.OPEN]
    if not open_:
        return []
    await keep.append(services, tx, [(case, [event]) for case in open_])
    closed = [case.id for case in open_]
    await tx.run(queries.FORGET_SKIPS_OF, ids=closed)
    await tx.emit(CasesClosed(tuple(closed)))
    return closed


async def note_proposal(
    services: Services,
    tx: Transaction,
    cases: Sequence[Case],
    *,
    decision_id: int,
    actor_id: int,
) -> None:
    """A decision about these locked cases waits for a second person; nobody takes them."""
    event = Event(
        kind=EventKind.PROPOSED,
        at=services.clock.now(),
        actor_id=actor_id,
        decision_id=decision_id,
    )
    await keep.append(services, tx, [(case, [event]) for case in cases])


async def forget_proposal(
    services: Services,
    tx: Transaction,
    case_ids: Collection[int],
    *,
    decision_id: int,
    actor_id: int,
) -> None:
    """Nobody agreed: the cases that still wait for this decision are in the queue again."""
    event = Event(
        kind=EventKind.DECLINED,
        at=services.clock.now(),
        actor_id=actor_id,
        decision_id=decision_id,
    )
    waiting = [
        case
        for case in await keep.locked(tx, case_ids)
        if case.status.proposed_id == decision_id and case.status.state == CaseState.OPEN
    ]
    await keep.append(services, tx, [(case, [event]) for case in waiting])


async def reopen(
    services: Services, tx: Transaction, case_ids: Collection[int], decision_id: int, actor_id: int
) -> list[int]:
    """Open those of the cases again that this decision closed, and whose subject has no other.

    The ids of those that are open again.
    """
    cases = [
        case
        for case in await keep.locked(tx, case_ids)
        if case.status.state == CaseState.DECIDED and case.status.decision_id == decision_id
    ]
    taken = await keep.open_of(tx, [case.subject for case in cases])
    event = Event(kind=EventKind.REOPENED, at=services.clock.now(), actor_id=actor_id)
    free: list[Case] = [case for case in cases if case.subject not in taken]
    await keep.append(services, tx, [(case, [event]) for case in free])
    return [case.id for case in free]
