"""Changing what somebody signs in with: password, forgotten password, e-mail address."""

from rostra.kernel import crypto
from rostra.kernel.errors import Invalid, NotFound, Unavailable
from rostra.kernel.text import names
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.admission import confirm_address
from rostra.network.credentials import queries
from rostra.network.credentials.ending import drop_letters, drop_passkeys, end_everything
from rostra.network.credentials.letters import (
    ask_reset,
    send_letter,
    send_letter_elsewhere,
    tell_both,
)
from rostra.network.credentials.writing import Purpose
from rostra.network.edge import Reader, Services, Transaction

_EXPIRED = "This link has been used or has expired; ask for a new one"


async def change_password(
    tx: Transaction, account_id: int, new_hash: str, *, kept_session: int = 0
) -> None:
    """Set a password (:func:`passwords.hashed`); every token and session dies at once.

    ``kept_session`` stays open: the browser in which the member has just given the old password.
    """
    await tx.run(queries.SET_PASSWORD, account=account_id, new=new_hash)
    await end_everything(tx, account_id, kept_session=kept_session)
    await send_letter(tx, account_id, Purpose.OTHER_WAY_IN)


async def request_reset(services: Services, tx: Transaction, email: str) -> None:
    """Send a letter with which a new password can be set; the same for unknown addresses.

    Whose the address is, if anybody's, is looked up by a job: here it would take longer to answer
    for one that is known.

    Raises:
        Unavailable: this place sends no mail; an operator can set a password.
    """
    if not services.mailer.configured:
        raise Unavailable(3600, safe="This place sends no mail; ask its operators for help")
    address = names.email_key(email)
    if address is not None:
        await ask_reset(tx, address)


async def reset_target(reader: Reader, services: Services, token: str) -> int:
    """Whose password a letter's secret may set.

    Raises:
        NotFound: the secret is unknown, used or too old.
    """
    account_id, _ = await _letter(reader, services, token, (Purpose.RESET,))
    return account_id


async def reset_password(services: Services, tx: Transaction, token: str, new_hash: str) -> int:
    """Set a password with a letter's secret; tokens, sessions and passkeys die; whose it was.

    Raises:
        NotFound: the secret is unknown, used or too old.
    """
    account_id, email = await _letter(tx, services, token, (Purpose.RESET,))
    await accounts_access.locked(tx, account_id)
    user = await accounts_access.user(tx, account_id)
    await change_password(tx, account_id, new_hash)
    await drop_passkeys(tx, account_id)
    if user.email == email and not user.confirmed_at:
        # Whoever reads the letter reads the mail of that address.
        await confirm_address(services, tx, account_id, email)
    return account_id


async def request_confirmation(tx: Transaction, account_id: int, email: str = "") -> None:
    """Send the letter that confirms the address again, to a corrected one where it is given.

    Raises:
        Invalid: on `email`: no address, or somebody else's.
        NotFound: nothing waits for a confirmation.
    """
    user = await accounts_access.user(tx, account_id)
    if user.confirmed_at:
        raise NotFound("the address is confirmed")
    address = await _free_address(tx, account_id, email) if email.strip() else user.email
    await send_letter_elsewhere(tx, user, Purpose.CONFIRM, address)


async def request_email_change(
    services: Services, tx: Transaction, account_id: int, email: str
) -> bool:
    """Change the address once it is confirmed; at once where no mail is sent. Whether at once.

    Ask for the password first.

    Raises:
        Invalid: on `email`: no address, or somebody else's.
    """
    address = await _free_address(tx, account_id, email)
    if not services.mailer.configured:
        await confirm_address(services, tx, account_id, address)
        return True
    user = await accounts_access.user(tx, account_id)
    await send_letter_elsewhere(tx, user, Purpose.CHANGE, address)
    return False


async def confirm_email(services: Services, tx: Transaction, token: str) -> int:
    """Use the secret of a letter that confirms or changes an address; whose it was.

    Raises:
        NotFound: the secret is unknown, used or too old.
        Invalid: on `email`: somebody else has confirmed the address in the meantime.
    """
    purposes = (Purpose.CONFIRM, Purpose.CHANGE)
    account_id, email = await _letter(tx, services, token, purposes)
    await accounts_access.locked(tx, account_id)
    before = await accounts_access.user(tx, account_id)
    await confirm_address(services, tx, account_id, email)
    await drop_letters(tx, account_id)
    if before.confirmed_at and before.email != email:
        await tell_both(tx, account_id, before.email)
    return account_id


async def pending_email(reader: Reader, services: Services, account_id: int) -> str:
    """The address that waits to be confirmed; empty: none."""
    now = services.clock.now()
    found = await reader.value(
        queries.PENDING_LETTER, account=account_id, purpose=Purpose.CHANGE.value, now=now
    )
    return str(found or "")


async def _free_address(tx: Transaction, account_id: int, email: str) -> str:
    address = names.email_address(email)
    if address is None:
        raise Invalid("email", "is invalid")
    holder = await accounts_access.user_by_email(tx, address)
    if holder is not None and holder.account_id != account_id:
        raise Invalid("email", "has already been taken", "ERR_TAKEN")
    return address


async def _letter(
    reader: Reader, services: Services, token: str, purposes: tuple[Purpose, ...]
) -> tuple[int, str]:
    row = await reader.first(queries.LETTER_TOKEN, hash=crypto.token_hash(token))
    if row is not None:
        _, account_id, purpose, email, expires_at = row
        if purpose in {each.value for each in purposes} and expires_at > services.clock.now():
            return account_id, email
    raise NotFound("unknown or expired secret of a letter", safe=_EXPIRED)
