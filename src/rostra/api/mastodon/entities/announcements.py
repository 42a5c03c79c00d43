"""What operators tell everybody."""

import msgspec

from rostra.api.mastodon.entities.accounts import CustomEmoji
from rostra.api.mastodon.entities.statuses import StatusMention, StatusTag


class AnnouncementReaction(msgspec.Struct, frozen=True, kw_only=True):
    """How many reacted by an emoji; `name` is the emoji, or a shortcode with its picture."""

    name: str
    count: int
    me: bool | msgspec.UnsetType = msgspec.UNSET
    url: str | msgspec.UnsetType = msgspec.UNSET
    static_url: str | msgspec.UnsetType = msgspec.UNSET
    announcement_id: str | msgspec.UnsetType = msgspec.UNSET


class AnnouncementStatus(msgspec.Struct, frozen=True):
    """A post that an announcement links to."""

    id: str
    url: str


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """An announcement; `content` is HTML, times are those of what it tells of."""

    id: str
    content: str
    starts_at: str | None
    ends_at: str | None
    all_day: bool
    published: bool = True
    published_at: str
    updated_at: str
    read: bool | msgspec.UnsetType = msgspec.UNSET
    mentions: tuple[StatusMention, ...] = ()
    statuses: tuple[AnnouncementStatus, ...] = ()
    tags: tuple[StatusTag, ...] = ()
    emojis: tuple[CustomEmoji, ...] = ()
    reactions: tuple[AnnouncementReaction, ...] = ()
