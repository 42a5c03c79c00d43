"""What decisions tell the rest of the house, in the transaction that wrote it."""

import msgspec


class Decided(msgspec.Struct, frozen=True):
    """A decision is made, and (where two are needed) agreed to. Its effect may still follow."""

    decision_id: int


class DecisionUndone(msgspec.Struct, frozen=True):
    """A decision is taken back by another one. Its effect may still have to end."""

    decision_id: int
    undo_id: int


class MemberReleased(msgspec.Struct, frozen=True):
    """A decision about many is taken back for one member of them, by another decision."""

    decision_id: int
    release_id: int


class MembersTold(msgspec.Struct, frozen=True):
    """These members have a statement of a decision that is about them."""

    decision_id: int
    account_ids: tuple[int, ...]


class DecisionApplied(msgspec.Struct, frozen=True):
    """All that a decision does is done, or taken back."""

    decision_id: int


class RestrictionsEnded(msgspec.Struct, frozen=True):
    """Restrictions of these decisions have come to the end that they were given."""

    decision_ids: tuple[int, ...]
