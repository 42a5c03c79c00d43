"""Who is asking."""

from enum import IntEnum
from typing import ClassVar, Self

import msgspec


class MemberState(IntEnum):
    """What a signed-in member may do so far."""

    NONE = 0  # nobody, or an app speaking for itself
    ACTIVE = 1
    UNCONFIRMED = 2  # the e-mail address is not confirmed
    UNAPPROVED = 3  # an operator has not let them in yet
    DISABLED = 4  # may not sign in
    SUSPENDED = 5
    LEAVING = 6  # the account is about to be deleted; signed in, they may keep it


class Role(IntEnum):
    """What a member is trusted with; each includes those before it."""

    MEMBER = 0
    MODERATOR = 1
    ADMIN = 2
    OWNER = 3


class Viewer(msgspec.Struct, frozen=True):
    """Whoever a request is made for. `account_id` 0 is nobody, or an app on its own."""

    ANONYMOUS: ClassVar[Self]

    account_id: int = 0
    token_id: int = 0
    session_id: int = 0
    app_id: int = 0
    scopes: frozenset[str] = frozenset()
    role: int = 0
    state: int = 0
    accepted_terms: int = 0  # the version that the member accepted last
    filters_version: int = 0  # of the member's filters; 0: they have none
    followed_tags: int = 0  # how many hashtags the member follows
    duties: int = 0  # what they are trusted with beside their role; known of browsers' sessions

    @property
    def is_member(self) -> bool:
        """Whether it is a confirmed and approved member."""
        return self.account_id != 0 and self.state == MemberState.ACTIVE


Viewer.ANONYMOUS = Viewer()


class Standing(msgspec.Struct, frozen=True):
    """What the rows of a member tell whoever lets them in. No role: there is no such member."""

    role: int | None
    confirmed_at: int
    approved_at: int
    disabled_at: int
    seen_day: int
    account_state: int | None
    accepted_terms: int
    filters_version: int
    followed_tags: int


class AliveToken(msgspec.Struct, frozen=True):
    """A token whose member may act, and the version of the terms that they have accepted."""

    token_id: int
    accepted_terms: int


class TokenHolder(Standing, frozen=True):
    """A token, and who holds it: a member, or an app on its own (`account_id` 0)."""

    token_id: int
    app_id: int
    account_id: int
    scopes: str
    used_day: int


class SessionHolder(Standing, frozen=True):
    """A browser's session, and whose it is."""

    session_id: int
    account_id: int
    last_seen_at: int
    duties: int


class App(msgspec.Struct, frozen=True):
    """A client program that asked to be known here."""

    id: int
    client_id: str
    secret_hash: bytes
    name: str
    website: str
    redirect_uris: str  # JSON, see `uris`
    scopes: str
    created_at: int  # UTC ms

    @property
    def uris(self) -> tuple[str, ...]:
        """Where it may send members back to."""
        return _texts.decode(self.redirect_uris)


class Token(msgspec.Struct, frozen=True):
    """An access token as its owner and its app may see it; `account_id` 0: the app's own."""

    id: int
    app_id: int
    account_id: int
    scopes: str
    created_at: int  # UTC ms
    last_used_day: int  # UTC day number


class Session(msgspec.Struct, frozen=True):
    """A browser that is signed in. Times are UTC ms."""

    id: int
    account_id: int
    created_at: int
    last_seen_at: int
    address: str
    user_agent: str


class Passkey(msgspec.Struct, frozen=True):
    """A key pair on a member's device; what it signs opens their account. Times are UTC ms."""

    id: int
    account_id: int
    credential_id: bytes
    public_key: bytes
    sign_count: int
    name: str
    transports: str  # JSON
    backed_up: int
    created_at: int
    last_used_at: int


class AuthorisedApp(msgspec.Struct, frozen=True):
    """An app that holds tokens of a member."""

    app_id: int
    name: str
    website: str
    scopes: tuple[str, ...]
    created_at: int  # UTC ms, of its first token
    last_used_day: int  # UTC day number, of any of its tokens


_texts = msgspec.json.Decoder(tuple[str, ...])
