"""Letters to those who report from outside: receipt, outcome, answer to an objection."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import msgspec

from rostra.kernel.clock import DAY
from rostra.network.credentials.writing import composed
from rostra.network.instance import access as instance_access
from rostra.outside.mail import Mail, MailRefused
from rostra.outside.translations import noted as _
from rostra.outside.translations import said
from rostra.safety.appeals import letters as appeal_letters
from rostra.safety.appeals.events import AppealAnswered
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions.events import DecisionApplied
from rostra.safety.edge import Reader, Services, Transaction
from rostra.safety.outsiders import access, queries
from rostra.safety.outsiders.links import add_link
from rostra.safety.outsiders.model import WAITS_DAYS, Followed, Outside, OutsideState, Purpose
from rostra.safety.reports.model import ReportState
from rostra.safety.statements.outcomes import outcome_of, paragraphs
from rostra.store.outbox.kinds import JobKind

AT_ONCE: Final = 25  # letters of one job
_HELLO = _("Hello,")
_GREETING = _("Hello {name},")
_AFTER = _("The team of {title}")
_ARRIVED = _("Your report has arrived")
_SOMEBODY = _(
    "somebody, you we think, has reported something to the team of {title}. The reference is "
    "{reference}."
)
_WAITS = _("The team looks at it once you have confirmed it. If you do not within {days} days, "
           "it is deleted:")  # fmt: skip
_FILED = _("The team looks at it. Confirm your address, so that you hear what becomes of it:")
_CONFIRM = _("Confirm your report")
_NOT_YOU = _("If it was not you, ignore this letter.")
_BECAME = _("What became of your report")
_SEE = _("See your report")


class SendReceipt(msgspec.Struct, frozen=True):
    """Confirm the receipt of this report."""

    outside_id: int


class TellOutsiders(msgspec.Struct, frozen=True):
    """Tell those who reported what a decision is about, those behind one of them."""

    decision_id: int
    after: int = 0


class TellAnswer(msgspec.Struct, frozen=True):
    """Tell what became of this objection."""

    appeal_id: int


async def leave_receipt(services: Services, tx: Transaction, outside: Outside) -> None:
    """Leave the letter that tells of the receipt, where there is an address and mail is sent."""
    if outside.email and services.mailer.configured:
        await tx.enqueue("outsiders.receipt", SendReceipt(outside.id), priority=5)


async def send_receipt(services: Services, job: SendReceipt) -> None:
    """Send it, with the link that confirms the address. It names nobody and quotes nothing."""
    async with services.db.write() as tx:
        outside = await tx.first(queries.ONE, id=job.outside_id)
        if outside is None or outside.confirmed_at:
            return
        token = await add_link(tx, outside.id, Purpose.CONFIRM)
        title = (await instance_access.settings(services, tx)).title
    waits = outside.state == OutsideState.WAITING

    def say(text: str, **names: object) -> str:
        return said(outside.locale, text).format(title=title, **names)

    mail = composed(
        outside.email,
        outside.locale,
        subject=f"{say(_ARRIVED)} - {title}",
        before=[
            say(_HELLO),
            say(_SOMEBODY, reference=outside.id),
            say(_WAITS, days=WAITS_DAYS) if waits else say(_FILED),
        ],
        link=_link(services, "/report/confirm", token),
        label=say(_CONFIRM),
        after=[say(_NOT_YOU), say(_AFTER)],
    )
    await _send(services, mail)


async def decision_applied(_services: Services, tx: Transaction, event: DecisionApplied) -> None:
    """Leave a job where somebody from outside is to be told."""
    if await _outsiders(tx, event.decision_id, 0, 1):
        await tx.enqueue("outsiders.tell", TellOutsiders(event.decision_id), priority=5)


async def tell_outsiders(services: Services, job: TellOutsiders) -> None:
    """Tell the next of them, and leave the rest to another job. A second try tells nobody twice."""
    async with services.db.read() as reader:
        waiting = await _outsiders(reader, job.decision_id, job.after, AT_ONCE)
    for outside_id in waiting:
        await _tell(services, outside_id)
    if len(waiting) == AT_ONCE:
        async with services.db.write() as tx:
            left = TellOutsiders(job.decision_id, waiting[-1])
            await tx.enqueue("outsiders.tell", left, priority=5)


async def _outsiders(reader: Reader, decision_id: int, after: int, limit: int) -> Sequence[int]:
    return await reader.all(queries.OF_DECISION, decision=decision_id, after=after, limit=limit)


async def _tell(services: Services, outside_id: int) -> None:
    """Tell one, once all that they reported is decided."""
    days = services.settings.moderation.appeal_days
    async with services.db.write() as tx:
        outside = await tx.first(queries.ONE, id=outside_id)
        if outside is None:
            return
        found = await access.followed(tx, outside)
        if found.state is ReportState.OPEN or outside.told_at >= found.decided_at:
            return
        mail = None
        if outside.email and outside.confirmed_at and services.mailer.configured:
            mail = await _outcome(services, tx, found, days)
    if mail is not None:
        await _send(services, mail)
    async with services.db.write() as tx:
        forget_at = found.decided_at + days * DAY
        await tx.run(queries.TOLD, id=outside_id, now=services.clock.now(), forget_at=forget_at)


async def _outcome(services: Services, tx: Transaction, found: Followed, days: int) -> Mail | None:
    outside = found.outside
    latest = max(found.reports, key=lambda report: report.decision_id)
    if not latest.decision_id:
        return None
    decision = await decisions_access.one(tx, latest.decision_id)
    token = await add_link(tx, outside.id, Purpose.SEE)
    title = (await instance_access.settings(services, tx)).title
    rows = [(report.state, report.created_at, report.decided_at) for report in found.reports]
    return composed(
        outside.email,
        outside.locale,
        subject=f"{said(outside.locale, _BECAME)} - {title}",
        before=[
            _greeting(outside),
            *paragraphs(outcome_of(rows, decision), outside.locale, title=title, days=days),
        ],
        link=_link(services, "/report/state", token),
        label=said(outside.locale, _SEE),
        after=[said(outside.locale, _AFTER).format(title=title)],
    )


async def appeal_answered(services: Services, tx: Transaction, event: AppealAnswered) -> None:
    """What somebody from outside objected is answered: they hear, and it is kept longer."""
    outside = (await access.of_reports(tx, [event.report_id])).get(event.report_id)
    if not event.report_id or outside is None:
        return
    at = services.clock.now() + services.settings.moderation.appeal_days * DAY
    await tx.run(queries.FORGET_LATER, id=outside.id, at=at)
    if outside.email and outside.confirmed_at and services.mailer.configured:
        await tx.enqueue("outsiders.answer", TellAnswer(event.appeal_id), priority=5)


async def tell_answer(services: Services, job: TellAnswer) -> None:
    """Send the answer, unless it was sent."""
    async with services.db.read() as reader:
        appeal = await appeal_letters.untold(reader, job.appeal_id)
        found = await access.of_reports(reader, [appeal.report_id]) if appeal else {}
        title = (await instance_access.settings(services, reader)).title
    outside = next(iter(found.values()), None)
    if appeal is None or outside is None or not outside.email:
        return
    name = outside.name or outside.email
    mail = appeal_letters.letter(appeal, outside.email, outside.locale, name=name, title=title)
    await appeal_letters.send(services, appeal, mail)


def _greeting(outside: Outside) -> str:
    if not outside.name:
        return said(outside.locale, _HELLO)
    return said(outside.locale, _GREETING).format(name=outside.name)


def _link(services: Services, path: str, token: str) -> str:
    return f"{services.settings.site.base_url.rstrip('/')}{path}?token={token}"


async def _send(services: Services, mail: Mail) -> None:
    with suppress(MailRefused):  # the address takes no mail; trying again changes nothing
        await services.mailer.send(mail)


JOBS = (
    JobKind("outsiders.receipt", SendReceipt, send_receipt, attempts=20),
    JobKind("outsiders.tell", TellOutsiders, tell_outsiders, attempts=20),
    JobKind("outsiders.answer", TellAnswer, tell_answer, attempts=20),
)
