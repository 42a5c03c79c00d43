"""Signing in: password, second step, session.

The edge counts tries before it asks: rule `sign_in_address` by address, `sign_in_account` by
:func:`throttle_subject`, `second_factor_account` by the account.
"""

import msgspec

from rostra.kernel import crypto
from rostra.kernel.clock import MINUTE
from rostra.kernel.errors import Forbidden, Unauthorized
from rostra.kernel.text import names
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.model import User
from rostra.network.credentials import passwords, queries
from rostra.network.credentials.access import member_state
from rostra.network.credentials.model import MemberState, Session
from rostra.network.edge import Reader, Services, Transaction

WRONG = "The name, the e-mail address or the password is wrong"
STEP_LASTS_MS = 5 * MINUTE
_STEP = "second_step"
_LOGIN_MAX = 320
_AGENT_MAX = 300
_SHUT_OUT = frozenset({MemberState.DISABLED, MemberState.SUSPENDED})


class Identity(msgspec.Struct, frozen=True):
    """Somebody who knows the password. Pass it to :func:`open_session` soon.

    Attributes:
        needs_code: the second step is switched on; ask for a code before opening anything.
        state: unconfirmed and unapproved members sign in, and see only what they wait for.
        password_hash: what the password was compared with.
        new_hash: one with today's parameters, where the stored one is outdated.
    """

    account_id: int
    needs_code: bool
    state: MemberState
    password_hash: str
    new_hash: str = ""


async def throttle_subject(services: Services, login: str) -> str:
    """Whom tries are counted for: the account that the login means, or the login itself.

    So a name and its address count together, and names that do not exist count the same way.
    """
    async with services.db.read() as reader:
        user = await accounts_access.user_by_login(reader, login[:_LOGIN_MAX])
    return str(user.account_id) if user else f"?{names.username_key(login[:_LOGIN_MAX].strip())}"


async def identify(services: Services, login: str, password: str) -> Identity:
    """Check name or address and password; as slow for names that do not exist.

    Raises:
        Unauthorized: one of them is wrong; which is not told.
        Forbidden: the password is right, and the sign-in switched off.
    """
    state = MemberState.NONE
    async with services.db.read() as reader:
        user = await accounts_access.user_by_login(reader, login[:_LOGIN_MAX])
        if user is not None:
            state = await _state(reader, user)
    right = await passwords.verify(user.password_hash if user else None, password)
    if user is None or not right:
        raise Unauthorized("sign-in refused", safe=WRONG, code="invalid_credentials")
    if state in _SHUT_OUT:
        raise Forbidden(safe="Your login is currently disabled", code="disabled")
    renewed = await passwords.hashed(password) if passwords.outdated(user.password_hash) else ""
    return Identity(user.account_id, bool(user.totp_secret), state, user.password_hash, renewed)


async def known(reader: Reader, account_id: int) -> Identity:
    """Somebody who has shown who they are by more than a password: no code is asked of them.

    Raises:
        Forbidden: the sign-in is switched off.
    """
    user = await accounts_access.user(reader, account_id)
    state = await _state(reader, user)
    if state in _SHUT_OUT:
        raise Forbidden(safe="Your login is currently disabled", code="disabled")
    return Identity(account_id, needs_code=False, state=state, password_hash=user.password_hash)


async def verify_password(services: Services, account_id: int, password: str) -> User:
    """Ask a signed-in member again, before something that must not happen by an open browser.

    Raises:
        Unauthorized: it is wrong.
    """
    async with services.db.read() as reader:
        user = await accounts_access.user(reader, account_id)
    if not await passwords.verify(user.password_hash, password):
        raise Unauthorized("wrong password", safe="The password is wrong", code="wrong_password")
    return user


async def open_session(
    services: Services, tx: Transaction, identity: Identity, *, address: str, user_agent: str
) -> str:
    """Open a browser's session; the secret for its cookie, kept nowhere here.

    Raises:
        Unauthorized: the password was changed since it was checked.
    """
    await still_valid(tx, identity)
    token, now = crypto.new_token(), services.clock.now()
    await tx.run(
        queries.ADD_SESSION,
        id=services.ids.next(),
        token_hash=crypto.token_hash(token),
        account_id=identity.account_id,
        created_at=now,
        last_seen_at=now,
        address=address,
        user_agent=user_agent[:_AGENT_MAX],
    )
    return token


async def still_valid(tx: Transaction, identity: Identity) -> None:
    """Inside the transaction: the password is still the one that was checked.

    Raises:
        Unauthorized: it was changed in between.
    """
    user = await accounts_access.user(tx, identity.account_id)
    if user.password_hash != identity.password_hash:
        raise Unauthorized("password changed meanwhile", safe=WRONG, code="invalid_credentials")
    if identity.new_hash:
        await tx.run(
            queries.SWAP_PASSWORD,
            account=identity.account_id,
            old=identity.password_hash,
            new=identity.new_hash,
        )


async def begin_second_step(services: Services, tx: Transaction, identity: Identity) -> str:
    """Remember for five minutes who knows the password; the secret for a short-lived cookie."""
    await still_valid(tx, identity)
    token = crypto.new_token()
    await tx.run(
        queries.ADD_LETTER_TOKEN,
        token_hash=crypto.token_hash(token),
        account_id=identity.account_id,
        purpose=_STEP,
        email="",
        expires_at=services.clock.now() + STEP_LASTS_MS,
    )
    return token


async def second_step(reader: Reader, services: Services, token: str) -> Identity:
    """Who has begun the second step with this secret.

    Raises:
        Unauthorized: nobody, or too long ago.
    """
    row = await reader.first(queries.LETTER_TOKEN, hash=crypto.token_hash(token))
    if row is not None:
        _, account_id, purpose, _, expires_at = row
        if purpose == _STEP and expires_at > services.clock.now():
            # A password that was changed since has removed this row with all else.
            user = await accounts_access.user(reader, account_id)
            state = await _state(reader, user)
            if state not in _SHUT_OUT:
                return Identity(account_id, bool(user.totp_secret), state, user.password_hash)
    raise Unauthorized("no second step", safe="Please sign in again", code="step_expired")


async def end_second_step(tx: Transaction, token: str) -> bool:
    """Use the secret up, as part of opening the session; whether it was still there."""
    return await tx.run(queries.USE_LETTER_TOKEN, hash=crypto.token_hash(token)) > 0


async def sessions(reader: Reader, account_id: int) -> list[Session]:
    """The browsers in which a member is signed in, the last seen first."""
    return await reader.all(queries.SESSIONS, account=account_id)


async def _state(reader: Reader, user: User) -> MemberState:
    account = await accounts_access.any_by_id(reader, user.account_id)
    if account is None:
        return MemberState.DISABLED  # it is being deleted
    return member_state(account.state, user.confirmed_at, user.approved_at, user.disabled_at)
