"""What is told of decisions: that the team has decided something about a member."""

from collections.abc import Sequence
from typing import Any

from rostra.network.edge import Transaction
from rostra.network.notifications.events import NotificationsMade
from rostra.network.notifications.model import Kind, Outcome
from rostra.network.notifications.queries import telling


async def warn(tx: Transaction, told: Sequence[tuple[int, int]]) -> None:
    """Tell members of their statements: pairs of account and statement.

    No policy, block or mute is asked: what the team decides about somebody always reaches them.
    """
    rows: list[dict[str, Any]] = [
        {
            "id": statement_id,
            "account_id": account_id,
            "kind": Kind.MODERATION_WARNING.value,
            "from_account_id": account_id,
            "post_id": statement_id,
            "set_aside": int(Outcome.ACCEPT),
        }
        for account_id, statement_id in told
    ]
    if rows:
        await tx.run_many(telling.ADD, rows)
        await tx.emit(NotificationsMade(tuple(told)))
