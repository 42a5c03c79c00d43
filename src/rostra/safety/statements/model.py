"""Statements of reasons, as members and what shows them see them."""

import msgspec

from rostra.safety.decisions.model import Decision, DecisionState
from rostra.safety.subjects import Subject


class StatementRow(msgspec.Struct, frozen=True):
    """A statement as it is stored. Times are UTC ms, 0: not yet."""

    id: int
    decision_id: int
    account_id: int
    mailed_at: int
    read_at: int
    taken_back_at: int
    created_at: int


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What one member is told of one decision.

    Attributes:
        decision: all of it; whoever shows it to the member leaves out who decided, and the note.
        subjects: what of theirs it is about (some hundred at most).
    """

    row: StatementRow
    decision: Decision
    subjects: tuple[Subject, ...]

    @property
    def id(self) -> int:
        """Its id, which its notification shares."""
        return self.row.id

    @property
    def created_at(self) -> int:
        """When the member was told (UTC ms)."""
        return self.row.created_at

    @property
    def taken_back(self) -> bool:
        """Whether the decision does not hold any more."""
        undone = self.decision.state in {DecisionState.UNDONE, DecisionState.BEING_UNDONE}
        return undone or self.row.taken_back_at > 0

    @property
    def text(self) -> str:
        """What the team wrote to the member, in the language that they chose for it."""
        decision = self.decision
        parts = (decision.words, decision.facts, decision.clause or decision.legal_ground)
        return "\n\n".join(part for part in parts if part)

    def appeal_until(self, days: int) -> int:
        """Up to when the member may appeal (UTC ms); ``days``: as the settings say."""
        return self.row.created_at + days * 86_400_000
