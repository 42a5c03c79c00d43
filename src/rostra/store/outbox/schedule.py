"""Jobs that nobody asks for: due every so often or daily, once for all workers together."""

from rostra.store.database import Database
from rostra.store.outbox.kinds import JobKind
from rostra.store.outbox.queries import ADD_SCHEDULE, MOVE_SCHEDULE, SCHEDULES
from rostra.store.outbox.queue import Outbox


class Schedule:
    """When each scheduled kind is due next.

    The time stands in a row; whoever moves it on from the value it saw enqueues the job, so several
    workers never start the same run. Looking at the clock costs no query.
    """

    def __init__(self, db: Database, outbox: Outbox) -> None:
        self._db = db
        self._outbox = outbox
        self._kinds = {kind.name: kind for kind in outbox.kinds if kind.scheduled}
        self._due: dict[str, int] | None = None

    async def tick(self) -> None:
        """Enqueue what is due.

        After a long stop a kind runs once, not once for each time missed.
        """
        now = self._outbox.clock.now()
        if self._due is None:
            await self._prepare(now)
        if not self._passed(now):
            return
        async with self._db.read() as reader:
            self._due = self._known(await reader.all(SCHEDULES))
        passed = self._passed(now)
        if not passed:
            return  # another worker was first
        async with self._db.write() as tx:
            for kind in passed:
                seen = self._due[kind.name]
                moved = await tx.run(
                    MOVE_SCHEDULE, name=kind.name, seen=seen, next=kind.due_after(now)
                )
                if moved:
                    await tx.enqueue(
                        kind.name,
                        kind.payload(),
                        dedupe_key="schedule",
                        group_key=f"schedule:{kind.name}",
                    )
            known = self._known(await tx.all(SCHEDULES))
        self._due = known

    async def _prepare(self, now: int) -> None:
        """Add new kinds, and bring nearer what a shorter interval now wants earlier."""
        if not self._kinds:
            self._due = {}
            return
        async with self._db.write() as tx:
            for kind in self._kinds.values():
                await tx.run(ADD_SCHEDULE, kind=kind.name, due_at=kind.due_after(now))
            known = self._known(await tx.all(SCHEDULES))
            for name, seen in known.items():
                latest = self._kinds[name].due_after(now)
                if seen > latest:
                    await tx.run(MOVE_SCHEDULE, name=name, seen=seen, next=latest)
                    known[name] = latest
        self._due = known

    def _known(self, rows: list[tuple[str, int]]) -> dict[str, int]:
        return {name: due_at for name, due_at in rows if name in self._kinds}

    def _passed(self, now: int) -> list[JobKind]:
        return [self._kinds[name] for name, due_at in (self._due or {}).items() if due_at <= now]
