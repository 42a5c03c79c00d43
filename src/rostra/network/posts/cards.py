"""Posts hear that the preview of their link has come or changed."""

from rostra.network.edge import Services, Transaction
from rostra.network.posts.queries import writes
from rostra.network.previews.events import CardChanged


async def card_changed(_services: Services, tx: Transaction, event: CardChanged) -> None:
    """Raise the version of the posts that show it: what is cached of them is out of date."""
    await tx.run(writes.BUMP_SHOWING, card=event.card_id)
