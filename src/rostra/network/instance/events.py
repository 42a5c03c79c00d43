"""What the place tells of itself, in the transaction that changed it."""

import msgspec


class RulesChanged(msgspec.Struct, frozen=True):
    """The rules of the place are others, or stand in another order."""
