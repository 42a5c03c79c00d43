"""Somebody objects: the member that a decision is about, or the one whose report was dismissed."""

from collections.abc import Sequence

import msgspec

from rostra.kernel.clock import DAY
from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.kernel.text.clean import normalise
from rostra.network.accounts.events import AccountRemoved
from rostra.safety.appeals import queries
from rostra.safety.appeals.events import Appealed, AppealsForgotten
from rostra.safety.appeals.model import Appeal, AppealState
from rostra.safety.categories.facts import APPEAL
from rostra.safety.edge import Services, Transaction
from rostra.safety.reports import access as reports_access
from rostra.safety.reports.model import ReportState
from rostra.safety.statements.model import Statement

MAX_TEXT = 2_000
"""Characters of an appeal, as in Mastodon."""


async def appeal(services: Services, tx: Transaction, statement: Statement, text: str) -> Appeal:
    """Object to a decision about oneself; once.

    Raises:
        Invalid: on `text`.
        Conflict: it is too late, it was taken back already, or they have objected before.
    """
    days = services.settings.moderation.appeal_days
    _in_time(services, statement.appeal_until(days))
    if statement.taken_back:
        safe = "This decision was taken back already"
        raise Conflict(f"statement {statement.id}", safe=safe, code="taken_back")
    row = statement.row
    return await _write(services, tx, row.decision_id, row.account_id, text)


async def complain(
    services: Services, tx: Transaction, reporter_id: int, report_id: int, text: str
) -> Appeal:
    """Object to that one's report was dismissed; once.

    Raises:
        NotFound: they have no such report, or it was not dismissed.
        Invalid: on `text`.
        Conflict: it is too late, or they have objected before.
    """
    row = (await reports_access.one(tx, report_id)).row
    if row.account_id != reporter_id or row.state != ReportState.DISMISSED:
        raise NotFound(f"dismissed report {report_id} of {reporter_id}")
    _in_time(services, row.decided_at + services.settings.moderation.appeal_days * DAY)
    return await _write(services, tx, row.decision_id, reporter_id, text, report_id)


def _in_time(services: Services, until: int) -> None:
    if services.clock.now() >= until:
        raise Conflict("too late", safe="The time to appeal is over", code="appeal_over")


async def _write(  # noqa: PLR0917 (what an appeal is made of)
    services: Services,
    tx: Transaction,
    decision_id: int,
    account_id: int,
    text: str,
    report_id: int = 0,
) -> Appeal:
    said = normalise(text).strip()
    if not said:
        raise Invalid("text", "can't be blank", "ERR_BLANK")
    if len(said) > MAX_TEXT:
        raise Invalid("text", f"is too long (most: {MAX_TEXT} characters)", "ERR_TOO_LONG")
    now = services.clock.now()
    made = Appeal(
        id=services.ids.next(),
        decision_id=decision_id,
        account_id=account_id,
        report_id=report_id,
        text=said,
        state=AppealState.OPEN,
        answer="",
        actor_id=0,
        undo_id=0,
        due_at=now + APPEAL,
        answered_at=0,
        told_at=0,
        created_at=now,
    )
    if not await tx.run(queries.ADD, **msgspec.structs.asdict(made)):
        safe = "You have appealed against this before"
        raise Conflict(f"decision {decision_id}: {account_id}", safe=safe, code="appealed")
    await tx.emit(Appealed(made.id, decision_id, by_reporter=report_id > 0))
    return made


async def account_removed(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Forget what the member said."""
    await tx.run(queries.FORGET, account=event.account_id)


async def forget_outsiders(_services: Services, tx: Transaction, report_ids: Sequence[int]) -> None:
    """Forget what people without an account have said of these reports."""
    ids = await tx.all(queries.OF_OUTSIDERS, reports=report_ids) if report_ids else []
    if ids:
        await tx.emit(AppealsForgotten(tuple(ids)))
        await tx.run(queries.FORGET_SOME, ids=ids)
