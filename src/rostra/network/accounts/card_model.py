"""What every surface shows of an account, in its quickly changing and its lasting part."""

import msgspec

from rostra.network.accounts.limits import Limit


class AccountHead(msgspec.Struct, frozen=True):
    """The part that tells whether the lasting part is still the same, and the counters."""

    id: int
    version: int
    followers_count: int
    following_count: int
    statuses_count: int
    last_post_at: int  # UTC ms; 0: never


class AccountCard(msgspec.Struct, frozen=True):
    """The part that changes only with the account's version."""

    id: int
    username: str
    domain: str  # empty: local
    version: int
    locked: int
    bot: int
    discoverable: int
    indexable: int
    hide_collections: int
    created_at: int
    display_name: str
    note_html: str
    fields: str  # JSON: [{name, value, html, verified_at}]
    avatar_key: str
    avatar_static_key: str
    avatar_description: str
    header_key: str
    header_static_key: str
    header_description: str
    role: int | None = None  # None: not an account of this place
    limits: int = 0  # what decisions have done to it: bits of `limits.Limit`

    @property
    def acct(self) -> str:
        """The name as it is written here: with a domain only for accounts elsewhere."""
        return f"{self.username}@{self.domain}" if self.domain else self.username

    @property
    def limited(self) -> bool:
        """Whether a decision limits their reach."""
        return bool(self.limits & Limit.REACH)
