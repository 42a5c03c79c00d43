"""Cases and what happens to them."""

from enum import IntEnum

import msgspec

from rostra.kernel.clock import MINUTE
from rostra.safety.categories.model import Category, Sender, Severity
from rostra.safety.subjects import Subject, SubjectKind

CLAIM_LASTS_MS = 15 * MINUTE
"""How long a case is held by whoever has it open; anything they do to it begins that anew."""


class CaseState(IntEnum):
    """Whether something is left to do."""

    OPEN = 0
    DECIDED = 1
    MERGED = 2

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


class EventKind(IntEnum):
    """What happens to cases; the numbers stand in rows."""

    OPENED = 0
    REPORTED = 1
    SIGNALLED = 2  # a machine has found something
    LOOKED = 3
    CLAIMED = 4
    RELEASED = 5
    SKIPPED = 6
    ESCALATED = 7
    HANDED = 8
    NOTED = 9
    RECATEGORISED = 10
    REACHED = 11  # it is seen by more people than was known
    MERGED = 12
    ABSORBED = 13  # another was merged into it
    DECIDED = 14
    REOPENED = 15
    CALMED = 16  # what was escalated is an ordinary case again
    PROPOSED = 17  # a decision about it waits for a second person
    DECLINED = 18  # who did not agree
    DATED = 19  # what asks for it is due at another time than was read
    PANELLED = 20  # a panel of members looks at it
    RETURNED = 21  # it is back from the panel
    LET_GO = 22  # what was held is seen again before anybody has decided

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


SAYS_NOTHING = frozenset(
    {
        EventKind.OPENED,
        EventKind.LOOKED,
        EventKind.CLAIMED,
        EventKind.RELEASED,
        EventKind.SKIPPED,
        EventKind.REACHED,
        EventKind.LET_GO,
    }
)
"""What happens to a case without anybody having anything to say of it."""


class Event(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One thing that happened. What does not belong to its kind is left at its default."""

    kind: int
    at: int  # UTC ms
    actor_id: int = 0  # 0: nobody of the team
    report_id: int = 0
    source: int = 0
    category: int = 0
    severity: int = 0
    weight: int = 0  # thousandths
    deadline_at: int = 0
    look_by: int = 0
    reports: int = 0  # that another case brings along, and from whom (bits)
    sources: int = 0
    reach: int = 0
    score: int = 0  # that a signal gave it, thousandths
    waits: int = 0  # 1: nobody sees it until it is decided
    holder_id: int = 0
    until: int = 0
    other_id: int = 0  # another case
    decision_id: int = 0
    decided_at: int = 0  # of what is opened anew: when it was decided before
    panel_id: int = 0
    words: str = ""


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What a case is, folded from its events. Times are UTC ms, 0: not yet, none."""

    state: int = CaseState.OPEN
    category: int = Category.OTHER
    severity: int = Severity.LOW
    deadline_at: int = 0
    escalated: int = 0
    holder_id: int = 0
    held_until: int = 0
    sources: int = 0  # bits: 1 << `Sender`
    reports_count: int = 0
    weight: int = 0  # thousandths
    reach: int = 0
    score: int = 0  # the highest that a signal gave it, thousandths
    waits: int = 0  # 1: nobody sees it until it is decided
    merged_into: int = 0
    decision_id: int = 0
    proposed_id: int = 0  # a decision that waits for a second person
    panel_id: int = 0  # the panel of members that it is with now
    advice_id: int = 0  # the panel whose votes agreed about it
    looked_at: int = 0
    decided_at: int = 0
    opened_at: int = 0
    events_count: int = 0

    def held_at(self, now: int) -> bool:
        """Whether somebody works on it."""
        return self.holder_id != 0 and self.held_until > now

    def has_source(self, *senders: Sender) -> bool:
        """Whether one of these has told of it."""
        return any(self.sources >> sender & 1 for sender in senders)


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A case as it is stored: whose, what, and the fold of its events."""

    id: int
    subject_kind: int
    subject_id: int
    account_id: int
    language: str
    cluster_id: int
    rank: int  # UTC ms; the lower, the sooner
    reasons: str  # JSON: see `why`
    status: Status

    @property
    def subject(self) -> Subject:
        """What it is about."""
        return Subject(SubjectKind(self.subject_kind), self.subject_id)

    @property
    def why(self) -> tuple["Reason", ...]:
        """Why it stands where it stands in the queue."""
        return msgspec.json.decode(self.reasons, type=tuple[Reason, ...])


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that moves a case in the queue."""

    name: str  # deadline, severity, waits, signals, reach, reports, trusted, letter, decided_before
    sooner_ms: int = 0  # by how much it comes sooner
    value: int = 0  # what it was reckoned from


class Before(msgspec.Struct, frozen=True):
    """What was decided about a subject the last time."""

    subject_id: int
    case_id: int
    decision_id: int
    decided_at: int  # UTC ms


class Facts(msgspec.Struct, frozen=True):
    """What is known of a subject when its case is opened; counts are 0 for an account's own."""

    account_id: int
    language: str
    followers: int
    replies: int
    reblogs: int
    favourites: int
    created_at: int  # UTC ms
