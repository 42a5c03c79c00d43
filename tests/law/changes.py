"""What may happen between a post of Bob's for Ann and the moment in which she would see it."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.harness.crowd import Member, Town, good

from rostra.network.accounts.removal import remove_account

Change = Callable[[Town, Member, Member, str], Awaitable[Any]]


async def nothing(_town: Town, _ann: Member, _bob: Member, _post: str) -> None:
    """She sees it: so each of the others is what takes it away."""


async def she_blocks_him(town: Town, ann: Member, bob: Member, _post: str) -> None:
    """Ann blocks Bob."""
    await town.block(ann, bob)


async def he_blocks_her(town: Town, ann: Member, bob: Member, _post: str) -> None:
    """Bob blocks Ann."""
    await town.block(bob, ann)


async def she_mutes_him(town: Town, ann: Member, bob: Member, _post: str) -> None:
    """Ann mutes Bob."""
    await town.mute(ann, bob)


async def he_deletes_it(_town: Town, _ann: Member, bob: Member, post: str) -> None:
    """Bob deletes the post."""
    good(await bob.client.delete(f"/api/v1/statuses/{post}"))


async def he_is_gone(town: Town, _ann: Member, bob: Member, _post: str) -> None:
    """Bob's account is removed."""
    async with town.db.write() as tx:
        await remove_account(town.services, tx, bob.id)


SHARED: dict[str, Change] = {
    "nothing": nothing,
    "she blocks him": she_blocks_him,
    "he blocks her": he_blocks_her,
    "she mutes him": she_mutes_him,
    "he deletes it": he_deletes_it,
    "he is gone": he_is_gone,
}
