"""Reports, as the rest of moderation sees them."""

from enum import IntEnum

import msgspec

from rostra.safety.categories.model import Category, Sender
from rostra.safety.subjects import Subject, SubjectKind

ORDINARY = 1_000
"""The weight of a report by somebody of whom nothing is known yet."""


class ReportState(IntEnum):
    """What became of a report."""

    OPEN = 0
    UPHELD = 1
    DISMISSED = 2
    SET_ASIDE = 3  # its reporter is not listened to, and there was no case to join

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


class ReportRow(msgspec.Struct, frozen=True):
    """A report as it is stored. Times are UTC ms, 0: not yet."""

    id: int
    source: int  # a `Sender`
    account_id: int  # who reports; 0: nobody of this place
    target_account_id: int
    category: int
    wire_category: str
    comment: str
    forwarded: int
    weight: int  # thousandths of an ordinary report
    state: int
    decision_id: int
    assigned_to: int
    decided_at: int
    created_at: int


class Report(msgspec.Struct, frozen=True):
    """A report with the posts and the rules that it names."""

    row: ReportRow
    post_ids: tuple[int, ...] = ()
    rule_ids: tuple[int, ...] = ()

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """What it is about: the posts, or the account."""
        posts = tuple(Subject(SubjectKind.POST, post_id) for post_id in self.post_ids)
        return posts or (Subject(SubjectKind.ACCOUNT, self.row.target_account_id),)


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to report, as it came.

    Attributes:
        reporter_id: a member; 0: nobody of this place.
        target_account_id: whose posts, or who, is meant.
        post_ids: the posts; none: the account itself.
        category: ours; None: what the word of Mastodon's API stands for.
        deadline_at: a date that came with it (UTC ms); 0: the category's own.
        weightless: nobody has shown that it is from whom it says.
    """

    source: Sender = Sender.MEMBER
    reporter_id: int = 0
    target_account_id: int
    post_ids: tuple[int, ...] = ()
    rule_ids: tuple[int, ...] = ()
    category: Category | None = None
    wire_category: str = ""
    comment: str = ""
    forwarded: bool = False
    deadline_at: int = 0
    weightless: bool = False


class Record(msgspec.Struct, frozen=True):
    """How often a reporter's earlier reports were upheld and dismissed (200 of each at most)."""

    upheld: int = 0
    dismissed: int = 0

    @property
    def decided(self) -> int:
        """How many there were."""
        return self.upheld + self.dismissed


class Standing(msgspec.Struct, frozen=True):
    """Whether a reporter was warned of misuse, and until when they are not listened to."""

    warned_at: int = 0
    muted_until: int = 0


class Flagger(msgspec.Struct, frozen=True):
    """Somebody whose reports go first: a member, a mail address, or everybody of a mail domain."""

    id: int
    account_id: int  # 0: somebody outside
    address: str
    name: str
    added_by: int  # 0: an operator at the machine
    created_at: int  # UTC ms
