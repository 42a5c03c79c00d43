"""What filters tell the rest of the house, in the transaction that wrote it."""

import msgspec


class FiltersChanged(msgspec.Struct, frozen=True):
    """A member's filters are others now: what was matched with the older ones no longer counts."""

    account_id: int
    version: int  # 0: they have none any more
