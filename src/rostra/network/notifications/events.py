"""What notifications tell the rest of the house, in the transaction that wrote them."""

import msgspec


class NotificationsMade(msgspec.Struct, frozen=True):
    """Members have new notifications: pairs of account and notification.

    Some of them may have been there before, under another id: whoever hears this looks them up.
    """

    made: tuple[tuple[int, int], ...]
