"""What others see of a notification."""

from enum import IntEnum, StrEnum

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
    QUOTE = "quote"  # a post of one's own was quoted
    QUOTED_UPDATE = "quoted_update"  # a post that one quotes reads differently now
    # Somebody asks to do that with a post of one's own. GoToSocial's types.
    PENDING_FAVOURITE = "pending.favourite"
    PENDING_REPLY = "pending.reply"
    PENDING_REBLOG = "pending.reblog"
    # The team of this place has decided something about the member: never anybody's doing.
    MODERATION_WARNING = "moderation_warning"


ALONE = "ungrouped-"
# Kinds that are grouped: those about the same post (0: none), within half a day of the first.
GROUPED = frozenset({Kind.FAVOURITE.value, Kind.REBLOG.value, Kind.FOLLOW.value})
ALL_KINDS = frozenset(kind.value for kind in Kind)
# Kinds that Mastodon does not know: for those alone who name them.
PENDING = frozenset(
    {Kind.PENDING_FAVOURITE.value, Kind.PENDING_REPLY.value, Kind.PENDING_REBLOG.value}
)
USUAL_KINDS = ALL_KINDS - PENDING
WITH_POST = ALL_KINDS - {
    Kind.FOLLOW.value,
    Kind.FOLLOW_REQUEST.value,
    Kind.MODERATION_WARNING.value,
}
# What reaches a member whatever they have asked not to hear of.
ALWAYS = frozenset({Kind.MODERATION_WARNING.value})


def key_of(notification_id: int, group_key: str) -> str:
    """The key of a notification's group, which may be of it alone."""
    return group_key or f"{ALONE}{notification_id}"


class Notification(msgspec.Struct, frozen=True):
    """A notification. Its id tells when it was made.

    That of a decision tells of a statement, and comes, as in Mastodon, from the member themselves:
    the team is nobody's account.
    """

    id: int
    kind: str
    from_account_id: int
    post_id: int  # 0: none; of a decision: the statement
    group_key: str = ""  # shared by those that are told of as one; empty: it stands alone

    @property
    def about_post_id(self) -> int:
        """The post that it tells of; 0: none."""
        return self.post_id if self.kind in WITH_POST else 0

    @property
    def statement_id(self) -> int:
        """The statement that it tells of; 0: none."""
        return self.post_id if self.kind in ALWAYS else 0


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Notifications that are told of as one."""

    key: str
    kind: str
    post_id: int  # 0: none
    count: int
    newest_id: int
    accounts: tuple[int, ...]  # the latest senders, the newest first
    page_min_id: int  # the oldest one on the page
    statement_id: int = 0  # 0: none


class Outcome(IntEnum):
    """What becomes of notifications of a sort of senders; the names are Mastodon's."""

    ACCEPT = 0
    FILTER = 1  # set aside: a request that the member accepts or dismisses
    DROP = 2

    @property
    def wire(self) -> str:
        """Mastodon's name."""
        return self.name.lower()


ASKED = 2
"""The mark of notifications of `PENDING` kinds: in no list that does not name them."""


HIDDEN = 10
"""Added to the mark of notifications of posts that a decision hides."""


class Policy(msgspec.Struct, frozen=True):
    """Of whom a member wants to hear, as numbers of `Outcome`."""

    for_not_following: int = 0  # whom they do not follow
    for_not_followers: int = 0  # who does not follow them for three days
    for_new_accounts: int = 0  # who is here for less than 30 days
    for_private_mentions: int = 0  # direct posts that answer nothing of theirs
    for_limited_accounts: int = 0  # whom moderators have limited


class Request(msgspec.Struct, frozen=True):
    """All that was set aside of one sender. Its id is that of the oldest notification."""

    id: int
    newest_id: int
    from_account_id: int
    count: int
    post_id: int  # of the latest mention; 0: none


class Wanted(msgspec.Struct, frozen=True):
    """Which notifications are asked for."""

    kinds: frozenset[str] = USUAL_KINDS
    from_account_id: int = 0  # 0: everybody
    set_aside: bool = False  # those that the policy sets aside too

    @property
    def bounds(self) -> dict[str, int]:
        """The parameters of what is listed: up to which mark, and which other one."""
        also = ASKED if self.kinds & PENDING else 0
        return {"set_aside": int(self.set_aside), "also": also}

    @classmethod
    def of(
        cls,
        types: tuple[str, ...],
        exclude_types: tuple[str, ...],
        from_account_id: int = 0,
        *,
        set_aside: bool = False,
    ) -> "Wanted":
        """Of these types (none: all that Mastodon knows) without those.

        Unknown types are of no effect.
        Of a single sender those that are set aside are wanted too, as with Mastodon.
        """
        kinds = ALL_KINDS & frozenset(types) if types else USUAL_KINDS
        aside = set_aside or from_account_id != 0
        return cls(kinds - frozenset(exclude_types), from_account_id, aside)
