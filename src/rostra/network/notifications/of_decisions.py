"""What is told of decisions: that the team has decided something about a member."""

from collections.abc import Sequence
from typing import Any

from rostra.network.edge import Services, Transaction
from rostra.network.notifications.events import NotificationsMade
from rostra.network.notifications.model import Kind, Outcome
from rostra.network.notifications.queries import telling


async def warn(tx: Transaction, told: Sequence[tuple[int, int]]) -> None:
    """Tell members of their statements: pairs of account and statement.

    No policy, block or mute is asked: what the team decides about somebody always reaches them.
    """
    await _write(tx, [(*each, each[1]) for each in told])


async def _write(tx: Transaction, told: Sequence[tuple[int, int, int]]) -> None:
    rows: list[dict[str, Any]] = [
        {
            "id": notification_id,
            "account_id": account_id,
            "kind": Kind.MODERATION_WARNING.value,
            "from_account_id": account_id,
            "post_id": statement_id,
            "set_aside": int(Outcome.ACCEPT),
        }
        for account_id, statement_id, notification_id in told
    ]
    if rows:
        await tx.run_many(telling.ADD, rows)
        await tx.emit(NotificationsMade(tuple((row["account_id"], row["id"]) for row in rows)))


async def warn_again(
    services: Services, tx: Transaction, account_id: int, statement_id: int
) -> None:
    """Tell a member anew of a statement, in the place of the last time: there is news of it."""
    kind = Kind.MODERATION_WARNING.value
    await tx.run(
        telling.DROP_ONE,
        recipient=account_id,
        from_account=account_id,
        kind=kind,
        post=statement_id,
    )
    await _write(tx, [(account_id, statement_id, services.ids.next())])
