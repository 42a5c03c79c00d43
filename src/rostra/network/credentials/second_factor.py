"""The second step of signing in: time-based codes (RFC 6238) and recovery codes.

A code works once: the last used time step is kept, and only later ones are accepted. One step
(30 s) of drift either way. Recovery codes are kept as hashes only.
"""

import hashlib

import msgspec
import pyotp

from rostra.kernel import crypto
from rostra.kernel.errors import Conflict, Invalid
from rostra.network.accounts import access as accounts_access
from rostra.network.credentials import queries
from rostra.network.credentials.ending import end_everything
from rostra.network.credentials.letters import send_letter
from rostra.network.credentials.writing import Purpose
from rostra.network.edge import Reader, Services, Transaction

STEP_S = 30
RECOVERY_CODES = 10
_DRIFT = (-1, 0, 1)
_DIGITS = 6
_WRONG = "is wrong or was used already"


class Provisioning(msgspec.Struct, frozen=True):
    """What an authenticator app needs: the secret, and the address that a QR code shows."""

    secret: str
    uri: str


async def begin_totp(services: Services, tx: Transaction, account_id: int) -> Provisioning:
    """Make a secret that waits for its first code; a running second step stays as it is.

    Raises:
        Conflict: the second step is switched on already.
    """
    user = await accounts_access.user(tx, account_id)
    if user.totp_secret:
        raise Conflict(safe="Two-step sign-in is switched on already")
    secret = pyotp.random_base32()
    await tx.run(queries.SET_TOTP_PENDING, account=account_id, secret=secret)
    return await _provisioning(services, tx, account_id, secret)


async def pending_totp(services: Services, reader: Reader, account_id: int) -> Provisioning | None:
    """The secret that waits for its first code, to show the form again."""
    user = await accounts_access.user(reader, account_id)
    if not user.totp_pending or user.totp_secret:
        return None
    return await _provisioning(services, reader, account_id, user.totp_pending)


async def confirm_totp(
    services: Services, tx: Transaction, account_id: int, code: str, *, kept_session: int = 0
) -> tuple[str, ...]:
    """Switch the second step on; the ten recovery codes, shown this once.

    Everything that was opened without it ends: all tokens, and all sessions but ``kept_session``.

    Raises:
        Invalid: on `code`: it is not the app's code of the moment, or nothing waits for one.
    """
    user = await accounts_access.user(tx, account_id)
    step = _matching_step(services, user.totp_pending, code, 0) if user.totp_pending else None
    if step is None:
        raise Invalid("code", _WRONG)
    await tx.run(queries.SET_TOTP, account=account_id, secret=user.totp_pending, step=step, no="")
    await end_everything(tx, account_id, kept_session=kept_session)
    return await new_recovery_codes(services, tx, account_id)


async def new_recovery_codes(
    services: Services, tx: Transaction, account_id: int
) -> tuple[str, ...]:
    """Ten fresh codes in place of the old ones."""
    codes = tuple(crypto.new_invite_code() for _ in range(RECOVERY_CODES))
    await tx.run(queries.DROP_RECOVERY_CODES, account=account_id)
    await tx.run_many(
        queries.ADD_RECOVERY_CODE,
        [
            {"id": services.ids.next(), "account_id": account_id, "code_hash": _hash(code)}
            for code in codes
        ],
    )
    return codes


async def check_code(services: Services, tx: Transaction, account_id: int, code: str) -> None:
    """Use up a code of the app or a recovery code; for those without a second step all is right.

    Raises:
        Invalid: on `code`: it is wrong or was used.
    """
    user = await accounts_access.user(tx, account_id)
    if not user.totp_secret:
        return
    step = _matching_step(services, user.totp_secret, code, user.totp_last_step)
    if step is not None:
        if await tx.run(queries.USE_TOTP_STEP, account=account_id, step=step):
            return
    elif await tx.run(queries.USE_RECOVERY_CODE, account=account_id, hash=_hash(code)):
        return
    raise Invalid("code", _WRONG)


async def disable_totp(tx: Transaction, account_id: int) -> None:
    """Switch the second step off, and tell the member; ask for password and code first."""
    user = await accounts_access.locked_user(tx, account_id)
    await tx.run(queries.SET_TOTP, account=account_id, secret="", step=0, no="")
    await tx.run(queries.DROP_RECOVERY_CODES, account=account_id)
    if user.totp_secret:
        await send_letter(tx, account_id, Purpose.STEP_OFF)


async def codes_left(reader: Reader, account_id: int) -> int:
    """How many recovery codes are unused."""
    return int(await reader.value(queries.RECOVERY_CODES_LEFT, account=account_id))


def _matching_step(services: Services, secret: str, code: str, last_step: int) -> int | None:
    digits = "".join(code.split())
    if len(digits) != _DIGITS or not (digits.isascii() and digits.isdecimal()):
        return None
    totp = pyotp.TOTP(secret)
    now = services.clock.now() // 1000 // STEP_S
    found = None
    for step in (now + drift for drift in _DRIFT):
        same = crypto.constant_time_equal(totp.generate_otp(step), digits)
        if same and step > last_step:
            found = step
    return found


async def _provisioning(
    services: Services, reader: Reader, account_id: int, secret: str
) -> Provisioning:
    account = await accounts_access.any_by_id(reader, account_id)
    name = f"{account.username}@{services.settings.domain}" if account else ""
    uri = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=services.settings.domain)
    return Provisioning(secret, uri)


def _hash(code: str) -> bytes:
    return hashlib.sha256(crypto.invite_code_key(code).encode()).digest()
