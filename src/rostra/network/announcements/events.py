"""What this slice tells the others."""

import msgspec


class AnnouncementShown(msgspec.Struct, frozen=True):
    """Everybody sees the announcement from now on, or reads other words in it."""

    announcement_id: int


class AnnouncementGone(msgspec.Struct, frozen=True):
    """Nobody sees the announcement any more."""

    announcement_id: int


class AnnouncementReacted(msgspec.Struct, frozen=True):
    """The number of those who reacted by this emoji is another one."""

    announcement_id: int
    name: str
