"""What members are told of decisions, in Mastodon's form. Source: its entity `AccountWarning`.

Mastodon knows seven actions; of several that a decision does, the one that weighs most is named.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from rostra.api.mastodon import render
from rostra.api.mastodon.entities.warnings import WarningAction
from rostra.api.mastodon.times import iso
from rostra.network.edge import Reader
from rostra.safety.appeals import access as appeals_access
from rostra.safety.appeals.model import Appeal, AppealState
from rostra.safety.decisions.model import ActionKind
from rostra.safety.statements import access
from rostra.safety.statements.model import Statement
from rostra.safety.subjects import SubjectKind

_encode = msgspec.json.Encoder().encode

# The first of them that a decision does.
_ACTIONS: Final[tuple[tuple[WarningAction, frozenset[ActionKind]], ...]] = (
    ("suspend", frozenset({ActionKind.SUSPEND, ActionKind.DELETE_ACCOUNT})),
    ("disable", frozenset({ActionKind.FREEZE})),
    ("silence", frozenset({ActionKind.LIMIT_ACCOUNT})),
    ("sensitive", frozenset({ActionKind.SENSITIVE_ACCOUNT})),
    ("delete_statuses", frozenset({ActionKind.REMOVE, ActionKind.HOLD, ActionKind.HIDE_ON})),
    ("mark_statuses_as_sensitive", frozenset({ActionKind.SENSITIVE})),
)


async def by_id(
    call: render.Asking, reader: Reader, ids: Sequence[int], accounts: Mapping[int, bytes]
) -> dict[int, bytes]:
    """The statements with these ids that are the viewer's, as JSON. Four statements, if any."""
    if not ids:
        return {}
    viewer_id = call.viewer.account_id
    found = await access.by_ids(reader, viewer_id, ids)
    said = await appeals_access.of_decisions(
        reader, viewer_id, [each.decision.id for each in found]
    )
    return {
        each.id: _warning(each, accounts[viewer_id], said.get(each.decision.id))
        for each in found
        if viewer_id in accounts
    }


def _warning(statement: Statement, account: bytes, said: Appeal | None) -> bytes:
    posts = [str(each.id) for each in statement.subjects if each.kind == SubjectKind.POST]
    return _encode(
        {
            "id": str(statement.id),
            "action": action_of(statement),
            "text": statement.text,
            "status_ids": posts or None,
            "target_account": msgspec.Raw(account),
            "appeal": None
            if said is None
            else {"text": said.text, "state": AppealState(said.state).mastodon},
            "created_at": iso(statement.created_at),
        }
    )


def action_of(statement: Statement) -> WarningAction:
    """Mastodon's name of what was done."""
    done = {ActionKind(each.kind) for each in statement.decision.done}
    for name, kinds in _ACTIONS:
        if done & kinds:
            return name
    return "none"
