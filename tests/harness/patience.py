"""How long tests wait for what has to come, and how time is told where a time is promised.

A machine may have others to serve, or stand still for half a minute: a program at fault is told
from one that had to wait by what it does, not by how soon it does it.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Final, Self

PATIENCE_S: Final = 300.0  # no promise: a wait that has to end ends long before
_BEAT_S: Final = 0.02


def wait_for(happens: Callable[[], Any], every_s: float = 0.02) -> Any:
    """What `happens` says as soon as it says something.

    Raises:
        AssertionError: it does not within the patience of tests.
    """
    ends = time.monotonic() + PATIENCE_S
    while not (said := happens()):
        assert time.monotonic() < ends, "it takes too long"
        time.sleep(every_s)
    return said


async def until(happens: Callable[[], object], every_s: float = 0.01) -> None:
    """Wait until `happens` says so, in a loop that goes on meanwhile.

    Raises:
        TimeoutError: it does not within the patience of tests.
    """
    async with asyncio.timeout(PATIENCE_S):
        while not happens():  # noqa: ASYNC110 (seen from outside, there is nothing to wait on)
            await asyncio.sleep(every_s)


async def until_asked(happens: Callable[[], Awaitable[object]], every_s: float = 0.01) -> None:
    """The same where it has to be asked for, as a database is."""
    async with asyncio.timeout(PATIENCE_S):
        while not await happens():  # noqa: ASYNC110 (as above)
            await asyncio.sleep(every_s)


class Watch:
    """Seconds of a block in which the machine went on, for what is promised in seconds.

    It counts short sleeps. What stands still for ten seconds is one sleep that was long, so what a
    machine does not do while it does nothing is not held against the program.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._ended = threading.Event()
        self._counting = threading.Thread(target=self._count, daemon=True)

    def _count(self) -> None:
        while not self._ended.wait(_BEAT_S):
            self.seconds += _BEAT_S

    def __enter__(self) -> Self:
        self._counting.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._counting.join()
