"""Letters with a secret in them: confirm an address, reset a password, change an address.

The job that sends a letter makes its secret; a job's row never holds one. A second try makes a new
secret, and the older ones of the same purpose stop working; those that reset a password don't, as
anybody can ask for one and would spoil the member's. The first that is used ends the others.
"""

import msgspec

from rostra.kernel import crypto
from rostra.kernel.clock import DAY, HOUR
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.model import User
from rostra.network.credentials import queries
from rostra.network.credentials.writing import Facts, Purpose, written
from rostra.network.edge import Services, Transaction
from rostra.network.instance import access as instance_access
from rostra.outside.mail import MailRefused
from rostra.store.outbox.kinds import JobKind

REFUSAL_MS = 3 * DAY
APP_TOKEN_DAYS = 30
MOST_APP_TOKENS = 20
UNUSED_MS = DAY
"""After which an app goes that nobody has let in; Mastodon gives it as long."""
_AT_ONCE = 5_000
LASTS_MS = {Purpose.CONFIRM: 7 * DAY, Purpose.RESET: 2 * HOUR, Purpose.CHANGE: 2 * DAY}


class Letter(msgspec.Struct, frozen=True):
    """A letter to send.

    Attributes:
        account_id: of whom it is about.
        purpose: a `Purpose`.
        email: to which address; empty: the member's own.
        asked_under: of the password that the member had when another address was asked for; empty:
            none was. Whoever asked may not be the member who has changed it since.
    """

    account_id: int
    purpose: str
    email: str = ""
    asked_under: str = ""


class Asked(msgspec.Struct, frozen=True):
    """Somebody has forgotten the password of the account with this address, if there is one."""

    email: str


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


async def send_letter(tx: Transaction, account_id: int, purpose: Purpose) -> None:
    """Send a letter once the transaction is on disk; asking twice at once sends one."""
    await _leave(tx, Letter(account_id, purpose.value))


async def send_letter_elsewhere(tx: Transaction, user: User, purpose: Purpose, email: str) -> None:
    """Send a letter to an address that is not the member's yet, unless their password changes."""
    await _leave(tx, Letter(user.account_id, purpose.value, email, _mark_of(user)))


async def tell_both(tx: Transaction, account_id: int, before: str) -> None:
    """Tell the member's new address, and the one from ``before``, that it has changed.

    The old one is told whatever else changes: it may be the only one that its owner still reads.
    """
    await send_letter(tx, account_id, Purpose.NEW_ADDRESS)
    if before:
        await _leave(tx, Letter(account_id, Purpose.NEW_ADDRESS.value, before))


async def ask_reset(tx: Transaction, email: str) -> None:
    """Send a letter that sets a new password to whoever has this address, in its unique form."""
    await tx.enqueue("credentials.ask_reset", Asked(email), dedupe_key=email, priority=5)


async def _ask_reset(services: Services, asked: Asked) -> None:
    async with services.db.write() as tx:
        user = await accounts_access.user_by_email(tx, asked.email)
        if user is not None:
            await send_letter(tx, user.account_id, Purpose.RESET)


async def _leave(tx: Transaction, letter: Letter) -> None:
    key = f"{letter.account_id}:{letter.purpose}:{letter.email}:{letter.asked_under}"
    await tx.enqueue("credentials.send_letter", letter, dedupe_key=key, priority=5)


def _mark_of(user: User) -> str:
    """What tells one password of a member from another, and nothing of either."""
    return crypto.token_hash(user.password_hash).hex()[:16]


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
        if not to or letter.asked_under not in {"", _mark_of(user)}:
            return
        if purpose in LASTS_MS:
            if purpose is not Purpose.RESET:
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
        await tx.run(queries.DROP_UNUSED_APP_TOKENS, day=now // DAY - APP_TOKEN_DAYS)
        await tx.run(queries.DROP_MORE_APP_TOKENS, most=MOST_APP_TOKENS)
        await tx.run(queries.DROP_UNUSED_APPS, before=now - UNUSED_MS, limit=_AT_ONCE)


JOBS = (
    JobKind("credentials.send_letter", Letter, _send, attempts=20),
    JobKind("credentials.ask_reset", Asked, _ask_reset),
    # More tries than fit into three days: it ends by its own judgement.
    JobKind("credentials.send_refusal", Refusal, _send_refusal, attempts=200),
    JobKind("credentials.sweep", Sweep, _sweep, every_ms=HOUR),
)
