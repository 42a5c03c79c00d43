"""Writes homes, and keeps them small: trims them, gives up those of members who are away."""

from functools import partial

import msgspec

from rostra.kernel.clock import HOUR, MINUTE
from rostra.network.edge import Services
from rostra.network.timelines import fan_out
from rostra.network.timelines.model import CatchUpHome, WriteHomes
from rostra.store.outbox.kinds import JobKind

_BATCHES = 200  # of one run; what is left waits for the next


class KeepHomes(msgspec.Struct, frozen=True):
    """Trim homes and put those of absent members to sleep."""


class MergeLargest(msgspec.Struct, frozen=True):
    """Look for accounts that have grown past what is written out."""


async def write_homes(services: Services, _payload: WriteHomes) -> None:
    """A stretch of homes to a transaction; posts leave the arrivals when all stretches are done.

    Between, a post stands in some homes twice, written and waiting, and is shown once. What a crash
    leaves half done is done again.
    """
    full = True
    while full:
        batch = await services.db.slowly(fan_out.arrived)
        full = len(batch.post_ids) == fan_out.WRITTEN_TOGETHER
        ranges = await services.db.slowly(partial(fan_out.stretches, entries=batch.entries))
        for after, until in ranges:
            async with services.db.write() as tx:
                await fan_out.write_homes(tx, batch.post_ids, after, until)
        async with services.db.write() as tx:
            await fan_out.written(tx, batch.post_ids)


async def catch_up_home(services: Services, payload: CatchUpHome) -> None:
    """By then everybody is done who was posting; what stands in the home already stays."""
    async with services.db.write() as tx:
        await fan_out.catch_up(tx, payload.account_id, payload.above)


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
    JobKind("timelines.write_homes", WriteHomes, write_homes, timeout_s=600),
    JobKind("timelines.catch_up_home", CatchUpHome, catch_up_home),
    JobKind("timelines.keep_homes", KeepHomes, keep_homes, timeout_s=600, every_ms=6 * HOUR),
    JobKind("timelines.merge_largest", MergeLargest, merge_largest, every_ms=15 * MINUTE),
)
