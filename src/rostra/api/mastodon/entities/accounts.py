"""Account and what hangs on it."""

import msgspec

from rostra.network.instance.model import CustomEmoji

__all__ = [
    "Account",
    "AccountLasting",
    "AccountRole",
    "CredentialAccount",
    "CredentialRole",
    "CredentialSource",
    "CustomEmoji",
    "Field",
]


class Field(msgspec.Struct, frozen=True):
    """A line of a profile; the value is HTML."""

    name: str
    value: str
    verified_at: str | None = None


class AccountRole(msgspec.Struct, frozen=True):
    """A role that is shown on a profile."""

    id: str
    name: str
    color: str = ""


class AccountLasting(msgspec.Struct, frozen=True, kw_only=True):
    """The part of an account that changes only with its version."""

    id: str
    username: str
    acct: str
    url: str
    uri: str
    display_name: str
    note: str
    avatar: str
    avatar_static: str
    avatar_description: str
    header: str
    header_static: str
    header_description: str
    locked: bool
    bot: bool
    discoverable: bool
    indexable: bool
    group: bool = False
    noindex: bool = False
    hide_collections: bool = False
    created_at: str
    fields: tuple[Field, ...] = ()
    emojis: tuple[CustomEmoji, ...] = ()
    roles: tuple[AccountRole, ...] = ()
    # Only where moderators have limited the account's reach.
    limited: bool | msgspec.UnsetType = msgspec.UNSET


class Account(AccountLasting, frozen=True, kw_only=True):
    """An account as others see it."""

    followers_count: int
    following_count: int
    statuses_count: int
    last_status_at: str | None


class CredentialSource(msgspec.Struct, frozen=True, kw_only=True):
    """What the owner of an account edits, as written."""

    note: str
    fields: tuple[Field, ...]
    privacy: str
    sensitive: bool
    language: str | None
    follow_requests_count: int
    hide_collections: bool
    discoverable: bool
    indexable: bool
    attribution_domains: tuple[str, ...] = ()
    quote_policy: str = "public"


class CredentialRole(msgspec.Struct, frozen=True):
    """What the owner of an account is trusted with here."""

    id: str
    name: str
    permissions: str
    color: str = ""
    highlighted: bool = False


class CredentialAccount(Account, frozen=True, kw_only=True):
    """An account as its owner sees it."""

    source: CredentialSource
    role: CredentialRole
