"""One job while it runs, and what there is to record about it afterwards."""

import asyncio
import time
import traceback
from typing import Any

import msgspec
import structlog

from rostra.kernel.clock import MINUTE, SECOND, Clock
from rostra.kernel.errors import RostraError, Unavailable
from rostra.store.database import Database
from rostra.store.gates import GATE_CODES
from rostra.store.outbox import queries
from rostra.store.outbox.kinds import ATTEMPTS, JobKind
from rostra.store.outbox.metrics import JobMetrics, Outcome
from rostra.store.outbox.queries import Job

MOST_LOSSES = 5  # a job that was held so often by a worker that died is buried, not tried again
_LONGEST_POSTPONED_MS = 5 * MINUTE
_ERROR_CHARACTERS = 500

_log = structlog.get_logger(__name__)


class Result(msgspec.Struct, frozen=True, eq=False):
    """Something to record about a job, by whoever holds it under `token`."""

    job: Job
    token: int


class Finish(Result, frozen=True, eq=False):
    """It is done: remove it."""


class GiveBack(Result, frozen=True, eq=False):
    """It waits again, from `run_at` on."""

    run_at: int
    attempts: int
    error: str


class Bury(Result, frozen=True, eq=False):
    """It failed for good: keep it as a dead letter."""

    died_at: int
    error: str


class _LeaseLost(Exception):
    """The row is not ours any more."""


class UnknownKind(RostraError):
    """An older or newer version of this software put it there."""

    default_safe = "this version knows no such kind of job"


class WorkerGone(RostraError):
    """The process was gone before the end of it, again and again: it may well be the reason."""

    default_safe = "its worker was gone each time before the end"


class Run:
    """A job that this worker holds."""

    task: asyncio.Task[None]

    def __init__(
        self, job: Job, token: int, until: int, kind: JobKind | None, clock: Clock
    ) -> None:
        self.job = job
        self.token = token
        self.until = until
        self.began = False
        self.seconds = 0.0
        self.result: Result | None = None
        self._kind = kind
        self._clock = clock
        self._lost = False

    def start(
        self, db: Database, services: Any, slots: asyncio.Semaphore, metrics: JobMetrics
    ) -> None:
        """Run it as soon as a slot is free."""
        work = self._run(db, services, slots, metrics)
        self.task = asyncio.create_task(work, name=f"job {self.job.kind}")

    def release(self) -> None:
        """End it and give it back, without counting the try."""
        self.result = self._give_back(0, counted=False, error=self.job.last_error)
        self.task.cancel()

    def lose(self) -> None:
        """End it: another worker has it."""
        self._lost = True
        self.result = None
        self.task.cancel()

    async def _run(
        self, db: Database, services: Any, slots: asyncio.Semaphore, metrics: JobMetrics
    ) -> None:
        name = self.job.kind
        try:
            async with slots:
                self.began = True
                metrics.started(name, max(0, self._clock.now() - self.job.run_at))
                started = time.perf_counter()
                outcome: Outcome = "released"
                try:
                    outcome = await self._try(db, services)
                finally:
                    self.seconds = time.perf_counter() - started
                    metrics.finished(name, "lost" if self._lost else outcome, self.seconds)
        except asyncio.CancelledError:
            if not self._lost and self.result is None:
                raise

    async def _try(self, db: Database, services: Any) -> Outcome:
        try:
            kind, payload = self._read()
            async with asyncio.timeout(kind.timeout_s):
                if kind.transactional:
                    return await self._in_transaction(db, services, kind, payload)
                await kind.handler(services, payload)
        except _LeaseLost:
            self._lost = True
            return "lost"
        except Exception as error:  # noqa: BLE001 (whatever a handler raises is recorded)
            return self._failed(error)
        self.result = Finish(self.job, self.token)
        return "done"

    def _read(self) -> tuple[JobKind, msgspec.Struct]:
        """Kind and payload, or why it can't even be begun."""
        if self._kind is None:
            raise UnknownKind
        if self.job.losses >= MOST_LOSSES:
            raise WorkerGone
        return self._kind, msgspec.json.decode(self.job.payload, type=self._kind.payload)

    async def _in_transaction(
        self, db: Database, services: Any, kind: JobKind, payload: msgspec.Struct
    ) -> Outcome:
        """Remove the row and do the work in one transaction."""
        async with db.write() as tx:
            if not await tx.run(queries.FINISH, id=self.job.id, token=self.token):
                raise _LeaseLost
            await kind.handler(services, tx, payload)
        return "done"

    def _failed(self, error: Exception) -> Outcome:
        now = self._clock.now()
        if isinstance(error, Unavailable) and error.code in GATE_CODES:
            # A closed gate is no failure of the job: it waits, for as long as that takes.
            wait = min(error.retry_after_s * SECOND, _LONGEST_POSTPONED_MS)
            self.result = self._give_back(wait, counted=False, error=self.job.last_error)
            return "postponed"
        text = _safe_text(error)
        known = isinstance(error, RostraError)
        _log.warning(
            "job_failed",
            kind=self.job.kind,
            job=str(self.job.id),
            attempt=self.job.attempts,
            error=text,
            exc_info=None if known else error,
        )
        kind = self._kind
        if isinstance(error, WorkerGone) or self.job.attempts >= (
            kind.attempts if kind else ATTEMPTS
        ):
            self.result = Bury(self.job, self.token, now, text)
            return "dead"
        wait = kind.retry_ms(self.job.attempts) if kind else MINUTE
        if isinstance(error, Unavailable):
            wait = max(wait, error.retry_after_s * SECOND)
        self.result = self._give_back(wait, counted=True, error=text)
        return "retried"

    def _give_back(self, wait_ms: int, *, counted: bool, error: str) -> GiveBack:
        attempts = self.job.attempts if counted else self.job.attempts - 1
        return GiveBack(self.job, self.token, self._clock.now() + wait_ms, attempts, error)


def _safe_text(error: Exception) -> str:
    """What an operator may read: our own safe texts, otherwise the kind of error and its place.

    The message of a foreign exception can quote what people wrote, so it is left out.
    """
    if isinstance(error, TimeoutError):
        return "it took too long"
    if isinstance(error, RostraError):
        return f"{type(error).__name__}: {error.safe}"[:_ERROR_CHARACTERS]
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].name}, line {frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
