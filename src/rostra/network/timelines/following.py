"""Homes change with whom their owners follow.

Not with whom they block or who blocks them, but that it ends the follow: what others reblog of
either stays, hidden by the statement that reads a home or by the loader of posts while the block
stands. So nobody can do anything to somebody else's home by blocking.
"""

from rostra.network.edge import Services, Transaction
from rostra.network.relations.events import Followed, Unfollowed
from rostra.network.timelines import fan_out


async def followed(services: Services, tx: Transaction, event: Followed) -> None:
    """Bring the latest posts of somebody newly followed."""
    await fan_out.backfill(services, tx, event.account_id, event.target_id)


async def unfollowed(_services: Services, tx: Transaction, event: Unfollowed) -> None:
    """Take the posts of somebody no longer followed out of the home."""
    await fan_out.leave(tx, event.account_id, event.target_id)
