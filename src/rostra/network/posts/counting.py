"""Counters of posts, and posts that something hangs on without being counted."""

from typing import Any

from rostra.kernel.errors import NotFound
from rostra.network.edge import Transaction
from rostra.network.posts.queries import reactions
from rostra.store.query import Query


async def count(tx: Transaction, counter: Query[Any], post_id: int) -> None:
    """Count one more reply, reblog or favourite of a post.

    Raises:
        NotFound: the post was deleted since it was looked at (PostgreSQL; on SQLite writers take
            turns). What was written for it goes with the transaction.
    """
    if not await tx.run(counter, post=post_id, change=1):
        raise NotFound(f"post {post_id} has just been deleted")


async def hold(tx: Transaction, post_id: int) -> None:
    """Keep a post from being deleted until the transaction ends: its end then takes this along.

    Raises:
        NotFound: it was deleted since it was looked at.
    """
    if await tx.first(reactions.HOLD_POST, post=post_id) is None:
        raise NotFound(f"post {post_id} has just been deleted")
