"""A reporter who is gone is nobody: what they said of others stays, without them."""

from rostra.network.accounts.events import AccountRemoved
from rostra.safety.edge import Services, Transaction
from rostra.safety.reports import queries


async def account_removed(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Forget who reported, and how they stood."""
    await tx.run(queries.FORGET_REPORTER, account=event.account_id)
    await tx.run(queries.FORGET_STANDING, account=event.account_id)
