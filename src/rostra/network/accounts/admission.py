"""Letting members in: confirmed addresses, the operators' yes or no, roles, sign-in off and on."""

from rostra.kernel.errors import Conflict, Invalid
from rostra.kernel.text import names
from rostra.network.accounts import access, queries
from rostra.network.accounts.events import AccountChanged
from rostra.network.accounts.limits import Limit
from rostra.network.accounts.model import AccountState, User
from rostra.network.accounts.removal import remove_account
from rostra.network.edge import Services, Transaction
from rostra.network.instance import access as instance_access

OWNER = 3


async def approve(services: Services, tx: Transaction, account_id: int) -> bool:
    """Let somebody in who waits; whether they had to wait.

    Raises:
        NotFound: there is no such account here.
    """
    # Approved and confirmed at once: one of them sees the other, and lets the member in.
    await access.locked(tx, account_id)
    user = await access.user(tx, account_id)
    if user.approved_at:
        return False
    await tx.run(queries.SET_APPROVED, id=account_id, now=services.clock.now())
    if user.confirmed_at:
        await _activate(tx, account_id)
    return True


async def reject(services: Services, tx: Transaction, account_id: int) -> None:
    """Turn somebody away who waits: everything about them is deleted, the name is free again.

    Raises:
        NotFound: there is no such account here.
        Conflict: they were let in already.
    """
    await access.locked(tx, account_id)
    user = await access.user(tx, account_id)
    if user.approved_at:
        raise Conflict(safe="This member was approved already")
    await remove_account(services, tx, account_id, keep_name=False)


async def confirm_address(services: Services, tx: Transaction, account_id: int, email: str) -> User:
    """Note that this address is the member's; from now on it is the one they sign in with.

    Raises:
        NotFound: there is no such account here.
        Invalid: on `email`: somebody else has it.
    """
    await access.locked(tx, account_id)
    user = await access.user(tx, account_id)
    key = names.email_key(email)
    if key is None:
        raise Invalid("email", "is invalid")
    holder = await tx.first(queries.USER_BY_EMAIL, key=key)
    if holder is not None and holder.account_id != account_id:
        raise Invalid("email", "has already been taken", "ERR_TAKEN")
    now = services.clock.now()
    await tx.run(queries.SET_CONFIRMED, id=account_id, now=now, email=email, email_key=key)
    if not user.confirmed_at and user.approved_at:
        await _activate(tx, account_id)
    return await access.user(tx, account_id)


async def set_role(tx: Transaction, account_id: int, role: int) -> None:
    """Trust a member with more or less (0 member, 1 moderator, 2 admin, 3 owner).

    Raises:
        NotFound: there is no such account here.
        Conflict: the last owner would be gone.
    """
    await access.locked(tx, account_id)
    user = await access.user(tx, account_id)
    if role < OWNER:
        await keep_an_owner(tx, user)
    await tx.run(queries.SET_ROLE, id=account_id, role=role)
    await bump(tx, account_id)


async def keep_an_owner(tx: Transaction, user: User) -> None:
    """Pass where somebody else is an owner who stays, or where this is none.

    Raises:
        Conflict: it is the last one.
    """
    if user.role != OWNER:
        return
    owners = await tx.all(queries.LOCK_OWNERS)
    if all(owner == user.account_id for owner in owners):
        raise Conflict(safe="This is the last owner; make another one first")


async def set_disabled(
    services: Services, tx: Transaction, account_id: int, *, disabled: bool
) -> None:
    """Switch a member's sign-in off or on again; what they wrote stays.

    Raises:
        NotFound: there is no such account here.
        Conflict: a decision has frozen it, and it ends with that decision alone.
    """
    account = await access.locked(tx, account_id)
    await access.user(tx, account_id)
    if account is not None and account.limits & Limit.FROZEN:
        raise Conflict(safe="This account is frozen by a decision; end that first")
    now = services.clock.now() if disabled else 0
    await tx.run(queries.SET_DISABLED, id=account_id, now=now)


async def accept_terms(services: Services, tx: Transaction, account_id: int, version: int) -> None:
    """Note that a member has accepted the terms in force, which they have seen as ``version``.

    Raises:
        Invalid: on `terms_version`: there are others by now.
    """
    place = await instance_access.place(services, tx)
    terms = place.terms_at(services.clock.now())
    if terms is None or terms.id != version:
        message = "have changed in the meantime; please read them again"
        raise Invalid("terms_version", message, "ERR_INCLUSION")
    await tx.run(queries.SET_TERMS, id=account_id, terms=version)


async def bump(tx: Transaction, account_id: int) -> None:
    """Raise the version: what others see of the account has changed (counts left out)."""
    await tx.run(queries.BUMP, id=account_id)
    await tx.emit(AccountChanged(account_id))


async def _activate(tx: Transaction, account_id: int) -> None:
    await tx.run(queries.SET_STATE, id=account_id, state=int(AccountState.ACTIVE))
