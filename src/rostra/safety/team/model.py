"""The team and the one table of what its members may do."""

from enum import IntFlag, StrEnum
from typing import Final

import msgspec

from rostra.kernel.errors import Forbidden
from rostra.network.credentials.model import Role


class Duty(IntFlag):
    """What somebody is trusted with beside their role; bits of `users.duties`."""

    REVIEWER = 1  # of the cases of named categories
    AUDITOR = 2  # sees everything and changes nothing
    NOTICE_DESK = 4  # answers letters


class Permission(StrEnum):
    """One thing that not everybody may do."""

    SEE_CASES = "see_cases"
    WORK_CASES = "work_cases"  # take, note, hand on, merge
    DECIDE = "decide"  # about posts and media; warn their authors
    DECIDE_ACCOUNTS = "decide_accounts"  # freeze, suspend, limit, delete
    DECIDE_MANY = "decide_many"  # bulk, clusters, standing decisions; be the second person
    BANKS = "banks"  # add hashes of pictures, switch them on and off
    PANELS = "panels"  # of members: ask one, invite those who sit
    UNDO = "undo"
    APPEALS = "appeals"
    LETTERS = "letters"
    EVIDENCE = "evidence"  # open what was preserved, with a reason; have it kept longer
    HOLDS = "holds"  # what is preserved, and until when
    OPENINGS = "openings"  # who opened what, and why
    RELEASE = "release"  # end a hold before its time
    RECORD = "record"  # ledger, pace, transparency
    RULES = "rules"  # of the house, templates; how members of panels vote
    SCREENING = "screening"  # what posts are screened by: rules, lists, banks as a whole
    UNTRIED = "untried"  # have a rule go live that was not tried
    SURGE = "surge"
    TEAM = "team"  # who does what


_WORK: Final = frozenset({Permission.SEE_CASES, Permission.WORK_CASES, Permission.DECIDE})
_MODERATOR: Final = _WORK | {
    Permission.DECIDE_ACCOUNTS,
    Permission.DECIDE_MANY,
    Permission.BANKS,
    Permission.PANELS,
    Permission.UNDO,
    Permission.APPEALS,
    Permission.LETTERS,
    Permission.EVIDENCE,
    Permission.HOLDS,
    Permission.RECORD,
}
_ADMIN: Final = _MODERATOR | {
    Permission.OPENINGS,
    Permission.RELEASE,
    Permission.RULES,
    Permission.SCREENING,
    Permission.SURGE,
    Permission.TEAM,
}
BY_ROLE: Final[dict[Role, frozenset[Permission]]] = {
    Role.MEMBER: frozenset(),
    Role.MODERATOR: _MODERATOR,
    Role.ADMIN: _ADMIN,
    Role.OWNER: _ADMIN | {Permission.UNTRIED},
}
BY_DUTY: Final[dict[Duty, frozenset[Permission]]] = {
    Duty.REVIEWER: _WORK,
    Duty.AUDITOR: frozenset(
        {Permission.SEE_CASES, Permission.HOLDS, Permission.OPENINGS, Permission.RECORD}
    ),
    Duty.NOTICE_DESK: frozenset({Permission.SEE_CASES, Permission.LETTERS}),
}


class Actor(msgspec.Struct, frozen=True):
    """Somebody of the team, or nobody of it.

    Attributes:
        categories: the only ones whose cases they see; None: all.
    """

    account_id: int
    role: int = Role.MEMBER
    duties: int = 0
    categories: tuple[int, ...] | None = None

    @property
    def permissions(self) -> frozenset[Permission]:
        """All that they may do."""
        granted = BY_ROLE[Role(self.role)]
        for duty, permissions in BY_DUTY.items():
            if self.duties & duty:
                granted |= permissions
        return granted

    @property
    def own(self) -> int:
        """The account about which they decide nothing: their own; 0: none.

        An owner has nobody above them, and may be all the team there is.
        """
        return self.account_id if self.role < Role.OWNER else 0

    def may(self, permission: Permission) -> bool:
        """Whether they may do this."""
        return permission in self.permissions

    def sees(self, category: int) -> bool:
        """Whether cases of this category are theirs to see."""
        return self.categories is None or category in self.categories

    def require(self, permission: Permission) -> None:
        """Let pass who may do this.

        Raises:
            Forbidden: they may not.
        """
        if not self.may(permission):
            raise Forbidden(f"account {self.account_id} may not {permission}")

    def require_other(self, account_id: int) -> None:
        """Let pass whoever is not the account that is decided about.

        Raises:
            Forbidden: it is about themselves.
        """
        if account_id and account_id == self.own:
            safe = "This is about you: somebody else has to decide it"
            raise Forbidden(f"account {account_id} itself", safe=safe, code="same_person")
