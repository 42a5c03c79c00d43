"""Panels, their seats, and those who sit on them."""

from collections import Counter
from collections.abc import Iterable
from enum import IntEnum
from typing import Final

import msgspec

from rostra.safety.cases.model import Case, CaseState
from rostra.safety.categories.facts import category_of, facts_of
from rostra.safety.categories.model import Category, Sender, Severity
from rostra.safety.decisions.model import ActionKind
from rostra.safety.subjects import SubjectKind
from rostra.settings.safety import Panels as Rules

MAX_REASON: Final = 1_000
MAX_DAILY: Final = 20
MOST_MEMBERS: Final = 2_000
_URGENT: Final = (Sender.TRUSTED_FLAGGER, *(each for each in Sender if each.writes_letters))


class MemberState(IntEnum):
    """What somebody who was invited said to it."""

    INVITED = 0
    SITS = 1
    GONE = 2  # they declined, or have left
    TAKEN_OFF = 3  # by the team

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


class PanelState(IntEnum):
    """How far a panel is."""

    RUNNING = 0
    AGREED = 1  # enough equal votes
    SPLIT = 2  # they can't become enough
    LATE = 3  # the case had to be back
    TAKEN_BACK = 4  # by somebody of the team
    OVERTAKEN = 5  # decided, deleted, changed or no matter for a panel any more
    UNFIT = 6  # it was never asked: the post is not for everybody

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


class SeatState(IntEnum):
    """What became of a seat."""

    WAITING = 0
    VOTED = 1
    PASSED = 2  # "not for me"
    LAPSED = 3  # no answer in time
    ENDED = 4  # the panel was over before

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


class Member(msgspec.Struct, frozen=True):
    """Somebody who was invited. Times are UTC ms, 0: not yet."""

    account_id: int
    state: int
    daily_limit: int
    languages: str  # JSON: see `reads`
    invited_by: int
    invited_at: int
    answered_at: int

    @property
    def reads(self) -> tuple[str, ...]:
        """The languages that they read; none: whatever comes."""
        return msgspec.json.decode(self.languages, type=tuple[str, ...])


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """A panel as it is stored. Times are UTC ms, 0: not yet."""

    id: int
    case_id: int
    category: int
    state: int
    seats: int
    votes: int
    seed: int
    outcome: int
    opened_by: int
    closed_by: int
    ends_at: int
    opened_at: int
    closed_at: int


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """One member's part in a panel."""

    id: int
    panel_id: int
    account_id: int
    state: int
    vote: int
    reason: str
    drawn_at: int
    until: int
    answered_at: int


def tally(seats: Iterable[Seat]) -> Counter[int]:
    """How many voted for what."""
    return Counter(seat.vote for seat in seats if seat.state == SeatState.VOTED)


def open_categories(rules: Rules) -> frozenset[Category]:
    """What may go to a panel: what the operator has opened, and never anything urgent."""
    found = (category_of(name) for name in rules.categories)
    return frozenset(each for each in found if each is not None and allowed(each))


def allowed(category: int) -> bool:
    """Whether an operator may open this category at all."""
    facts = facts_of(category)
    return (
        facts.panels
        and facts.severity < Severity.HIGH
        and not facts.hide_at_once
        and not facts.tell_authority
    )


def why_not(rules: Rules, case: Case) -> str:
    """Why a panel may not look at this case, in words; empty: it may."""
    status = case.status
    faults = (
        (status.state != CaseState.OPEN, "This case is closed"),
        (
            status.category not in open_categories(rules),
            "This category is not open to panels",
        ),
        (
            status.severity >= Severity.HIGH or status.escalated != 0,
            "This case is too urgent for a panel",
        ),
        (
            status.has_source(*_URGENT),
            "A letter or a trusted flagger waits for an answer to this case",
        ),
        (case.subject_kind != SubjectKind.POST, "Panels look at posts alone"),
        (status.proposed_id != 0, "A decision about this case waits for a second person"),
    )
    return next((words for wrong, words in faults if wrong), "")


def choices(rules: Rules) -> tuple[ActionKind, ...]:
    """What members can vote for."""
    named = {ActionKind[name.upper()] for name in rules.outcomes}
    return tuple(sorted(named | {ActionKind.NONE}))


def needed(rules: Rules) -> int:
    """How many equal votes make an outcome: more than half, so that two can't."""
    return min(max(rules.votes, rules.seats // 2 + 1), rules.seats)


def decides(rules: Rules, outcome: int) -> bool:
    """Whether this outcome needs nobody of the team."""
    return any(ActionKind[name.upper()] == outcome for name in rules.decides)
