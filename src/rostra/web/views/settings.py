"""The member's settings."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.approvals import ANSWERERS
from rostra.web.views.forms import LANGUAGES, LOCALES, POLICIES, VISIBILITIES, Form, Option
from rostra.web.views.parts import AuthorView, Pager, PersonView, Tab
from rostra.web.views.shell import Page

THEMES: Sequence[Option] = (
    Option("", "As my device says"),
    Option("light", "Light"),
    Option("dark", "Dark"),
)


class SettingsPage(Page, frozen=True, kw_only=True):
    """One page of the settings; `part` says which is current."""

    section: ClassVar[str] = "settings"
    part: ClassVar[str] = ""


class ProfileSettingsPage(SettingsPage, frozen=True, kw_only=True):
    """How others see the member.

    Fields: display_name, note, avatar, header, remove_avatar, remove_header, field_name_1…4,
    field_value_1…4, locked, bot, discoverable, indexable, hide_collections, attribution_domains.
    """

    template: ClassVar[str] = "settings/profile.html"
    title: ClassVar[str] = "Profile"
    part: ClassVar[str] = "profile"

    form: Form
    avatar_url: str
    header_url: str = ""
    has_avatar: bool = False
    max_fields: int = 4
    max_note: int = 500


class PreferencesPage(SettingsPage, frozen=True, kw_only=True):
    """Fields: theme, locale, default_visibility, default_quote_policy, default_answerers.

    And default_language; and to tick: default_sensitive, expand_spoilers and
    report_mails.
    """

    template: ClassVar[str] = "settings/preferences.html"
    title: ClassVar[str] = "Preferences"
    part: ClassVar[str] = "preferences"

    form: Form
    themes: Sequence[Option] = THEMES
    visibilities: Sequence[Option] = VISIBILITIES[:3]
    policies: Sequence[Option] = POLICIES
    answerers: Sequence[Option] = ANSWERERS
    languages: Sequence[Option] = LANGUAGES
    locales: Sequence[Option] = LOCALES


class AccountPage(SettingsPage, frozen=True, kw_only=True):
    """The account itself: address of mail, sign-out everywhere, deletion.

    Forms: /settings/email (email, current_password, code), /settings/delete (password, confirm).
    """

    template: ClassVar[str] = "settings/account.html"
    title: ClassVar[str] = "Account"
    part: ClassVar[str] = "account"

    handle: str
    created_at: int
    email: str = ""
    pending_email: str = ""
    email_form: Form = Form()
    second_step: bool = False
    """Whether a code is asked for beside the password."""
    delete_form: Form = Form()
    leaving_days: int = 0
    """Days in which they may still stay."""


class PasswordPage(SettingsPage, frozen=True, kw_only=True):
    """Fields: current_password, password, password_again."""

    template: ClassVar[str] = "settings/password.html"
    title: ClassVar[str] = "Password"
    part: ClassVar[str] = "password"

    form: Form = Form()
    minimum: int = 8


class TwoFactorPage(SettingsPage, frozen=True, kw_only=True):
    """State of the second step, or its set-up; `qr` and `secret` are there once it was begun."""

    template: ClassVar[str] = "settings/two_factor.html"
    title: ClassVar[str] = "Two-step sign-in"
    part: ClassVar[str] = "two-factor"

    enabled: bool
    form: Form = Form()
    qr: str = ""
    """A `data:` address (`rostra.web.qr.data_uri`)."""
    secret: str = ""
    codes_left: int = 0
    codes_form: Form = Form()
    """Errors of the form for new codes: `codes_password`, `codes_code`."""


class RecoveryCodesPage(SettingsPage, frozen=True, kw_only=True):
    """The recovery codes, shown once."""

    template: ClassVar[str] = "settings/recovery_codes.html"
    title: ClassVar[str] = "Recovery codes"
    part: ClassVar[str] = "two-factor"

    codes: Sequence[str]


class PasskeyView(msgspec.Struct, frozen=True, kw_only=True):
    """A passkey of the member's. Times are UTC ms; used 0: never."""

    id: str
    name: str
    created_at: int
    used_at: int = 0
    backed_up: bool = False


class PasskeysPage(SettingsPage, frozen=True, kw_only=True):
    """The member's passkeys. Fields of a new one: name, current_password, code, credential."""

    template: ClassVar[str] = "settings/passkeys.html"
    title: ClassVar[str] = "Passkeys"
    part: ClassVar[str] = "passkeys"

    passkeys: Sequence[PasskeyView] = ()
    form: Form = Form()
    second_step: bool = False
    """Whether a code is asked for beside the password."""


class SessionView(msgspec.Struct, frozen=True, kw_only=True):
    """A browser or an app that is signed in."""

    id: str
    name: str
    detail: str
    created_at: int
    used_at: int
    current: bool = False
    website: str = ""
    scopes: Sequence[str] = ()


class SessionsPage(SettingsPage, frozen=True, kw_only=True):
    """Browsers that are signed in."""

    template: ClassVar[str] = "settings/sessions.html"
    title: ClassVar[str] = "Sessions"
    part: ClassVar[str] = "sessions"

    sessions: Sequence[SessionView]


class AppsPage(SettingsPage, frozen=True, kw_only=True):
    """Apps with access to the account."""

    template: ClassVar[str] = "settings/apps.html"
    title: ClassVar[str] = "Apps"
    part: ClassVar[str] = "apps"

    apps: Sequence[SessionView]


class TableView(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of file that can be had."""

    label: str
    url: str
    count: int
    file_name: str
    hint: str = ""


class DownloadPage(SettingsPage, frozen=True, kw_only=True):
    """A copy of all that is one's own. `archive` is the id of the one that is ready."""

    template: ClassVar[str] = "settings/download.html"
    title: ClassVar[str] = "Your data"
    part: ClassVar[str] = "data"

    posts: int
    pictures: int
    tabs: Sequence[Tab] = ()
    tables: Sequence[TableView] = ()
    archive: str = ""
    ready_at: int = 0
    ready_bytes: int = 0
    expires_at: int = 0
    pending: bool = False


class CleanupPage(SettingsPage, frozen=True, kw_only=True):
    """Old posts that delete themselves.

    Fields: active, min_age, keep_direct, keep_pinned, keep_polls, keep_media, keep_favourited,
    keep_bookmarked, min_favourites, min_reblogs.
    """

    template: ClassVar[str] = "settings/cleanup.html"
    title: ClassVar[str] = "Old posts"
    part: ClassVar[str] = "cleanup"

    form: Form
    ages: Sequence[Option] = (
        Option("7", "1 week"),
        Option("14", "2 weeks"),
        Option("30", "1 month"),
        Option("60", "2 months"),
        Option("90", "3 months"),
        Option("180", "6 months"),
        Option("365", "1 year"),
        Option("730", "2 years"),
    )


class BlocksPage(SettingsPage, frozen=True, kw_only=True):
    """Accounts that are blocked or muted."""

    template: ClassVar[str] = "settings/blocks.html"
    title: ClassVar[str] = "Blocks and mutes"
    part: ClassVar[str] = "blocks"

    kind: str
    """`blocks` or `mutes`."""
    tabs: Sequence[Tab]
    people: Sequence[PersonView]
    pager: Pager


class FeaturedTagView(msgspec.Struct, frozen=True, kw_only=True):
    """A hashtag on a profile."""

    id: str
    name: str
    url: str
    posts: int = 0


class FeaturedTagsPage(SettingsPage, frozen=True, kw_only=True):
    """The hashtags on the member's profile. Field: name."""

    template: ClassVar[str] = "settings/featured.html"
    title: ClassVar[str] = "Featured hashtags"
    part: ClassVar[str] = "featured"

    tags: Sequence[FeaturedTagView]
    suggested: Sequence[str] = ()
    form: Form = Form()


class InviteView(msgspec.Struct, frozen=True, kw_only=True):
    """One invitation."""

    id: str
    url: str
    uses: int
    max_uses: int = 0
    """0 for any number."""
    expires_at: int | None = None
    created_at: int = 0
    note: str = ""
    came: Sequence[AuthorView] = ()
    """Who came by it."""


class InvitesPage(SettingsPage, frozen=True, kw_only=True):
    """Invitations the member made. Fields: max_uses, expires_in, note."""

    template: ClassVar[str] = "settings/invites.html"
    title: ClassVar[str] = "Invitations"
    part: ClassVar[str] = "invites"

    invites: Sequence[InviteView]
    ended: Sequence[InviteView] = ()
    """Those that have ended, by which somebody came."""
    form: Form = Form()
    expiries: Sequence[Option] = (
        Option("86400", "1 day"),
        Option("604800", "1 week"),
        Option("2592000", "30 days"),
        Option("", "For ever"),
    )
    uses: Sequence[Option] = (
        Option("1", "1 person"),
        Option("5", "5 people"),
        Option("25", "25 people"),
        Option("", "Any number"),
    )
