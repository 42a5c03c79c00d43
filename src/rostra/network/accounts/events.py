"""What this slice tells the others, inside the transaction and after it."""

import msgspec

from rostra.network.accounts.limits import Limit


class AccountCreated(msgspec.Struct, frozen=True):
    """Somebody signed up; they may still have to confirm or to be approved."""

    account_id: int


class AccountChanged(msgspec.Struct, frozen=True):
    """What others see of the account has changed."""

    account_id: int
    indexable_changed: bool = False  # whether its posts may be found
    sites_changed: bool = False  # which sites may name it as an author


class AccountRemoved(msgspec.Struct, frozen=True):
    """The account is about to be deleted in this transaction.

    Subscribers delete everything that belongs to it: relations, posts, media, credentials.
    """

    account_id: int


class AccountRestricted(msgspec.Struct, frozen=True):
    """What a decision did to one account: its `limits.Limit` before and after it."""

    account_id: int
    before: int
    after: int

    def begins(self, limit: Limit) -> bool:
        """Whether it is restricted so now, and was not before."""
        return bool(self.after & ~self.before & limit)

    def ends(self, limit: Limit) -> bool:
        """Whether it was restricted so, and is no longer."""
        return bool(self.before & ~self.after & limit)


class AccountsRestricted(msgspec.Struct, frozen=True):
    """Decisions have restricted accounts, or taken that back."""

    accounts: tuple[AccountRestricted, ...]
