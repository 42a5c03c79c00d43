"""Reports join the open case of what they are about, or open one. Hears `Reported`."""

from collections.abc import Iterable

from rostra.safety.cases import access, keep, queries
from rostra.safety.cases.events import CaseJoined, CaseOpened
from rostra.safety.cases.model import Before, Case, Event, EventKind
from rostra.safety.categories.facts import decision_within
from rostra.safety.categories.model import Sender
from rostra.safety.edge import Services, Transaction
from rostra.safety.reports.change import set_aside
from rostra.safety.reports.events import Reported


async def reported(services: Services, tx: Transaction, event: Reported) -> None:
    """Let a report join the case of each of its subjects.

    What the same member says again adds no weight while their first report is open. What is said by
    somebody who is not listened to joins what is open, and opens nothing.
    """
    now = services.clock.now()
    facts = await keep.facts_of(tx, event.subjects)
    if event.set_aside:
        cases, opened = await keep.open_of(tx, facts), set[int]()
        if not cases:
            await set_aside(tx, event.report_id)
            return
    else:
        cases, opened = await keep.open_cases(services, tx, facts)
    new = [subject for subject, case in cases.items() if case.id in opened]
    before = await access.decided_before(tx, new)
    again = await _said_before(tx, event, cases.values())
    deadline = event.deadline_at or now + decision_within(event.category, Sender(event.source))
    happened: list[tuple[Case, list[Event]]] = []
    for subject, case in cases.items():
        reach = keep.reach_of(facts[subject], now)
        told = Event(
            kind=EventKind.REPORTED,
            at=now,
            report_id=event.report_id,
            source=event.source,
            category=event.category,
            weight=0 if case.id in again else event.weight,
            deadline_at=deadline,
            reach=reach,
        )
        begun = [_begun(before.get(subject), now)] if case.id in opened else []
        happened.append((case, [*begun, told]))
    await keep.append(services, tx, happened)
    links = [{"case_id": case.id, "report_id": event.report_id} for case in cases.values()]
    await tx.run_many(queries.ADD_REPORT, links)
    for subject, case in cases.items():
        if case.id in opened:
            await tx.emit(CaseOpened(case.id, subject, case.account_id, event.category))
        else:
            await tx.emit(CaseJoined(case.id, subject))


def _begun(before: Before | None, now: int) -> Event:
    """A case is opened, of something that may have been decided before."""
    if before is None:
        return Event(kind=EventKind.OPENED, at=now)
    return Event(
        kind=EventKind.OPENED,
        at=now,
        other_id=before.case_id,
        decision_id=before.decision_id,
        decided_at=before.decided_at,
    )


async def _said_before(tx: Transaction, event: Reported, cases: Iterable[Case]) -> set[int]:
    if not event.reporter_id:
        return set()
    ids = [case.id for case in cases]
    found = await tx.all(
        queries.SAID_BEFORE, reporter=event.reporter_id, report=event.report_id, ids=ids
    )
    return set(found)
