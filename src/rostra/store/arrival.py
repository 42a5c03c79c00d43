"""Up to which moment everything that was written is at enough other places as well."""

import asyncio
from typing import Final

from rostra.store.lease import Lease, LeaseTime, Term

_LOOK_S: Final = 0.02


class Arrival:
    """The moment, which the process that sends moves on, and whoever waits for it looks at."""

    def __init__(
        self, moment: Lease, clock: LeaseTime, patience_s: float, asked: Lease | None = None
    ) -> None:
        """Nobody waits yet.

        Args:
            moment: tells up to when everything is elsewhere.
            clock: of this machine.
            patience_s: for so long is waited at most.
            asked: tells up to when somebody waits for it; None: whoever sends is not to know.
        """
        self._moment = moment
        self._clock = clock
        self._patience_s = patience_s
        self._asked = asked

    def now(self) -> int:
        """The moment that it is, by the clock since the machine was started; nanoseconds."""
        return self._clock.boot()

    def reach(self, boot_ns: int) -> None:
        """Everything that was on disk at that moment is elsewhere."""
        self._moment.extend(Term(1, boot_ns, 0))

    def is_waited_for(self) -> bool:
        """Whether somebody waits for what is not elsewhere yet: whoever sends need not pause."""
        if self._asked is None:
            return False
        # A moment that is ahead of the clock is of before the machine was started.
        return self._moment.term().boot_ns < self._asked.term().boot_ns <= self.now()

    async def reached(self) -> bool:
        """Wait until what is on disk now is elsewhere; False: it takes too long."""
        now, loop = self.now(), asyncio.get_running_loop()
        if self._asked is not None:
            self._asked.extend(Term(1, now, 0))
        end = loop.time() + self._patience_s
        # A moment that is ahead of the clock is of before the machine was started.
        while not now <= self._moment.term().boot_ns <= self.now():
            if loop.time() > end:
                return False
            await asyncio.sleep(_LOOK_S)  # another process tells, and can wake nobody here
        return True
