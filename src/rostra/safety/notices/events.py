"""What letters tell the rest of moderation, in the transaction that wrote them."""

import msgspec


class LetterCame(msgspec.Struct, frozen=True):
    """A letter from outside has come, which was not here before."""

    notice_id: int


class LetterAnswered(msgspec.Struct, frozen=True):
    """An answer to a letter goes out."""

    notice_id: int
