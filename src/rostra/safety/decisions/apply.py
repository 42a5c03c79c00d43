"""Carries decisions out, and takes them back: some hundred subjects to a transaction.

A few are done at once. For more a job does a chunk and leaves the next job in the same transaction,
so that whatever happens in between, each subject is done once and none is left out.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

import msgspec

from rostra.network.accounts.restrict import restrict_accounts
from rostra.network.media.restrict import restrict_media
from rostra.network.posts.restrict import restrict_posts
from rostra.safety.cases import keep
from rostra.safety.cases.close import close, reopen
from rostra.safety.decisions import effect, queries
from rostra.safety.decisions.events import DecisionApplied, MembersTold
from rostra.safety.decisions.model import (
    Action,
    ActionKind,
    Decision,
    DecisionKind,
    DecisionState,
    DecisionSubject,
    Restriction,
    SubjectState,
)
from rostra.safety.edge import Services, Transaction
from rostra.safety.reports.standings import set_standings
from rostra.safety.subjects import Subject, SubjectKind
from rostra.store.outbox.kinds import JobKind

AT_ONCE: Final = 20
CHUNK: Final = 500
_MOST = CHUNK * 40  # restrictions that are folded at once
_encode = msgspec.json.Encoder().encode
Wanted = TypeVar("Wanted")


class CarryOn(msgspec.Struct, frozen=True):
    """Go on with a decision, or with taking it back."""

    decision_id: int


async def begin(services: Services, tx: Transaction, decision: Decision) -> Decision:
    """Carry out a decision that was just written: at once, or by jobs."""
    if decision.subjects_count > AT_ONCE:
        await _leave(tx, decision.id)
        return decision
    await _do_chunk(services, tx, decision)
    state, now = DecisionState.IN_FORCE, services.clock.now()
    return msgspec.structs.replace(
        decision, state=state, applied_at=now, done_count=decision.subjects_count
    )


async def begin_undo(
    services: Services, tx: Transaction, undo: Decision, undone: Decision
) -> Decision:
    """Take a decision back: at once, or by jobs."""
    if undone.subjects_count > AT_ONCE:
        await _leave(tx, undo.id)
        return undo
    while not await _undo_chunk(services, tx, undo):
        pass
    return msgspec.structs.replace(
        undo, state=DecisionState.IN_FORCE, applied_at=services.clock.now()
    )


async def _leave(tx: Transaction, decision_id: int) -> None:
    await tx.enqueue(
        "decisions.carry_on", CarryOn(decision_id), priority=10, dedupe_key=str(decision_id)
    )


async def carry_on(services: Services, tx: Transaction, job: CarryOn) -> None:
    """Do a chunk of what is left, and leave the rest to the next job."""
    decision = await tx.first(queries.LOCKED, id=job.decision_id)
    if decision is None or decision.state != DecisionState.BEING_APPLIED:
        return
    step = _undo_chunk if decision.undoes_id else _do_chunk
    if not await step(services, tx, decision):
        await _leave(tx, decision.id)


JOBS = (
    JobKind(
        "decisions.carry_on", CarryOn, carry_on, transactional=True, attempts=20, timeout_s=120
    ),
)


async def _do_chunk(services: Services, tx: Transaction, decision: Decision) -> bool:
    """Do what is next; whether that was the rest."""
    chunk = await tx.all(queries.CHUNK, id=decision.id, state=int(SubjectState.TO_DO), limit=CHUNK)
    told = await _state(services, tx, decision, {each.account_id for each in chunk})
    there, gone = await _still_there(tx, chunk)
    await _restrict(services, tx, decision, there, told)
    await _close(services, tx, decision, chunk)
    await _mark(tx, decision.id, [each.subject for each in there], SubjectState.DONE)
    await _mark(tx, decision.id, [each.subject for each in gone], SubjectState.GONE)
    await tx.run(queries.COUNT_DONE, id=decision.id, more=len(chunk))
    return await _finished(services, tx, decision, len(chunk))


async def _finished(services: Services, tx: Transaction, decision: Decision, done: int) -> bool:
    if done == CHUNK:
        return False
    now = services.clock.now()
    await tx.run(
        queries.SET_STATE, id=decision.id, state=int(DecisionState.IN_FORCE), applied_at=now
    )
    if decision.undoes_id:
        await tx.run(
            queries.SET_UNDONE,
            id=decision.undoes_id,
            undo=decision.id,
            state=int(DecisionState.UNDONE),
        )
    await tx.emit(DecisionApplied(decision.id))
    return True


async def _state(
    services: Services, tx: Transaction, decision: Decision, account_ids: set[int]
) -> list[int]:
    """Give those members of the chunk who have none yet their statement; who they are.

    Nobody is told of what was not done to them.
    """
    stated = await tx.all(queries.STATED, id=decision.id, ids=sorted(account_ids))
    new = sorted(account_ids.difference(stated))
    now = services.clock.now()
    rows = [
        {
            "id": services.ids.next(),
            "decision_id": decision.id,
            "account_id": account_id,
            "mailed_at": 0,
            "read_at": 0,
            "taken_back_at": 0,
            "created_at": now,
        }
        for account_id in new
    ]
    await tx.run_many(queries.ADD_STATEMENT, rows)
    if new and _upholds(decision):
        await tx.emit(MembersTold(decision.id, tuple(new)))
    return new


async def _still_there(
    tx: Transaction, chunk: Sequence[DecisionSubject]
) -> tuple[list[DecisionSubject], list[DecisionSubject]]:
    facts = await keep.facts_of(tx, [each.subject for each in chunk])
    there = [each for each in chunk if each.subject in facts]
    return there, [each for each in chunk if each.subject not in facts]


async def _restrict(
    services: Services,
    tx: Transaction,
    decision: Decision,
    there: Sequence[DecisionSubject],
    account_ids: Sequence[int],
) -> None:
    """Write what holds from now on, and let it hold."""
    rows: list[dict[str, Any]] = []
    touched: list[Subject] = []
    for action in decision.done:
        kind = ActionKind(action.kind)
        if not kind.holds:
            continue
        if kind.of_account:
            about = [(Subject(SubjectKind.ACCOUNT, each), each) for each in account_ids]
        else:
            about = [(each.subject, each.account_id) for each in there]
        touched += [subject for subject, _ in about]
        rows += [_row(services, decision, action, *each) for each in about]
    await tx.run_many(queries.ADD_RESTRICTION, rows)
    await enforce(services, tx, touched)


def _row(
    services: Services, decision: Decision, action: Action, subject: Subject, account_id: int
) -> dict[str, Any]:
    return {
        "id": services.ids.next(),
        "decision_id": decision.id,
        "subject_kind": int(subject.kind),
        "subject_id": subject.id,
        "account_id": account_id,
        "action": action.kind,
        "data": _encode(action).decode(),
        "ends_at": action.ends_at,
        "ended_at": 0,
        "created_at": services.clock.now(),
    }


async def enforce(services: Services, tx: Transaction, subjects: Iterable[Subject]) -> None:
    """Let hold for these subjects what is in force, and nothing else.

    What is in force is read when they are locked: somebody else may have decided meanwhile.
    """
    wanted: dict[int, set[int]] = {}
    for kind, subject_id in subjects:
        wanted.setdefault(kind, set()).add(subject_id)
    for kind, ids in sorted(wanted.items()):
        await _let_hold(services, tx, SubjectKind(kind), sorted(ids))


async def _let_hold(
    services: Services, tx: Transaction, kind: SubjectKind, ids: Sequence[int]
) -> None:
    found: dict[int, list[Restriction]] = {subject_id: [] for subject_id in ids}

    async def wanted(fold: Callable[[Sequence[Restriction]], Wanted]) -> dict[int, Wanted]:
        for each in await tx.all(queries.IN_FORCE, ids=list(found), kind=int(kind)):
            found[each.subject_id].append(each)
        return {subject_id: fold(rows) for subject_id, rows in found.items()}

    if kind is SubjectKind.POST:
        await restrict_posts(services, tx, ids, lambda: wanted(effect.on_post))
    elif kind is SubjectKind.ACCOUNT:
        await restrict_accounts(services, tx, ids, lambda: wanted(effect.on_account))
        await set_standings(tx, {each: effect.on_reporter(rows) for each, rows in found.items()})
    else:
        await restrict_media(tx, ids, lambda: wanted(effect.on_medium))


async def _close(
    services: Services, tx: Transaction, decision: Decision, chunk: Sequence[DecisionSubject]
) -> None:
    """Nothing is left to do for the cases; say of each of their reports whether it was right.

    What is decided about somebody as a reporter leaves what others have reported of them open, and
    a rule leaves open what it does not name.
    """
    if any(ActionKind(action.kind).of_reporter for action in decision.done):
        return
    case_ids = {each.case_id for each in chunk} - {0}
    without = [each.subject for each in chunk if not each.case_id and not decision.machine_decided]
    closed = await close(
        services, tx, decision.id, decision.actor_id, case_ids=case_ids, subjects=without
    )
    if closed:
        statement = queries.UPHOLD if _upholds(decision) else queries.DISMISS
        await tx.run(statement, cases=closed, decision=decision.id, now=services.clock.now())


def _upholds(decision: Decision) -> bool:
    return decision.strikes > 0 or any(a.kind != ActionKind.NONE for a in decision.done)


async def _mark(
    tx: Transaction, decision_id: int, subjects: Sequence[Subject], state: SubjectState
) -> None:
    by_kind: dict[int, list[int]] = {}
    for kind, subject_id in subjects:
        by_kind.setdefault(kind, []).append(subject_id)
    for kind, ids in by_kind.items():
        await tx.run(
            queries.SET_SUBJECTS, id=decision_id, kind=int(kind), ids=ids, state=int(state)
        )


async def _undo_chunk(services: Services, tx: Transaction, undo: Decision) -> bool:
    """Take back what is next; whether that was the rest."""
    undone_id, now = undo.undoes_id, services.clock.now()
    chunk = await tx.all(queries.CHUNK, id=undone_id, state=int(SubjectState.DONE), limit=CHUNK)
    for kind, ids in _by_kind(each.subject for each in chunk).items():
        await tx.run(queries.END_OF_SUBJECTS, id=undone_id, kind=kind, ids=ids, now=now)
    await enforce(services, tx, [each.subject for each in chunk])
    await _mark(tx, undone_id, [each.subject for each in chunk], SubjectState.TAKEN_BACK)
    await _reopen(services, tx, undo, chunk)
    await tx.run(queries.COUNT_DONE, id=undo.id, more=len(chunk))
    if len(chunk) == CHUNK:
        return False
    # What is left was done to accounts.
    left = await tx.all(queries.LEFT_OF_DECISION, id=undone_id, limit=CHUNK)
    subjects = [Subject(kind, subject_id) for kind, subject_id in left]
    for kind, ids in _by_kind(subjects).items():
        await tx.run(queries.END_OF_SUBJECTS, id=undone_id, kind=kind, ids=ids, now=now)
    await enforce(services, tx, subjects)
    return await _finished(services, tx, undo, len(left))


async def _reopen(
    services: Services, tx: Transaction, undo: Decision, chunk: Sequence[DecisionSubject]
) -> None:
    """Let the cases be decided anew, where the undo says so."""
    case_ids = sorted({each.case_id for each in chunk} - {0})
    if not case_ids or undo.kind != DecisionKind.REOPENING:
        return
    opened = await reopen(services, tx, case_ids, undo.undoes_id, undo.actor_id)
    if opened:
        await tx.run(queries.REOPEN_REPORTS, cases=opened, decision=undo.undoes_id)


def _by_kind(subjects: Iterable[Subject]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for kind, subject_id in subjects:
        found.setdefault(int(kind), []).append(subject_id)
    return found
