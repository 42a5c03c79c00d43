"""Loads endpoints and what they were told, for the edges."""

from rostra.kernel.errors import NotFound
from rostra.kernel.paging import MAX_BOUND
from rostra.safety.edge import Reader
from rostra.safety.webhooks import queries
from rostra.safety.webhooks.model import Delivery, Webhook


async def every(reader: Reader) -> list[Webhook]:
    """All endpoints, the oldest first. One statement."""
    return await reader.all(queries.ALL)


async def one(reader: Reader, webhook_id: int) -> Webhook:
    """An endpoint.

    Raises:
        NotFound: there is none.
    """
    found = await reader.first(queries.ONE, id=webhook_id)
    if found is None:
        raise NotFound(f"webhook {webhook_id}", safe=f"there is no webhook {webhook_id}")
    return found


async def deliveries(
    reader: Reader, webhook_id: int, *, below: int = MAX_BOUND, limit: int = 40
) -> list[Delivery]:
    """What an endpoint was told, the newest first. Two statements.

    Raises:
        NotFound: there is no such endpoint.
    """
    await one(reader, webhook_id)
    return await reader.all(queries.DELIVERIES, id=webhook_id, below=below, limit=limit)
