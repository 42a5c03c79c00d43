"""Which follows bring nothing into the follower's home."""

from collections.abc import Collection, Sequence

from rostra.network.edge import Transaction
from rostra.network.relations import queries


async def keep_out_of_home(
    tx: Transaction, account_id: int, targets: Sequence[int], out: Collection[int]
) -> tuple[list[int], list[int]]:
    """Say of each of the followed accounts whether it stays out of home; the others are as before.

    Args:
        tx: the transaction.
        account_id: who follows.
        targets: of whom something is said.
        out: those of them that stay out.

    Returns:
        Those that stay out from now on, and those that are back.
    """
    left, back = [], []
    for target_id, was_out in await tx.all(queries.OUT_OF_HOME, account=account_id, ids=targets):
        if target_id in out and not was_out:
            left.append(target_id)
        elif was_out and target_id not in out:
            back.append(target_id)
    for ids, value in ((left, 1), (back, 0)):
        if ids:
            await tx.run(queries.SET_OUT_OF_HOME, account=account_id, ids=ids, out=value)
    return left, back
