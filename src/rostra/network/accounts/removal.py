"""Deleting an account and everything that belongs to it."""

from rostra.kernel.errors import NotFound
from rostra.kernel.text import names
from rostra.network.accounts import access, queries
from rostra.network.accounts.events import AccountRemoved
from rostra.network.accounts.jobs import drop_blobs
from rostra.network.accounts.markers import forget_markers
from rostra.network.accounts.slowed import forget as forget_slowed
from rostra.network.accounts.withheld import forget as forget_withheld
from rostra.network.edge import Services, Transaction
from rostra.network.instance.invites import forget_owner


async def remove_account(
    services: Services, tx: Transaction, account_id: int, *, keep_name: bool = True
) -> None:
    """Delete an account with everything that belongs to it.

    The other slices delete their rows when they hear :class:`AccountRemoved`; pictures are deleted
    by a job after the commit. With ``keep_name`` nobody can take the name or a look-alike again.

    Raises:
        NotFound: there is no such account.
    """
    account = await access.any_by_id(tx, account_id)
    if account is None:
        raise NotFound(f"account {account_id}")
    await tx.emit(AccountRemoved(account_id))
    await forget_markers(tx, account_id)
    await forget_owner(tx, account_id)
    await forget_withheld(tx, account_id)
    await forget_slowed(tx, account_id)
    profile = (await access.profiles(tx, [account_id])).get(account_id)
    if profile is not None:
        await drop_blobs(tx, profile.blob_keys)
    if keep_name and not account.domain:
        await tx.run(
            queries.RESERVE,
            id=services.ids.next(),
            skeleton=names.skeleton(account.username),
            reason="deleted",
        )
    for statement in (queries.DROP_PROFILE, queries.DROP_USER, queries.DROP_ACCOUNT):
        await tx.run(statement, id=account_id)
