"""The task that keeps the lease of the fence alive while the server runs.

Each process of an installation runs one; the one that gets the lock does the work, the others wait
to take its place. Whoever never gets there lets nothing hold open: the lease ends by itself.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from rostra.hosting.fence.fence import Fence, FenceError, Mine, Standing
from rostra.hosting.fence.records import Claim
from rostra.hosting.fence.state import KeptState
from rostra.store.lease import MachineTime

LOOK_S: Final = 0.25
IDLE_S: Final = 1.0
_log = logging.getLogger(__name__)


class Keeper:
    """Keeps what this installation has claimed."""

    def __init__(
        self, fence: Fence, state: KeptState, may: Callable[[], Awaitable[bool]] | None = None
    ) -> None:
        """Keep the claim of an installation.

        Args:
            fence: the installation before its places.
            state: what it keeps of the claim.
            may: is asked before it is given up, when nobody is told of any write any more; None:
                whoever wishes so gets it.
        """
        self._fence = fence
        self._state = state
        self._may = may
        self._told: Standing | None = None

    async def once(self) -> None:
        """Confirm a claim that is open, where no other process of the installation does."""
        with self._state.alone() as alone:
            kept = self._state.kept()
            if alone and kept is not None and kept.opened and not self._fence.lease.holds():
                await self._confirmed(kept.mine)

    async def run(self, *, goes_on: bool = True) -> None:
        """Keep the claim, as long as there is one, until cancelled.

        With `goes_on`, also one that was not opened yet, or is of before the machine was started.
        """
        while True:
            try:
                with self._state.alone() as alone:
                    if alone:
                        if goes_on:
                            await self._go_on_with_any()
                        await self._keep()
            except Exception:  # noqa: BLE001 (the lease ends by itself; the next round may go better)
                _log.exception("the fence could not be kept")
            await self._fence.clock.sleep(IDLE_S)

    async def _go_on_with_any(self) -> None:
        """Have a claim opened that was not yet, or finish giving it up."""
        former = self._state.former()
        if former is not None:
            await self._go_on(former.claim)
        begun = self._state.kept()
        if begun is not None and begun.given:  # killed before the places were told
            await self.give_up(begun.mine)
        elif begun is not None and not begun.opened:  # killed while it waited
            await self._go_on_waiting(begun.mine)

    async def _keep(self) -> None:
        """Confirm the claim again and again, until there is none, or it is lost or given up."""
        while (kept := self._state.kept()) is not None and kept.opened:
            standing = await self._confirmed(kept.mine)
            self._tell(standing, kept.mine)
            if standing is Standing.LOST:
                self._state.drop()
                return
            if await self._wished(self._fence.terms.every_s):
                if await self._refused():
                    continue
                await self.give_up(kept.mine)
                return
        self._fence.lease.end()

    async def _go_on(self, former: Claim) -> None:
        """The machine was started anew: the next epoch, if nobody else has claimed one since."""
        try:
            won = await self._fence.again(former)
        except FenceError as error:
            _log.warning("epoch %d can't be gone on with: %s", former.epoch, error)
            return
        if won is None:
            _log.error("another installation has taken the fence from epoch %d", former.epoch)
            self._state.drop()
            return
        self._state.keep(won.mine, opened=False)
        self._waited(won.mine, await self._fence.open(won))

    async def _go_on_waiting(self, mine: Mine) -> None:
        """Whoever has claimed it was killed, or gave up waiting, before it could be opened."""
        try:
            standing = await self._fence.reopen(mine)
        except FenceError as error:
            _log.warning("epoch %d can't be opened: %s", mine.claim.epoch, error)
            return
        self._waited(mine, standing)

    def _waited(self, mine: Mine, standing: Standing) -> None:
        """A claim has waited as long as it had to."""
        if standing is Standing.LOST:
            _log.error("another installation has taken the fence from epoch %d", mine.claim.epoch)
            self._state.drop()
        else:
            self._state.keep(mine, opened=True)

    async def _confirmed(self, mine: Mine) -> Standing:
        try:
            return await self._fence.confirm(mine)
        except Exception:  # noqa: BLE001 (whatever it is, the lease runs out if it stays)
            _log.exception("the fence could not be confirmed")
            return Standing.UNSURE

    async def _wished(self, seconds: float) -> bool:
        """Wait for so long; whether somebody asked for the claim to be given up."""
        left = seconds
        while left > 0:
            if self._state.is_wished():
                return True
            await self._fence.clock.sleep(min(LOOK_S, left))
            left -= LOOK_S
        return self._state.is_wished()

    async def _refused(self) -> bool:
        """Whether the claim is not to be given up; the next look goes on with it then."""
        if self._may is None:
            return False
        self._fence.lease.end()
        if await self._may():
            return False
        self._state.refuse()
        return True

    async def give_up(self, mine: Mine) -> bool:
        """Stop writing and release the fence; whether a majority of the places was told.

        Where it was not, whoever comes next waits for the lease to run out.
        """
        # Given up before anybody is told so: whoever starts here after a power cut must not go on.
        self._state.keep(mine, opened=False, given=True)
        told = await self._fence.release(mine)
        self._state.drop()
        return told

    def _tell(self, standing: Standing, mine: Mine) -> None:
        if standing is self._told:
            return
        self._told = standing
        epoch = mine.claim.epoch
        if standing is Standing.HOLDS:
            _log.info("the fence is held by epoch %d", epoch)
        elif standing is Standing.LOST:
            _log.error("another installation has taken the fence from epoch %d", epoch)
        else:
            _log.warning("epoch %d can't be confirmed: too few places answer", epoch)


class SystemTime(MachineTime):
    """The clocks of this machine; waiting gives the event loop back."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
