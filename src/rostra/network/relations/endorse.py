"""Whom an account shows on its profile: some of those whom it follows."""

from rostra.kernel.errors import Invalid
from rostra.network.edge import Services, Transaction
from rostra.network.relations import queries
from rostra.network.relations.model import Relation
from rostra.network.relations.pair import between, lock_pair

ENDORSED_MAX = 100


async def endorse(services: Services, tx: Transaction, account_id: int, target_id: int) -> Relation:
    """Show an account on one's profile. Can be said twice.

    Raises:
        NotFound: there is no such account, or it is the same.
        Invalid: it is not followed, or too many are shown.
    """
    await lock_pair(tx, account_id, target_id)
    if not (await between(services, tx, account_id, target_id)).following:
        message = "You must be already following the person you want to endorse"
        raise Invalid("base", message, "ERR_NOT_FOLLOWED")
    row = {"id": services.ids.next(), "account_id": account_id, "target_id": target_id}
    if await tx.run(queries.ADD_ENDORSEMENT, **row):
        shown = await tx.first(queries.HOW_MANY_ENDORSED, account=account_id)
        if (shown or 0) > ENDORSED_MAX:
            message = f"You cannot endorse more than {ENDORSED_MAX} people"
            raise Invalid("base", message, "ERR_LIMIT")
    return await between(services, tx, account_id, target_id)


async def unendorse(
    services: Services, tx: Transaction, account_id: int, target_id: int
) -> Relation:
    """Take an account off one's profile. Can be said twice.

    Raises:
        NotFound: there is no such account, or it is the same.
    """
    await lock_pair(tx, account_id, target_id)
    await tx.run(queries.DROP_ENDORSEMENT, account=account_id, target=target_id)
    return await between(services, tx, account_id, target_id)
