"""Removes mutes whose time is over, and accepts requests to accounts that are locked no more."""

import msgspec

from rostra.kernel.clock import HOUR
from rostra.network.accounts.events import AccountChanged
from rostra.network.edge import Services, Transaction
from rostra.network.relations import queries
from rostra.network.relations.follow import accept_all
from rostra.store.outbox.kinds import JobKind

_BATCH = 50  # of a transaction
_BATCHES = 2_000


class DropEndedMutes(msgspec.Struct, frozen=True):
    """Delete mutes that have ended; they have had no effect since."""


class AcceptRequests(msgspec.Struct, frozen=True):
    """Accept all who wait to follow an account that is no longer locked, as Mastodon does."""

    account_id: int


async def drop_ended_mutes(services: Services, _payload: DropEndedMutes) -> None:
    """One statement along the index of their ends."""
    async with services.db.write() as tx:
        await tx.run(queries.DROP_ENDED_MUTES, now=services.clock.now())


async def account_changed(_services: Services, tx: Transaction, event: AccountChanged) -> None:
    """See whether somebody waits at a door that is open now."""
    if await tx.first(queries.ASKED_AND_OPEN, target=event.account_id) is not None:
        await tx.enqueue(
            "relations.accept_requests",
            AcceptRequests(event.account_id),
            dedupe_key=str(event.account_id),
        )


async def accept_requests(services: Services, payload: AcceptRequests) -> None:
    """A batch to a transaction; ends when nobody waits, or the account is locked again."""
    for _ in range(_BATCHES):
        async with services.db.write() as tx:
            if await tx.first(queries.ASKED_AND_OPEN, target=payload.account_id) is None:
                return
            if not await accept_all(services, tx, payload.account_id, _BATCH):
                return


JOBS = (
    JobKind("relations.drop_ended_mutes", DropEndedMutes, drop_ended_mutes, every_ms=6 * HOUR),
    JobKind("relations.accept_requests", AcceptRequests, accept_requests, timeout_s=600),
)
