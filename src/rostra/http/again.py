"""Do again what a deadlock has taken back.

A handler writes in one transaction and says nothing to anybody before that is durable, so what was
taken back has left nothing behind.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from rostra.kernel.errors import Contended
from rostra.store.chance import around

T = TypeVar("T")

TRIES: Final = 4
_PAUSE_S: Final = 0.02


async def until_done(work: Callable[[], Awaitable[T]]) -> T:
    """Do it, up to four times.

    Raises:
        Contended: it was taken back each time; the client is asked to come again in a second.
    """
    for tried in range(1, TRIES):
        try:
            return await work()
        except Contended:
            await asyncio.sleep(around(_PAUSE_S * tried, 0.5))
    return await work()
