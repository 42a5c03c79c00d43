"""Tells members by mail that they are invited, and that a case waits for them; never which."""

from collections.abc import Sequence
from contextlib import suppress

import msgspec

from rostra.network.accounts import access as accounts_access
from rostra.network.credentials.writing import composed
from rostra.network.instance import access as instance_access
from rostra.outside.mail import Mail, MailRefused
from rostra.outside.translations import noted as _
from rostra.outside.translations import said
from rostra.safety.edge import Reader, Services, Transaction
from rostra.safety.panels import queries
from rostra.safety.panels.model import MemberState, Seat
from rostra.store.outbox.kinds import JobKind

_GREETING = _("Hello {name},")
_AFTER = _("The team of {title}")
_INVITED = (
    _("Would you sit on panels?"),
    _(
        "the team of {title} invites you to sit on panels: to look at reported posts without "
        "names, and to vote on what should become of them. You say how many a day, and can stop "
        "at any time."
    ),
    _("Read more, and answer"),
)
_ASKED = (
    _("A case waits for your vote"),
    _(
        "a case waits for your vote. If it is not for you, say so, or do nothing: somebody else is "
        "asked then."
    ),
    _("Look at it"),
)
_HERE = "/settings/panel"


class Ask(msgspec.Struct, frozen=True):
    """Tell of this seat."""

    seat_id: int


class Invite(msgspec.Struct, frozen=True):
    """Tell this member of their invitation."""

    account_id: int


async def tell_seats(services: Services, tx: Transaction, seats: Sequence[Seat]) -> None:
    """Leave letters to those who were drawn, where mail is sent."""
    if services.mailer.configured:
        for each in seats:
            await tx.enqueue("panels.ask", Ask(each.id), priority=5)


async def tell_invited(services: Services, tx: Transaction, account_id: int) -> None:
    """Leave a letter to somebody who is invited, where mail is sent."""
    if services.mailer.configured:
        await tx.enqueue("panels.invite", Invite(account_id), priority=5)


async def ask(services: Services, job: Ask) -> None:
    """Send the letter, unless it was sent or nothing waits any more."""
    async with services.db.read() as reader:
        found = await reader.first(queries.WAITS, id=job.seat_id, now=services.clock.now())
        mail = await _letter(services, reader, found, _ASKED) if found else None
    if mail is None:
        return
    with suppress(MailRefused):  # the address takes no mail; trying again changes nothing
        await services.mailer.send(mail)
    async with services.db.write() as tx:
        await tx.run(queries.TOLD, id=job.seat_id, now=services.clock.now())


async def invited(services: Services, job: Invite) -> None:
    """Send the letter, unless the member has answered."""
    async with services.db.read() as reader:
        member = await reader.first(queries.MEMBER, account=job.account_id)
        if member is None or member.state != MemberState.INVITED:
            return
        mail = await _letter(services, reader, job.account_id, _INVITED)
    if mail is not None:
        with suppress(MailRefused):
            await services.mailer.send(mail)


async def _letter(
    services: Services, reader: Reader, account_id: int, texts: tuple[str, str, str]
) -> Mail | None:
    account = await accounts_access.any_by_id(reader, account_id)
    if account is None:
        return None
    user = await accounts_access.user(reader, account_id)
    if not user.email or not user.confirmed_at:
        return None
    place = await instance_access.settings(services, reader)

    def say(text: str) -> str:
        return said(user.locale, text).format(name=account.username, title=place.title)

    subject, words, label = texts
    return composed(
        user.email,
        user.locale,
        subject=f"{say(subject)} - {place.title}",
        before=[say(_GREETING), say(words)],
        link=services.settings.site.base_url.rstrip("/") + _HERE,
        label=say(label),
        after=[say(_AFTER)],
    )


JOBS = (
    JobKind("panels.ask", Ask, ask, attempts=8),
    JobKind("panels.invite", Invite, invited, attempts=8),
)
