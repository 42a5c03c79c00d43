"""Of whom a member wants to hear: the policy, and the requests of those whom it sets aside.

A request is no row of its own: it is all of one sender that is set aside, under the id of the
oldest of it. So it is gone when that is, and counts what is there.
"""

from collections.abc import Sequence

import msgspec

from rostra.kernel.errors import NotFound
from rostra.kernel.paging import MAX_BOUND, Page, Window
from rostra.network.edge import Reader, Transaction
from rostra.network.notifications.model import Policy, Request
from rostra.network.notifications.queries import set_aside
from rostra.store.paging import window_of

MOST_AT_ONCE = 200  # requests of one change


async def policy(reader: Reader, viewer_id: int) -> Policy:
    """The member's policy; whoever never set one hears of everybody. One query."""
    return await reader.first(set_aside.POLICY, viewer=viewer_id) or Policy()


async def pending(reader: Reader, viewer_id: int, *, now: int) -> tuple[int, int]:
    """How many requests there are, and how many notifications they hold. One query."""
    found = await reader.first(set_aside.PENDING, viewer=viewer_id, now=now)
    return (found[0], found[1]) if found else (0, 0)


async def set_policy(tx: Transaction, viewer_id: int, changed: Policy) -> None:
    """Replace the member's policy. What came before stays as it was."""
    await tx.run(set_aside.SET_POLICY, account_id=viewer_id, **msgspec.structs.asdict(changed))


async def requests(reader: Reader, viewer_id: int, page: Page, *, now: int) -> Window[Request]:
    """A page of requests, the latest first. One query."""
    return await window_of(
        reader, set_aside.REQUESTS, page, lambda row: row.id, viewer=viewer_id, now=now
    )


async def request(reader: Reader, viewer_id: int, request_id: int, *, now: int) -> Request:
    """One request.

    Raises:
        NotFound: there is none with this id for them.
    """
    one = Page(1, max_id=min(request_id + 1, MAX_BOUND), since_id=request_id - 1)
    found = (await requests(reader, viewer_id, one, now=now)).items
    if not found:
        raise NotFound(f"notification request {request_id} of {viewer_id}")
    return found[0]


async def accept(tx: Transaction, viewer_id: int, ids: Sequence[int]) -> None:
    """Tell of all that is set aside of these requests' senders, and of what they do from now on.

    Ids that are none of the member's are of no effect.
    """
    senders = await tx.all(set_aside.REQUEST_SENDERS, viewer=viewer_id, ids=ids[:MOST_AT_ONCE])
    for sender in senders:
        await tx.run(set_aside.PERMIT, account_id=viewer_id, from_account_id=sender)
    await tx.run(set_aside.TAKE_UP, viewer=viewer_id, senders=senders)


async def dismiss(tx: Transaction, viewer_id: int, ids: Sequence[int]) -> None:
    """Remove all that is set aside of these requests' senders."""
    senders = await tx.all(set_aside.REQUEST_SENDERS, viewer=viewer_id, ids=ids[:MOST_AT_ONCE])
    await tx.run(set_aside.DROP_ASIDE, viewer=viewer_id, senders=senders)
