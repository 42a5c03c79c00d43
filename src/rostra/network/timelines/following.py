"""Homes change with whom their owners follow and block."""

from rostra.network.edge import Services, Transaction
from rostra.network.relations.events import Blocked, Followed, Unblocked, Unfollowed
from rostra.network.timelines import fan_out


async def followed(services: Services, tx: Transaction, event: Followed) -> None:
    """Bring the latest posts of somebody newly followed."""
    await fan_out.backfill(services, tx, event.account_id, event.target_id)


async def unfollowed(_services: Services, tx: Transaction, event: Unfollowed) -> None:
    """Take the posts of somebody no longer followed out of the home."""
    await fan_out.leave(tx, event.account_id, event.target_id)


async def blocked(_services: Services, tx: Transaction, event: Blocked) -> None:
    """Take everything of either out of the other's home."""
    await fan_out.forget(tx, event.account_id, event.target_id)
    await fan_out.forget(tx, event.target_id, event.account_id)


async def unblocked(_services: Services, tx: Transaction, event: Unblocked) -> None:
    """Let both homes be built anew when they are next read, with what others reblog of either.

    They are not built here: whoever takes a long list of blocks back does so many times.
    """
    for viewer_id in (event.account_id, event.target_id):
        await fan_out.put_one_to_sleep(tx, viewer_id)
