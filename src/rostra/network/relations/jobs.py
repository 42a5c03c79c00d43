"""Removes mutes whose time is over (they have no effect from then on anyway)."""

import msgspec

from rostra.kernel.clock import HOUR
from rostra.network.edge import Services
from rostra.network.relations import queries
from rostra.store.outbox.kinds import JobKind


class DropEndedMutes(msgspec.Struct, frozen=True):
    """Delete mutes that have ended."""


async def drop_ended_mutes(services: Services, _payload: DropEndedMutes) -> None:
    """One statement along the index of their ends."""
    async with services.db.write() as tx:
        await tx.run(queries.DROP_ENDED_MUTES, now=services.clock.now())


JOBS = (JobKind("relations.drop_ended_mutes", DropEndedMutes, drop_ended_mutes, every_ms=6 * HOUR),)
