"""What is told of polls: that they have ended."""

from rostra.network.edge import Services, Transaction
from rostra.network.notifications.model import Kind, Outcome
from rostra.network.notifications.queries import telling
from rostra.network.notifications.tell import add
from rostra.network.polls.events import PollAnew, PollEnded
from rostra.network.posts import access as posts_access
from rostra.network.posts.model import Visibility


async def poll_ended(services: Services, tx: Transaction, event: PollEnded) -> None:
    """Tell voters, and the author: nobody is notified of anything else that they did themselves.

    Nobody is told of a post that a decision hides, nor afterwards that it ended meanwhile.
    """
    placed = await posts_access.placed(tx, event.post_id)
    if placed is None or placed.visibility >= Visibility.HELD:
        return
    told = await tx.all(
        telling.OF_POLL,
        voters=list(event.voter_ids),
        from_account=event.account_id,
        post=event.post_id,
        now=services.clock.now(),
    )
    if event.first:
        asked = {"post": event.post_id, "from_account": event.account_id}
        if await tx.value(telling.HAS_MUTED, **asked) is None:
            told.append(event.account_id)
    kind = Kind.POLL.value
    await add(
        services,
        tx,
        [(each, kind, Outcome.ACCEPT) for each in told],
        event.account_id,
        event.post_id,
    )


async def poll_anew(_services: Services, tx: Transaction, event: PollAnew) -> None:
    """Take back what was told of an end that is none any more."""
    await tx.run(telling.DROP_POLL, post=event.post_id)
