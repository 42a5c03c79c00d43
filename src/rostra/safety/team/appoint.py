"""Trusts members with duties, and takes them back. The only writer of `users.duties`."""

from collections.abc import Collection

from rostra.kernel.errors import Invalid, NotFound
from rostra.safety.categories.model import Category
from rostra.safety.edge import Transaction
from rostra.safety.team import queries
from rostra.safety.team.model import Duty


async def set_duties(
    tx: Transaction, account_id: int, duties: Duty, categories: Collection[Category] = ()
) -> None:
    """Trust a member with these duties and no others.

    Args:
        tx: the transaction.
        account_id: a member of this place.
        duties: none of them: they are not of the team any more, but for their role.
        categories: those whose cases a reviewer sees and decides.

    Raises:
        NotFound: there is no such member.
        Invalid: on `categories`: a reviewer has none, or somebody else has.
    """
    if bool(duties & Duty.REVIEWER) != bool(categories):
        raise Invalid("categories", "are for reviewers, who need some", "ERR_INVALID")
    if not await tx.run(queries.SET_DUTIES, account=account_id, duties=int(duties)):
        raise NotFound(f"no member {account_id}")
    await tx.run(queries.DROP_CATEGORIES, account=account_id)
    rows = [{"account_id": account_id, "category": int(each)} for each in sorted(set(categories))]
    await tx.run_many(queries.ADD_CATEGORY, rows)
