"""A worker: takes due jobs in batches, runs their handlers, records what became of them.

All that a worker writes for itself (results, renewals, claims) goes through one loop and one
transaction at a time, so a busy worker needs one commit for many jobs, and an idle one a single
small read per second. Each claim has a token; a result only counts while the row still bears it.
"""

import asyncio
import contextlib
import time
from collections.abc import Iterable
from typing import Any

import structlog

from rostra.kernel.clock import SECOND
from rostra.kernel.errors import Unavailable
from rostra.store.bus import Subscription
from rostra.store.database import Database, Duplicate, Transaction
from rostra.store.gates import Gate
from rostra.store.outbox import queries
from rostra.store.outbox.metrics import JobMetrics, NoMetrics
from rostra.store.outbox.queries import Job
from rostra.store.outbox.queue import WAKE_TOPIC, Outbox
from rostra.store.outbox.running import Bury, Finish, GiveBack, Result, Run
from rostra.store.outbox.schedule import Schedule

LEASE_MS = 60 * SECOND
_SUSPECT = 2  # losses from which on a job may be what ends workers
_QUICK_S = 0.02
_AHEAD = 4  # times the concurrency: jobs held while they are quick, so that slots never idle

_log = structlog.get_logger(__name__)


class Worker:
    """One process's worker; any number of them share the work."""

    def __init__(
        self,
        db: Database,
        outbox: Outbox,
        services: Any,
        *,
        concurrency: int = 8,
        poll_ms: int = 1000,
        lease_ms: int = LEASE_MS,
        metrics: JobMetrics | None = None,
        gate: Gate | None = None,
    ) -> None:
        """Make a worker; `run` starts it.

        Args:
            db: where the jobs are.
            outbox: the queue that they were put into.
            services: handed to every handler.
            concurrency: jobs that run at a time.
            poll_ms: milliseconds between looks for due jobs while nobody wakes us.
            lease_ms: milliseconds after which the jobs of a dead worker are taken over.
            metrics: who counts.
            gate: no job begins while it is closed; those that run come to their end.
        """
        self._db = db
        self._outbox = outbox
        self._services = services
        self._concurrency = concurrency
        self._poll_s = poll_ms / 1000
        self._lease_ms = lease_ms
        self._metrics = metrics or NoMetrics()
        self._gate = gate
        self._schedule = Schedule(db, outbox)
        self._slots = asyncio.Semaphore(concurrency)
        self._held: dict[int, Run] = {}
        self._results: list[Result] = []
        self._stir = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        self._stopping = False
        self._grace_s = 0.0
        self._pace_s = 0.0  # what jobs took lately, on average

    async def run(self) -> None:
        """Work until `stop` is called."""
        self._ended.clear()
        news = self._outbox.bus.subscribe(WAKE_TOPIC)
        listener = asyncio.create_task(self._listen(news), name="jobs-wake")
        try:
            while not self._stopping:
                self._stir.clear()
                if await self._safely():
                    continue
                await self._stirred(self._poll_s)
            await self._wind_up()
        finally:
            news.close()
            listener.cancel()
            for run in self._held.values():
                run.task.cancel()
            self._ended.set()

    async def stop(self, grace_s: float = 10.0) -> None:
        """Take no more jobs; those that run get `grace_s` seconds, the rest is given back.

        Returns when `run` has ended.
        """
        self._grace_s = grace_s
        self._stopping = True
        self._stir.set()
        await self._ended.wait()

    async def drain(self) -> None:
        """For tests and commands: run what is due, and what that gives rise to, then return."""
        while True:
            self._stir.clear()
            if await self._turn():
                continue
            if not self._held and not self._stir.is_set():
                return
            await self._stir.wait()

    async def _listen(self, news: Subscription) -> None:
        while not self._stopping:
            async for _ in news:
                self._stir.set()
            if not news.lagged:
                return
            news = self._outbox.bus.subscribe(WAKE_TOPIC)

    async def _safely(self) -> bool:
        """One turn; whatever goes wrong in it is tried again later."""
        try:
            await self._schedule.tick()
            return await self._turn()
        except Unavailable:  # a gate is closed, or the writer is busy: nothing to tell
            await self._pause()
        except Exception:  # noqa: BLE001 (the loop must not end: others rely on it)
            _log.exception("jobs_turn_failed")
            await self._pause()
        return False

    async def _pause(self) -> None:
        """Wait a poll, unless the worker is stopped: results of jobs would wake us at once."""
        deadline = time.monotonic() + self._poll_s
        while not self._stopping and (left := deadline - time.monotonic()) > 0:
            self._stir.clear()
            await self._stirred(left)

    async def _stirred(self, within_s: float) -> None:
        """Wait until something happens, at most so long."""
        # Not `wait_for`, which in Python 3.11 can lose a cancellation that comes with the event.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._stir.wait()

    async def _turn(self) -> bool:
        """Record results, renew leases, take due jobs; True if there may be more to take."""
        results = tuple(self._results)
        now = self._outbox.clock.now()
        aging = [run for run in self._held.values() if run.until - now < self._lease_ms * 2 // 3]
        ahead = _AHEAD if self._pace_s < _QUICK_S else 1
        room = self._concurrency * ahead - (len(self._held) - len(results))
        due = self._may_take() and room > 0 and await self._is_due(now)
        if not (results or aging or due):
            return False
        claimed: list[Job] = []
        token = self._outbox.ids.next()
        until = now + self._lease_ms
        async with self._db.write() as tx:
            for result in results:
                await _record(tx, result)
            lost = await _renew(tx, aging, until)
            # Asked again: the gate may have closed while others were writing. Whoever has closed it
            # counts the jobs that run, and must not miss one that is just being taken.
            if due and self._may_take():
                claimed = await self._claimable(tx, now, room)
            if claimed:
                ids = [job.id for job in claimed]
                await tx.run(queries.CLAIM, ids=ids, token=token, until=until)
        self._recorded(results)
        for run in aging:
            run.until = until
        for run in lost:
            run.lose()
        for job in claimed:
            self._start(job, token, until)
        return bool(claimed) and len(claimed) == room

    async def _claimable(self, tx: Transaction, now: int, most: int) -> list[Job]:
        """What to take next: of jobs that may have ended workers, one at a time.

        So a job that does is alone to blame after some losses, and its neighbours get through.
        """
        if tx.dialect == "postgresql":
            await tx.value(queries.CLAIM_TURN)
        jobs = await tx.all(queries.CLAIMABLE, now=now, most=most)
        suspects = [job for job in jobs if job.losses >= _SUSPECT]
        if any(run.job.losses >= _SUSPECT for run in self._held.values()):
            passed = suspects
        else:
            passed = suspects[1:]
        return [job for job in jobs if job not in passed]

    def _may_take(self) -> bool:
        return not self._stopping and (self._gate is None or self._gate.closing() is None)

    async def _is_due(self, now: int) -> bool:
        async with self._db.read() as reader:
            return await reader.value(queries.DUE, now=now) is not None

    def _start(self, job: Job, token: int, until: int) -> None:
        run = Run(job, token, until, self._outbox.kinds.get(job.kind), self._outbox.clock)
        self._held[job.id] = run
        run.start(self._db, self._services, self._slots, self._metrics)
        run.task.add_done_callback(lambda _: self._done(run))

    def _done(self, run: Run) -> None:
        self._pace_s = 0.9 * self._pace_s + 0.1 * run.seconds
        result = run.result
        if result is None:  # nothing to record
            if self._held.get(run.job.id) is run:
                del self._held[run.job.id]
        else:
            self._results.append(result)
        self._stir.set()

    def _recorded(self, results: Iterable[Result]) -> None:
        for result in results:
            self._results.remove(result)
            held = self._held.get(result.job.id)
            if held is not None and held.token == result.token:
                del self._held[result.job.id]

    async def _wind_up(self) -> None:
        """Give back what has not begun, wait for the rest, record everything."""
        for run in self._held.values():
            if not run.began:
                run.release()
        tasks = {run.task for run in self._held.values()}
        if tasks:
            deadline = time.monotonic() + self._grace_s
            # Long jobs keep their leases while they are waited for.
            while tasks and (left := deadline - time.monotonic()) > 0:
                _, tasks = await asyncio.wait(tasks, timeout=min(left, self._poll_s))
                await self._safely_record()
            for run in self._held.values():
                if not run.task.done():
                    run.release()
            if tasks:
                await asyncio.wait(tasks)
        await self._safely_record()

    async def _safely_record(self) -> None:
        await asyncio.sleep(0)  # the callbacks of finished tasks come first
        try:
            await self._turn()
        except Exception:  # noqa: BLE001 (the leases run out, and others take over)
            _log.warning("jobs_not_recorded", jobs=len(self._results))


async def _renew(tx: Transaction, runs: list[Run], until: int) -> list[Run]:
    """Renew leases; those that were lost to another worker."""
    if not runs:
        return []
    await tx.run_many(
        queries.RENEW, [{"id": run.job.id, "token": run.token, "until": until} for run in runs]
    )
    held = set(await tx.all(queries.HELD, ids=[run.job.id for run in runs]))
    return [run for run in runs if (run.job.id, run.token) not in held]


async def _record(tx: Transaction, result: Result) -> None:
    """Write down what became of a job, if it is still ours."""
    match result:
        case Finish(job=job, token=token):
            await tx.run(queries.FINISH, id=job.id, token=token)
        case GiveBack(job=job, token=token, run_at=run_at, attempts=attempts, error=error):
            values = {"at": run_at, "tries": attempts, "error": error}
            try:
                async with tx.savepoint():
                    await tx.run(queries.GIVE_BACK, id=job.id, token=token, **values)
            except Duplicate:  # the same was asked for meanwhile: that one does it
                await tx.run(queries.FINISH, id=job.id, token=token)
        case Bury(job=job, token=token, died_at=died_at, error=error):
            if await tx.run(queries.FINISH, id=job.id, token=token):
                await tx.run(
                    queries.BURY,
                    id=job.id,
                    kind=job.kind,
                    payload=job.payload,
                    rank=job.rank,
                    dedupe_key=job.dedupe_key,
                    group_key=job.group_key,
                    attempts=job.attempts,
                    last_error=error,
                    died_at=died_at,
                )
