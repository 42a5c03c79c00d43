"""The task that sends what is committed to the places, every second or so.

Each process of an installation runs one; the one that gets the lock does the work. SQLite's own log
is what waits: it is written back into the database only when enough places have what stands in
it, so nothing is held here but the one record that is on its way.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from rostra.hosting.ark.keys import Keys
from rostra.hosting.ark.log.begin import begin, resume
from rostra.hosting.ark.log.lines import Lines, Taken
from rostra.hosting.ark.log.records import Record, hash_of, packed, signed
from rostra.hosting.ark.log.state import LogState, Outgoing, Sent, Standing
from rostra.hosting.ark.manifest import mark_of
from rostra.hosting.ark.seal import Sealer, name_of
from rostra.hosting.places.port import Store
from rostra.kernel.clock import Clock
from rostra.store.arrival import Arrival
from rostra.store.lease import Lease, LeaseTime, Term
from rostra.store.wal import Frames, Lost, Position
from rostra.store.wal_tail import Tail

MOST: Final = 8 << 20  # bytes of SQLite's log in a record, about
WRITE_BACK: Final = 8 << 20  # bytes of it from which on it is written back
_UNDER_LOCK: Final = 1 << 20  # bytes that may be read while nobody can write
_HURRY_S: Final = 0.25
"""Between two records at least, while somebody waits: each is a request to every place."""
_LOOK_S: Final = 0.05
_COPY_AGAIN_MS: Final = 10_000
_COPY_AT_LAST_MS: Final = 600_000
_log = logging.getLogger(__name__)
Result = TypeVar("Result")


class Bound(msgspec.Struct, frozen=True):
    """Until when is written although nothing gets to the places.

    Attributes:
        moment: what writers ask.
        clock: its clocks.
        lag_ms: how long the oldest commit may wait.
    """

    moment: Lease
    clock: LeaseTime
    lag_ms: int


class Here(msgspec.Struct, frozen=True, kw_only=True):
    """An installation, as far as its log is concerned.

    Attributes:
        database: the file.
        keys: of the ark.
        stores: the places.
        state: what is kept of the log.
        clock: of the house.
        every_s: how often is looked.
        epoch: by which is sent now; None: nothing may be sent.
        may_begin: whether a new run may be begun: not by a copy that was not opened yet.
        based: whether enough places hold a copy that was made during this run.
        begun: whether this host has ever made a copy: before that nothing can be waited for.
        copy: makes one.
        bound: of the lag; None: there is none.
        arrival: is told up to when everything has arrived; None: nobody waits for it.
    """

    database: Path
    keys: Keys
    stores: tuple[Store, ...]
    state: LogState
    clock: Clock
    every_s: float
    epoch: Callable[[], int | None]
    may_begin: Callable[[], bool]
    based: Callable[[str], bool]
    begun: Callable[[], bool]
    copy: Callable[[], Awaitable[None]]
    bound: Bound | None = None
    arrival: Arrival | None = None


class Shipper:
    """Sends the log of an installation."""

    def __init__(self, here: Here) -> None:
        self._here = here

    async def run(self) -> None:
        """Send, as long as this installation may, until cancelled."""
        while True:
            try:
                with self._here.state.alone() as alone:
                    if alone:
                        await self._while_held()
            except Exception:  # noqa: BLE001 (the next round may go better; the lag shows it)
                _log.exception("the log could not be sent")
            await asyncio.sleep(self._here.every_s)

    async def _while_held(self) -> None:
        epoch = self._here.epoch()
        if epoch is None:
            return
        if self._here.arrival is not None:
            self._here.arrival.reach(0)  # what stands there may be of before a start of the machine
        thread = ThreadPoolExecutor(1, thread_name_prefix="rostra-log")
        opening = thread.submit(Tail, self._here.database)
        try:
            tail = await asyncio.wrap_future(opening)
            following = _Following(self._here, epoch, thread, tail)
            try:
                await following.follow()
            finally:
                await following.close()
        finally:
            # Whoever is cancelled while it opens, or while it closes, leaves nothing open behind.
            thread.submit(_let_go, opening)
            thread.shutdown()


def _let_go(opening: Future[Tail]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()


class _Following:
    """The log is followed for as long as this process does it."""

    def __init__(self, here: Here, epoch: int, thread: ThreadPoolExecutor, tail: Tail) -> None:
        self._here = here
        self._epoch = epoch
        self._thread = thread
        self._tail = tail
        self._sealer = Sealer(here.keys.data_key)
        self._lines = Lines((), here.keys.public, epoch, first=1, last=0)
        self._copying: asyncio.Task[None] | None = None
        self._copy_at = 0
        self._copy_wait = _COPY_AGAIN_MS
        self._looked_at = here.clock.now()
        self._waits_since = 0
        self._made_at = 0
        self._begun_why = ""
        self._written_back = ""
        self._looked: tuple[int, Position] | None = None

    async def close(self) -> None:
        """Let go of everything; what is on its way stays kept."""
        if self._copying is not None:
            self._copying.cancel()
            await asyncio.gather(self._copying, return_exceptions=True)
        await self._lines.close()
        await self._do(self._tail.close)

    async def follow(self) -> None:
        """Go on with the run, or with a new one wherever there could be a hole."""
        here = self._here
        sent = await self._do(resume, here.state, self._tail, self._epoch)
        why = "there was none" if here.state.sent() is None else "the log was changed by others"
        while here.epoch() == self._epoch:
            if sent is None:
                if not here.may_begin():
                    return
                sent = await self._begin()
                self._begun_why = why
                _log.warning("a new run of the log begins (%s): a copy is made", why)
            try:
                await self._run(sent)
            except (Lost, Taken) as error:
                why, sent = str(error), None
                await asyncio.sleep(here.every_s)

    async def _begin(self) -> Sent:
        here = self._here
        return await begin(
            here.state, here.stores, here.keys.public, self._do, self._tail, self._epoch
        )

    async def _run(self, sent: Sent) -> None:
        here = self._here
        before = here.state.standing()
        first = int(sent.run.rpartition("-")[2])
        await self._lines.close()
        self._lines = Lines(
            here.stores, here.keys.public, self._epoch, first=first, last=sent.number
        )
        if before is not None and before.run == sent.run:
            self._lines.has(before.places)
            self._made_at, self._begun_why = before.made_at, before.begun_why
            self._waits_since = self._waits_since or before.waits_since
        outgoing = here.state.outgoing()
        if outgoing is not None and outgoing.sent.number == sent.number + 1:
            self._waits_since = self._waits_since or self._looked_at
            sent = await self._arrive(sent, outgoing)
            self._tell(sent)
        while here.epoch() == self._epoch:
            sent, more = await self._round(sent)
            if not more:
                await self._pause()

    async def _pause(self) -> None:
        """Until the next round; shorter while somebody waits for it."""
        arrival, loop = self._here.arrival, asyncio.get_running_loop()
        began = loop.time()
        end = began + self._here.every_s
        while (now := loop.time()) < end:
            if arrival is None:
                await asyncio.sleep(end - now)
            elif now >= began + _HURRY_S and arrival.is_waited_for():
                return
            else:
                await asyncio.sleep(min(end - now, _LOOK_S))

    async def _round(self, sent: Sent) -> tuple[Sent, bool]:
        """Look once, and send what there is; whether there is much more."""
        before, self._looked_at = self._looked_at, self._here.clock.now()
        self._lines.check()
        self._look()
        frames = await self._do(self._tail.read, sent.at, MOST)
        if frames is not None:
            self._waits_since = self._waits_since or before
            outgoing = await self._do(self._outgoing, sent, frames)
            sent = await self._arrive(sent, outgoing)
        based = self._here.based(sent.run)
        if based or not self._here.begun():
            self._reach(sent)
        head = self._tail.head()
        end = head.end
        waits = end != sent.at and end.frame > 0
        self._waits_since = self._looked_at if waits else 0
        self._tell(sent, "" if based else "a copy that the log goes on from is still to be made")
        self._see_to_a_copy(sent)
        unread = end.frame - (sent.at.frame if end.salt == sent.at.salt else 0)
        if unread * head.page_size > _UNDER_LOCK:
            return sent, True
        if end.frame * head.page_size >= WRITE_BACK:
            sent = await self._write_back(sent)
        return sent, False

    def _look(self) -> None:
        """Keep a moment, and where the log ended no earlier: what was on disk then waits for it.

        One at a time: while much is written the log is never sent to its end, but to this one.
        """
        arrival = self._here.arrival
        if arrival is not None and self._looked is None:
            moment = arrival.now()
            self._looked = moment, self._tail.head().end

    def _reach(self, sent: Sent) -> None:
        """Tell whoever waits for that moment, once all up to there is sent."""
        if self._looked is None or self._here.arrival is None:
            return
        moment, end = self._looked
        # The log is begun anew only when all of it was sent.
        if end.frame == 0 or sent.at.salt != end.salt or sent.at.frame >= end.frame:
            self._here.arrival.reach(moment)
            self._looked = None

    async def _write_back(self, sent: Sent) -> Sent:
        if sent.at.check == self._written_back:
            return sent  # nothing was written since
        kept: list[Outgoing] = []

        def keep(frames: Frames) -> None:
            kept.append(self._outgoing(sent, frames))

        at = await self._do(self._tail.write_back, sent.at, _UNDER_LOCK, keep)
        self._written_back = at.check
        if self._tail.settled == at:
            self._here.state.settle(at)  # whoever is killed now goes on in the log begun anew
        for outgoing in kept:
            self._waits_since = self._looked_at
            sent = await self._arrive(sent, outgoing)
            self._tell(sent)
        return sent

    def _outgoing(self, sent: Sent, frames: Frames) -> Outgoing:
        """What was read as a record, kept on this disk until it has arrived."""
        sealed = self._sealer.seal(packed(frames))
        record = Record(
            epoch=self._epoch,
            number=sent.number + 1,
            run=sent.run,
            previous=sent.hash,
            made_at=self._here.clock.now(),
            salt=frames.end.salt,
            after=frames.start.frame,
            to=frames.end.frame,
            check=frames.end.check,
            page_size=frames.page_size,
            pages=frames.pages,
            sealed=name_of(sealed),
            key=self._here.keys.public,
        )
        content = signed(record, sealed, self._here.keys.signing_key)
        outgoing = Outgoing(
            Sent(
                epoch=record.epoch,
                number=record.number,
                run=record.run,
                hash=hash_of(content),
                at=frames.end,
            ),
            content,
        )
        self._here.state.send(outgoing)
        return outgoing

    async def _arrive(self, sent: Sent, outgoing: Outgoing) -> Sent:
        """Wait until enough places have it, as long as it takes."""
        number = outgoing.sent.number
        await self._lines.send(number, outgoing.content)
        while not await self._lines.arrived(number, self._here.every_s):
            self._tell(sent, why="too few places take it")
            if self._here.epoch() != self._epoch:
                raise Lost("the fence was lost")
        self._here.state.keep(outgoing.sent)
        self._made_at = self._looked_at
        return outgoing.sent

    def _tell(self, sent: Sent, why: str = "") -> None:
        here, now = self._here, self._here.clock.now()
        head = self._tail.head()
        before = sent.at.frame if head.end.salt == sent.at.salt else 0
        standing = Standing(
            looked_at=now,
            run=sent.run,
            mark=mark_of(sent.epoch, sent.number) if sent.hash else "",
            made_at=self._made_at,
            waits_since=self._waits_since,
            waiting_bytes=(head.end.frame - before) * head.page_size,
            places=self._lines.places(),
            why=why,
            begun_why=self._begun_why,
        )
        here.state.tell(standing)
        if here.bound is not None:
            left = (here.bound.lag_ms - standing.lag_ms(now)) * 1_000_000
            clock = here.bound.clock
            here.bound.moment.extend(
                Term(1, max(0, clock.boot() + left), max(0, clock.wall() + left))
            )

    def _see_to_a_copy(self, sent: Sent) -> None:
        """A run is worth nothing without a copy that was made during it."""
        now = self._here.clock.now()
        if now < self._copy_at or self._here.based(sent.run):
            return
        if self._copying is None or self._copying.done():
            self._copy_at = now + _COPY_AGAIN_MS
            self._copying = asyncio.create_task(self._copy(sent.run))

    async def _copy(self, run: str) -> None:
        try:
            await self._here.copy()
        except Exception:  # noqa: BLE001 (it is tried again)
            _log.exception("the copy that the log goes on from could not be made")
        if self._here.based(run):
            self._copy_wait = _COPY_AGAIN_MS
        else:
            _log.warning("too few places hold a copy that the log goes on from: one more is made")
            self._copy_at = self._here.clock.now() + self._copy_wait
            self._copy_wait = min(2 * self._copy_wait, _COPY_AT_LAST_MS)

    async def _do(self, work: Callable[..., Result], *given: Any) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *given)
