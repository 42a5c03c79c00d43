"""What conversations tell the rest of the house, in the transaction that changed them."""

import msgspec


class ConversationChanged(msgspec.Struct, frozen=True):
    """A direct post has come into a conversation of `account_id` (for streams)."""

    account_id: int
    conversation_id: int
    post_id: int
