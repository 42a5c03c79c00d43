"""What a statement is gathered from."""

import re
from typing import NamedTuple, Self

import msgspec

_CURSOR = re.compile(r"([0-9]{1,19})-([0-9]{1,2})-([0-9]{1,19})")


class Cursor(NamedTuple):
    """After which statement the next page begins."""

    decision_id: int = 0
    kind: int = 0
    subject_id: int = 0

    @property
    def text(self) -> str:
        """As it stands in an address."""
        return f"{self.decision_id}-{self.kind}-{self.subject_id}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """What `text` wrote; None for anything else."""
        found = _CURSOR.fullmatch(text)
        parts = [int(part) for part in found.groups()] if found else [2**63]
        return cls(*parts) if max(parts) < 2**63 else None


START = Cursor()


class SubjectRow(msgspec.Struct, frozen=True):
    """A subject of a decision; `first`: of those of the same account it is the first."""

    decision_id: int
    subject_kind: int
    subject_id: int
    account_id: int
    state: int
    first: int

    @property
    def cursor(self) -> Cursor:
        """Where the next page begins after it."""
        return Cursor(self.decision_id, self.subject_kind, self.subject_id)


class NameRow(msgspec.Struct, frozen=True):
    """What an account is called."""

    id: int
    username: str
    domain: str
    display_name: str


class DecisionFacts(msgspec.Struct, frozen=True):
    """What is counted of a decision."""

    id: int
    created_at: int
    category: int
    ground: int
    source: int
    machine_found: int
    machine_decided: int
    actions: str
    subjects_count: int
    undone_by: int


class CaseTimes(msgspec.Struct, frozen=True):
    """When a case that was decided was opened and first seen; UTC ms, 0: never."""

    category: int
    decided_at: int
    opened_at: int
    looked_at: int
    undone: int


class ReportFacts(msgspec.Struct, frozen=True):
    """What is counted of a report."""

    created_at: int
    category: int
    source: int
    state: int
    decided_at: int
    ground: int
    machine_decided: int
    posts: int


class AppealFacts(msgspec.Struct, frozen=True):
    """What is counted of an appeal; `report_id` 0: by the member that it is about."""

    created_at: int
    state: int
    answered_at: int
    report_id: int
    actions: str
    source: int
