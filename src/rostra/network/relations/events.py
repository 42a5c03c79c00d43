"""What relations tell the rest of the house, in the transaction that changed them.

Each is told only when something has changed: following twice tells once.
"""

import msgspec


class Followed(msgspec.Struct, frozen=True):
    """`account_id` follows `target_id` from now on, directly or because a request was accepted."""

    account_id: int
    target_id: int


class Unfollowed(msgspec.Struct, frozen=True):
    """`account_id` no longer follows `target_id`, whoever of the two ended it."""

    account_id: int
    target_id: int


class FollowRequested(msgspec.Struct, frozen=True):
    """`account_id` asks to follow `target_id`."""

    account_id: int
    target_id: int


class FollowRequestEnded(msgspec.Struct, frozen=True):
    """The request of `account_id` is gone: accepted, refused or taken back."""

    account_id: int
    target_id: int


class Blocked(msgspec.Struct, frozen=True):
    """`account_id` blocks `target_id`; follows and requests both ways have ended."""

    account_id: int
    target_id: int
