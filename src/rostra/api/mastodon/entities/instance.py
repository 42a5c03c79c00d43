"""Instance and what hangs on it."""

import msgspec


class RuleTranslation(msgspec.Struct, frozen=True):
    """A rule in another language."""

    text: str
    hint: str


class Rule(msgspec.Struct, frozen=True):
    """A rule of the place."""

    id: str
    text: str
    hint: str
    translations: dict[str, RuleTranslation] = {}


class Urls(msgspec.Struct, frozen=True, kw_only=True):
    """Where things of the place are. No streaming is told where there is none."""

    streaming: str | msgspec.UnsetType = msgspec.UNSET
    about: str
    privacy_policy: str | None
    terms_of_service: str | None
    status: str | None = None


class Vapid(msgspec.Struct, frozen=True):
    """The key for push messages; empty: none are sent."""

    public_key: str = ""


class AccountLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds of profiles."""

    max_featured_tags: int
    max_pinned_statuses: int
    max_profile_fields: int
    profile_field_name_limit: int
    profile_field_value_limit: int
    max_display_name_length: int
    max_note_length: int
    max_avatar_description_length: int
    max_header_description_length: int


class StatusLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds of posts."""

    max_characters: int
    max_media_attachments: int
    characters_reserved_per_url: int = 23


class MediaLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds of uploads, in bytes, pixels and frames a second; 0: videos are not taken."""

    description_limit: int
    supported_mime_types: tuple[str, ...]
    image_size_limit: int
    image_matrix_limit: int
    video_size_limit: int = 0
    video_frame_rate_limit: int = 0
    video_matrix_limit: int = 0


class PollLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds of polls, in characters and seconds."""

    max_options: int
    max_characters_per_option: int
    min_expiration: int
    max_expiration: int


class Translation(msgspec.Struct, frozen=True):
    """Whether posts can be translated here."""

    enabled: bool = False


class FeedAccess(msgspec.Struct, frozen=True):
    """Who may read a feed: public, authenticated or disabled."""

    local: str
    remote: str


class TimelinesAccess(msgspec.Struct, frozen=True):
    """Who may read which feeds."""

    live_feeds: FeedAccess
    hashtag_feeds: FeedAccess
    trending_link_feeds: FeedAccess


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """What clients must know before they ask."""

    urls: Urls
    vapid: Vapid = Vapid()
    accounts: AccountLimits
    statuses: StatusLimits
    media_attachments: MediaLimits
    polls: PollLimits
    translation: Translation = Translation()
    timelines_access: TimelinesAccess
    limited_federation: bool = False


class Users(msgspec.Struct, frozen=True):
    """How many members there are."""

    active_month: int


class Usage(msgspec.Struct, frozen=True):
    """How much the place is used."""

    users: Users


class Thumbnail(msgspec.Struct, frozen=True, kw_only=True):
    """The picture of the place."""

    url: str
    blurhash: str | None = None
    versions: dict[str, str] = {}
    description: str = ""


class Icon(msgspec.Struct, frozen=True):
    """The sign of the place in one size."""

    src: str
    size: str


class Registrations(msgspec.Struct, frozen=True, kw_only=True):
    """Who may sign up."""

    enabled: bool
    approval_required: bool
    reason_required: bool
    message: str | None
    min_age: int | None
    url: str | None = None


class Contact(msgspec.Struct, frozen=True):
    """Who speaks for the place; the account as JSON, or null."""

    email: str
    account: msgspec.Raw


class Instance(msgspec.Struct, frozen=True, kw_only=True):
    """The place."""

    domain: str
    title: str
    version: str
    source_url: str
    description: str
    usage: Usage
    thumbnail: Thumbnail
    icon: tuple[Icon, ...] = ()
    languages: tuple[str, ...]
    configuration: Configuration
    registrations: Registrations
    api_versions: dict[str, int]
    contact: Contact
    rules: tuple[Rule, ...]


class StatsV1(msgspec.Struct, frozen=True):
    """Counts of the place."""

    user_count: int
    status_count: int
    domain_count: int


class ConfigurationV1(msgspec.Struct, frozen=True, kw_only=True):
    """What clients must know before they ask, in the older form."""

    accounts: AccountLimits
    statuses: StatusLimits
    media_attachments: MediaLimits
    polls: PollLimits


class InstanceV1(msgspec.Struct, frozen=True, kw_only=True):
    """The place, in the form before Mastodon 4."""

    uri: str
    title: str
    short_description: str
    description: str
    email: str
    version: str
    urls: dict[str, str] = {}
    stats: StatsV1
    thumbnail: str | None
    languages: tuple[str, ...]
    registrations: bool
    approval_required: bool
    invites_enabled: bool
    configuration: ConfigurationV1
    contact_account: msgspec.Raw
    rules: tuple[Rule, ...]


class Document(msgspec.Struct, frozen=True):
    """A text of the operators as HTML."""

    updated_at: str | None  # null: never written
    content: str


class TermsOfService(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the terms as HTML."""

    effective_date: str
    effective: bool
    content: str
    succeeded_by: str | None


class ActivityWeek(msgspec.Struct, frozen=True):
    """What happened in one week; all as text, the week as unix seconds."""

    week: str
    statuses: str
    logins: str
    registrations: str


class Language(msgspec.Struct, frozen=True):
    """A language that posts can be in."""

    code: str
    name: str
