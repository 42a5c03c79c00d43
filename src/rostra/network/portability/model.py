"""Archives and rules as their owners see them."""

from enum import IntEnum

import msgspec


class ArchiveState(IntEnum):
    """How far an archive is; kept in `archives.state`."""

    WAITING = 0
    READY = 1


class Archive(msgspec.Struct, frozen=True):
    """A member's copy of all that is theirs. Times are UTC ms, 0: not yet."""

    id: int
    account_id: int
    state: int
    blob_key: str
    size: int  # bytes
    requested_at: int
    touched_at: int
    ready_at: int
    expires_at: int

    @property
    def ready(self) -> bool:
        """Whether it can be had."""
        return self.state == ArchiveState.READY


class CleanupRule(msgspec.Struct, frozen=True):
    """Which of a member's posts are deleted by themselves, and which are kept; flags are 0 or 1."""

    account_id: int
    active: int = 0
    min_age_days: int = 14
    keep_direct: int = 1
    keep_pinned: int = 1
    keep_polls: int = 0
    keep_media: int = 0
    keep_favourited: int = 1  # by the member
    keep_bookmarked: int = 1  # likewise
    min_favourites: int = 0  # posts with as many are kept; 0: no number keeps one
    min_reblogs: int = 0
    looked_at_id: int = 0  # how far the last run has come


AGES_DAYS = (7, 14, 30, 60, 90, 180, 365, 730)
"""The ages that can be chosen, which are Mastodon's."""
