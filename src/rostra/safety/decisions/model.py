"""Decisions, as the rest of moderation sees them."""

from enum import IntEnum
from typing import Final, get_args

import msgspec

from rostra.network.accounts.limits import ProfileField
from rostra.safety.categories.model import Category
from rostra.safety.subjects import Subject


class ActionKind(IntEnum):
    """What can be done; the numbers stand in rows. From 20 on it is done to an account."""

    NONE = 0
    LABEL = 1
    SENSITIVE = 2
    REACH = 3
    HIDE_ON = 4
    HOLD = 5
    REMOVE = 6
    WITHHOLD = 10  # a picture, video or recording
    WARN = 20
    FIELDS = 21  # of the profile
    SENSITIVE_ACCOUNT = 22
    LIMIT_ACCOUNT = 23
    FREEZE = 24
    SUSPEND = 25
    DELETE_ACCOUNT = 26
    WARN_REPORTER = 27  # of reports of theirs that were plainly unfounded
    MUTE_REPORTER = 28  # what they report weighs nothing, and opens no case
    SLOW = 29  # they post only so often

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()

    @property
    def of_account(self) -> bool:
        """Whether it is done to the account whose the subject is."""
        return self >= ActionKind.WARN

    @property
    def restricts(self) -> bool:
        """Whether it changes what anybody sees or may do (DSA Art. 17)."""
        return self not in {ActionKind.NONE, ActionKind.WARN} and not self.of_reporter

    @property
    def of_reporter(self) -> bool:
        """Whether it is about what somebody reports, not about what they post (DSA Art. 23)."""
        return self in {ActionKind.WARN_REPORTER, ActionKind.MUTE_REPORTER}

    @property
    def holds(self) -> bool:
        """Whether it holds from then on, until it ends or is taken back."""
        return self.restricts or self.of_reporter


PROFILE_FIELDS: Final[frozenset[str]] = frozenset(get_args(ProfileField))


class Action(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that a decision does. What does not belong to its kind is left at its default."""

    kind: int
    ends_at: int = 0  # UTC ms; 0: it stays until it is taken back
    label: str = ""
    surfaces: tuple[str, ...] = ()
    fields: tuple[ProfileField, ...] = ()
    at: int = 0  # when an account is deleted (UTC ms)
    posts: int = 0  # that somebody who is slowed down may post
    per_ms: int = 0  # within so long


class Ground(IntEnum):
    """What a decision rests on."""

    NONE = 0  # nothing was restricted
    RULE = 1  # of the house
    LAW = 2

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


OWN_INITIATIVE: Final = -1
"""The source of what the team found itself."""


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided, and why, as somebody says it.

    Attributes:
        clause_id: the rule of the house.
        legal_ground: the law.
        facts: what was found, for the member and the record.
        words: what the member is told beyond that.
        note: for the team alone.
        source: who told of it (a `Sender`), or `OWN_INITIATIVE`; None: as the case says.
        rule_id: the rule, or the standing decision, that decided; 0: a person.
        strikes: points for each member that it is about.
    """

    actions: tuple[Action, ...]
    category: Category
    ground: Ground = Ground.RULE
    clause_id: int = 0
    legal_ground: str = ""
    facts: str = ""
    words: str = ""
    note: str = ""
    language: str = "en"
    source: int | None = None
    machine_found: bool = False
    rule_id: int = 0
    strikes: int = 0

    @property
    def restricts(self) -> bool:
        """Whether it restricts anything."""
        return any(ActionKind(action.kind).restricts for action in self.actions)

    @property
    def of_reporter(self) -> bool:
        """Whether it is about what somebody reports."""
        return any(ActionKind(action.kind).of_reporter for action in self.actions)

    @property
    def upholds(self) -> bool:
        """Whether those who reported were right."""
        return any(action.kind != ActionKind.NONE for action in self.actions) or self.strikes > 0


class DecisionState(IntEnum):
    """How far a decision is."""

    IN_FORCE = 0
    PROPOSED = 1  # waits for a second person
    REFUSED = 2  # the second person said no
    BEING_APPLIED = 3
    UNDONE = 4
    BEING_UNDONE = 5

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


class DecisionKind(IntEnum):
    """Whether it decides, or takes another one back."""

    DECISION = 0
    UNDO = 1  # the cases stay closed
    REOPENING = 2  # and its cases are open again
    LIFTING = 3  # ends one sort of restriction of an account, whatever decided it
    RELEASE = 4  # takes another one back for one member of many


class SubjectState(IntEnum):
    """How far a decision is with one of its subjects."""

    TO_DO = 0
    DONE = 1
    GONE = 2  # deleted before
    TAKEN_BACK = 3


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """A decision as it is stored. Times are UTC ms, 0: not yet, none."""

    id: int
    kind: int
    state: int
    undoes_id: int
    undone_by: int
    case_id: int  # 0: of several
    cluster_id: int
    actions: str  # JSON: see `done`
    category: int
    ground: int
    clause_id: int
    clause: str
    clause_version: int  # of the rules of the house; 0: none
    legal_ground: str
    facts: str
    words: str
    note: str
    language: str
    source: int
    machine_found: int
    machine_decided: int
    rule_id: int
    strikes: int
    strikes_until: int
    ends_at: int
    actor_id: int
    second_id: int
    panel_id: int  # the panel of members that was asked before; 0: none
    subjects_count: int
    done_count: int
    created_at: int
    applied_at: int

    @property
    def by_panel(self) -> bool:
        """Whether the votes of a panel decided it, and nobody of the team."""
        return self.panel_id != 0 and not self.actor_id

    @property
    def done(self) -> tuple[Action, ...]:
        """What it does."""
        return msgspec.json.decode(self.actions, type=tuple[Action, ...])


class DecisionSubject(msgspec.Struct, frozen=True):
    """One of the subjects of a decision."""

    subject_kind: int
    subject_id: int
    account_id: int
    case_id: int
    state: int

    @property
    def subject(self) -> Subject:
        """What it is."""
        return Subject(self.subject_kind, self.subject_id)


class Restriction(msgspec.Struct, frozen=True):
    """One thing that holds for a subject because of a decision."""

    id: int
    decision_id: int
    subject_kind: int
    subject_id: int
    account_id: int
    action: int
    data: str  # JSON of an `Action`
    ends_at: int
    ended_at: int
    created_at: int

    @property
    def what(self) -> Action:
        """The action that it carries out."""
        return msgspec.json.decode(self.data, type=Action)
