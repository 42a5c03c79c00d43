"""While a flood is on, one post is answered only so often."""

from typing import Final

from rostra.kernel import ids
from rostra.kernel.clock import MINUTE, SECOND
from rostra.kernel.errors import TooManyRequests
from rostra.network.edge import Services, Transaction
from rostra.network.instance import access as instance_access
from rostra.network.posts.model import PostRow
from rostra.network.posts.queries import reads

WINDOW_MS: Final = MINUTE


async def not_too_fast(
    services: Services, tx: Transaction, author_id: int, parent: PostRow | None
) -> None:
    """Let pass what may be answered now; no statement but while the measure is in force.

    Raises:
        TooManyRequests: as many as may have answered it within the last minute.
    """
    place, now = instance_access.lately(services), services.clock.now()
    slow = place.surge.in_force("slow_replies", now) if place else None
    if slow is None or parent is None or parent.account_id == author_id:
        return
    since = ids.floor_at(now - WINDOW_MS)
    about = {"id": parent.id, "author": parent.account_id}
    found = await tx.all(reads.ANSWERS_SINCE, **about, since=since, limit=slow.most)
    if len(found) < slow.most:
        return
    wait = -(-(ids.time_of(found[-1]) + WINDOW_MS - now) // SECOND)
    raise TooManyRequests(
        max(1, wait),
        safe=f"Many answer this post right now. Try again in {max(1, wait)} seconds",
        code="slow_replies",
    )
