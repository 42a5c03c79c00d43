"""Leaving: the account is hidden at once, and deleted after days in which its member may stay."""

import msgspec

from rostra.kernel.clock import DAY
from rostra.kernel.errors import NotFound
from rostra.network.accounts import access, queries
from rostra.network.accounts.admission import keep_an_owner
from rostra.network.accounts.events import AccountChanged
from rostra.network.accounts.model import AccountState
from rostra.network.accounts.removal import remove_account
from rostra.network.edge import Services, Transaction
from rostra.store.outbox.kinds import JobKind


class Leave(msgspec.Struct, frozen=True):
    """Delete an account, unless its member has thought better of it."""

    account_id: int


async def hide_and_leave(services: Services, tx: Transaction, account_id: int) -> int:
    """Hide an account from everybody and have it deleted; when (UTC ms; 0: it is deleted now).

    Whoever calls it ends its sessions and tokens.

    Raises:
        NotFound: there is no such account here.
        Conflict: the last owner would be gone.
    """
    await access.locked(tx, account_id)
    await keep_an_owner(tx, await access.user(tx, account_id))
    days = services.settings.accounts.leaving_days
    if not days:
        await remove_account(services, tx, account_id)
        return 0
    leaves_at = services.clock.now() + days * DAY
    await tx.run(queries.SET_LEAVING, id=account_id, leaves=leaves_at)
    await tx.run(queries.SET_STATE, id=account_id, state=int(AccountState.LEAVING))
    await tx.emit(AccountChanged(account_id))
    await tx.enqueue("accounts.leave", Leave(account_id), run_at=leaves_at)
    return leaves_at


async def stay(tx: Transaction, account_id: int) -> None:
    """Show an account again whose member was about to leave.

    Raises:
        NotFound: it is not leaving.
    """
    account = await access.locked(tx, account_id)
    if account is None or account.state != AccountState.LEAVING:
        raise NotFound(f"account {account_id} is not leaving")
    await tx.run(queries.SET_LEAVING, id=account_id, leaves=0)
    await tx.run(queries.SET_STATE, id=account_id, state=int(AccountState.ACTIVE))
    await tx.emit(AccountChanged(account_id))


async def is_again(tx: Transaction, account_id: int, state: int) -> None:
    """Have an account in the state that it was in when a copy was made; nothing where it is gone.

    A suspension is the effect of a decision, and comes from that.
    """
    account = await access.locked(tx, account_id)
    if account is not None and state != AccountState.SUSPENDED:
        await tx.run(queries.SET_STATE, id=account_id, state=state)
        await tx.emit(AccountChanged(account_id))


async def leaves_again(tx: Transaction, account_id: int, leaves_at: int) -> None:
    """Have an account deleted at a time (UTC ms), unless its member thinks better of it."""
    await tx.enqueue("accounts.leave", Leave(account_id), run_at=leaves_at)


async def leave(services: Services, tx: Transaction, payload: Leave) -> None:
    """The job: delete the account, if its time has come and not a later one."""
    account = await access.locked(tx, payload.account_id)
    if account is None or account.state != AccountState.LEAVING:
        return
    user = await access.user(tx, account.id)
    if 0 < user.leaves_at <= services.clock.now():
        await remove_account(services, tx, account.id)


JOBS = (JobKind("accounts.leave", Leave, leave, attempts=30, transactional=True),)
