"""What every change between two accounts begins with."""

from collections.abc import Sequence

from rostra.kernel.errors import NotFound
from rostra.network.accounts.model import AccountState
from rostra.network.edge import Services, Transaction
from rostra.network.relations import access, queries
from rostra.network.relations.model import Party, Relation


async def lock_pair(tx: Transaction, account_id: int, target_id: int) -> tuple[Party, Party]:
    """The two accounts, locked so that changes between them come one after the other.

    Raises:
        NotFound: they are the same, or one of them is not there or not active.
    """
    parties = {p.id: p for p in await tx.all(queries.LOCK_PAIR, ids=[account_id, target_id])}
    account, target = parties.get(account_id), parties.get(target_id)
    if account is None or target is None or account_id == target_id:
        raise NotFound(f"no two accounts {account_id}, {target_id}")
    if target.state != AccountState.ACTIVE:
        raise NotFound(f"account {target_id} is not active")
    return account, target


async def lock_all(tx: Transaction, account_ids: Sequence[int]) -> None:
    """Lock every account of several changes at once, in the order in which each pair is locked.

    Whoever changes many pairs in one transaction begins with this, or two of them may wait for
    each other.
    """
    await tx.all(queries.LOCK_PAIR, ids=sorted(set(account_ids)))


async def between(
    services: Services, reader: Transaction, account_id: int, target_id: int
) -> Relation:
    """How the one stands to the other, as the transaction has left it.

    Raises:
        NotFound: the other is not there or not active.
    """
    found = await access.relationships(reader, account_id, [target_id], now=services.clock.now())
    if not found:
        raise NotFound(f"account {target_id}")
    return found[0]
