"""The things pages are made of: people, posts, pictures, notifications, pagers, tabs."""

from collections.abc import Sequence
from typing import Literal

import msgspec
from markupsafe import Markup

Visibility = Literal["public", "unlisted", "private", "direct"]
NotificationKind = Literal[
    "mention",
    "status",
    "reblog",
    "favourite",
    "follow",
    "follow_request",
    "update",
    "poll",
    "quote",
    "quoted_update",
    "pending.favourite",
    "pending.reply",
    "pending.reblog",
    "moderation_warning",
    "admin.sign_up",
]


class AuthorView(msgspec.Struct, frozen=True, kw_only=True):
    """An account, in the one line that stands over a post."""

    id: str
    username: str
    acct: str
    """`name` of a local account, `name@domain` of a remote one."""
    display_name: str
    """Plain text. Never empty: falls back to the name."""
    url: str
    avatar_url: str
    bot: bool = False
    locked: bool = False
    marked: Markup = Markup("")
    """The name with its custom emoji as pictures; empty where it has none."""

    def name(self) -> str:
        """Return the name to be shown as content: text, or Markup where it has custom emoji."""
        return self.marked or self.display_name


class PictureView(msgspec.Struct, frozen=True, kw_only=True):
    """One picture, video or recording of a post."""

    id: str
    kind: str = "image"
    """`image`, `video`, `gifv` (a loop without sound), `audio`, or `withheld` by moderators."""
    mime: str = ""
    url: str = ""
    """The large variant; empty where there is none to be had."""
    preview_url: str = ""
    """A still; empty where there is nothing to see."""
    alt: str = ""
    width: int = 0
    height: int = 0
    """Pixels of the preview; 0 where unknown."""
    focus_x: float = 0.0
    focus_y: float = 0.0
    """Mastodon's focal point: -1 to 1, the second upwards."""
    placeholder: str = ""
    """A tiny picture as a `data:` address (`blurhash.placeholder`), or empty."""

    def focus_class(self) -> str:
        """Name the classes that keep the focal point in view, to a tenth of the picture.

        Inline styles are forbidden by the content security policy, so the position is a class.
        """
        across = round((_clamped(self.focus_x) + 1) * 5)
        down = round((1 - _clamped(self.focus_y)) * 5)
        return f"fx-{across} fy-{down}"

    def medium(self) -> str:
        """Name the kind as feeds do (Media RSS)."""
        return "video" if self.kind == "gifv" else self.kind

    def is_tall(self) -> bool:
        """Tell whether the picture is so tall that it must be cropped in a timeline."""
        return self.height > self.width * 1.25


def _clamped(value: float) -> float:
    return max(-1.0, min(1.0, value))


class CardView(msgspec.Struct, frozen=True, kw_only=True):
    """What the first link of a post leads to."""

    url: str
    host: str
    """Where it leads, from the address itself: what a page calls itself may be anything."""
    title: str
    description: str = ""
    provider: str = ""
    author: str = ""
    language: str = ""
    image_url: str = ""
    image_alt: str = ""
    placeholder: str = ""


class ReplyView(msgspec.Struct, frozen=True, kw_only=True):
    """What a post answers, in one line."""

    name: str
    url: str
    to_self: bool = False


class PollOptionView(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that can be chosen."""

    title: str
    votes: int | None = None
    """None while results are hidden."""
    mine: bool = False


class PollView(msgspec.Struct, frozen=True, kw_only=True):
    """A poll as one viewer sees it."""

    options: Sequence[PollOptionView]
    ends_at: int
    ended: bool = False
    multiple: bool = False
    hidden: bool = False
    """Results are not shown yet."""
    voters: int = 0
    votes: int = 0
    open: bool = False
    """The viewer can vote, if they are signed in."""

    def share(self, option: PollOptionView) -> int:
        """Tell how many of a hundred chose this: of the voters, where several can be chosen."""
        of = self.voters if self.multiple else self.votes
        return round(100 * (option.votes or 0) / of) if of else 0


class QuoteView(msgspec.Struct, frozen=True, kw_only=True):
    """What a post quotes, as far as the viewer may see it."""

    state: str
    """Mastodon's name."""
    post: "PostView | None" = None

    def words(self) -> str:
        """Say why nothing is shown."""
        return {
            "revoked": "The quoted post was taken out by its author.",
            "deleted": "The quoted post is deleted.",
            "blocked_account": "A post of somebody you block is quoted here.",
            "muted_account": "A post of somebody you mute is quoted here.",
        }.get(self.state, "The quoted post is not for everybody.")


class PostView(msgspec.Struct, frozen=True, kw_only=True):
    """A post as one viewer sees it."""

    id: str
    url: str
    author: AuthorView
    created_at: int
    content: Markup
    """Sanitised HTML from the trusted renderer."""
    plain: str = ""
    """The same as text, for Open Graph and feeds; empty under a content warning."""
    edited_at: int | None = None
    spoiler: str = ""
    visibility: Visibility = "public"
    sensitive: bool = False
    language: str = ""
    pictures: Sequence[PictureView] = ()
    card: CardView | None = None
    poll: PollView | None = None
    quote: QuoteView | None = None
    quotes: bool = False
    """It quotes another, whether that is shown here or not."""
    can_quote: bool = False
    replies: int = 0
    reblogs: int = 0
    favourites: int = 0
    favourited: bool = False
    reblogged: bool = False
    bookmarked: bool = False
    approval: Literal["", "waiting", "refused"] = ""
    """It is held: whoever it answers is asked for approval, or has refused it."""
    pinned: bool = False
    """Pinned by its author; shown on their profile."""
    muted: bool = False
    """The viewer muted the thread."""
    mine: bool = False
    can_reblog: bool = True
    reply_to: ReplyView | None = None
    reblogged_by: AuthorView | None = None
    application: str = ""
    key: str = ""
    """Id of the timeline entry where it differs from the post's (a reblog)."""
    filtered: str = ""
    """Titles of the viewer's filters that let it be shown after a click only."""
    blurred: str = ""
    """Titles of the viewer's filters that cover its pictures."""
    hidden: bool = False
    """A filter of the viewer's leaves it out of lists; `filtered` names it for all other places."""

    def first_shown(self) -> PictureView | None:
        """Return the first picture, or video with a still, that can stand for the post."""
        return next((picture for picture in self.pictures if picture.preview_url), None)

    def anchor(self) -> str:
        """Name the element's id, unique on a page even where a post stands twice."""
        return f"p{self.key or self.id}"


class FieldView(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a profile's table."""

    name: str
    value: Markup
    verified: bool = False


class RelationView(msgspec.Struct, frozen=True, kw_only=True):
    """How the viewer stands to an account."""

    following: bool = False
    requested: bool = False
    followed_by: bool = False
    blocking: bool = False
    muting: bool = False
    reblogs_hidden: bool = False
    endorsed: bool = False
    """Shown on the viewer's profile."""
    note: str = ""


class ProfileView(msgspec.Struct, frozen=True, kw_only=True):
    """An account's page header."""

    author: AuthorView
    note: Markup
    plain_note: str = ""
    header_url: str = ""
    fields: Sequence[FieldView] = ()
    posts: int = 0
    following: int = 0
    followers: int = 0
    counts_hidden: bool = False
    created_at: int = 0
    relation: RelationView | None = None
    """None for visitors and on one's own profile."""
    mine: bool = False
    indexable: bool = True
    roles: Sequence[str] = ()


class PersonView(msgspec.Struct, frozen=True, kw_only=True):
    """An account in a list of accounts."""

    author: AuthorView
    note: str = ""
    """Plain text, cut by the style sheet."""
    relation: RelationView | None = None
    until: int | None = None
    """When a mute ends, UTC milliseconds."""


class NotificationView(msgspec.Struct, frozen=True, kw_only=True):
    """One notification."""

    id: str
    kind: NotificationKind
    created_at: int
    author: AuthorView
    post: PostView | None = None
    unread: bool = False
    statement: str = ""
    """Id of the statement that it tells of."""


class TagView(msgspec.Struct, frozen=True, kw_only=True):
    """A hashtag with its recent use."""

    name: str
    url: str
    posts: int = 0
    people: int = 0


class Pager(msgspec.Struct, frozen=True, kw_only=True):
    """Links to the neighbouring pages of a list; empty where there is none."""

    older_url: str = ""
    newer_url: str = ""


class Tab(msgspec.Struct, frozen=True, kw_only=True):
    """One of several views on the same thing."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


class RuleView(msgspec.Struct, frozen=True, kw_only=True):
    """A rule of the house."""

    text: str
    hint: str = ""
