"""What others see of a notification."""

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """What somebody did; the values are Mastodon's types."""

    MENTION = "mention"
    STATUS = "status"  # a post of somebody whose posts one asked to be told of
    REBLOG = "reblog"
    FOLLOW = "follow"
    FOLLOW_REQUEST = "follow_request"
    FAVOURITE = "favourite"
    UPDATE = "update"  # a post that one has reblogged reads differently now
    POLL = "poll"  # a poll of one's own, or that one has voted in, has ended


ALONE = "ungrouped-"
# Kinds that are grouped, with what hangs on the same post (0: none) within half a day.
GROUPED = frozenset({Kind.FAVOURITE.value, Kind.REBLOG.value, Kind.FOLLOW.value})
ALL_KINDS = frozenset(kind.value for kind in Kind)
WITH_POST = ALL_KINDS - {Kind.FOLLOW.value, Kind.FOLLOW_REQUEST.value}


class Notification(msgspec.Struct, frozen=True):
    """A notification. Its id tells when it was made."""

    id: int
    kind: str
    from_account_id: int
    post_id: int  # 0: none
    group_key: str = ""  # shared by those that are told of as one; empty: it stands alone

    @property
    def key(self) -> str:
        """The key of its group, which may be of it alone."""
        return self.group_key or f"{ALONE}{self.id}"


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Notifications that are told of as one."""

    key: str
    kind: str
    post_id: int  # 0: none
    count: int
    newest_id: int
    accounts: tuple[int, ...]  # the latest senders, the newest first
    page_min_id: int  # the oldest one on the page


class Wanted(msgspec.Struct, frozen=True):
    """Which notifications are asked for."""

    kinds: frozenset[str] = ALL_KINDS
    from_account_id: int = 0  # 0: everybody

    @classmethod
    def of(
        cls, types: tuple[str, ...], exclude_types: tuple[str, ...], from_account_id: int = 0
    ) -> "Wanted":
        """Of these types (none: all) without those; unknown types are of no effect."""
        kinds = ALL_KINDS & frozenset(types) if types else ALL_KINDS
        return cls(kinds - frozenset(exclude_types), from_account_id)
