"""Letters with a secret in them: confirm an address, reset a password, change an address.

The job that sends a letter makes its secret; a job's row never holds one. A second try makes a new
secret, and the older ones of the same purpose stop working.
"""

import msgspec

from rostra.kernel import crypto
from rostra.kernel.clock import DAY, HOUR
from rostra.network.accounts import access as accounts_access
from rostra.network.credentials import queries
from rostra.network.credentials.writing import Facts, Purpose, written
from rostra.network.edge import Services, Transaction
from rostra.network.instance import access as instance_access
from rostra.outside.mail import MailRefused
from rostra.store.outbox.kinds import JobKind

REFUSAL_MS = 3 * DAY
LASTS_MS = {Purpose.CONFIRM: 7 * DAY, Purpose.RESET: 2 * HOUR, Purpose.CHANGE: 2 * DAY}


class Letter(msgspec.Struct, frozen=True):
    """A letter to send. ``email`` empty: to the member's own address."""

    account_id: int
    purpose: str
    email: str = ""


class Refusal(msgspec.Struct, frozen=True):
    """A letter to somebody of whom nothing else is left; this goes with the job.

    Where the mail can't be sent for three days it is given up, so that no trace stays.
    """

    email: str
    name: str
    locale: str
    note: str
    since: int  # UTC ms


class Sweep(msgspec.Struct, frozen=True):
    """Remove what has expired."""


async def send_letter(tx: Transaction, account_id: int, purpose: Purpose, email: str = "") -> None:
    """Send a letter once the transaction is on disk; asking twice at once sends one."""
    letter = Letter(account_id, purpose.value, email)
    key = f"{account_id}:{purpose.value}:{email}"
    await tx.enqueue("credentials.send_letter", letter, dedupe_key=key, priority=5)


async def _send(services: Services, letter: Letter) -> None:
    if not services.mailer.configured:
        return
    purpose, token = Purpose(letter.purpose), crypto.new_token()
    async with services.db.write() as tx:
        account = await accounts_access.any_by_id(tx, letter.account_id)
        if account is None:
            return
        user = await accounts_access.user(tx, letter.account_id)
        to = letter.email or user.email
        place = await instance_access.settings(services, tx)
        if not to:
            return
        if purpose in LASTS_MS:
            drop = queries.DROP_LETTER_TOKENS
            await tx.run(drop, account=letter.account_id, purpose=purpose.value)
            await tx.run(
                queries.ADD_LETTER_TOKEN,
                token_hash=crypto.token_hash(token),
                account_id=letter.account_id,
                purpose=purpose.value,
                email=to,
                expires_at=services.clock.now() + LASTS_MS[purpose],
            )
    facts = Facts(
        name=account.username,
        title=place.title,
        base=services.settings.site.base_url.rstrip("/"),
        token=token,
        days=services.settings.accounts.leaving_days,
    )
    try:
        await services.mailer.send(written(purpose, to, user.locale, facts))
    except MailRefused:
        return  # the address takes no mail; trying again would not change that


async def send_refusal(services: Services, tx: Transaction, to: Refusal) -> None:
    """Write to somebody whom the operators turned away, where mail is sent."""
    if services.mailer.configured:
        await tx.enqueue("credentials.send_refusal", to, priority=5)


async def _send_refusal(services: Services, letter: Refusal) -> None:
    if letter.since < services.clock.now() - REFUSAL_MS:
        return
    async with services.db.read() as reader:
        place = await instance_access.settings(services, reader)
    facts = Facts(
        name=letter.name,
        title=place.title,
        base=services.settings.site.base_url.rstrip("/"),
        note=letter.note,
    )
    try:
        await services.mailer.send(written(Purpose.REFUSED, letter.email, letter.locale, facts))
    except MailRefused:
        return


async def _sweep(services: Services, _payload: Sweep) -> None:
    now = services.clock.now()
    oldest = now - services.settings.accounts.session_days * DAY
    async with services.db.write() as tx:
        await tx.run(queries.DROP_OLD_CODES, before=now)
        await tx.run(queries.DROP_OLD_LETTER_TOKENS, before=now)
        await tx.run(queries.DROP_OLD_CHALLENGES, before=now)
        await tx.run(queries.DROP_OLD_SESSIONS, before=oldest)


JOBS = (
    JobKind("credentials.send_letter", Letter, _send, attempts=20),
    # More tries than fit into three days: it ends by its own judgement.
    JobKind("credentials.send_refusal", Refusal, _send_refusal, attempts=200),
    JobKind("credentials.sweep", Sweep, _sweep, every_ms=HOUR),
)
