"""Removing notifications that a member is done with."""

from rostra.kernel.errors import NotFound
from rostra.network.edge import Transaction
from rostra.network.notifications import queries


async def dismiss(tx: Transaction, viewer_id: int, notification_id: int) -> None:
    """Remove one of the member's own.

    Raises:
        NotFound: there is none with this id for them.
    """
    if not await tx.run(queries.DISMISS, viewer=viewer_id, id=notification_id):
        raise NotFound(f"notification {notification_id} of {viewer_id}")


async def clear(tx: Transaction, viewer_id: int) -> None:
    """Remove all of the member's own."""
    await tx.run(queries.CLEAR, viewer=viewer_id)
