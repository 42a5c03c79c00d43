"""What happened is written down for the endpoints that want to hear it, in its transaction."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import msgspec

from rostra.safety.appeals.events import AppealAnswered, Appealed
from rostra.safety.cases.events import CaseOpened, CasesClosed
from rostra.safety.categories.facts import facts_of
from rostra.safety.categories.model import Sender
from rostra.safety.decisions.events import Decided, DecisionUndone, MemberReleased
from rostra.safety.edge import Services, Transaction
from rostra.safety.notices.events import LetterAnswered, LetterCame
from rostra.safety.reports.events import Reported
from rostra.safety.subjects import SubjectKind
from rostra.safety.webhooks import queries
from rostra.safety.webhooks.model import Delivery, DeliveryState, EventName, Webhook

MOST_WAITING: Final = 1_000
"""Of an endpoint; what happens while so many wait is left out, and counted."""

_MOST_CLOSED: Final = 100  # ids of cases that one delivery names
Told: TypeAlias = "Mapping[str, str | int | Sequence[str]]"
_encode = msgspec.json.Encoder().encode


class Deliver(msgspec.Struct, frozen=True):
    """Tell an endpoint."""

    delivery_id: int


async def reported(services: Services, tx: Transaction, event: Reported) -> None:
    """Somebody has reported something."""
    about = {
        "report_id": str(event.report_id),
        "target_account_id": str(event.target_account_id),
        "source": Sender(event.source).name.lower(),
        "category": facts_of(event.category).slug,
    }
    await _tell(services, tx, EventName.REPORT_CREATED, about)


async def opened(services: Services, tx: Transaction, event: CaseOpened) -> None:
    """There is something new to decide on."""
    about = {
        "case_id": str(event.case_id),
        "subject_type": SubjectKind(event.subject.kind).wire,
        "subject_id": str(event.subject.id),
        "account_id": str(event.account_id),
        "category": facts_of(event.category).slug,
    }
    await _tell(services, tx, EventName.CASE_OPENED, about)


async def closed(services: Services, tx: Transaction, event: CasesClosed) -> None:
    """Nothing is left to do for some cases."""
    ids = [str(each) for each in event.case_ids[:_MOST_CLOSED]]
    about: Told = {"case_ids": ids, "count": len(event.case_ids)}
    await _tell(services, tx, EventName.CASES_CLOSED, about)


async def decided(services: Services, tx: Transaction, event: Decided) -> None:
    """A decision is made."""
    await _tell(services, tx, EventName.DECISION_MADE, {"decision_id": str(event.decision_id)})


async def undone(services: Services, tx: Transaction, event: DecisionUndone) -> None:
    """A decision is taken back."""
    about = {"decision_id": str(event.decision_id), "undo_id": str(event.undo_id)}
    await _tell(services, tx, EventName.DECISION_UNDONE, about)


async def released(services: Services, tx: Transaction, event: MemberReleased) -> None:
    """A decision about many is taken back for one of them."""
    about = {"decision_id": str(event.decision_id), "undo_id": str(event.release_id)}
    await _tell(services, tx, EventName.DECISION_RELEASED, about)


async def appealed(services: Services, tx: Transaction, event: Appealed) -> None:
    """Somebody objects."""
    about = {
        "appeal_id": str(event.appeal_id),
        "decision_id": str(event.decision_id),
        "by": "reporter" if event.by_reporter else "member",
    }
    await _tell(services, tx, EventName.APPEAL_CREATED, about)


async def answered(services: Services, tx: Transaction, event: AppealAnswered) -> None:
    """They have their answer."""
    about = {
        "appeal_id": str(event.appeal_id),
        "decision_id": str(event.decision_id),
        "outcome": "upheld" if event.upheld else "rejected",
    }
    await _tell(services, tx, EventName.APPEAL_ANSWERED, about)


async def letter_came(services: Services, tx: Transaction, event: LetterCame) -> None:
    """A letter from outside has come."""
    await _tell(services, tx, EventName.LETTER_RECEIVED, {"letter_id": str(event.notice_id)})


async def letter_answered(services: Services, tx: Transaction, event: LetterAnswered) -> None:
    """It has its answer."""
    await _tell(services, tx, EventName.LETTER_ANSWERED, {"letter_id": str(event.notice_id)})


async def _tell(services: Services, tx: Transaction, name: EventName, about: Told) -> None:
    """One statement where nobody wants to hear it."""
    for hook in await tx.all(queries.ALL):
        if hook.enabled and name in hook.chosen:
            if await tx.first(queries.WAITING, id=hook.id, limit=MOST_WAITING) == MOST_WAITING:
                await tx.run(queries.SKIPPED, id=hook.id)
            else:
                await leave(services, tx, hook, name, about)


async def leave(
    services: Services, tx: Transaction, hook: Webhook, name: EventName, about: Told
) -> Delivery:
    """Leave a delivery to a job."""
    made = Delivery(
        id=services.ids.next(),
        webhook_id=hook.id,
        event=name,
        object=_encode(about).decode(),
        state=DeliveryState.WAITING,
        attempts=0,
        status=0,
        failure="",
        created_at=services.clock.now(),
        tried_at=0,
    )
    await tx.run(queries.ADD_DELIVERY, **msgspec.structs.asdict(made))
    await tx.enqueue("webhooks.deliver", Deliver(made.id))
    return made
