"""Members whose decision the team takes back of its own accord hear of it, as of the decision."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import msgspec

from rostra.kernel.errors import NotFound
from rostra.network.accounts import access as accounts_access
from rostra.network.credentials.writing import composed
from rostra.network.instance import access as instance_access
from rostra.network.notifications.of_decisions import warn_again
from rostra.outside.mail import Mail, MailRefused
from rostra.outside.translations import noted as _
from rostra.outside.translations import said
from rostra.safety.appeals import queries
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions.events import DecisionUndone
from rostra.safety.decisions.model import Decision, DecisionKind
from rostra.safety.edge import Reader, Services, Transaction
from rostra.safety.statements.words import day
from rostra.store.outbox.kinds import JobKind

AT_ONCE: Final = 100  # members of one job
_SUBJECT = _("A decision about you is taken back")
_GREETING = _("Hello {name},")
_BACK = _(
    "the team of {title} has taken back its decision of {day} about you or what you posted. What "
    "it did has ended, and it counts for nothing any more."
)
_ANEW = _(
    "the team of {title} has taken back its decision of {day} about you or what you posted, and "
    "looks at it anew. What it did has ended for now."
)
_REASONS = _("The reasons:")
_LABEL = _("See decisions about you")
_AFTER = _("The team of {title}")


class TellAll(msgspec.Struct, frozen=True):
    """Tell the members of a decision that was taken back, those behind one of them."""

    decision_id: int
    undo_id: int
    after: int = 0


class TellOne(msgspec.Struct, frozen=True):
    """Send one of them a letter."""

    decision_id: int
    undo_id: int
    account_id: int


async def decision_undone(_services: Services, tx: Transaction, event: DecisionUndone) -> None:
    """Leave it to a job: there may be thousands."""
    job = TellAll(event.decision_id, event.undo_id)
    await tx.enqueue("appeals.taken_back", job, priority=5)


async def tell_all(services: Services, tx: Transaction, job: TellAll) -> None:
    """Tell the next of them in the app, and leave their letters and the rest to other jobs.

    Whoever has appealed hears of it in the answer.
    """
    members: Sequence[tuple[int, int, int]] = await tx.all(
        queries.NOT_APPEALED, decision=job.decision_id, after=job.after, limit=AT_ONCE
    )
    for account_id, statement_id, taken_back_at in members:
        if taken_back_at:
            continue
        await warn_again(services, tx, account_id, statement_id)
        if services.mailer.configured:
            letter = TellOne(job.decision_id, job.undo_id, account_id)
            await tx.enqueue("appeals.taken_back_letter", letter, priority=5)
    if len(members) == AT_ONCE:
        rest = TellAll(job.decision_id, job.undo_id, members[-1][0])
        await tx.enqueue("appeals.taken_back", rest, priority=5)


async def tell_one(services: Services, job: TellOne) -> None:
    """Send the letter."""
    async with services.db.read() as reader:
        mail = await _letter(services, reader, job)
    if mail is not None:
        with suppress(MailRefused):  # the address takes no mail; trying again changes nothing
            await services.mailer.send(mail)


async def _letter(services: Services, reader: Reader, job: TellOne) -> Mail | None:
    """The letter; None: there is nobody to send it to."""
    account = await accounts_access.any_by_id(reader, job.account_id)
    if account is None:
        return None
    user = await accounts_access.user(reader, account.id)
    if not user.email or not user.confirmed_at:
        return None
    try:
        decision = await decisions_access.one(reader, job.decision_id)
        undoing = await decisions_access.one(reader, job.undo_id)
    except NotFound:
        return None
    place = await instance_access.settings(services, reader)
    locale = user.locale
    return composed(
        user.email,
        locale,
        subject=f"{said(locale, _SUBJECT)} - {place.title}",
        before=[
            said(locale, _GREETING).format(name=account.username),
            *_paragraphs(decision, undoing, locale, place.title),
        ],
        link=services.settings.site.base_url.rstrip("/") + "/settings/moderation",
        label=said(locale, _LABEL),
        after=[said(locale, _AFTER).format(title=place.title)],
    )


def _paragraphs(decision: Decision, undoing: Decision, locale: str, title: str) -> list[str]:
    back = _ANEW if undoing.kind == DecisionKind.REOPENING else _BACK
    found = [said(locale, back).format(title=title, day=day(decision.created_at))]
    return [*found, said(locale, _REASONS), undoing.facts] if undoing.facts else found


JOBS = (
    JobKind("appeals.taken_back", TellAll, tell_all, transactional=True),
    JobKind("appeals.taken_back_letter", TellOne, tell_one, attempts=20),
)
