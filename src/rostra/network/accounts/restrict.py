"""What a decision does to accounts, and takes back: the one writer of `accounts.limits`.

An account is moved from what it is to what is wanted of it, so that saying it twice changes
nothing, and wanting nothing puts it back as it was.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

import msgspec

from rostra.network.accounts.events import AccountChanged, AccountRestricted, AccountsRestricted
from rostra.network.accounts.leaving import Leave
from rostra.network.accounts.limits import AccountLimits, Limit, Standing
from rostra.network.accounts.model import AccountState
from rostra.network.accounts.queries import restrict as queries
from rostra.network.accounts.queries.restrict import Held
from rostra.network.accounts.removal import remove_account
from rostra.network.accounts.slowed import set_slow
from rostra.network.accounts.withheld import withhold_fields
from rostra.network.edge import Services, Transaction
from rostra.store.outbox.kinds import JobKind
from rostra.store.query import rows_of

__all__ = ["AccountLimits", "restrict_accounts"]


class DeleteSuspended(msgspec.Struct, frozen=True):
    """Delete an account whose suspension has lasted for so long, unless it was lifted."""

    account_id: int


class _Move(msgspec.Struct, frozen=True):
    """An account and what becomes of it."""

    row: Held
    before: Standing
    after: Standing


async def restrict_accounts(
    services: Services,
    tx: Transaction,
    account_ids: Collection[int],
    wanted_of: Callable[[], Awaitable[Mapping[int, AccountLimits]]],
) -> None:
    """Restrict accounts to what is wanted of each, and nothing else.

    Those that are gone are passed over. What was opened with them (tokens, sessions, letters) ends
    with a freeze or a suspension, and does not come back.

    Args:
        services: the house's parts.
        tx: the transaction.
        account_ids: the accounts.
        wanted_of: what is wanted of each of them. It is asked when they are locked, so that of two
            who decide about an account at once the later one knows what the earlier one wanted.
    """
    if not account_ids:
        return
    now = services.clock.now()
    rows = await tx.all(queries.LOCK, ids=sorted(account_ids))
    wanted = await wanted_of()
    moves = [
        _Move(row, before := _standing(row), before.limited(wanted[row.id], now)) for row in rows
    ]
    blanked = {
        row.id: wanted[row.id].fields
        for row in rows
        if wanted[row.id].fields or row.limits & Limit.FIELDS
    }
    rewritten = set(await withhold_fields(tx, blanked)) if blanked else set()
    paced = {
        row.id: wanted[row.id].slow
        for row in rows
        if wanted[row.id].slow or row.limits & Limit.SLOWED
    }
    if paced:
        await set_slow(tx, paced)
    changed = [m for m in moves if m.before != m.after or m.row.id in rewritten]
    if changed:
        await _write(tx, changed)
        await _in_time(tx, changed, now)
        await _tell(tx, changed, rewritten)


def _standing(row: Held) -> Standing:
    return Standing(row.state, row.disabled_at, row.limits, row.deletes_at)


async def _write(tx: Transaction, changed: Sequence[_Move]) -> None:
    rows = [(m.row.id, m.after.state, m.after.limits, m.after.deletes_at) for m in changed]
    await tx.run(queries.APPLY, rows=rows_of(rows))
    disabled = [
        (m.row.id, m.after.disabled_at)
        for m in changed
        if m.after.disabled_at != m.before.disabled_at
    ]
    if disabled:
        await tx.run(queries.SET_DISABLED, rows=rows_of(disabled))


async def _in_time(tx: Transaction, changed: Sequence[_Move], now: int) -> None:
    """What is to happen to them one day."""
    for move in changed:
        at, account_id = move.after.deletes_at, move.row.id
        if at and at != move.before.deletes_at:
            job = DeleteSuspended(account_id)
            await tx.enqueue("accounts.delete_suspended", job, run_at=max(at, now))
        # Whoever was leaving leaves: the day may have passed meanwhile.
        if move.after.state == AccountState.LEAVING != move.before.state:
            run_at = max(move.row.leaves_at, now)
            await tx.enqueue("accounts.leave", Leave(account_id), run_at=run_at)


async def _tell(tx: Transaction, changed: Sequence[_Move], rewritten: Collection[int]) -> None:
    told = tuple(
        AccountRestricted(
            account_id=m.row.id,
            before=m.before.limits,
            after=m.after.limits,
        )
        for m in changed
    )
    await tx.emit(AccountsRestricted(told))
    for move in changed:
        if move.before.state != move.after.state or move.row.id in rewritten:
            await tx.emit(AccountChanged(move.row.id))


async def _delete(services: Services, tx: Transaction, payload: DeleteSuspended) -> None:
    """The job: delete the account, if it is suspended still and its time has come."""
    rows = await tx.all(queries.LOCK, ids=[payload.account_id])
    if not rows or rows[0].state != AccountState.SUSPENDED:
        return
    [row] = rows
    if 0 < row.deletes_at <= services.clock.now():
        await remove_account(services, tx, row.id)


JOBS = (
    JobKind("accounts.delete_suspended", DeleteSuspended, _delete, attempts=30, transactional=True),
)
