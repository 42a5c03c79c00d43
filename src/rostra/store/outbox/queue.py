"""Putting jobs into the outbox, as part of the transaction that gives rise to them."""

import asyncio

import msgspec

from rostra.kernel.clock import Clock
from rostra.kernel.ids import IdSource
from rostra.store.bus import Bus
from rostra.store.database import Transaction
from rostra.store.outbox.kinds import Kinds
from rostra.store.outbox.queries import ENQUEUE

WAKE_TOPIC = "jobs"

_encode = msgspec.json.Encoder().encode


class Outbox:
    """Where transactions put their jobs. See `database.Jobs`."""

    def __init__(self, kinds: Kinds, bus: Bus, clock: Clock, ids: IdSource) -> None:
        self.kinds = kinds
        self.bus = bus
        self.clock = clock
        self.ids = ids
        self._waking = False

    async def enqueue(
        self,
        tx: Transaction,
        kind: str,
        payload: msgspec.Struct,
        *,
        run_at: int | None = None,
        priority: int = 0,
        dedupe_key: str = "",
        group_key: str = "",
    ) -> int:
        """Insert the job's row; it runs after the commit.

        Args:
            tx: the transaction that it is part of.
            kind: name of a `JobKind`.
            payload: the struct of that kind.
            run_at: UTC ms before which it doesn't run; None: at once.
            priority: higher runs first among what is due.
            dedupe_key: while a job of this kind and key waits, no second one is added; one that
                runs already doesn't count, for it may have read too early.
            group_key: jobs of one group never run at the same time, and in order of their ids.

        Returns:
            The id of the job, or of the one that waits already.

        Raises:
            ValueError: there is no such kind.
            TypeError: the payload is not that kind's.
        """
        expected = self.kinds[kind].payload
        if not isinstance(payload, expected):
            raise TypeError(f"{kind} takes {expected.__name__}, not {type(payload).__name__}")
        now = self.clock.now()
        job_id: int = await tx.value(
            ENQUEUE,
            id=self.ids.next(),
            kind=kind,
            payload=_encode(payload).decode(),
            run_at=now if run_at is None else run_at,
            rank=-priority,
            dedupe_key=dedupe_key,
            group_key=group_key,
        )
        if run_at is None or run_at <= now:
            tx.after_commit(self._wake)
        return job_id

    def _wake(self) -> None:
        """Wake the workers once for all jobs of this round of the event loop."""
        if not self._waking:
            self._waking = True
            asyncio.get_running_loop().call_soon(self._publish)

    def _publish(self) -> None:
        self._waking = False
        self.bus.publish(WAKE_TOPIC, b"")
