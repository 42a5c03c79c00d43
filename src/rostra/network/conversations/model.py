"""What others see of conversations."""

import msgspec


class Conversation(msgspec.Struct, frozen=True):
    """A line of an inbox. Pages run over the last post."""

    id: int
    last_post_id: int
    unread: int
