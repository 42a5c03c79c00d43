"""How often a password may be tried, without telling whose name or address somebody has typed.

Three counts of the rule `sign_in_account`, of which a success forgets those that it was counted on:

- The login as typed, folded alike whether it is anybody's or not. Who uses it up is told (429).
- The account, whatever it is called. When that is used up every password is wrong, in the same
  words and the same time, so nobody learns that a name and an address are one member's.
- A browser in which the member was signed in before: it counts alone, on a number of its own in a
  cookie that we signed ("device cookies", OWASP). So nobody's guesses lock a member out of it.
"""

from typing import Final, Protocol

from rostra.kernel import crypto
from rostra.kernel.clock import DAY
from rostra.kernel.text import names
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.model import User
from rostra.network.credentials import sign_in
from rostra.network.credentials.sign_in import LOGIN_MAX, Identity
from rostra.network.edge import Services

RULE: Final = "sign_in_account"
DEVICE_DAYS: Final = 365
_PURPOSE: Final = "device"
_DEVICE_MAX: Final = 300


class Counted(Protocol):
    """What a count left of a limit."""

    @property
    def ok(self) -> bool:
        """Whether it is within the limit."""
        ...


class Limits(Protocol):
    """The counters, as far as they are needed here."""

    def count(self, name: str, subject: str | int) -> Counted:
        """Count one use of a rule."""
        ...

    def hit(self, name: str, subject: str | int) -> object:
        """Count one use of a rule. Raises TooManyRequests: it is over the limit."""
        ...

    def forget(self, name: str, subject: str | int) -> None:
        """Start a subject anew."""
        ...


def typed(login: str) -> str:
    """The subject that a login counts for, whether or not it is anybody's."""
    plain = login[:LOGIN_MAX].strip().removeprefix("@")
    key = names.email_key(plain) if "@" in plain else names.username_key(plain)
    return f"typed {key or plain.lower()}"


def device(services: Services, identity: Identity) -> str:
    """What a browser keeps in which a member has signed in; worth nothing with a new password."""
    value = f"{identity.account_id}.{crypto.new_token()}"
    ends_at = services.clock.now() + DEVICE_DAYS * DAY
    key = (identity.new_hash or identity.password_hash).encode()
    return crypto.seal(key, _PURPOSE, value, ends_at)


async def identify(
    services: Services, limits: Limits, login: str, password: str, *, device: str = ""
) -> Identity:
    """Count a try, then do as :func:`sign_in.identify`.

    Args:
        services: of the house.
        limits: what it is counted with.
        login: a user name or an e-mail address, as typed.
        password: as typed.
        device: what :func:`device` gave this browser, if anything.

    Raises:
        TooManyRequests: as many tries as may be, with this login or by this browser.
        Unauthorized: see there; or the account was tried too often.
        Forbidden: see there.
    """
    async with services.db.read() as reader:
        user = await accounts_access.user_by_login(reader, login[:LOGIN_MAX])
    own = _own_device(user, device, services.clock.now())
    counted: list[str | int] = [own or typed(login)]
    limits.hit(RULE, counted[0])
    spent = False
    if user is not None and not own:
        counted.append(user.account_id)
        spent = not limits.count(RULE, user.account_id).ok
    identity = await sign_in.identify(services, login, password, spent=spent)
    for subject in counted:
        limits.forget(RULE, subject)
    return identity


def _own_device(user: User | None, device: str, now: int) -> str:
    """The subject of a browser in which this member was signed in; empty for any other."""
    if user is None or not device or len(device) > _DEVICE_MAX:
        return ""
    value = crypto.unseal(user.password_hash.encode(), _PURPOSE, device, now) or ""
    account_id, _, number = value.partition(".")
    return f"device {number}" if account_id == str(user.account_id) else ""


async def start_anew(services: Services, limits: Limits, account_id: int) -> None:
    """Forget the tries of a member who has shown by a letter that it is them."""
    async with services.db.read() as reader:
        user = await accounts_access.user(reader, account_id)
        account = await accounts_access.any_by_id(reader, account_id)
    limits.forget(RULE, account_id)
    limits.forget(RULE, typed(user.email))
    if account is not None:
        limits.forget(RULE, typed(account.username))
