"""What was removed long ago, and never again since, is forgotten."""

from typing import Final

import msgspec

from rostra.kernel.clock import DAY
from rostra.safety.copies import queries
from rostra.safety.copies.remember import drop
from rostra.safety.edge import Services, Transaction
from rostra.store.outbox.kinds import JobKind

KEPT: Final = 365 * DAY
_AT_ONCE: Final = 500


class Tidy(msgspec.Struct, frozen=True):
    """Forget what is old."""


async def tidy(services: Services, tx: Transaction, job: Tidy) -> None:
    """Some of it; if there is more, the next job goes on at once."""
    before = services.clock.now() - KEPT
    ids = await tx.all(queries.OLD, before=before, limit=_AT_ONCE)
    await drop(tx, ids)
    if len(ids) == _AT_ONCE:
        await tx.enqueue("copies.tidy", job)


JOBS = (JobKind("copies.tidy", Tidy, tidy, transactional=True, every_ms=DAY),)
