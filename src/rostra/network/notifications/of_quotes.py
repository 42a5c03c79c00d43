"""What is told of quotes: that one was quoted, and that what one quotes has changed."""

from rostra.network.edge import Services, Transaction
from rostra.network.notifications.model import Kind, Outcome
from rostra.network.notifications.queries import telling
from rostra.network.notifications.tell import REBLOGGERS_TOLD, add, tell_one
from rostra.network.posts.events import PostEdited, PostPublished


async def post_published(services: Services, tx: Transaction, event: PostPublished) -> None:
    """Tell whoever is quoted."""
    if event.quoted_author_id:
        await tell_one(
            services,
            tx,
            Kind.QUOTE,
            to=event.quoted_author_id,
            by=event.account_id,
            post_id=event.post_id,
        )


async def post_edited(services: Services, tx: Transaction, event: PostEdited) -> None:
    """Tell those who quote the post, in the place of the last time."""
    told = await tx.all(
        telling.OF_QUOTED,
        quoted=event.post_id,
        post=event.post_id,
        from_account=event.account_id,
        now=services.clock.now(),
        limit=REBLOGGERS_TOLD,
    )
    if not told:
        return
    await tx.run(telling.DROP_QUOTED_UPDATES, quoted=event.post_id)
    for account_id, quoting_id in told:
        # Nobody who quotes a post hears of it unasked.
        one = (account_id, Kind.QUOTED_UPDATE.value, Outcome.ACCEPT)
        await add(services, tx, [one], event.account_id, quoting_id)
