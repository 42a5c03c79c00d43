"""Accounts, profiles and users as the other slices and the edges see them."""

from enum import IntEnum
from functools import lru_cache

import msgspec


class AccountState(IntEnum):
    """Whether an account is there for others; kept in `accounts.state`."""

    ACTIVE = 0
    PENDING = 1  # not confirmed or not approved yet
    SUSPENDED = 2
    DISABLED = 3
    LEAVING = 4  # hidden, and deleted when its time has come


class AccountRow(msgspec.Struct, frozen=True):
    """The narrow part of an account. Times are UTC ms, 0: never."""

    id: int
    username: str
    domain: str  # empty: local
    version: int
    state: int
    locked: int
    bot: int
    discoverable: int
    indexable: int
    hide_collections: int
    followers_count: int
    following_count: int
    statuses_count: int
    last_post_at: int
    created_at: int
    limits: int = 0  # what decisions have done to it: bits of `limits.Limit`

    @property
    def acct(self) -> str:
        """The name as it is written here: with a domain only for accounts elsewhere."""
        return f"{self.username}@{self.domain}" if self.domain else self.username


class ProfileField(msgspec.Struct, frozen=True):
    """A line of a profile: as written, and as HTML."""

    name: str
    value: str
    html: str = ""
    verified_at: str | None = None  # ISO 8601


class Profile(msgspec.Struct, frozen=True):
    """The long part of an account; blob keys are empty where there is no picture."""

    account_id: int
    display_name: str
    note: str
    note_html: str
    fields: str  # JSON, see `lines`
    avatar_key: str
    avatar_static_key: str
    avatar_description: str
    header_key: str
    header_static_key: str
    header_description: str
    attribution_domains: str = "[]"  # JSON, see `sites`
    username: str = ""  # of the account, which never changes

    @property
    def sites(self) -> tuple[str, ...]:
        """The domains that may name this account as an author."""
        return msgspec.json.decode(self.attribution_domains, type=tuple[str, ...])

    @property
    def lines(self) -> tuple[ProfileField, ...]:
        """The lines of the profile."""
        return fields_of(self.fields)

    @property
    def blob_keys(self) -> tuple[str, ...]:
        """All pictures that hang on the profile."""
        keys = (
            self.avatar_key,
            self.avatar_static_key,
            self.header_key,
            self.header_static_key,
        )
        return tuple(key for key in keys if key)


class User(msgspec.Struct, frozen=True):
    """Whoever signs in to a local account; for nobody's eyes but theirs and the operators'."""

    account_id: int
    email: str
    email_key: str
    password_hash: str
    role: int
    confirmed_at: int
    approved_at: int
    disabled_at: int
    sign_up_reason: str
    invite_id: int
    terms_version: int
    locale: str
    default_visibility: str
    default_sensitive: int
    default_language: str
    default_quote_policy: str
    preferences: str  # JSON, see `choices`
    last_seen_day: int
    totp_secret: str
    totp_last_step: int
    totp_pending: str
    created_at: int
    leaves_at: int  # UTC ms; 0: they stay

    @property
    def choices(self) -> "Choices":
        """How this member wants things shown."""
        return choices_of(self.preferences)


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """How a member wants things shown; kept as JSON in `users.preferences`."""

    theme: str = ""  # empty: as the device says
    expand_media: str = "default"  # default | show_all | hide_all
    expand_spoilers: bool = False
    autoplay_gifs: bool = False
    report_mails: bool = True  # what became of their reports is told by mail too


class Marker(msgspec.Struct, frozen=True):
    """A place in a list; ``version`` rises with every move, ``updated_at`` is UTC ms."""

    timeline: str
    last_read_id: int
    version: int
    updated_at: int


_fields = msgspec.json.Decoder(tuple[ProfileField, ...])
_choices = msgspec.json.Decoder(Choices)


@lru_cache(maxsize=512)
def fields_of(text: str) -> tuple[ProfileField, ...]:
    """The lines that are stored as JSON; none where they cannot be read."""
    try:
        return _fields.decode(text)
    except msgspec.MsgspecError:
        return ()


@lru_cache(maxsize=512)
def choices_of(text: str) -> Choices:
    """The choices that are stored as JSON; the defaults where they cannot be read."""
    try:
        return _choices.decode(text)
    except msgspec.MsgspecError:
        return Choices()


class Invited(msgspec.Struct, frozen=True):
    """Somebody who came by an invitation."""

    invite_id: int
    account_id: int
    username: str
    joined_at: int  # UTC ms
