"""What people from outside have filled in is kept as long as it is needed, and no longer."""

from typing import Final

import msgspec

from rostra.kernel.clock import DAY
from rostra.safety.appeals.file import forget_outsiders
from rostra.safety.edge import Services, Transaction
from rostra.safety.outsiders import queries
from rostra.safety.outsiders.model import WAITS_MS
from rostra.store.outbox.kinds import JobKind

CHUNK: Final = 500


class Sweep(msgspec.Struct, frozen=True):
    """Delete what was never confirmed, and what is over."""


async def sweep(services: Services, tx: Transaction, job: Sweep) -> None:
    """Delete some of it, with its links and what was objected; the rest is left to the next job."""
    now = services.clock.now()
    never = await tx.all(queries.NEVER_CONFIRMED, before=now - WAITS_MS, limit=CHUNK)
    over = await tx.all(queries.OVER, now=now, limit=CHUNK)
    ids = sorted({*never, *over})
    if not ids:
        return
    await forget_outsiders(services, tx, await tx.all(queries.PARTS, ids=ids))
    for statement in queries.FORGET:
        await tx.run(statement, ids=ids)
    if CHUNK in {len(never), len(over)}:
        await tx.enqueue("outsiders.sweep", job)


JOBS = (JobKind("outsiders.sweep", Sweep, sweep, transactional=True, every_ms=DAY // 4),)
