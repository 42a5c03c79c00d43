"""Hashes that were added are looked for among what was uploaded before.

A job goes through all uploads, the oldest first, some hundred to a transaction; how far it is
stands in its row. It goes on where it was when a process ends, and stops when somebody says so.
"""

import asyncio
import time
from typing import Final

import msgspec

from rostra.kernel.errors import NotFound
from rostra.safety.banks import access, queries
from rostra.safety.banks.held import matcher_of
from rostra.safety.banks.look import hits_of
from rostra.safety.banks.matcher import Matcher
from rostra.safety.banks.model import LookBack, LookBackState
from rostra.safety.banks.record import record
from rostra.safety.edge import Services, Transaction
from rostra.store.outbox.kinds import JobKind

_CHUNK: Final = 500
_AT_ONCE_S: Final = 30.0


class LookFurther(msgspec.Struct, frozen=True):
    """Go on looking."""

    look_back_id: int


async def start(
    services: Services, tx: Transaction, bank_id: int, *, from_item: int = 0, by_id: int = 0
) -> LookBack:
    """Look for the hashes of a bank from an id on; 0: for all.

    What waits to begin already, for these hashes and others, is left to do it: its row is locked,
    so that it begins once they are there.
    """
    for known in await tx.all(queries.BACKS_OF, bank=bank_id, limit=1):
        if _waits(known) and known.from_item <= from_item:
            fresh = await tx.first(queries.BACK_LOCKED, id=known.id)
            if fresh is not None and _waits(fresh):
                return fresh
    made = LookBack(
        id=services.ids.next(),
        bank_id=bank_id,
        from_item=from_item,
        after=0,
        until=await tx.value(queries.NEWEST_MEDIUM) or 0,
        seen_count=0,
        total_count=await tx.value(queries.HOW_MANY_MEDIA) or 0,
        found_count=0,
        state=int(LookBackState.RUNNING),
        started_by=by_id,
        started_at=services.clock.now(),
        begun_at=0,
        ended_at=0,
    )
    await tx.run(queries.ADD_BACK, **msgspec.structs.asdict(made))
    await _leave(tx, made.id)
    return made


def _waits(back: LookBack) -> bool:
    return back.state == LookBackState.RUNNING and not back.begun_at


async def cancel(services: Services, tx: Transaction, look_back_id: int, bank_id: int) -> LookBack:
    """Stop looking; what was found stays.

    Raises:
        NotFound: there is none for this bank.
    """
    found = await tx.first(queries.BACK_LOCKED, id=look_back_id)
    if found is None or found.bank_id != bank_id:
        raise NotFound(f"look back {look_back_id}")
    if found.state != LookBackState.RUNNING:
        return found
    ended: LookBack = msgspec.structs.replace(
        found, state=int(LookBackState.CANCELLED), ended_at=services.clock.now()
    )
    await _write(tx, ended)
    return ended


async def go_on(services: Services, job: LookFurther) -> None:
    """The job: chunk by chunk for half a minute, then the next job has its turn."""
    async with services.db.write() as tx:
        back = await begin(services, tx, job.look_back_id)
    if back is None:
        return
    async with services.db.read() as reader:
        matcher = await matcher_of(reader, back.bank_id, back.from_item - 1)
    ends = time.monotonic() + _AT_ONCE_S
    while back is not None and back.state == LookBackState.RUNNING:
        if time.monotonic() > ends:
            async with services.db.write() as tx:
                await _leave(tx, back.id)
            return
        back = await _step(services, back, matcher)


async def begin(services: Services, tx: Transaction, look_back_id: int) -> LookBack | None:
    """Say that a look back begins, if it waits; None where it is gone.

    It goes as far as what is uploaded by then. Whatever comes later is looked for by a job that
    knows its hashes; what came after somebody asked, but before that was written, is not.
    """
    found = await tx.first(queries.BACK_LOCKED, id=look_back_id)
    if found is None or not _waits(found):
        return found
    made: LookBack = msgspec.structs.replace(
        found,
        until=await tx.value(queries.NEWEST_MEDIUM) or 0,
        total_count=await tx.value(queries.HOW_MANY_MEDIA) or 0,
        begun_at=services.clock.now(),
    )
    row = msgspec.structs.asdict(made)
    await tx.run(
        queries.BEGIN_BACK,
        **{name: row[name] for name in ("id", "until", "total_count", "begun_at")},
    )
    return made


async def _step(services: Services, back: LookBack, matcher: Matcher) -> LookBack | None:
    """Look at some; how far it is then, None where it is gone with its bank."""
    async with services.db.read() as reader:
        banks = (await access.held(services, reader)).only(back.bank_id, matcher)
        rows = await reader.all(queries.EARLIER, after=back.after, until=back.until, limit=_CHUNK)
    hits = await asyncio.to_thread(hits_of, banks, rows, services.clock.now())
    async with services.db.write() as tx:
        fresh = await tx.first(queries.BACK_LOCKED, id=back.id)
        if fresh is None or fresh.state != LookBackState.RUNNING or fresh.after != back.after:
            return fresh
        new = await record(services, tx, banks, hits) if hits else 0
        done = len(rows) < _CHUNK
        made: LookBack = msgspec.structs.replace(
            fresh,
            after=rows[-1][0] if rows else fresh.after,
            seen_count=fresh.seen_count + len(rows),
            found_count=fresh.found_count + new,
            state=int(LookBackState.DONE if done else LookBackState.RUNNING),
            ended_at=services.clock.now() if done else 0,
        )
        await _write(tx, made)
    return made


async def _write(tx: Transaction, made: LookBack) -> None:
    row = msgspec.structs.asdict(made)
    names = ("id", "after", "seen_count", "found_count", "state", "ended_at")
    await tx.run(queries.SET_BACK, **{name: row[name] for name in names})


async def _leave(tx: Transaction, look_back_id: int) -> None:
    job = LookFurther(look_back_id)
    await tx.enqueue("banks.look_back", job, group_key="banks.look_back", priority=8)


JOBS = (JobKind("banks.look_back", LookFurther, go_on, attempts=20, timeout_s=600),)
