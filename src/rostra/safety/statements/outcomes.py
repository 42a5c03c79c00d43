"""Reporters hear by mail what became of their reports: one letter for a decision and a member."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import msgspec

from rostra.kernel.clock import DAY
from rostra.network.accounts import access as accounts_access
from rostra.network.credentials.writing import composed
from rostra.network.instance import access as instance_access
from rostra.outside.mail import Mail, MailRefused
from rostra.outside.translations import noted as _
from rostra.outside.translations import said
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions.events import DecisionApplied
from rostra.safety.decisions.model import Decision
from rostra.safety.edge import Reader, Services, Transaction
from rostra.safety.reports.model import ReportState
from rostra.safety.statements import queries
from rostra.safety.statements.words import day, decided_by
from rostra.store.outbox.kinds import JobKind

AT_ONCE: Final = 25  # letters of one job
_SUBJECT = _("What became of your report")
_GREETING = _("Hello {name},")
_ONE = _("you reported something to the team of {title} on {day}.")
_SEVERAL = _("you reported something to the team of {title} {count} times, first on {day}.")
_UPHELD = _("We have acted on it. Thank you for telling us.")
_DISMISSED = _(
    "We saw no reason to act: we do not find that what you reported breaks the law or the rules "
    "of this place."
)
_BOTH = _("We have acted on {count} of your reports; for the others we saw no reason to act.")
_OBJECT = _(
    "If you think that this is wrong, you can object until {until}. It costs nothing. Somebody "
    "else of the team, and no machine, looks at it anew and answers with reasons. You can also "
    "turn to a certified out-of-court dispute settlement body, or to a court."
)
_LABEL = _("See your reports")
_AFTER = _("The team of {title}")


class TellReporters(msgspec.Struct, frozen=True):
    """Tell the reporters of a decision, those behind one of them."""

    decision_id: int
    after: int = 0


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What one decision made of the reports of one reporter. Times are UTC ms."""

    upheld: int
    dismissed: int
    reported_at: int
    decided_at: int
    decision: Decision


async def decision_applied(services: Services, tx: Transaction, event: DecisionApplied) -> None:
    """Leave a job where reporters are to be told, and mail is sent."""
    if services.mailer.configured and await _reporters(tx, event.decision_id, 0, 1):
        await tx.enqueue("statements.tell_reporters", TellReporters(event.decision_id), priority=5)


async def tell_reporters(services: Services, job: TellReporters) -> None:
    """Tell the next of those who were not told yet, and leave the rest to another job."""
    async with services.db.read() as reader:
        waiting = await _reporters(reader, job.decision_id, job.after, AT_ONCE)
    for account_id in waiting:
        mail = await _letter(services, job.decision_id, account_id)
        if mail is not None:
            with suppress(MailRefused):  # the address takes no mail; trying again changes nothing
                await services.mailer.send(mail)
        async with services.db.write() as tx:
            now = services.clock.now()
            decision = job.decision_id
            await tx.run(queries.REPORTER_TOLD, decision=decision, account=account_id, now=now)
    if len(waiting) == AT_ONCE:
        async with services.db.write() as tx:
            await tx.enqueue(
                "statements.tell_reporters", TellReporters(job.decision_id, waiting[-1]), priority=5
            )


async def _reporters(reader: Reader, decision_id: int, after: int, limit: int) -> Sequence[int]:
    return await reader.all(queries.REPORTERS, decision=decision_id, after=after, limit=limit)


async def _letter(services: Services, decision_id: int, account_id: int) -> Mail | None:
    """A letter; None: there is nobody to send it to, or they want none."""
    async with services.db.read() as reader:
        rows = await reader.all(queries.REPORTED_BY, decision=decision_id, account=account_id)
        account = await accounts_access.any_by_id(reader, account_id)
        if account is None or not rows:
            return None
        user = await accounts_access.user(reader, account_id)
        if not user.email or not user.confirmed_at or not user.choices.report_mails:
            return None
        decision = await decisions_access.one(reader, decision_id)
        place = await instance_access.settings(services, reader)
    outcome = outcome_of(rows, decision)
    locale = user.locale
    days = services.settings.moderation.appeal_days
    return composed(
        user.email,
        locale,
        subject=f"{said(locale, _SUBJECT)} - {place.title}",
        before=[
            said(locale, _GREETING).format(name=account.username),
            *paragraphs(outcome, locale, title=place.title, days=days),
        ],
        link=services.settings.site.base_url.rstrip("/") + "/settings/reports",
        label=said(locale, _LABEL),
        after=[said(locale, _AFTER).format(title=place.title)],
    )


def outcome_of(rows: Sequence[tuple[int, int, int]], decision: Decision) -> Outcome:
    """What became of reports: the state of each, when it came, when it was decided."""
    states = [state for state, _reported_at, _decided_at in rows]
    return Outcome(
        upheld=states.count(ReportState.UPHELD),
        dismissed=states.count(ReportState.DISMISSED),
        reported_at=min(row[1] for row in rows),
        decided_at=max(row[2] for row in rows),
        decision=decision,
    )


def paragraphs(outcome: Outcome, locale: str, *, title: str, days: int) -> list[str]:
    """The outcome, how it was decided and what can be done about it (DSA Art. 16(5) and (6))."""
    count = outcome.upheld + outcome.dismissed
    names = {"title": title, "day": day(outcome.reported_at), "count": count}
    found = [said(locale, _ONE if count == 1 else _SEVERAL).format(**names)]
    if outcome.upheld and outcome.dismissed:
        found.append(said(locale, _BOTH).format(count=outcome.upheld))
    else:
        found.append(said(locale, _UPHELD if outcome.upheld else _DISMISSED))
    found.append(said(locale, decided_by(outcome.decision)))
    if outcome.dismissed:
        until = day(outcome.decided_at + days * DAY)
        found.append(said(locale, _OBJECT).format(until=until))
    return found


JOBS = (JobKind("statements.tell_reporters", TellReporters, tell_reporters, attempts=20),)
