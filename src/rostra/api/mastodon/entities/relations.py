"""Relationship and what else tells how members stand to each other."""

import msgspec

from rostra.api.mastodon.entities.accounts import Account


class Relationship(msgspec.Struct, frozen=True, kw_only=True):
    """How the member stands to an account."""

    id: str
    following: bool
    showing_reblogs: bool
    notifying: bool
    languages: tuple[str, ...] | None
    followed_by: bool
    blocking: bool
    blocked_by: bool
    muting: bool
    muting_notifications: bool
    muting_expires_at: str | None
    requested: bool
    requested_by: bool
    domain_blocking: bool = False
    endorsed: bool = False
    note: str = ""


class MutedAccount(Account, frozen=True, kw_only=True):
    """An account that the member mutes, and till when."""

    mute_expires_at: str | None


class FamiliarFollowers(msgspec.Struct, frozen=True):
    """Those of an account's followers whom the member follows."""

    id: str
    accounts: tuple[Account, ...]
