"""What is told of requests: that somebody asks for one's approval, until that is decided."""

from rostra.network.edge import Services, Transaction
from rostra.network.notifications.model import Kind
from rostra.network.notifications.tell import take_back, tell_one
from rostra.network.posts.events import InteractionAnswered, InteractionAsked
from rostra.network.posts.interaction import Kind as Asked

_KINDS = {
    Asked.FAVOURITE: Kind.PENDING_FAVOURITE,
    Asked.REPLY: Kind.PENDING_REPLY,
    Asked.REBLOG: Kind.PENDING_REBLOG,
}


def _about(event: InteractionAsked | InteractionAnswered) -> int:
    """The reply that waits, else the post that something is to be done with."""
    return event.subject_id if event.kind == Asked.REPLY else event.post_id


async def asked(services: Services, tx: Transaction, event: InteractionAsked) -> None:
    """Tell whoever is asked."""
    kind = _KINDS[Asked(event.kind)]
    to, by = event.owner_id, event.account_id
    await tell_one(services, tx, kind, to=to, by=by, post_id=_about(event))


async def answered(_services: Services, tx: Transaction, event: InteractionAnswered) -> None:
    """Take it back: there is nothing to decide any more."""
    kind = _KINDS[Asked(event.kind)]
    await take_back(tx, kind, to=event.owner_id, by=event.account_id, post_id=_about(event))
