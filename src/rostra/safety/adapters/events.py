"""What adapters tell the rest of moderation."""

import msgspec

from rostra.safety.signals.model import Finding


class AdapterFound(msgspec.Struct, frozen=True):
    """An adapter has said something of a post, after it was published.

    Attributes:
        post_id: the post.
        finding: what it said, as that of any other signal.
        worst: the harm with the highest score, where that is high enough for a case; else empty.
    """

    post_id: int
    finding: Finding
    worst: str
