"""Somebody decides: about one case, or about many at once. What it does is done by `apply`."""

from collections.abc import Iterable, Sequence

import msgspec

from rostra.kernel.clock import DAY
from rostra.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from rostra.safety.cases import keep
from rostra.safety.cases.close import forget_proposal, note_proposal
from rostra.safety.cases.model import Case, CaseState
from rostra.safety.decisions import apply, queries
from rostra.safety.decisions.check import about_others, checked, permitted
from rostra.safety.decisions.events import Decided
from rostra.safety.decisions.model import (
    OWN_INITIATIVE,
    ActionKind,
    Decision,
    DecisionKind,
    DecisionState,
    Ground,
    Ruling,
    SubjectState,
)
from rostra.safety.edge import Services, Transaction
from rostra.safety.reports import access as reports_access
from rostra.safety.subjects import Subject
from rostra.safety.team.model import Actor, Permission

MOST_SUBJECTS = 100_000
_encode = msgspec.json.Encoder().encode


class _About(msgspec.Struct, frozen=True):
    """What a decision is about."""

    subject: Subject
    account_id: int
    case_id: int = 0
    sources: int = 0
    panel_id: int = 0  # whose votes have agreed about it


async def decide(
    services: Services,
    tx: Transaction,
    actor: Actor,
    ruling: Ruling,
    case_ids: Sequence[int],
    *,
    cluster_id: int = 0,
) -> Decision:
    """Decide cases. One more than a few is carried out by jobs; many need a second person first.

    Args:
        services: the house's parts.
        tx: the transaction.
        actor: who decides.
        ruling: what, and why.
        case_ids: open cases that nobody else holds.
        cluster_id: the cluster that they are, where they are one.

    Raises:
        NotFound: there is no such case, or not for them.
        Conflict: one is closed, or held by somebody else.
        Forbidden: it is not theirs to decide, or about themselves.
        Invalid: on what is wrong about the ruling, or on `case_ids`.
    """
    if not 0 < len(set(case_ids)) <= MOST_SUBJECTS:
        raise Invalid("case_ids", f"must be 1 to {MOST_SUBJECTS}", "ERR_INVALID")
    cases = await keep.locked(tx, case_ids)
    now = services.clock.now()
    for case in cases:
        _decidable(case, actor, now)
        if not ruling.rule_id:
            actor.require_other(case.account_id)
    about = [_About(case.subject, case.account_id, *_case_of(case)) for case in cases]
    made = await _decided(services, tx, actor, ruling, about, cluster_id=cluster_id)
    if made.state == DecisionState.PROPOSED:
        await note_proposal(services, tx, cases, decision_id=made.id, actor_id=actor.account_id)
    return made


def _decidable(case: Case, actor: Actor, now: int) -> None:
    if not actor.sees(case.status.category):
        raise NotFound(f"case {case.id} for {actor.account_id}")
    if case.status.state != CaseState.OPEN:
        raise Conflict(f"case {case.id} is closed", safe="This case is closed", code="case_closed")
    if case.status.held_at(now) and case.status.holder_id != actor.account_id:
        safe = "Somebody else of the team works on this case"
        raise Conflict(f"case {case.id} is held", safe=safe, code="case_held")


async def decide_subjects(
    services: Services, tx: Transaction, actor: Actor, ruling: Ruling, subjects: Iterable[Subject]
) -> Decision:
    """Decide on subjects of which nobody has spoken: what the team finds itself.

    An open case of one of them is decided with it, if it is theirs to decide; but a rule leaves
    cases to people. Raises as :func:`decide`.
    """
    if not actor.sees(ruling.category):
        raise Forbidden(f"category {ruling.category} for {actor.account_id}")
    wanted = list(dict.fromkeys(subjects))
    facts = await keep.facts_of(tx, wanted)
    if len(facts) != len(wanted):
        raise NotFound(f"subjects {[each for each in wanted if each not in facts][:5]}")
    if not ruling.rule_id:
        for each in facts.values():
            actor.require_other(each.account_id)
    # What is decided about a reporter leaves open what others have reported of them.
    left_open = ruling.of_reporter or ruling.rule_id != 0
    cases = {} if left_open else await keep.open_of(tx, wanted)
    now = services.clock.now()
    for case in cases.values():
        _decidable(case, actor, now)
    about = [
        _About(subject, facts[subject].account_id, *_case_of(cases.get(subject)))
        for subject in wanted
    ]
    return await _decided(services, tx, actor, ruling, about)


def _case_of(case: Case | None) -> tuple[int, int, int]:
    return (case.id, case.status.sources, case.status.advice_id) if case else (0, 0, 0)


async def _decided(
    services: Services,
    tx: Transaction,
    actor: Actor,
    ruling: Ruling,
    about: Sequence[_About],
    *,
    cluster_id: int = 0,
) -> Decision:
    if not ruling.rule_id:
        permitted(actor, ruling, subjects=len(about))
    await _none_above(tx, actor, ruling, about)
    ruling = checked(services, ruling, {each.subject.kind for each in about})
    many = len(about) > services.settings.moderation.two_persons_above
    state = DecisionState.PROPOSED if many and not ruling.rule_id else DecisionState.BEING_APPLIED
    await _warned_before(tx, ruling, about)
    decision = await _made(services, tx, actor, ruling, about, state, cluster_id)
    await _write(tx, decision, about)
    if state is DecisionState.PROPOSED:
        return decision
    await tx.emit(Decided(decision.id))
    return await apply.begin(services, tx, decision)


async def _none_above(
    tx: Transaction, actor: Actor, ruling: Ruling, about: Sequence[_About]
) -> None:
    """Nobody restricts the account of somebody of the team who is trusted with as much, or more."""
    if any(action.kind > ActionKind.WARN for action in ruling.actions):
        ids = sorted({each.account_id for each in about})
        above = await tx.first(queries.ABOVE, ids=ids, role=int(actor.role))
        if above is not None:
            raise Forbidden(f"account {above} is not below {actor.account_id}")


async def _warned_before(tx: Transaction, ruling: Ruling, about: Sequence[_About]) -> None:
    """Nobody's reports are set aside who was not warned before (DSA Art. 23(2))."""
    if all(action.kind != ActionKind.MUTE_REPORTER for action in ruling.actions):
        return
    for each in about:
        standing = await reports_access.standing(tx, each.account_id)
        if not standing.warned_at:
            safe = "They have to be warned before their reports are set aside"
            raise Conflict(f"reporter {each.account_id}", safe=safe, code="not_warned")


async def _made(  # noqa: PLR0917 (what a decision is made of, once)
    services: Services,
    tx: Transaction,
    actor: Actor,
    ruling: Ruling,
    about: Sequence[_About],
    state: DecisionState,
    cluster_id: int,
) -> Decision:
    now = services.clock.now()
    ends = [action.ends_at for action in ruling.actions]
    clause, version = await _clause(tx, ruling)
    return Decision(
        id=services.ids.next(),
        kind=DecisionKind.DECISION,
        state=state,
        undoes_id=0,
        undone_by=0,
        case_id=about[0].case_id if len(about) == 1 else 0,
        cluster_id=cluster_id,
        actions=_encode(ruling.actions).decode(),
        category=ruling.category,
        ground=ruling.ground if ruling.upholds else Ground.NONE,
        clause_id=ruling.clause_id,
        clause=clause,
        clause_version=version,
        legal_ground=ruling.legal_ground,
        facts=ruling.facts,
        words=ruling.words,
        note=ruling.note,
        language=ruling.language,
        source=_source(about) if ruling.source is None else ruling.source,
        machine_found=int(ruling.machine_found),
        machine_decided=int(ruling.rule_id != 0),
        rule_id=ruling.rule_id,
        strikes=ruling.strikes,
        strikes_until=now + services.settings.moderation.strike_days * DAY if ruling.strikes else 0,
        ends_at=max(ends) if all(ends) else 0,
        actor_id=actor.account_id,
        second_id=0,
        panel_id=about[0].panel_id if len(about) == 1 else 0,
        subjects_count=len(about),
        done_count=0,
        created_at=now,
        applied_at=0,
    )


async def _clause(tx: Transaction, ruling: Ruling) -> tuple[str, int]:
    """The words of the rule as they are now, and of which version of the rules they are."""
    if ruling.ground is not Ground.RULE or not ruling.clause_id:
        return "", 0
    found = await tx.first(queries.RULE_TEXT, id=ruling.clause_id)
    if found is None:
        raise Invalid("clause_id", "is no rule of this place", "ERR_INVALID")
    text, version = found
    return text, version


def _source(about: Sequence[_About]) -> int:
    """The weightiest of those who told of it."""
    bits = 0
    for each in about:
        bits |= each.sources
    return bits.bit_length() - 1 if bits else OWN_INITIATIVE


async def _write(tx: Transaction, decision: Decision, about: Sequence[_About]) -> None:
    await tx.run(queries.ADD, **msgspec.structs.asdict(decision))
    rows = [
        {
            "decision_id": decision.id,
            "subject_kind": int(each.subject.kind),
            "subject_id": each.subject.id,
            "account_id": each.account_id,
            "case_id": each.case_id,
            "state": int(SubjectState.TO_DO),
        }
        for each in about
    ]
    await tx.run_many(queries.ADD_SUBJECT, rows)


async def agree(services: Services, tx: Transaction, actor: Actor, decision_id: int) -> Decision:
    """Be the second person, who lets a proposed decision be carried out.

    Raises:
        NotFound: there is no such decision.
        Conflict: it does not wait for anybody, or a restriction of it would have ended by now.
        Forbidden: it is not theirs, they have proposed it, or it is about themselves.
    """
    decision = await _proposed(tx, actor, decision_id)
    agreed = msgspec.structs.replace(
        _as_of_now(services, decision),
        state=DecisionState.BEING_APPLIED,
        second_id=actor.account_id,
    )
    await tx.run(
        queries.AGREE,
        id=decision_id,
        state=int(agreed.state),
        second=agreed.second_id,
        actions=agreed.actions,
        strikes_until=agreed.strikes_until,
    )
    await tx.emit(Decided(decision_id))
    return await apply.begin(services, tx, agreed)


def _as_of_now(services: Services, decision: Decision) -> Decision:
    """A decision that has waited, with the times that count from when it is in force.

    The days until an account is deleted are those in which a member may appeal.

    Raises:
        Conflict: a restriction of it would have ended by now.
    """
    now = services.clock.now()
    if any(0 < action.ends_at <= now for action in decision.done):
        safe = "What it restricts would have ended by now; refuse it, and decide anew"
        raise Conflict(f"decision {decision.id}", safe=safe, code="over")
    waited = now - decision.created_at
    actions = tuple(
        msgspec.structs.replace(action, at=action.at + waited) if action.at else action
        for action in decision.done
    )
    return msgspec.structs.replace(
        decision,
        actions=_encode(actions).decode(),
        strikes_until=decision.strikes_until + waited if decision.strikes_until else 0,
    )


async def refuse(services: Services, tx: Transaction, actor: Actor, decision_id: int) -> None:
    """Be the second person, who does not: its cases are in the queue again.

    Whoever proposed it may take it back so too. Raises as :func:`agree`.
    """
    decision = await _proposed(tx, actor, decision_id, own=True)
    await tx.run(
        queries.SECOND,
        id=decision.id,
        state=int(DecisionState.REFUSED),
        second=actor.account_id,
    )
    case_ids = await tx.all(queries.CASES, id=decision.id)
    await forget_proposal(
        services, tx, case_ids, decision_id=decision.id, actor_id=actor.account_id
    )


async def _proposed(
    tx: Transaction, actor: Actor, decision_id: int, *, own: bool = False
) -> Decision:
    actor.require(Permission.DECIDE_MANY)
    decision = await tx.first(queries.LOCKED, id=decision_id)
    if decision is None:
        raise NotFound(f"decision {decision_id}")
    if decision.state != DecisionState.PROPOSED:
        safe = "This decision does not wait for a second person"
        raise Conflict(f"decision {decision_id}", safe=safe, code="not_proposed")
    if decision.actor_id == actor.account_id and not own:
        safe = "Somebody else has to agree to it"
        raise Forbidden(f"account {actor.account_id} proposed it", safe=safe, code="same_person")
    await about_others(tx, actor, decision_id)
    return decision
