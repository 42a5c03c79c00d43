"""Some at a time, and in order."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final, TypeVar

AT_ONCE: Final = 8
Given = TypeVar("Given")
Made = TypeVar("Made")


async def in_order(
    items: AsyncIterator[Given], work: Callable[[Given], Awaitable[Made]]
) -> AsyncIterator[Made]:
    """What becomes of each item, in the order of the items; `AT_ONCE` are under way at a time."""
    under_way: deque[asyncio.Task[Made]] = deque()

    async def one(item: Given) -> Made:
        return await work(item)

    try:
        async for item in items:
            under_way.append(asyncio.create_task(one(item)))
            if len(under_way) >= AT_ONCE:
                yield await under_way.popleft()
        while under_way:
            yield await under_way.popleft()
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
