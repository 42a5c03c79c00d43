"""What this slice tells the others."""

import msgspec


class MediaRestricted(msgspec.Struct, frozen=True):
    """Decisions have withheld media of these posts, or show them again."""

    post_ids: tuple[int, ...]
