"""Tells by mail what became of an appeal."""

from contextlib import suppress

import msgspec

from rostra.network.accounts import access as accounts_access
from rostra.network.credentials.writing import composed
from rostra.network.instance import access as instance_access
from rostra.outside.mail import Mail, MailRefused
from rostra.outside.translations import noted as _
from rostra.outside.translations import said
from rostra.safety.appeals import queries
from rostra.safety.appeals.model import Appeal, AppealState
from rostra.safety.edge import Reader, Services, Transaction
from rostra.safety.statements.words import day
from rostra.store.outbox.kinds import JobKind

_SUBJECT = _("Your appeal")
_GREETING = _("Hello {name},")
_BEFORE = _("somebody else of the team of {title} has looked at your appeal of {day} anew.")
_UPHELD = _("You were right: the decision is taken back.")
_UPHELD_REPORT = _("You were right: your report is looked at again.")
_REJECTED = _("The decision stands.")
_REASONS = _("The reasons:")
_ELSEWHERE = _(
    "You can turn to a certified out-of-court dispute settlement body, or to a court, if you "
    "disagree."
)
_AFTER = _("The team of {title}")


class Tell(msgspec.Struct, frozen=True):
    """Tell what became of this appeal."""

    appeal_id: int


async def leave_letter(services: Services, tx: Transaction, answered: Appeal) -> None:
    """Leave a job that tells of it, where mail is sent."""
    if services.mailer.configured and answered.account_id:
        await tx.enqueue("appeals.tell", Tell(answered.id), priority=5)


async def tell(services: Services, job: Tell) -> None:
    """Send the letter, unless it was sent."""
    async with services.db.read() as reader:
        found = await untold(reader, job.appeal_id)
        if found is None:
            return
        account = await accounts_access.any_by_id(reader, found.account_id)
        if account is None:
            return
        user = await accounts_access.user(reader, account.id)
        place = await instance_access.settings(services, reader)
    if not user.email or not user.confirmed_at:
        return
    mail = letter(found, user.email, user.locale, name=account.username, title=place.title)
    await send(services, found, mail)


async def untold(reader: Reader, appeal_id: int) -> Appeal | None:
    """An appeal that is answered, of which whoever made it was not told yet."""
    found = await reader.first(queries.ONE, id=appeal_id)
    if found is None or found.told_at or found.state == AppealState.OPEN:
        return None
    return found


async def send(services: Services, found: Appeal, mail: Mail) -> None:
    """Send a letter that tells of an answer, and remember that it was sent."""
    with suppress(MailRefused):  # the address takes no mail; trying again changes nothing
        await services.mailer.send(mail)
    async with services.db.write() as tx:
        await tx.run(queries.TOLD, id=found.id, now=services.clock.now())


def letter(found: Appeal, to: str, locale: str, **names: str) -> Mail:
    """What became of an appeal, for a reader called ``name`` at a place called ``title``."""

    def say(text: str) -> str:
        return said(locale, text).format(day=day(found.created_at), **names)

    upheld = found.state == AppealState.UPHELD
    became = (_UPHELD_REPORT if found.report_id else _UPHELD) if upheld else _REJECTED
    return composed(
        to,
        locale,
        subject=f"{say(_SUBJECT)} - {names['title']}",
        before=[
            say(_GREETING),
            say(_BEFORE),
            say(became),
            say(_REASONS),
            found.answer,
            *(() if upheld else (say(_ELSEWHERE),)),
        ],
        after=[say(_AFTER)],
    )


JOBS = (JobKind("appeals.tell", Tell, tell, attempts=20),)
