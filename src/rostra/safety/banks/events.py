"""What banks tell the others, in the transaction that wrote it."""

import msgspec


class MediaMatched(msgspec.Struct, frozen=True):
    """What a post shows was met in a bank: somebody has to look at it.

    Attributes:
        score: how sure that is, from 0 to 1.
        category: of the bank.
        words: a sentence for moderators.
    """

    post_id: int
    media_id: int
    account_id: int
    bank_id: int
    item_id: int
    category: int
    score: float
    words: str


class HashQuarantined(msgspec.Struct, frozen=True):
    """A hash that met many members' files was switched off by itself."""

    item_id: int
    bank_id: int
    members: int
