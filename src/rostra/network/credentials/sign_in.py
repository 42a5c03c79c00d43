"""Signing in: password, second step, session.

Tries are counted before anything is asked: rule `sign_in_address` by address, `sign_in_account` in
`tries`, `second_factor_account` by the account.
"""

import msgspec

from rostra.kernel import crypto
from rostra.kernel.clock import MINUTE
from rostra.kernel.errors import Forbidden, NotFound, Unauthorized
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.model import User
from rostra.network.credentials import passwords, queries
from rostra.network.credentials.access import member_state
from rostra.network.credentials.model import MemberState, Session
from rostra.network.edge import Reader, Services, Transaction

WRONG = "The name, the e-mail address or the password is wrong"
STEP_LASTS_MS = 5 * MINUTE
_STEP = "second_step"
LOGIN_MAX = 320
_AGENT_MAX = 300
_SHUT_OUT = frozenset({MemberState.DISABLED, MemberState.SUSPENDED})


class Identity(msgspec.Struct, frozen=True):
    """Somebody who knows the password. Pass it to :func:`open_session` soon.

    Attributes:
        needs_code: the second step is switched on; ask for a code before opening anything.
        state: unconfirmed and unapproved members sign in, and see only what they wait for.
        password_hash: what the password was compared with.
        new_hash: one with today's parameters, where the stored one is outdated.
        proven: by more than a password; no code is asked of them, whatever is switched on.
    """

    account_id: int
    needs_code: bool
    state: MemberState
    password_hash: str
    new_hash: str = ""
    proven: bool = False


async def identify(
    services: Services, login: str, password: str, *, spent: bool = False
) -> Identity:
    """Check name or address and password; as slow for names that do not exist.

    Args:
        services: of the house.
        login: a user name or an e-mail address.
        password: of the member.
        spent: they were tried too often; it is as slow, and wrong whatever it is.

    Raises:
        Unauthorized: one of them is wrong; which is not told.
        Forbidden: the password is right, and the sign-in switched off.
    """
    state = MemberState.NONE
    async with services.db.read() as reader:
        user = await accounts_access.user_by_login(reader, login[:LOGIN_MAX])
        if user is not None:
            state = await _state(reader, user)
    compared = user.password_hash if user is not None and not spent else None
    right = await passwords.verify(compared, password)
    if user is None or spent or not right:
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
    return Identity(
        account_id, needs_code=False, state=state, password_hash=user.password_hash, proven=True
    )


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
        Unauthorized: the password was changed since it was checked, or a code is asked for now.
        Forbidden: the sign-in was switched off since.
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
    """Inside the transaction: what was checked before it holds still, and does until it ends.

    Raises:
        Unauthorized: the password was changed in between, or the second step switched on.
        Forbidden: the sign-in was switched off in between.
    """
    user = await _locked(tx, identity.account_id)
    if user.password_hash != identity.password_hash:
        raise Unauthorized("password changed meanwhile", safe=WRONG, code="invalid_credentials")
    if user.totp_secret and not (identity.needs_code or identity.proven):
        raise Unauthorized(
            "second step meanwhile", safe="Please sign in again", code="step_expired"
        )
    if await _state(tx, user) in _SHUT_OUT:
        raise Forbidden(safe="Your login is currently disabled", code="disabled")
    if identity.new_hash:
        await tx.run(
            queries.SWAP_PASSWORD,
            account=identity.account_id,
            old=identity.password_hash,
            new=identity.new_hash,
        )


async def still_let_in(tx: Transaction, account_id: int) -> None:
    """Inside the transaction: the member may be signed in, and everything of theirs waits for it.

    Raises:
        Unauthorized: they are gone.
        Forbidden: the sign-in is switched off.
    """
    if await _state(tx, await _locked(tx, account_id)) in _SHUT_OUT:
        raise Forbidden(safe="Your login is currently disabled", code="disabled")


async def still_signed_in(tx: Transaction, account_id: int, session_id: int) -> None:
    """Inside the transaction: the browser that asks is still signed in, and stays so until it ends.

    Whatever opens the account later begins with this: it must not outlive what ended the session.

    Raises:
        Unauthorized: it was signed out in between.
    """
    await _locked(tx, account_id)
    if not await tx.value(queries.SESSION_STANDS, account=account_id, session=session_id):
        raise Unauthorized("signed out meanwhile", safe="Please sign in again")


async def _locked(tx: Transaction, account_id: int) -> User:
    try:
        return await accounts_access.locked_user(tx, account_id)
    except NotFound:
        raise Unauthorized("deleted meanwhile", safe=WRONG, code="invalid_credentials") from None


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
