"""What rules tell of themselves, in the transaction that changed them."""

import msgspec


class RuleSwitched(msgspec.Struct, frozen=True):
    """A rule is in another state, or another version of it holds.

    Attributes:
        state: a `State`.
        by_itself: it caught too much, and was put back to shadow.
    """

    rule_id: int
    version: int
    state: int
    actor_id: int
    by_itself: bool = False
