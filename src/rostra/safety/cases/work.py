"""What people do with a case before they decide it: take, put aside, hand on, note, merge, split.

Two people never hold the same case: whoever takes one locks its row first, and finds out whether
somebody else holds it.
"""

from collections.abc import Collection

import msgspec

from rostra.kernel.clock import HOUR
from rostra.kernel.errors import Conflict, Invalid
from rostra.kernel.text.clean import normalise
from rostra.safety.cases import keep, queries
from rostra.safety.cases.access import EVERYTHING, View, filters_of, leading
from rostra.safety.cases.events import CasesClosed
from rostra.safety.cases.model import CLAIM_LASTS_MS, Case, CaseState, Event, EventKind
from rostra.safety.categories.facts import decision_within, facts_of
from rostra.safety.categories.model import Category, Sender
from rostra.safety.edge import Services, Transaction

MAX_NOTE = 5_000
_SKIPPED_FOR_MS = 2 * HOUR
_NEXT = (
    queries.NEXT,
    queries.NEXT_OF_CATEGORY,
    queries.NEXT_IN_LANGUAGE,
    queries.NEXT_OF_REVIEWER,
    queries.NEXT_DUE,
    queries.NEXT_DUE_OF_CATEGORIES,
)


async def claim(services: Services, tx: Transaction, case_id: int, actor_id: int) -> Case:
    """Hold a case for a quarter of an hour, or hold it that long again.

    Raises:
        NotFound: there is none.
        Conflict: somebody else holds it, or it is closed.
    """
    case = await mine(services, tx, case_id, actor_id)
    return await _one(services, tx, case, _claiming(services, actor_id))


async def claim_next(
    services: Services, tx: Transaction, actor_id: int, view: View = EVERYTHING, *, own: int = 0
) -> Case | None:
    """Hold the worst case of a view that nobody holds and that was not put aside; None: no such.

    ``own``: the account whose cases are not theirs to decide.
    """
    query, lead = leading(view, _NEXT)
    now = services.clock.now()
    case = await tx.first(query, actor=actor_id, own=own, now=now, **lead, **filters_of(view))
    if case is None:
        return None
    return await _one(services, tx, case, _claiming(services, actor_id))


async def mine(services: Services, tx: Transaction, case_id: int, actor_id: int) -> Case:
    """An open case that nobody else holds, locked.

    Raises:
        NotFound: there is none.
        Conflict: somebody else holds it, a panel looks at it, or it is closed.
    """
    case = await keep.open_one(tx, case_id)
    status = case.status
    if status.panel_id:
        safe = "This case is with a panel of members; take it back first"
        raise Conflict(f"case {case_id} is with a panel", safe=safe, code="with_panel")
    if status.held_at(services.clock.now()) and status.holder_id != actor_id:
        safe = "Somebody else of the team works on this case"
        raise Conflict(f"case {case_id} is held by {status.holder_id}", safe=safe, code="case_held")
    return case


async def release(services: Services, tx: Transaction, case_id: int, actor_id: int) -> Case:
    """Hold a case no longer. Raises as :func:`claim`."""
    case = await mine(services, tx, case_id, actor_id)
    return await _one(services, tx, case, _event(services, EventKind.RELEASED, actor_id))


async def skip(services: Services, tx: Transaction, case_id: int, actor_id: int) -> Case:
    """Put a case aside for two hours: others may take it. Raises as :func:`claim`."""
    case = await mine(services, tx, case_id, actor_id)
    until = services.clock.now() + _SKIPPED_FOR_MS
    await tx.run(queries.SKIP, account_id=actor_id, case_id=case_id, until=until)
    return await _one(services, tx, case, _event(services, EventKind.SKIPPED, actor_id))


async def escalate(
    services: Services, tx: Transaction, case_id: int, actor_id: int, words: str
) -> Case:
    """Leave a case to those who are trusted with more, and say why. Raises as :func:`claim`.

    Raises:
        Invalid: on `words`.
    """
    case = await mine(services, tx, case_id, actor_id)
    event = _event(services, EventKind.ESCALATED, actor_id, words=_words(words, needed=True))
    return await _one(services, tx, case, event)


async def calm(services: Services, tx: Transaction, case_id: int, actor_id: int) -> Case:
    """Give an escalated case back to the ordinary queue. Raises as :func:`claim`."""
    case = await mine(services, tx, case_id, actor_id)
    return await _one(services, tx, case, _event(services, EventKind.CALMED, actor_id))


async def hand_over(
    services: Services, tx: Transaction, case_id: int, actor_id: int, to_id: int, *, words: str = ""
) -> Case:
    """Let somebody else of the team hold it; that they may is for the caller to know.

    Raises as :func:`claim`.
    """
    case = await mine(services, tx, case_id, actor_id)
    event = msgspec.structs.replace(
        _event(services, EventKind.HANDED, actor_id, words=_words(words)),
        holder_id=to_id,
        until=services.clock.now() + CLAIM_LASTS_MS,
    )
    return await _one(services, tx, case, event)


async def note(
    services: Services, tx: Transaction, case_id: int, actor_id: int, words: str
) -> Case:
    """Write something down for the team, whoever holds it, open or not.

    Raises:
        NotFound: there is no such case.
        Invalid: on `words`.
    """
    (case,) = await keep.locked(tx, [case_id])
    event = _event(services, EventKind.NOTED, actor_id, words=_words(words, needed=True))
    return await _one(services, tx, case, event)


async def recategorise(
    services: Services, tx: Transaction, case_id: int, actor_id: int, category: Category
) -> Case:
    """Say what it really is about; that moves it in the queue. Raises as :func:`claim`."""
    case = await mine(services, tx, case_id, actor_id)
    within = decision_within(category, Sender.MEMBER)
    event = msgspec.structs.replace(
        _event(services, EventKind.RECATEGORISED, actor_id),
        category=category,
        severity=int(facts_of(category).severity),
        deadline_at=min(case.status.deadline_at, services.clock.now() + within),
    )
    return await _one(services, tx, case, event)


async def redate(
    services: Services,
    tx: Transaction,
    case_ids: Collection[int],
    actor_id: int,
    *,
    was: int,
    becomes: int,
) -> None:
    """What asks for open cases is due at another time (UTC ms): that moves them in the queue.

    A case that is due sooner for another reason stays so. Whoever holds them goes on.
    """
    moved = [
        case
        for case in await keep.locked(tx, case_ids)
        if case.status.state == CaseState.OPEN
        and (case.status.deadline_at == was or becomes < case.status.deadline_at)
    ]
    event = msgspec.structs.replace(
        _event(services, EventKind.DATED, actor_id), deadline_at=becomes
    )
    await keep.append(services, tx, [(case, [event]) for case in moved])


async def merge(
    services: Services, tx: Transaction, case_id: int, into_id: int, actor_id: int
) -> Case:
    """Let a case be decided as part of another one about the same account; its reports go along.

    Raises:
        Invalid: on `into`: they are about different accounts, or the same case.
        Conflict: one of them is held by somebody else, or closed, or its subject waits: that is let
            go, or not, by a decision of its own.
    """
    if case_id == into_id:
        raise Invalid("into", "is this case itself", "ERR_INVALID")
    first, second = sorted((case_id, into_id))
    held = {each: await mine(services, tx, each, actor_id) for each in (first, second)}
    case, into = held[case_id], held[into_id]
    if case.account_id != into.account_id:
        raise Invalid("into", "is about another account", "ERR_INVALID")
    status = case.status
    if status.waits:
        safe = "What this case is about waits to be shown; decide it by itself"
        raise Conflict(f"subject of {case_id} waits", safe=safe, code="waits")
    gone = msgspec.structs.replace(_event(services, EventKind.MERGED, actor_id), other_id=into_id)
    grown = msgspec.structs.replace(
        _event(services, EventKind.ABSORBED, actor_id),
        other_id=case_id,
        category=status.category,
        severity=status.severity,
        deadline_at=status.deadline_at,
        sources=status.sources,
        reports=status.reports_count,
        weight=status.weight,
        reach=status.reach,
        score=status.score,
    )
    _, merged = await keep.append(services, tx, [(case, [gone]), (into, [grown])])
    await tx.run(queries.MOVE_REPORTS, id=case_id, into=into_id)
    await tx.emit(CasesClosed((case_id,)))
    return merged


async def split(services: Services, tx: Transaction, case_id: int, actor_id: int) -> Case:
    """Take a merged case out again: it is open, and to be decided by itself.

    Raises:
        NotFound: there is no such case.
        Conflict: it is not merged, or something new about the same was opened meanwhile.
    """
    (case,) = await keep.locked(tx, [case_id])
    if not case.status.merged_into:
        raise Conflict(f"case {case_id} is not merged", safe="This case is not merged")
    kind = case.subject_kind
    if await tx.all(queries.OPEN_OF_SUBJECTS, kind=kind, ids=[case.subject_id]):
        raise Conflict(f"subject of {case_id} has a case", safe="There is another open case of it")
    return await _one(services, tx, case, _event(services, EventKind.REOPENED, actor_id))


def _claiming(services: Services, actor_id: int) -> Event:
    until = services.clock.now() + CLAIM_LASTS_MS
    event = _event(services, EventKind.CLAIMED, actor_id)
    return msgspec.structs.replace(event, holder_id=actor_id, until=until)


def _event(services: Services, kind: EventKind, actor_id: int, *, words: str = "") -> Event:
    return Event(kind=kind, at=services.clock.now(), actor_id=actor_id, words=words)


async def _one(services: Services, tx: Transaction, case: Case, event: Event) -> Case:
    (changed,) = await keep.append(services, tx, [(case, [event])])
    return changed


def _words(given: str, *, needed: bool = False) -> str:
    words = normalise(given).strip()
    if needed and not words:
        raise Invalid("words", "can't be blank", "ERR_BLANK")
    if len(words) > MAX_NOTE:
        raise Invalid("words", f"is too long (most: {MAX_NOTE} characters)", "ERR_TOO_LONG")
    return words
