"""A machine has found something: its case is opened or joined, without a report."""

from rostra.safety.cases import keep
from rostra.safety.cases.events import CaseJoined, CaseOpened
from rostra.safety.cases.model import Event, EventKind
from rostra.safety.categories.facts import decision_within
from rostra.safety.categories.model import Category, Sender
from rostra.safety.edge import Services, Transaction
from rostra.safety.subjects import Subject


async def signalled(
    services: Services, tx: Transaction, subject: Subject, category: Category, words: str
) -> int:
    """Open the case of a subject that there is, or join it; its id."""
    now = services.clock.now()
    facts = await keep.facts_of(tx, [subject])
    cases, opened = await keep.open_cases(services, tx, facts)
    case = cases[subject]
    found = Event(
        kind=EventKind.SIGNALLED,
        at=now,
        source=int(Sender.RULE),
        category=int(category),
        deadline_at=now + decision_within(category, Sender.RULE),
        reach=keep.reach_of(facts[subject], now),
        words=words,
    )
    begun = [Event(kind=EventKind.OPENED, at=now)] if case.id in opened else []
    await keep.append(services, tx, [(case, [*begun, found])])
    if case.id in opened:
        await tx.emit(CaseOpened(case.id, subject, case.account_id, int(category)))
    else:
        await tx.emit(CaseJoined(case.id, subject))
    return case.id
