"""Status and what hangs on it."""

from typing import Literal

import msgspec

from rostra.api.mastodon.entities.accounts import Account, CustomEmoji
from rostra.api.mastodon.entities.filters import FilterResult
from rostra.api.mastodon.entities.policies import InteractionPolicy

Moderation = Literal["held"]
Approval = Literal["pending", "rejected"]
VisibilityName = Literal["public", "unlisted", "private", "direct"]


class MediaSize(msgspec.Struct, frozen=True):
    """The size of one variant of a picture, in pixels."""

    width: int
    height: int
    size: str
    aspect: float


class MediaFocus(msgspec.Struct, frozen=True):
    """The point that stays in sight when a picture is cropped, -1.0 to 1.0 from the middle."""

    x: float
    y: float


class MediaOriginal(msgspec.Struct, frozen=True, kw_only=True):
    """The size of a picture; of what plays also how long, how fast and how dense."""

    width: int | msgspec.UnsetType = msgspec.UNSET
    height: int | msgspec.UnsetType = msgspec.UNSET
    size: str | msgspec.UnsetType = msgspec.UNSET
    aspect: float | msgspec.UnsetType = msgspec.UNSET
    frame_rate: str | msgspec.UnsetType = msgspec.UNSET
    duration: float | msgspec.UnsetType = msgspec.UNSET
    bitrate: int | msgspec.UnsetType = msgspec.UNSET


class MediaMeta(msgspec.Struct, frozen=True, kw_only=True):
    """Sizes and focus; of what plays also how long it does."""

    original: MediaOriginal
    small: MediaSize | msgspec.UnsetType = msgspec.UNSET
    focus: MediaFocus | msgspec.UnsetType = msgspec.UNSET
    length: str | msgspec.UnsetType = msgspec.UNSET
    duration: float | msgspec.UnsetType = msgspec.UNSET
    fps: int | msgspec.UnsetType = msgspec.UNSET
    size: str | msgspec.UnsetType = msgspec.UNSET
    width: int | msgspec.UnsetType = msgspec.UNSET
    height: int | msgspec.UnsetType = msgspec.UNSET
    aspect: float | msgspec.UnsetType = msgspec.UNSET
    audio_encode: str | msgspec.UnsetType = msgspec.UNSET
    audio_bitrate: str | msgspec.UnsetType = msgspec.UNSET
    audio_channels: str | msgspec.UnsetType = msgspec.UNSET


class MediaAttachment(msgspec.Struct, frozen=True, kw_only=True):
    """A picture, video or recording that hangs, or may come to hang, on a post.

    While it is being processed it has no `url`; what moderators withhold has none either, and its
    type is `unknown`.
    """

    id: str
    type: Literal["image", "gifv", "video", "audio", "unknown"]
    url: str | None
    preview_url: str | None
    remote_url: str | None = None
    preview_remote_url: str | None = None
    text_url: str | None = None
    meta: MediaMeta | None
    description: str | None
    blurhash: str | None


class StatusApplication(msgspec.Struct, frozen=True):
    """The app that a post was written with."""

    name: str
    website: str | None = None


class StatusMention(msgspec.Struct, frozen=True):
    """An account named in a post."""

    id: str
    username: str
    url: str
    acct: str


class StatusTag(msgspec.Struct, frozen=True):
    """A hashtag in a post."""

    name: str
    url: str


class PollOption(msgspec.Struct, frozen=True):
    """One thing that can be chosen. The votes are not told while totals are hidden."""

    title: str
    votes_count: int | None


class Poll(msgspec.Struct, frozen=True, kw_only=True):
    """A poll as a viewer sees it. What they chose is there for those who are signed in."""

    id: str
    expires_at: str | None
    expired: bool
    multiple: bool
    votes_count: int
    voters_count: int | None
    options: tuple[PollOption, ...]
    emojis: tuple[CustomEmoji, ...] = ()
    voted: bool | msgspec.UnsetType = msgspec.UNSET
    own_votes: tuple[int, ...] | msgspec.UnsetType = msgspec.UNSET


class CardAuthor(msgspec.Struct, frozen=True):
    """Who wrote what a link leads to, as the page itself says; an account only by consent."""

    name: str
    url: str
    account: Account | None = None


class PreviewCard(msgspec.Struct, frozen=True, kw_only=True):
    """What a link leads to. `html` is a frame of our own making or empty, never a stranger's."""

    url: str
    title: str
    description: str
    language: str | None
    type: Literal["link", "photo", "video", "rich"]
    author_name: str
    author_url: str
    authors: tuple[CardAuthor, ...] = ()
    provider_name: str
    provider_url: str
    html: str
    width: int
    height: int
    image: str | None
    image_description: str
    embed_url: str
    blurhash: str | None
    published_at: str | None


class QuoteApproval(msgspec.Struct, frozen=True, kw_only=True):
    """Who may quote a post, and whether the viewer may."""

    automatic: tuple[str, ...] = ()
    manual: tuple[str, ...] = ()
    current_user: str = "denied"


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What a post quotes; inside a quoted post only the id is told."""

    state: str
    quoted_status: "Status | msgspec.UnsetType | None" = msgspec.UNSET
    quoted_status_id: str | msgspec.UnsetType | None = msgspec.UNSET


class StatusLasting(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a post that changes only with its version."""

    id: str
    created_at: str
    edited_at: str | None
    in_reply_to_id: str | None
    in_reply_to_account_id: str | None
    sensitive: bool
    spoiler_text: str
    visibility: VisibilityName
    language: str | None
    uri: str
    url: str
    content: str
    application: StatusApplication | None
    media_attachments: tuple[MediaAttachment, ...] = ()
    mentions: tuple[StatusMention, ...] = ()
    tags: tuple[StatusTag, ...] = ()
    emojis: tuple[CustomEmoji, ...] = ()
    card: PreviewCard | None = None
    poll: Poll | msgspec.UnsetType | None = None  # unset where it is among what changes
    quote: Quote | msgspec.UnsetType | None = None  # likewise
    # Only where not everybody who sees the post may do everything at once.
    interaction_policy: InteractionPolicy | msgspec.UnsetType = msgspec.UNSET
    # Only of what waits for an approval, or was refused one, and is seen by few therefore.
    approval: Approval | msgspec.UnsetType = msgspec.UNSET
    # Only of what moderators hold: its author alone sees it, and can't change it.
    moderation: Moderation | msgspec.UnsetType = msgspec.UNSET
    # What moderators have written beside it; also in front of `spoiler_text`.
    moderation_label: str | msgspec.UnsetType = msgspec.UNSET


class Status(StatusLasting, frozen=True, kw_only=True):
    """A post as a viewer sees it. The flags are there for those who are signed in."""

    replies_count: int
    reblogs_count: int
    favourites_count: int
    quotes_count: int
    quote_approval: QuoteApproval
    reblog: "Status | None"
    account: Account
    favourited: bool | msgspec.UnsetType = msgspec.UNSET
    reblogged: bool | msgspec.UnsetType = msgspec.UNSET
    muted: bool | msgspec.UnsetType = msgspec.UNSET
    bookmarked: bool | msgspec.UnsetType = msgspec.UNSET
    pinned: bool | msgspec.UnsetType = msgspec.UNSET
    filtered: tuple[FilterResult, ...] | msgspec.UnsetType = msgspec.UNSET
    text: str | msgspec.UnsetType = msgspec.UNSET  # in the answer to a deletion
