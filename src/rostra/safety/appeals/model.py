"""Appeals, as those who make them and the team see them."""

from enum import IntEnum

import msgspec


class AppealState(IntEnum):
    """What became of an appeal."""

    OPEN = 0
    UPHELD = 1
    REJECTED = 2

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()

    @property
    def mastodon(self) -> str:
        """What Mastodon calls it."""
        return ("pending", "approved", "rejected")[self]


class Appeal(msgspec.Struct, frozen=True, kw_only=True):
    """An appeal as it is stored. Times are UTC ms, 0: not yet."""

    id: int
    decision_id: int
    account_id: int
    report_id: int  # 0: by the member that the decision is about
    text: str
    state: int
    answer: str
    actor_id: int  # for the team alone
    undo_id: int
    due_at: int
    answered_at: int
    told_at: int
    created_at: int
