"""The background work of rules: letters to the team, and counts that are too old."""

from typing import Final

import msgspec

from rostra.kernel import ids
from rostra.kernel.clock import DAY, HOUR
from rostra.safety.edge import Services, Transaction
from rostra.safety.rules import queries
from rostra.safety.rules.letters import TellBack, tell_back
from rostra.store.outbox.kinds import JobKind

KEPT_MS: Final = 92 * DAY


class Drop(msgspec.Struct, frozen=True):
    """Forget what is too old to be shown."""


async def drop(services: Services, tx: Transaction, _job: Drop) -> None:
    """Forget old hours, and what was caught before the last two."""
    now = services.clock.now()
    await tx.run(queries.DROP_HOURS, before=now - KEPT_MS)
    await tx.run(queries.DROP_CATCHES, before=ids.floor_at(now - 2 * HOUR))


JOBS = (
    JobKind("rules.drop", Drop, drop, transactional=True, every_ms=HOUR),
    JobKind("rules.tell_back", TellBack, tell_back),
)
