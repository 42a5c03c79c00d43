"""Signing up, from the form to the first token: used by the API and by the page."""

import msgspec

from rostra.kernel.errors import Invalid
from rostra.kernel.text.clean import normalise
from rostra.network.accounts import access
from rostra.network.accounts.admission import approve, reject
from rostra.network.accounts.sign_up import SignedUp, SignUp, sign_up
from rostra.network.credentials import passwords
from rostra.network.credentials.letters import Refusal, send_letter, send_refusal
from rostra.network.credentials.writing import Purpose
from rostra.network.edge import Services, Transaction

MAX_NOTE = 2_000


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody fills in; see :class:`rostra.network.accounts.sign_up.SignUp`."""

    username: str = ""
    email: str = ""
    password: str = ""
    agreement: bool = False
    terms_version: int = 0
    reason: str = ""
    locale: str = "en"
    invite_code: str = ""
    date_of_birth: str = ""


async def prepare(services: Services, form: Form) -> SignUp:
    """Check the password and hash it, before the transaction; its faults are told by `join`."""
    faults = passwords.faults(
        services.settings, form.password, username=form.username, email=form.email
    )
    values = msgspec.structs.asdict(form)
    del values["password"]
    hashed = "" if faults else await passwords.hashed(form.password)
    return SignUp(password_hash=hashed, faults=tuple(faults), **values)


async def join(services: Services, tx: Transaction, prepared: SignUp) -> SignedUp:
    """Make the account, and send the letter that confirms its address where mail is sent.

    Raises:
        Forbidden: nobody may sign up.
        Invalid: names each field that cannot be accepted.
    """
    made = await sign_up(services, tx, prepared)
    if made.needs_confirmation:
        await send_letter(tx, made.account_id, Purpose.CONFIRM)
    return made


async def let_in(services: Services, tx: Transaction, account_id: int) -> bool:
    """Approve somebody and write to them; whether they had to wait.

    Raises:
        NotFound: there is no such account here.
    """
    waited = await approve(services, tx, account_id)
    if waited and services.mailer.configured:
        await send_letter(tx, account_id, Purpose.WELCOME)
    return waited


async def turn_away(services: Services, tx: Transaction, account_id: int, note: str = "") -> None:
    """Delete all about somebody who waits, and write to them; the note is in one's own words.

    Only to an address that they have confirmed: anybody can type one in.

    Raises:
        NotFound: there is no such account here.
        Conflict: they were let in already.
        Invalid: on `note`: it is too long.
    """
    note = normalise(note).strip()
    if len(note) > MAX_NOTE:
        message = f"is too long (maximum is {MAX_NOTE} characters)"
        raise Invalid("note", message, "ERR_TOO_LONG")
    user = await access.user(tx, account_id)
    account = await access.any_by_id(tx, account_id)
    await reject(services, tx, account_id)
    if account is not None and user.email and user.confirmed_at:
        now = services.clock.now()
        letter = Refusal(user.email, account.username, user.locale, note, now)
        await send_refusal(services, tx, letter)
