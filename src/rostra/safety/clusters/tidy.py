"""Forgets what cases were compared by, half a year after they were opened and once decided."""

from typing import Final

import msgspec

from rostra.kernel.clock import DAY, HOUR
from rostra.kernel.ids import floor_at
from rostra.safety.clusters import queries
from rostra.safety.edge import Services, Transaction
from rostra.store.outbox.kinds import JobKind

KEPT_MS: Final = 180 * DAY
_CHUNK: Final = 500


class Tidy(msgspec.Struct, frozen=True):
    """Forget what is old."""


async def tidy(services: Services, tx: Transaction, job: Tidy) -> None:
    """Forget some; if that is much, the next job goes on at once."""
    below = floor_at(services.clock.now() - KEPT_MS)
    ids = await tx.all(queries.OLD, below=below, limit=_CHUNK)
    if not ids:
        return
    await tx.run(queries.FORGET_KEYS, ids=ids)
    await tx.run(queries.FORGET, ids=ids)
    if len(ids) == _CHUNK:
        await tx.enqueue("clusters.tidy", job)


JOBS = (JobKind("clusters.tidy", Tidy, tidy, transactional=True, daily_at_ms=3 * HOUR),)
