"""Uploads and their covers are looked for in the banks, and again when a post takes them.

Both by a job: nobody waits for it, and a picture was usually met before anybody has written the
words that go with it. What a post shows that was met before is seen to at once.
"""

import asyncio

import msgspec

from rostra.network.media.events import CoverChanged, MediaAttached, MediaRemoved, MediaUploaded
from rostra.safety.banks import access, queries
from rostra.safety.banks.held import Banks
from rostra.safety.banks.model import Hashes, Hit
from rostra.safety.banks.record import record
from rostra.safety.edge import Services, Transaction
from rostra.store.outbox.kinds import JobKind

Told = tuple[int, str, str, str, str]
"""An upload: its id, and what it and its cover are told by, in hexadecimal."""


class Look(msgspec.Struct, frozen=True):
    """Look for these uploads."""

    media_ids: tuple[int, ...]


async def uploaded(_: Services, tx: Transaction, event: MediaUploaded | CoverChanged) -> None:
    """Have an upload looked for, where any bank is on. Hears `MediaUploaded`, `CoverChanged`."""
    if await tx.first(queries.ANY_ON) is not None:
        await _leave(tx, (event.media_id,))


async def attached(_: Services, tx: Transaction, event: MediaAttached) -> None:
    """Have a post seen to that shows what was met. Hears `MediaAttached`."""
    if await tx.first(queries.ANY_MATCH, ids=list(event.media_ids)) is not None:
        await _leave(tx, event.media_ids)


async def removed(_: Services, tx: Transaction, event: MediaRemoved) -> None:
    """Forget what removed files were met by. Hears `MediaRemoved`."""
    await tx.run(queries.DROP_MATCHES_OF_MEDIA, ids=list(event.media_ids))


async def _leave(tx: Transaction, media_ids: tuple[int, ...]) -> None:
    await tx.enqueue("banks.look", Look(media_ids), priority=5)


async def look(services: Services, job: Look) -> None:
    """The job. The bits are counted before the transaction that writes."""
    async with services.db.read() as reader:
        banks = await access.held(services, reader)
        rows = await reader.all(queries.SOME, ids=list(job.media_ids))
    now = services.clock.now()
    hits = await asyncio.to_thread(hits_of, banks, rows, now)
    async with services.db.write() as tx:
        await record(
            services, tx, banks, {media_id: hits.get(media_id, []) for media_id, *_ in rows}
        )


def hits_of(banks: Banks, rows: list[Told], now: int) -> dict[int, list[Hit]]:
    """What each of the uploads meets; those that meet nothing are left out."""
    found: dict[int, list[Hit]] = {}
    for media_id, *told_by in rows:
        own, cover = Hashes.of(*told_by[:2]), Hashes.of(*told_by[2:])
        met = {hit.item_id: hit for each in (cover, own) for hit in banks.hits(each, now)}
        if met:
            found[media_id] = list(met.values())
    return found


JOBS = (JobKind("banks.look", Look, look, attempts=20),)
