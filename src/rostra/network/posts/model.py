"""What others see of a post."""

from enum import IntEnum, IntFlag
from typing import Literal, NamedTuple, Self

import msgspec

from rostra.network.media.model import Media
from rostra.network.previews.model import Card

WireName = Literal["public", "unlisted", "private", "direct"]
_WIRE_NAMES: tuple[WireName, ...] = ("public", "unlisted", "private", "direct")
_HELD: WireName = "direct"


class Visibility(IntEnum):
    """Who may see a post; the wire names are Mastodon's."""

    PUBLIC = 0
    UNLISTED = 1
    FOLLOWERS = 2
    DIRECT = 3
    WAITING = 4  # for an approval: its author, and the account that it answers
    REFUSED = 5  # its author alone
    HELD = 6  # by a decision: its author alone, who can't change it
    REMOVED = 7  # by a decision: nobody

    @property
    def wire(self) -> WireName:
        """Mastodon's name; it has none for what is held, which is as narrow as `direct`."""
        return _HELD if self.held else _WIRE_NAMES[self]

    @property
    def held(self) -> bool:
        """Whether it was written but not released: it does not count, and nobody is told of it."""
        return self >= Visibility.WAITING

    @classmethod
    def from_wire(cls, name: str) -> Self | None:
        """The visibility with this name in Mastodon's API; None if there is none."""
        return cls(_WIRE_NAMES.index(name)) if name in _WIRE_NAMES else None


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
    poll: int  # 1: it has one
    replies_count: int
    reblogs_count: int
    favourites_count: int
    quotes_count: int
    quote: int  # 1: it quotes another
    quote_policy: int  # a `QuotePolicy`
    interaction_policy: int  # packed; 0: who sees it may do everything
    edited_at: int  # UTC ms; 0: never
    created_at: int
    limits: int  # what decisions have done to it: see `limits.Standing`
    author_version: int
    author_followers: int
    author_following: int
    author_posts: int
    author_last_post_at: int


class Shown(NamedTuple):
    """All that decides what a viewer is shown of a post, as :data:`ShownRow` has it.

    Two rows that are equal are shown as the same bytes, for everybody, for ever: whatever can
    change in the sight of a post (counters, the viewer's own doing) must stand in here or raise one
    of the versions.
    """

    id: int
    reblog_of_id: int  # 0: a post of its own
    account_id: int
    version: int
    author_version: int
    flags: int  # bits of `Flag`; -1: nobody asks
    replies_count: int
    reblogs_count: int
    favourites_count: int
    author_followers: int
    author_following: int
    author_posts: int
    author_last_post_at: int
    quotes_count: int
    extras: int  # bits of `Extra`, and above them the `QuotePolicy`


# The columns of `Shown`, as the database gave them: lists look each up in a cache, and only what is
# not there is worth an object.
ShownRow = tuple[int, ...]
AUTHOR_VERSION = Shown._fields.index("author_version")
UNSEEN = -1  # in its place, where a list names a post that the viewer may not see
# In place of `reblog_of_id`: no line of the list, but the original of one.
BESIDE = -1


class Flag(IntFlag):
    """What the viewer of a post has done with it, and whether it is their own."""

    FAVOURITED = 1
    BOOKMARKED = 2
    REBLOGGED = 4
    MUTED = 8
    PINNED = 16
    OWN = 32
    FOLLOWED = 64  # the viewer follows its author; told where it matters


class Extra(IntFlag):
    """What stands in a post and is read anew each time."""

    POLL = 1
    QUOTE = 2
    SURFACES = 32  # it is hidden on some: `limits.Limit` has the same bit


ANY_EXTRA = Extra.POLL | Extra.QUOTE
POLICY_SHIFT = 2
POLICY_MASK = 3


class QuotePolicy(IntEnum):
    """Who may quote a post; what its author alone may quote is `nobody` to others."""

    PUBLIC = 0
    FOLLOWERS = 1
    NOBODY = 2
    NEVER = 3  # direct: not even its author

    @property
    def wire(self) -> str:
        """Mastodon's name."""
        return ("public", "followers", "nobody", "nobody")[self]

    @classmethod
    def from_wire(cls, name: str) -> Self | None:
        """The policy with this name in Mastodon's API; None if there is none."""
        names = ("public", "followers", "nobody")
        return cls(names.index(name)) if name in names else None

    def of(self, visibility: "Visibility") -> "QuotePolicy":
        """What holds for a post of this visibility: what few may see, others may not quote."""
        if visibility is Visibility.DIRECT:
            return QuotePolicy.NEVER
        # What waits keeps what its author chose, for when it is released.
        if visibility is Visibility.FOLLOWERS:
            return QuotePolicy.NOBODY
        return min(self, QuotePolicy.NOBODY)


class Quote(msgspec.Struct, frozen=True):
    """What a post quotes, as far as that is told to a viewer."""

    post_id: int
    quoted_id: int  # 0: not told
    state: str  # Mastodon's name; `accepted` where only the loader of posts can still hide it


class Quoting(msgspec.Struct, frozen=True):
    """A quote as it is stored."""

    post_id: int
    account_id: int
    quoted_id: int
    state: int


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
    card: Card | None = None
    label: str = ""  # what a decision has written beside it


class Engagement(msgspec.Struct, frozen=True):
    """One line of a list that pages by an id of its own: of favourites, bookmarks, reblogs."""

    id: int
    subject_id: int  # an account or a post


class Step(msgspec.Struct, frozen=True):
    """A post met on a walk through a thread."""

    id: int
    parent_id: int
    account_id: int
    answered_id: int  # the account that is answered
    visibility: int
    hidden: int  # 1: the viewer blocks or mutes its author


class Edit(msgspec.Struct, frozen=True):
    """A version of a post."""

    html: str
    spoiler_text: str
    sensitive: int
    media: str  # JSON: [{id, description}]
    poll: str  # JSON: the options; empty: no poll
    created_at: int


class MediaChange(msgspec.Struct, frozen=True):
    """A new description or focus for a picture of a post."""

    id: int
    description: str | None = None
    focus_x: int | None = None
    focus_y: int | None = None


class PollDraft(msgspec.Struct, frozen=True):
    """What somebody wants to ask, as it came."""

    options: tuple[str, ...] = ()
    lasts_s: int | None = None
    multiple: bool = False
    hide_totals: bool = False


class PollForm(msgspec.Struct, frozen=True):
    """What a post asks, and until when (UTC ms)."""

    options: tuple[str, ...]
    ends_at: int
    multiple: bool = False
    hide_totals: bool = False


class Draft(msgspec.Struct, frozen=True):
    """What somebody wants to post, as it came. Empty or None: not said."""

    text: str = ""
    spoiler_text: str = ""
    visibility: Visibility | None = None
    sensitive: bool | None = None
    language: str = ""
    in_reply_to_id: int = 0
    media_ids: tuple[int, ...] = ()
    media_changes: tuple[MediaChange, ...] = ()
    poll: PollDraft | None = None
    app_id: int = 0
    idempotency_key: str = ""
    quoted_id: int = 0
    quote_policy: QuotePolicy | None = None
    interaction_policy: int | None = None  # packed
    scheduled_id: int = 0  # the scheduled post that it was until now


class Origin(msgspec.Struct, frozen=True):
    """What became of a post that was brought in from an archive."""

    origin: str  # a hash of what it was called there
    post_id: int  # 0: it is gone
    gone: int  # 1: it was deleted here since
    stands: int  # 1: it is here


class Scheduled(msgspec.Struct, frozen=True):
    """A post that is to be published later."""

    id: int
    account_id: int
    due_at: int  # UTC ms
    draft: str  # JSON of a `Draft`
    failure: str  # why it could not be posted; empty: it waits

    def content(self) -> Draft:
        """What is to be posted."""
        return msgspec.json.decode(self.draft, type=Draft)


class Placed(msgspec.Struct, frozen=True):
    """Where a post belongs: what decides on the timelines it stands in."""

    account_id: int
    visibility: int
    reblog_of_id: int
    in_reply_to_account_id: int
    media_count: int

    @property
    def in_public(self) -> bool:
        """Whether it stands in the public timeline: no reblog, and no answer to somebody else."""
        return (
            self.visibility == Visibility.PUBLIC
            and not self.reblog_of_id
            and self.in_reply_to_account_id in {0, self.account_id}
        )


class Gone(msgspec.Struct, frozen=True):
    """What is kept of a deleted post for as long as it takes to tell who saw it."""

    account_id: int
    visibility: int
    original_author_id: int = 0  # of a reblog
    mentioned_ids: tuple[int, ...] = ()
    in_reply_to_account_id: int = 0


class Removable(msgspec.Struct, frozen=True):
    """What must be known of a post to remove it."""

    id: int
    account_id: int
    visibility: int
    in_reply_to_id: int
    in_reply_to_account_id: int
    reblog_of_id: int
    media_count: int
    poll: int
    quote: int
    limits: int


class Meant(msgspec.Struct, frozen=True):
    """A post that somebody takes something back from, though they may no longer see it."""

    id: int
    account_id: int
    thread_id: int
    interaction_policy: int
