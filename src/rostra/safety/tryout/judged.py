"""What people made of posts, from the decisions about them.

A machine's decision says nothing of whether it was right, until a person takes it back.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from rostra.safety.decisions.model import (
    Action,
    ActionKind,
    DecisionKind,
    DecisionState,
    SubjectState,
)
from rostra.safety.subjects import SubjectKind
from rostra.safety.tryout.model import Judged

_actions = msgspec.json.Decoder(tuple[Action, ...])
_TAKEN_BACK: Final = frozenset({DecisionState.UNDONE, DecisionState.BEING_UNDONE})


class DecisionRow(msgspec.Struct, frozen=True):
    """A decision about something of an account, and what took it back."""

    id: int
    account_id: int
    subject_kind: int
    subject_id: int
    subject_state: int
    state: int
    actions: str
    strikes: int
    category: int
    machine_decided: int
    undo_kind: int  # -1: nothing took it back
    undo_actor: int

    @property
    def stands(self) -> bool:
        """Whether it has not been taken back, as a whole or for this one."""
        return self.state not in _TAKEN_BACK and self.subject_state != SubjectState.TAKEN_BACK


def judgement(row: DecisionRow) -> tuple[Judged, int] | None:
    """What one decision says of its post, and the category of what was done; None: nothing."""
    if row.state in _TAKEN_BACK:
        if row.undo_kind == DecisionKind.UNDO and row.undo_actor:
            return Judged.SPARED, 0
        return None  # it is to be decided anew
    if row.subject_state == SubjectState.TAKEN_BACK:
        return Judged.SPARED, 0
    if row.machine_decided:
        return None
    done = any(each.kind != ActionKind.NONE for each in _actions.decode(row.actions))
    return (Judged.ACTED, row.category) if done or row.strikes else (Judged.SPARED, 0)


def by_post(rows: Iterable[DecisionRow]) -> dict[int, tuple[Judged, int]]:
    """What people last made of each post, of decisions from the oldest to the newest."""
    found: dict[int, tuple[Judged, int]] = {}
    for row in rows:
        if row.subject_kind == SubjectKind.POST:
            said = judgement(row)
            if said is not None:
                found[row.subject_id] = said
    return found
