"""The end of a move at the new host: it claims the fence, takes the last of the log, and opens."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from rostra.hosting.ark.media.later import left_in, told_of_left
from rostra.hosting.fence.state import State
from rostra.hosting.move.claim import Claiming
from rostra.hosting.move.state import Takes, Taking
from rostra.hosting.move.target import FROM_ANOTHER, Target
from rostra.hosting.move.where import Where, found
from rostra.hosting.move.where import tell as tell_where
from rostra.kernel.clock import SECOND
from rostra.store import id_floor
from rostra.store.gates import file_gates

AGAIN_S: Final = 1.0
_AHEAD_MS: Final = 10 * SECOND


def may_be_lost(applied_at: int) -> str:
    """What a take-over by force may have lost, for people; the time in UTC ms, 0: none."""
    since = datetime.fromtimestamp(applied_at / SECOND, UTC).isoformat(" ", "milliseconds")
    last = f"read on the old host at {since}" if applied_at else "that of the copy"
    return (
        f"lost, if anything: the last that is here was {last}; what the old host wrote later, and"
        " had not sent, is gone. Nothing is of what waits until it is elsewhere (hosting.wait_s)"
    )


class Arriving:
    """From the claim on, step by step."""

    def __init__(
        self, target: Target, claiming: Claiming, say: Callable[[str], None], *, with_hole: bool
    ) -> None:
        """Put it together.

        Args:
            target: the directory.
            claiming: the fence as the new host has it.
            say: tells people something, once.
            with_hole: go on also where the log has a hole.
        """
        self._target = target
        self._there = target.there
        self._claiming = claiming
        self._say = say
        self._with_hole = with_hole

    async def claim(self) -> None:
        """Claim the fence; while the lease of the old host is waited for, the log is taken."""

        async def meanwhile() -> None:
            await self._there.start()
            done = await self._target.follow()
            if FROM_ANOTHER in done.hole:
                await self._newer()
            await self._target.check()

        self._say("hand over: the fence is claimed")
        await self._claiming.claim(over=self._target.kept.now.forced, meanwhile=meanwhile)
        now = self._target.kept.now
        # Given up before it was drained, by a person: then nobody has said that all is there.
        self._target.kept.change(stage=Takes.LAST, forced=now.forced or not now.heard_at)

    async def last(self) -> None:
        """The old host can write no more: take what there may still be of its log.

        A hole may be one for a while only: a place that is asked again may have it.
        """
        done = await self._target.follow(hurry=not self._target.kept.now.forced)
        now = self._target.kept.now
        if done.hole and not _has_all(now):
            if FROM_ANOTHER in done.hole and await self._newer():
                return
            if not self._with_hole:
                self._say(
                    f"waiting: NOT all of it is there: {done.hole}. The places are asked again and"
                    " again; `--with-hole` goes on without what is missing, and all behind it"
                )
                await self._there.sleep(AGAIN_S)
                return
            self._say(f"NOT all of it is there, and this host goes on without: {done.hole}")
        await self._target.check()
        if now.forced:
            self._say(may_be_lost(now.applied_at))
        # From here on the database is this host's own: no page of the log is written over it.
        self._target.kept.change(stage=Takes.FINISH)

    async def finish(self) -> None:
        """Make the database ready for this program."""
        now = self._target.kept.now
        await self._there.finish(now)
        if self._there.media_first:
            await self._target.bring_media(at_last=True)
        if not now.forced:
            id_floor.raise_to(self._there.to, now.at + _AHEAD_MS)
        self._target.kept.change(stage=Takes.OPEN)

    async def open(self) -> None:
        """Write."""
        there = self._there
        epoch = await self._claiming.confirm()
        for gate in file_gates(there.to):
            gate.open()
        await there.start()
        self._target.kept.change(stage=Takes.DONE)
        self._tell_end()
        await self._tell_media()
        await self._tell_where(epoch)

    async def told(self) -> None:
        """Say where the network is, if that was not said: a command may be killed right before."""
        kept = State(self._there.to).kept()
        if kept is None or not kept.opened:
            return
        said = await found(self._there.stores, self._target.keys().public)
        if said is None or (said.state, said.epoch) != ("here", kept.claim.epoch):
            await self._tell_where(kept.claim.epoch)

    async def _tell_where(self, epoch: int) -> None:
        there = self._there
        where = Where(state="here", host=there.host, epoch=epoch, at=there.clock.now())
        await tell_where(there.stores, where, self._target.keys().signing_key)

    async def _newer(self) -> bool:
        """Begin with a newer copy if there is one: the log goes on from it."""
        if not await self._target.is_newer():
            return False
        stage = self._target.kept.now.stage
        self._say("a newer copy is fetched: the log goes on from it")
        self._target.again()  # killed here, it goes on from there, and comes back by the claim
        await self._target.fetch()
        self._target.kept.change(stage=stage)
        await self._target.follow()
        return True

    def _tell_end(self) -> None:
        now, at = self._target.kept.now, self._there.clock.now()
        if now.forced:
            self._say("open: this host writes now")
            return
        paused = (now.paused_ms + at - now.heard_at) / SECOND
        self._say(f"open: this host writes now; writes were paused for {paused:.1f} s")

    async def _tell_media(self) -> None:
        left = await asyncio.to_thread(left_in, self._there.to)
        if left.count:
            self._say(
                f"open: {told_of_left(left)}: each comes when it is asked for, and all by"
                " themselves while the server runs"
            )


def _has_all(now: Taking) -> bool:
    """Whether all that the old host has said there is, before it gave the fence up, is here."""
    if now.forced or not now.heard_at:
        return False
    return not now.mark or (now.point is not None and now.point.after >= now.mark)
