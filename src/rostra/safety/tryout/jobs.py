"""The background work of try-outs: they run in processes of their own, and old ones are dropped."""

import asyncio
import os
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import msgspec
import structlog

from rostra.kernel import ids
from rostra.kernel.clock import DAY
from rostra.kernel.errors import Unavailable
from rostra.safety.edge import Reader, Services, Transaction
from rostra.safety.rules.faults import Faulty
from rostra.safety.tryout import queries
from rostra.safety.tryout.history import Period, Shard, shards
from rostra.safety.tryout.kept import State, Tryout, encoded
from rostra.safety.tryout.parallel import Cancelled
from rostra.safety.tryout.spec import spec_of
from rostra.safety.tryout.sweep import Task, try_out
from rostra.store.outbox.kinds import JobKind

NAME: Final = "tryout.try"
SAMPLES: Final = 20  # of each group
KEPT_MS: Final = 92 * DAY
_TELL_EVERY_S: Final = 1.0
_LONGEST_S: Final = 4 * 3600.0

_log = structlog.get_logger(__name__)


class TryRule(msgspec.Struct, frozen=True):
    """Try a rule on the past."""

    tryout_id: int


class DropOld(msgspec.Struct, frozen=True):
    """Forget what was tried long ago."""


class _Watch:
    """What the thread that scores and the loop that tells of it have in common."""

    def __init__(self) -> None:
        self.done = 0
        self.stop = False

    def told(self, posts: int) -> None:
        self.done += posts

    def stopped(self) -> bool:
        return self.stop


async def run(services: Services, job: TryRule) -> None:
    """Try it, telling how far it is; from the beginning where a process has ended amid it."""
    async with services.db.write() as tx:
        if not await tx.run(queries.BEGIN, id=job.tryout_id):
            return  # given up before it began
        found = await tx.first(queries.ONE, id=job.tryout_id)
    if found is not None:
        await _tried(services, found)


async def _tried(services: Services, of: Tryout) -> None:
    period = Period(of.since, of.until)

    async def read(reader: Reader) -> list[Shard]:
        return await shards(reader, period)

    parts = await services.db.slowly(read)
    async with services.db.write() as tx:
        await tx.run(queries.COUNTED, id=of.id, total=sum(each.posts for each in parts))
        spec = await spec_of(services, tx, of.sources, SAMPLES)
    task = Task(services.settings.database_url, spec, period)
    state, result, failure = State.DONE, "", ""
    try:
        result = await _watched(services, of.id, task, parts)
    except Cancelled:
        return  # whoever gave it up has said so in its row
    except Faulty as faulty:
        state, failure = State.FAILED, str(faulty)
    except Exception:  # noqa: BLE001 (whatever it was, people learn that it has ended)
        _log.exception("tryout_failed", tryout=of.id)
        state, failure = State.FAILED, "It could not be finished; the log of the server says why."
    async with services.db.write() as tx:
        await tx.run(
            queries.END, id=of.id, state=state, result=result, failure=failure,
            now=services.clock.now(),
        )  # fmt: skip


async def _watched(services: Services, tryout_id: int, task: Task, parts: Sequence[Shard]) -> str:
    """What came of it. While it runs its row says how far it is, and whether it is wanted still."""
    watch = _Watch()
    processes = max(1, (os.cpu_count() or 1) - 1)
    running = asyncio.create_task(
        asyncio.to_thread(
            try_out, task, parts, processes=processes, told=watch.told, stopped=watch.stopped
        )
    )
    try:
        while not (await asyncio.wait({running}, timeout=_TELL_EVERY_S))[0]:
            with suppress(Unavailable):  # nothing is written for a while: it is told later
                async with services.db.write() as tx:
                    wanted = await tx.run(queries.PROGRESS, id=tryout_id, done=watch.done)
                watch.stop = not wanted
        return encoded(running.result())
    finally:
        # This process may be told to end: what it has started ends before it.
        watch.stop = True
        await asyncio.wait({running})


async def drop(services: Services, tx: Transaction, _job: DropOld) -> None:
    """Forget old ones."""
    await tx.run(queries.DROP, before=ids.floor_at(services.clock.now() - KEPT_MS))


JOBS = (
    JobKind(NAME, TryRule, run, attempts=3, timeout_s=_LONGEST_S),
    JobKind("tryout.drop", DropOld, drop, transactional=True, daily_at_ms=0),
)
