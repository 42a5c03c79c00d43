"""Somebody says what they think of a post that they know nothing else of."""

import msgspec

from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.safety.categories.model import Category
from rostra.safety.edge import Services, Transaction
from rostra.safety.reviews import access, queries
from rostra.safety.reviews.model import Review, View
from rostra.safety.team.model import Actor


async def answer(
    services: Services,
    tx: Transaction,
    actor: Actor,
    review_id: int,
    view: View,
    *,
    category: Category | None = None,
) -> Review:
    """Write down a view; what was done about the post is known from then on. It changes nothing.

    Args:
        services: the parts of the house.
        tx: the transaction.
        actor: who looks.
        review_id: at which one.
        view: what they think.
        category: against what it is, where it is against something.

    Raises:
        NotFound: there is none that is theirs to look at.
        Conflict: somebody has said already.
        Invalid: no view; or no category, where one is needed.
        Forbidden: it is not theirs to say, or they are trusted with some categories alone.
    """
    access.require_all(actor)
    if view == View.OPEN:
        raise Invalid("view", "is not included in the list", "ERR_INCLUSION")
    if (view == View.AGAINST) != (category is not None):
        raise Invalid("category", "is named where it is against something", "ERR_INVALID")
    found = await tx.first(queries.LOCKED, id=review_id)
    if found is None or actor.account_id in {found.account_id, found.decided_by}:
        raise NotFound(f"review {review_id}")
    if found.view != View.OPEN:
        safe = "Somebody has looked at this already"
        raise Conflict(f"review {review_id} is done", safe=safe, code="review_done")
    said = {
        "view": int(view),
        "viewed_as": int(category or 0),
        "viewed_by": actor.account_id,
        "viewed_at": services.clock.now(),
    }
    await tx.run(queries.SET, id=review_id, **said)
    return msgspec.structs.replace(found, **said)
