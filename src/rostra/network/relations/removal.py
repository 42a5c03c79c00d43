"""What is left of an account's relations when it goes: nothing, and the counts say so."""

from rostra.network.accounts.events import AccountRemoved
from rostra.network.edge import Services, Transaction
from rostra.network.relations import queries


async def drop_account(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Delete all relations of an account that is being removed.

    Its row is locked first, so that nobody follows it between this and its end.
    """
    await tx.all(queries.LOCK_PAIR, ids=[event.account_id])
    await tx.run(queries.FEWER_FOLLOWERS, gone=event.account_id)
    await tx.run(queries.FEWER_FOLLOWED, gone=event.account_id)
    for statement in queries.DROP_ALL:
        await tx.run(statement, gone=event.account_id)
