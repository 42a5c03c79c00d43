"""Keeps homes small: trims them, gives up those of members who are away, and merges the largest."""

import msgspec

from rostra.kernel.clock import HOUR, MINUTE
from rostra.network.edge import Services
from rostra.network.timelines import fan_out
from rostra.store.outbox.kinds import JobKind

_BATCHES = 200  # of one run; what is left waits for the next


class KeepHomes(msgspec.Struct, frozen=True):
    """Trim homes and put those of absent members to sleep."""


class MergeLargest(msgspec.Struct, frozen=True):
    """Look for accounts that have grown past what is written out."""


async def keep_homes(services: Services, _payload: KeepHomes) -> None:
    """A batch to a transaction, so that members' writes come in between."""
    for _ in range(_BATCHES):
        async with services.db.write() as tx:
            asleep = await fan_out.put_to_sleep(services, tx)
        if not asleep:
            break
    for _ in range(_BATCHES):
        overfull = await services.db.slowly(fan_out.overfull)
        if not overfull:
            break
        async with services.db.write() as tx:
            await fan_out.trim(tx, overfull)


async def merge_largest(services: Services, _payload: MergeLargest) -> None:
    """Mark them; see ``fan_out``."""
    async with services.db.write() as tx:
        await fan_out.start_merging(services, tx)


JOBS = (
    JobKind("timelines.keep_homes", KeepHomes, keep_homes, timeout_s=600, every_ms=6 * HOUR),
    JobKind("timelines.merge_largest", MergeLargest, merge_largest, every_ms=15 * MINUTE),
)
