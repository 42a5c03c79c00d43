"""What this slice tells the others, inside the transaction and after it."""

import msgspec


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
