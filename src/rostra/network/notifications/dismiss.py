"""Removing notifications that a member is done with."""

from collections.abc import Sequence

from rostra.kernel.errors import NotFound
from rostra.network.edge import Transaction
from rostra.network.notifications.groups import alone_id
from rostra.network.notifications.queries import grouping, reading


async def dismiss(tx: Transaction, viewer_id: int, notification_id: int) -> None:
    """Remove one of the member's own.

    Raises:
        NotFound: there is none with this id for them.
    """
    if not await tx.run(reading.DISMISS, viewer=viewer_id, id=notification_id):
        raise NotFound(f"notification {notification_id} of {viewer_id}")


async def dismiss_group(tx: Transaction, viewer_id: int, key: str) -> None:
    """Remove a group of the member's own.

    Raises:
        NotFound: there is none with this key for them.
    """
    alone = alone_id(key)
    if alone is not None:
        await dismiss(tx, viewer_id, alone)
    elif not key or not await tx.run(grouping.DISMISS_GROUP, viewer=viewer_id, key=key):
        raise NotFound(f"group {key[:80]!r} of {viewer_id}")


async def dismiss_several(tx: Transaction, viewer_id: int, ids: Sequence[int]) -> None:
    """Remove those of the ids that are the member's own."""
    await tx.run(grouping.DISMISS_SEVERAL, viewer=viewer_id, ids=ids)


async def clear(tx: Transaction, viewer_id: int) -> None:
    """Remove all of the member's own."""
    await tx.run(reading.CLEAR, viewer=viewer_id)
