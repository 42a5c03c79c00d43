"""Sends statements by mail. Who may not sign in gets a link that opens theirs without it."""

from collections.abc import Sequence
from contextlib import suppress

import msgspec

from rostra.kernel import crypto
from rostra.kernel.clock import DAY
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.model import AccountRow, AccountState, User
from rostra.network.credentials.writing import composed
from rostra.network.instance import access as instance_access
from rostra.outside.mail import Mail, MailRefused
from rostra.outside.translations import noted as _
from rostra.outside.translations import said
from rostra.safety.edge import Services, Transaction
from rostra.safety.statements import access, queries
from rostra.safety.statements.model import Statement
from rostra.safety.statements.words import told
from rostra.store.outbox.kinds import JobKind

AT_ONCE = 25  # letters of one job
_SUBJECT = _("A decision about you")
_GREETING = _("Hello {name},")
_BEFORE = _("the team of {title} has decided something about you or what you posted:")
_LABEL = _("Read it, and appeal")
_AFTER = _("The team of {title}")


class Send(msgspec.Struct, frozen=True):
    """Send these statements."""

    statement_ids: tuple[int, ...]


class Sweep(msgspec.Struct, frozen=True):
    """Forget the links whose time is over."""


async def leave_letters(services: Services, tx: Transaction, ids: Sequence[int]) -> None:
    """Leave jobs that send these statements, where mail is sent."""
    if services.mailer.configured:
        for at in range(0, len(ids), AT_ONCE):
            await tx.enqueue("statements.send", Send(tuple(ids[at : at + AT_ONCE])), priority=5)


async def send(services: Services, job: Send) -> None:
    """Send those that were not sent yet; a second try goes on where the first one stopped."""
    for statement_id in job.statement_ids:
        mail = await _letter(services, statement_id)
        if mail is None:
            continue
        with suppress(MailRefused):  # the address takes no mail; trying again changes nothing
            await services.mailer.send(mail)
        async with services.db.write() as tx:
            await tx.run(queries.MAILED, id=statement_id, now=services.clock.now())


async def _letter(services: Services, statement_id: int) -> Mail | None:
    """A letter; None: it was sent, or there is nobody to send it to."""
    days = services.settings.moderation.appeal_days
    async with services.db.write() as tx:
        found = await access.for_letter(tx, statement_id)
        if found is None or found.row.mailed_at:
            return None
        account = await accounts_access.any_by_id(tx, found.row.account_id)
        if account is None:
            return None
        user = await accounts_access.user(tx, account.id)
        if not user.email or not user.confirmed_at:
            return None
        place = await instance_access.settings(services, tx)
        path = await _path(services, tx, found, account, user)
    words = told(found, user.locale, days)

    def say(text: str) -> str:
        return said(user.locale, text).format(name=account.username, title=place.title)

    return composed(
        user.email,
        user.locale,
        subject=f"{say(_SUBJECT)} - {place.title}",
        before=[say(_GREETING), say(_BEFORE), *words.paragraphs()],
        link=services.settings.site.base_url.rstrip("/") + path,
        label=say(_LABEL),
        after=[say(_AFTER)],
    )


async def _path(
    services: Services, tx: Transaction, found: Statement, account: AccountRow, user: User
) -> str:
    """Where the letter leads."""
    if account.state == AccountState.ACTIVE and not user.disabled_at:
        return f"/settings/moderation/{found.id}"
    token = crypto.new_token()
    await tx.run(
        queries.ADD_LINK,
        token_hash=crypto.token_hash(token),
        statement_id=found.id,
        account_id=account.id,
        expires_at=found.created_at + services.settings.moderation.appeal_days * DAY,
    )
    return f"/decision?token={token}"


async def sweep(services: Services, tx: Transaction, _job: Sweep) -> None:
    """Forget the links whose time is over."""
    await tx.run(queries.DROP_OLD_LINKS, now=services.clock.now())


JOBS = (
    JobKind("statements.send", Send, send, attempts=20),
    JobKind("statements.sweep", Sweep, sweep, transactional=True, every_ms=DAY),
)
