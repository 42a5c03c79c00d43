"""Counters of posts."""

from typing import Any

from rostra.kernel.errors import NotFound
from rostra.network.edge import Transaction
from rostra.store.query import Query


async def count(tx: Transaction, counter: Query[Any], post_id: int) -> None:
    """Count one more reply, reblog or favourite of a post.

    Raises:
        NotFound: the post was deleted since it was looked at (PostgreSQL; on SQLite writers take
            turns). What was written for it goes with the transaction.
    """
    if not await tx.run(counter, post=post_id, change=1):
        raise NotFound(f"post {post_id} has just been deleted")
