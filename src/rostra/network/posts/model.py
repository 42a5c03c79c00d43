"""What others see of a post."""

from enum import IntEnum
from typing import Self

import msgspec

from rostra.network.media.model import Media


class Visibility(IntEnum):
    """Who may see a post; the wire names are Mastodon's."""

    PUBLIC = 0
    UNLISTED = 1
    FOLLOWERS = 2
    DIRECT = 3

    @property
    def wire(self) -> str:
        """Mastodon's name."""
        return ("public", "unlisted", "private", "direct")[self]

    @classmethod
    def from_wire(cls, name: str) -> Self | None:
        """The visibility with this name in Mastodon's API; None if there is none."""
        names = {"public": 0, "unlisted": 1, "private": 2, "direct": 3}
        return cls(names[name]) if name in names else None


class PostRow(msgspec.Struct, frozen=True):
    """The narrow part of a post, its counters, and the counters of its author."""

    id: int
    account_id: int
    visibility: int
    version: int
    in_reply_to_id: int
    in_reply_to_account_id: int
    thread_id: int
    depth: int
    reblog_of_id: int  # 0: a post of its own
    sensitive: int
    media_count: int
    replies_count: int
    reblogs_count: int
    favourites_count: int
    edited_at: int  # UTC ms; 0: never
    created_at: int
    author_version: int
    author_followers: int
    author_following: int
    author_posts: int
    author_last_post_at: int


class Mention(msgspec.Struct, frozen=True):
    """An account named in a post."""

    post_id: int
    account_id: int
    username: str
    domain: str


class PostBody(msgspec.Struct, frozen=True):
    """The long part of a post: everything that changes only with its version."""

    post_id: int
    text: str
    html: str
    spoiler_text: str
    language: str
    app_name: str
    app_website: str
    mentions: tuple[Mention, ...] = ()
    tags: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()


class Flags(msgspec.Struct, frozen=True):
    """What one viewer has done with posts, as sets of post ids (thread ids for muted)."""

    favourited: frozenset[int] = frozenset()
    bookmarked: frozenset[int] = frozenset()
    reblogged: frozenset[int] = frozenset()
    muted: frozenset[int] = frozenset()
    pinned: frozenset[int] = frozenset()


NO_FLAGS = Flags()
