"""Some may post only so often; and while a flood is on, one post is answered only so often."""

from typing import Final

from rostra.kernel import ids
from rostra.kernel.clock import MINUTE, SECOND
from rostra.kernel.errors import TooManyRequests
from rostra.network.accounts.limits import Limit
from rostra.network.accounts.slowed import take_turn
from rostra.network.edge import Services, Transaction
from rostra.network.instance import access as instance_access
from rostra.network.posts.author import Author, author_of
from rostra.network.posts.model import PostRow
from rostra.network.posts.queries import reads

WINDOW_MS: Final = MINUTE


async def not_too_fast(
    services: Services, tx: Transaction, author: Author, parent: PostRow | None
) -> None:
    """Let pass what may be posted now.

    No statement, but of whom a decision has slowed down, and while the measure against floods is in
    force.

    Raises:
        TooManyRequests: they have posted as much as they may, or as many as may have answered the
            post within the last minute.
    """
    if author.limits & Limit.SLOWED:
        await take_turn(services, tx, author.id)
    await _answerable(services, tx, author.id, parent)


async def not_too_often(services: Services, tx: Transaction, author_id: int) -> None:
    """Let pass what is as much as a post: an edit that names somebody else. One statement more.

    Raises:
        TooManyRequests: they are slowed down, and have posted as much as they may.
    """
    author = await author_of(tx, author_id)
    if author.limits & Limit.SLOWED:
        await take_turn(services, tx, author_id)


async def _answerable(
    services: Services, tx: Transaction, author_id: int, parent: PostRow | None
) -> None:
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
