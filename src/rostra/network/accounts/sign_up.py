"""Making an account."""

from datetime import UTC, date, datetime

import msgspec

from rostra.kernel.clock import DAY
from rostra.kernel.errors import Fault, Forbidden, Invalid
from rostra.kernel.text import clean, names
from rostra.kernel.text.language import normalise_language
from rostra.network.accounts import queries
from rostra.network.accounts.access import LOCAL
from rostra.network.accounts.events import AccountCreated
from rostra.network.accounts.model import AccountState
from rostra.network.edge import Services, Transaction
from rostra.network.instance import access as instance_access
from rostra.network.instance.invites import redeem_invite
from rostra.network.instance.model import Place
from rostra.network.screening import UNSEEN, About, Said, What

MAX_REASON = 500
_TAKEN = Fault("username", "has already been taken", "ERR_TAKEN")
_EMAIL_TAKEN = Fault("email", "has already been taken", "ERR_TAKEN")


class SignUp(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody gives who wants an account.

    Attributes:
        terms_version: the version that was shown with the form; 0: whatever is in force.
        date_of_birth: ISO 8601; looked at where the place has a minimum age, and not kept.
        faults: what was found wrong before, so that all is told at once.
    """

    username: str
    email: str = ""
    password_hash: str
    agreement: bool = False
    terms_version: int = 0
    reason: str = ""
    locale: str = "en"
    invite_code: str = ""
    date_of_birth: str = ""
    faults: tuple[Fault, ...] = ()


class SignedUp(msgspec.Struct, frozen=True):
    """The new account, and whether its address waits to be confirmed."""

    account_id: int
    needs_confirmation: bool


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """The row that a new account becomes; for sign-up and for the operators' command."""

    username: str
    email: str
    password_hash: str
    role: int = 0
    confirmed: bool = True
    approved: bool = True
    reason: str = ""
    invite_id: int = 0
    terms_version: int = 0
    locale: str = "en"


async def sign_up(services: Services, tx: Transaction, form: SignUp) -> SignedUp:
    """Make an account as the place's registration mode allows.

    An invitation stands for the operators' approval. The address must be confirmed where the place
    sends mail; without mail none is asked for.

    Raises:
        Forbidden: nobody may sign up.
        Invalid: names each field that cannot be accepted.
    """
    place = await instance_access.place(services, tx)
    mode = place.settings.registrations
    if mode == "closed":
        message = place.settings.closed_message or "Nobody can sign up here at the moment"
        raise Forbidden(safe=message, code="registrations_closed")
    faults = [*form.faults, *_faults(services, place, form)]
    faults += await name_faults(tx, form.username)
    if form.email and await _email_taken(tx, form.email):
        faults.append(_EMAIL_TAKEN)
    if faults:
        raise Invalid.many(faults)
    invite_id = 0
    if form.invite_code.strip():
        invite_id = (await redeem_invite(services, tx, form.invite_code)).id
    terms = place.terms_at(services.clock.now())
    confirmed = not services.mailer.configured
    approved = mode != "approval" or invite_id > 0
    seat = Seat(
        username=form.username,
        email=form.email,
        password_hash=form.password_hash,
        confirmed=confirmed,
        approved=approved,
        reason=clean.normalise(form.reason).strip(),
        invite_id=invite_id,
        terms_version=terms.id if terms else 0,
        locale=normalise_language(form.locale) or "en",
    )
    account_id = await seat_member(services, tx, seat)
    await _judge_name(services, tx, account_id, form.username)
    return SignedUp(account_id, not confirmed)


async def _judge_name(services: Services, tx: Transaction, account_id: int, name: str) -> None:
    """Judge a user name as the first words of a profile: it will stand on every post.

    It is short, so it is looked at here. Nothing is refused for it: somebody looks.
    """
    said = Said(what=What.PROFILE, account_id=account_id, parts=(name,))
    verdict = await services.screen.judge(tx, said, About(), UNSEEN)
    await services.screen.note(tx, verdict)


async def seat_member(services: Services, tx: Transaction, seat: Seat) -> int:
    """Write the rows of a new local account; its id. The form is the caller's to check.

    Raises:
        Invalid: the name or the address was taken.
    """
    now = services.clock.now()
    account_id = services.ids.next()
    active = seat.confirmed and seat.approved
    made = await tx.run(
        queries.ADD_ACCOUNT,
        id=account_id,
        username=seat.username,
        username_key=names.username_key(seat.username),
        domain=LOCAL,
        version=1,
        state=int(AccountState.ACTIVE if active else AccountState.PENDING),
        discoverable=0,
        indexable=0,
        created_at=now,
        skeleton=names.skeleton(seat.username),
    )
    if not made:
        raise Invalid.many([_TAKEN])
    email = names.email_address(seat.email) or ""
    made = await tx.run(
        queries.ADD_USER,
        account_id=account_id,
        email=email,
        # Unique, and no address: somebody without one cannot be found by it.
        email_key=email.lower() or f"#{account_id}",
        password_hash=seat.password_hash,
        role=seat.role,
        confirmed_at=now if seat.confirmed else 0,
        approved_at=now if seat.approved else 0,
        sign_up_reason=seat.reason,
        invite_id=seat.invite_id,
        terms_version=seat.terms_version,
        locale=seat.locale,
        last_seen_day=now // DAY,
        created_at=now,
    )
    if not made:
        raise Invalid.many([_EMAIL_TAKEN])
    await tx.run(queries.ADD_PROFILE, account_id=account_id, display_name="")
    await tx.emit(AccountCreated(account_id))
    return account_id


async def name_faults(tx: Transaction, username: str, *, reserved_too: bool = False) -> list[Fault]:
    """What keeps a new account from this name: its form, its holder, or a look-alike.

    Until the transaction ends nobody else is told that a name of this look is free.
    ``reserved_too`` lets the operators take the names that are kept for the house.
    """
    faults = [
        fault
        for fault in names.username_faults(username)
        if not (reserved_too and fault.code == "ERR_RESERVED")
    ]
    if faults:
        return faults
    look = names.skeleton(username)
    await tx.value(queries.ASK_FOR_NAME, skeleton=look)
    known = await tx.all(queries.LOOK_ALIKE, skeleton=look, domain=LOCAL)
    if any(row[0] == names.username_key(username) for row in known):
        return [_TAKEN]
    if known:
        message = "looks too much like the name of somebody else"
        return [Fault("username", message, "ERR_TAKEN")]
    if await tx.value(queries.RESERVED, skeleton=look) is not None:
        return [Fault("username", "is reserved", "ERR_RESERVED")]
    return []


def _faults(services: Services, place: Place, form: SignUp) -> list[Fault]:
    faults: list[Fault] = []
    if not form.email.strip():
        if services.mailer.configured:
            faults.append(Fault("email", "can't be blank", "ERR_BLANK"))
    elif names.email_address(form.email) is None:
        faults.append(Fault("email", "is invalid", "ERR_INVALID"))
    if not form.agreement:
        faults.append(Fault("agreement", "must be accepted", "ERR_ACCEPTED"))
    terms = place.terms_at(services.clock.now())
    if form.terms_version and form.terms_version != (terms.id if terms else 0):
        message = "have changed in the meantime; please read them again"
        faults.append(Fault("terms_version", message, "ERR_INCLUSION"))
    mode, invited = place.settings.registrations, bool(form.invite_code.strip())
    if mode == "approval" and not invited and not form.reason.strip():
        faults.append(Fault("reason", "can't be blank", "ERR_BLANK"))
    if len(form.reason) > MAX_REASON:
        message = f"is too long (maximum is {MAX_REASON} characters)"
        faults.append(Fault("reason", message, "ERR_TOO_LONG"))
    if mode == "invite" and not invited:
        faults.append(Fault("invite_code", "can't be blank", "ERR_BLANK"))
    age = _age_fault(place.settings.minimum_age, form.date_of_birth, services.clock.now())
    return faults if age is None else [*faults, age]


def _age_fault(minimum: int, born: str, now: int) -> Fault | None:
    if not minimum:
        return None
    try:
        birth = date.fromisoformat(born.strip())
    except ValueError:
        code = "ERR_INVALID" if born.strip() else "ERR_BLANK"
        message = "is invalid" if born.strip() else "can't be blank"
        return Fault("date_of_birth", message, code)
    today = datetime.fromtimestamp(now / 1000, UTC).date()
    years = today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
    if years < minimum:
        return Fault("date_of_birth", "is below the age limit", "ERR_BELOW_LIMIT")
    return None


async def _email_taken(tx: Transaction, email: str) -> bool:
    key = names.email_key(email)
    return key is not None and await tx.first(queries.USER_BY_EMAIL, key=key) is not None
