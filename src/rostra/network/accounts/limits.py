"""What a decision may do to an account, and how the number in its row tells it.

The row also keeps the state that the account had before, so that it can be put back.
"""

from enum import IntFlag
from typing import Final, Literal

import msgspec

from rostra.network.accounts.model import AccountState

ProfileField = Literal["display_name", "note", "fields", "avatar", "header"]


class Limit(IntFlag):
    """One restriction of an account: a bit of `accounts.limits`."""

    SENSITIVE = 1  # all that they post is covered
    REACH = 2  # met by those who follow or look for them alone
    FIELDS = 4  # parts of the profile are blanked
    FROZEN = 8  # nobody may sign in
    SUSPENDED = 16  # not there
    SLOWED = 32  # posts only so often


OWN_SHIFT: Final = 8
OWN_STATE: Final = 7 << OWN_SHIFT
_OWN_DISABLED: Final = 1 << 11  # sign-in was off before it was frozen


class Slow(msgspec.Struct, frozen=True):
    """How often somebody may post.

    Attributes:
        posts: so many within `per_ms`, at least 1.
        per_ms: at least 1,000.
        ends_at: until when (UTC ms); 0: until it is taken back.
    """

    posts: int
    per_ms: int
    ends_at: int = 0

    @property
    def rate(self) -> tuple[float, int]:
        """Smaller where it is stricter: posts a millisecond, then at how many of them it begins."""
        return self.posts / self.per_ms, self.posts


class AccountLimits(msgspec.Struct, frozen=True):
    """What an account is restricted to; none of it: as its member wants it."""

    sensitive: bool = False
    reach: bool = False
    fields: tuple[ProfileField, ...] = ()
    frozen: bool = False
    suspended: bool = False
    slow: Slow | None = None
    deletes_at: int = 0  # UTC ms, from which a suspended account is deleted; 0: it is kept

    @property
    def bits(self) -> Limit:
        """The restrictions, as the row has them."""
        wanted = (
            (Limit.SENSITIVE, self.sensitive),
            (Limit.REACH, self.reach),
            (Limit.FIELDS, bool(self.fields)),
            (Limit.FROZEN, self.frozen),
            (Limit.SUSPENDED, self.suspended),
            (Limit.SLOWED, self.slow is not None),
        )
        bits = Limit(0)
        for bit, given in wanted:
            if given:
                bits |= bit
        return bits


class Standing(msgspec.Struct, frozen=True):
    """The columns of an account that say what it is and what it would be without decisions."""

    state: int
    disabled_at: int  # UTC ms; 0: its member may sign in, or it has none here
    limits: int
    deletes_at: int

    def limited(self, limits: AccountLimits, now: int) -> "Standing":
        """The same account under these restrictions alone, frozen ``now`` if it is not yet."""
        bits, own = limits.bits, self._own_state
        disabled = self._own_disabled
        kept = int(bits)
        if bits & Limit.SUSPENDED:
            kept |= own << OWN_SHIFT
        if bits & Limit.FROZEN:
            kept |= _OWN_DISABLED if disabled else 0
            disabled = self.disabled_at or now
        return Standing(
            state=AccountState.SUSPENDED if bits & Limit.SUSPENDED else own,
            disabled_at=disabled,
            limits=kept,
            deletes_at=limits.deletes_at if bits & Limit.SUSPENDED else 0,
        )

    @property
    def _own_state(self) -> int:
        if self.limits & Limit.SUSPENDED:
            return (self.limits & OWN_STATE) >> OWN_SHIFT
        return self.state

    @property
    def _own_disabled(self) -> int:
        """When its sign-in was switched off otherwise."""
        frozen = self.limits & Limit.FROZEN and not self.limits & _OWN_DISABLED
        return 0 if frozen else self.disabled_at
