"""Letters with a secret in them: confirm an address, reset a password, change an address.

The job that sends a letter makes its secret; a job's row never holds one. A second try makes a new
secret, and the older ones of the same purpose stop working.
"""

from enum import StrEnum

import msgspec

from rostra.kernel import crypto
from rostra.kernel.clock import DAY, HOUR
from rostra.network.accounts import access as accounts_access
from rostra.network.credentials import queries
from rostra.network.edge import Services, Transaction
from rostra.network.instance import access as instance_access
from rostra.outside.mail import Mail, MailRefused
from rostra.store.outbox.kinds import JobKind


class Purpose(StrEnum):
    """What the secret of a letter is for."""

    CONFIRM = "confirm"
    RESET = "reset"
    CHANGE = "change"
    WELCOME = "welcome"  # approved: no secret
    ARCHIVE = "archive"  # it is ready: no secret
    NOT_POSTED = "not_posted"  # a scheduled post failed: no secret
    LEAVING = "leaving"  # the account is hidden: no secret


LASTS_MS = {Purpose.CONFIRM: 7 * DAY, Purpose.RESET: 2 * HOUR, Purpose.CHANGE: 2 * DAY}

_SUBJECTS = {
    Purpose.CONFIRM: "Confirm your address",
    Purpose.RESET: "Set a new password",
    Purpose.CHANGE: "Confirm your new address",
    Purpose.WELCOME: "You are in",
    Purpose.ARCHIVE: "Your archive is ready",
    Purpose.NOT_POSTED: "A scheduled post could not be published",
    Purpose.LEAVING: "Your account will be deleted",
}
_BODIES = {
    Purpose.CONFIRM: (
        "Hello {name},\n\nplease confirm that this is your address:\n\n{base}/confirm?token={token}"
        "\n\nThe link works for 7 days. If you did not sign up at {title}, ignore this letter.\n"
    ),
    Purpose.RESET: (
        "Hello {name},\n\nset a new password here:\n\n{base}/reset?token={token}\n\n"
        "The link works once, for 2 hours. All your browsers and apps will be signed out. "
        "If you did not ask for it, ignore this letter; your password stays as it is.\n"
    ),
    Purpose.CHANGE: (
        "Hello {name},\n\nplease confirm that this is your new address:\n\n"
        "{base}/confirm?token={token}\n\nThe link works for 2 days. "
        "If you did not ask for it, ignore this letter.\n"
    ),
    Purpose.WELCOME: (
        "Hello {name},\n\nthe operators of {title} have let you in: {base}/sign-in\n"
    ),
    Purpose.LEAVING: (
        "Hello {name},\n\nyour account at {title} is hidden now, and will be deleted in {days} "
        "days. To keep it, sign in before that:\n\n{base}/sign-in\n\n"
        "If this was not you, sign in and change your password.\n"
    ),
    Purpose.ARCHIVE: (
        "Hello {name},\n\nthe archive of all that is yours at {title} is ready:\n\n"
        "{base}/settings/data\n\n"
        "If you did not ask for it, change your password: somebody else is signed in as you.\n"
    ),
    Purpose.NOT_POSTED: (
        "Hello {name},\n\na post that you scheduled at {title} could not be published. See why, "
        "and post it at another time, or not at all:\n\n{base}/scheduled\n"
    ),
}


class Letter(msgspec.Struct, frozen=True):
    """A letter to send. ``email`` empty: to the member's own address."""

    account_id: int
    purpose: str
    email: str = ""


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
    text = _BODIES[purpose].format(
        name=account.username,
        title=place.title,
        base=services.settings.site.base_url.rstrip("/"),
        token=token,
        days=services.settings.accounts.leaving_days,
    )
    subject = f"{_SUBJECTS[purpose]} - {place.title}"[:200]
    try:
        await services.mailer.send(Mail(to, subject, text))
    except MailRefused:
        return  # the address takes no mail; trying again would not change that


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
    JobKind("credentials.sweep", Sweep, _sweep, every_ms=HOUR),
)
