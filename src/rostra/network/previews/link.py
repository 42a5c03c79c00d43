"""Which link a post is previewed by: set, taken off, forgotten with the last post."""

import secrets

from rostra.kernel.clock import DAY, SECOND
from rostra.network.edge import Services, Transaction
from rostra.network.previews import queries
from rostra.network.previews.jobs import DropCards, FetchCard, ask
from rostra.network.previews.model import CardState, Known

FRESH_MS = 14 * DAY
EMPTY_MS = DAY


async def link(
    services: Services,
    tx: Transaction,
    post_id: int,
    address: str,
    *,
    owner_id: int = 0,
    fresh: bool = False,
) -> None:
    """Let a post (``fresh``: a new one) be previewed by this address, or by none where it is empty.

    It is fetched after a while that chance decides, so that many servers which hear of a post at
    the same moment do not all call the same small site at once, and so that nobody can tell from
    the call when the post was written.

    ``owner_id``: the author of a post for followers, which shares its preview only with others of
    its kind. Else a preview that is there at once would tell strangers that somebody here has
    named the address before.
    """
    before = 0 if fresh else await tx.value(queries.OF_POST, post=post_id)
    if not address:
        if before:
            await unlink(tx, post_id)
        return
    now = services.clock.now()
    await tx.run(
        queries.PUT,
        id=services.ids.next(),
        address=address,
        owner_id=owner_id,
        created_at=now,
    )
    known = await tx.first(queries.BY_ADDRESS, address=address, owner=owner_id)
    if known is None or known.id == before:
        return
    if before:
        await unlink(tx, post_id)
    await tx.run(queries.LINK, post_id=post_id, card_id=known.id)
    if _stale(known, now):
        most = services.settings.previews.delay_s * SECOND
        await ask(tx, known, FetchCard(known.id), run_at=now + secrets.randbelow(most + 1))


async def unlink(tx: Transaction, post_id: int) -> None:
    """Take the preview off a post; the last post takes what is known of the address along."""
    before = await tx.value(queries.UNLINK, post=post_id)
    if before:
        await tx.enqueue("previews.drop", DropCards(before))


def _stale(known: Known, now: int) -> bool:
    age = now - known.fetched_at
    return age > (FRESH_MS if known.state == CardState.READY else EMPTY_MS)
