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

    @property
    def is_member(self) -> bool:
        """Whether it is a confirmed and approved member."""
        return self.account_id != 0 and self.state == MemberState.ACTIVE


Viewer.ANONYMOUS = Viewer()
