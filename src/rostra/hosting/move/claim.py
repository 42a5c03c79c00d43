"""The new host claims the fence: at once if the old one has given it up, else after its lease."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Final

from rostra.hosting.fence.fence import Fence, Held, Mine, Standing, Won
from rostra.hosting.fence.records import Claim
from rostra.hosting.fence.state import FOLDER, State
from rostra.hosting.fence.votes import holder, released
from rostra.hosting.move.target import MoveError, Target
from rostra.store.lease import FileLease, MachineTime, MemoryLease

_OPENINGS: Final = 8


class Claiming:
    """The fence as the new host has it."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._state = State(target.there.to)

    def fence(self) -> Fence:
        """The new host before the places; its directory is there."""
        lease = FileLease(self._target.there.to / FOLDER / "lease")
        return self._target.there.fence(lease, lambda: self._target.kept.now.token)

    async def held(self) -> tuple[Claim | None, bool]:
        """The claim in force, and whether it was given up."""
        fence = self._target.there.fence(MemoryLease(MachineTime()), lambda: "")
        shown = await fence.look()
        now = holder(shown, fence.names)
        return now, now is not None and released(now, shown)

    async def claim(self, *, over: bool, meanwhile: Callable[[], Awaitable[None]]) -> None:
        """Claim the next epoch and wait as long as it has to; goes on where it was killed.

        Args:
            over: also where another host holds the fence.
            meanwhile: is done while it waits.

        Raises:
            FenceError: it can't be claimed, or not be kept here.
            MoveError: somebody else has it, or too few places confirm it.
        """
        fence = self.fence()
        with self._target.alone():
            kept = self._state.kept()
            if kept is None:
                self._state.check()
                won = await self._won(fence, over=over)
                self._state.keep(won.mine, opened=False)
                mine, wait_ms = won.mine, won.wait_ms
            else:
                mine = kept.mine
                wait_ms = 0 if kept.opened else await fence.wait_again_ms(mine)
            if wait_ms:
                left = f"{wait_ms / 1_000:.0f} s"
                self._target.there.say(f"waiting {left}: until then the old host may still write")
            waits = fence.open(Won(mine, wait_ms))
            standing, _ = await asyncio.gather(waits, meanwhile())
            await self._opened(fence, mine, standing)
            self._state.keep(mine, opened=True)

    async def confirm(self) -> int:
        """Move the lease on, so that it lasts until the server does so; the epoch that is held.

        Raises:
            MoveError: the claim is lost, or too few places confirm it.
        """
        kept, fence = self._state.kept(), self.fence()
        if kept is None:
            return await self._again(fence)
        await self._opened(fence, kept.mine, await fence.confirm(kept.mine))
        return kept.claim.epoch

    async def _again(self, fence: Fence) -> int:
        """The machine was started since: the next epoch, if nobody else has claimed one."""
        former = self._state.former()
        if former is None:
            raise MoveError("the claim of this host is gone: somebody has removed it")
        with self._target.alone():
            won = await fence.again(former.claim)
            if won is None:
                raise MoveError("another installation has claimed the fence meanwhile")
            self._state.keep(won.mine, opened=False)
            await self._opened(fence, won.mine, await fence.open(won))
            self._state.keep(won.mine, opened=True)
        return won.mine.claim.epoch

    async def _won(self, fence: Fence, *, over: bool) -> Won:
        before = self._target.kept.now.token
        if before and not over:
            try:
                return await fence.claim(over=False)
            except Held as error:
                if error.claim.nonce != before:
                    raise
                over = True  # our own, whose key was lost with the process that made it
        self._target.kept.change(token=secrets.token_hex(16))
        return await fence.claim(over=over)

    async def _opened(self, fence: Fence, mine: Mine, standing: Standing) -> None:
        for _ in range(_OPENINGS):
            if standing is not Standing.UNSURE:
                break
            await self._target.there.sleep(fence.terms.every_s / 4)
            standing = await fence.confirm(mine)
        if standing is Standing.LOST:
            self._state.drop()
            raise MoveError("another installation has claimed the fence meanwhile")
        if standing is Standing.UNSURE:
            raise MoveError("too few places confirm the claim; go on when they answer")
