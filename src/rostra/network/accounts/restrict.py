"""What a decision does to accounts, and takes back: the one writer of `accounts.limits`."""

from collections.abc import Mapping

from rostra.network.accounts.limits import AccountLimits
from rostra.network.edge import Services, Transaction

__all__ = ["AccountLimits", "restrict_accounts"]


async def restrict_accounts(
    services: Services, tx: Transaction, wanted: Mapping[int, AccountLimits]
) -> None:
    """Restrict accounts to this and nothing else; what is wanted of none of them is as it was."""
    raise NotImplementedError
