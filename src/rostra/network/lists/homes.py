"""Homes leave out whom their owners keep in an exclusive list."""

from collections.abc import Sequence

from rostra.network.edge import Services, Transaction
from rostra.network.lists import queries
from rostra.network.relations.homes import keep_out_of_home
from rostra.network.timelines import fan_out

_BACKFILLED_SINGLY = 10


async def settle(
    services: Services, tx: Transaction, account_id: int, targets: Sequence[int]
) -> None:
    """See that a home has those of the accounts, and only those, that stand in no exclusive list.

    Told after what changes their lists. Nothing happens where nothing has changed; where many come
    back, the home is built anew.
    """
    if not targets:
        return
    out = await tx.all(queries.KEPT_OUT, account=account_id, ids=targets)
    left, back = await keep_out_of_home(tx, account_id, targets, set(out))
    if left:
        await fan_out.leave_many(tx, account_id, left)
    if len(back) > _BACKFILLED_SINGLY:
        await fan_out.rebuild(services, tx, account_id)
        return
    for author_id in back:
        await fan_out.backfill(services, tx, account_id, author_id)
