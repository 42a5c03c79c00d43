"""A machine has found something: its case is opened or joined, without a report."""

from collections.abc import Sequence

from rostra.safety.adapters.events import AdapterFound
from rostra.safety.adapters.harms import category_for
from rostra.safety.banks.events import MediaMatched
from rostra.safety.cases import keep
from rostra.safety.cases.events import CaseJoined, CaseOpened
from rostra.safety.cases.model import Event, EventKind
from rostra.safety.categories.facts import decision_within
from rostra.safety.categories.model import Category, Sender
from rostra.safety.edge import Services, Transaction
from rostra.safety.screening.events import ScoreReached
from rostra.safety.subjects import Subject, SubjectKind


async def adapter_found(services: Services, tx: Transaction, event: AdapterFound) -> None:
    """Bring before people what a program elsewhere has found in a post; it restricts nothing."""
    if event.worst:
        found = event.finding
        scores = sorted(found.scores.items(), key=lambda each: -each[1])
        told = ", ".join(f"{harm} {score:.2f}" for harm, score in scores)
        words = f"{found.signal} ({found.version}): {told}. {found.reason}".strip()
        subject = Subject(SubjectKind.POST, event.post_id)
        score = round(found.scores[event.worst] * 1_000)
        category = category_for(event.worst)
        await signalled(services, tx, subject, category, words, score=score)


async def signalled(
    services: Services,
    tx: Transaction,
    subject: Subject,
    category: Category,
    words: str,
    *,
    score: int = 0,
    waits: bool = False,
    decision_id: int = 0,
) -> int:
    """Open the case of a subject that there is, or join it; its id.

    Args:
        services: the house's parts.
        tx: the transaction.
        subject: what something was found in.
        category: the kind of harm.
        words: what was found, for the team.
        score: how sure a signal is, in thousandths.
        waits: nobody sees it until it is decided.
        decision_id: that it is there to look at, and nothing but that was found.
    """
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
        score=score,
        waits=int(waits),
        decision_id=decision_id,
    )
    begun = [Event(kind=EventKind.OPENED, at=now)] if case.id in opened else []
    await keep.append(services, tx, [(case, [*begun, found])])
    if case.id in opened:
        await tx.emit(CaseOpened(case.id, subject, case.account_id, int(category)))
    else:
        await tx.emit(CaseJoined(case.id, subject))
    return case.id


async def score_reached(services: Services, tx: Transaction, event: ScoreReached) -> None:
    """Let somebody look at what signals are sure enough of. Hears `ScoreReached`."""
    category = Category(event.category)
    await signalled(services, tx, event.subject, category, event.words, score=event.score)


async def media_matched(services: Services, tx: Transaction, event: MediaMatched) -> None:
    """Somebody has to look at a post that shows what a bank knows. Hears `MediaMatched`."""
    subject = Subject(SubjectKind.POST, event.post_id)
    if await keep.facts_of(tx, [subject]):
        category, score = Category(event.category), round(event.score * 1_000)
        await signalled(services, tx, subject, category, event.words, score=score)


async def waits_no_more(services: Services, tx: Transaction, subjects: Sequence[Subject]) -> None:
    """What was held is seen again before anybody has decided, and is no longer looked at first."""
    now = services.clock.now()
    cases = await keep.open_of(tx, subjects)
    let_go = Event(kind=EventKind.LET_GO, at=now)
    await keep.append(services, tx, [(case, [let_go]) for case in cases.values()])
