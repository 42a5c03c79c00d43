"""How long something takes, by the clock."""

import time
from collections.abc import Awaitable, Callable


def timed(work: Callable[[], object]) -> float:
    """The seconds that some work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


async def timed_async(work: Awaitable[object]) -> float:
    """The seconds that something takes which is awaited."""
    begun = time.perf_counter()
    await work
    return time.perf_counter() - begun


def told(what: str, count: int, seconds: float) -> float:
    """Print a row of a table: what, seconds, and how many of it a second; the seconds again."""
    print(f"| {what} | {seconds:.2f} | {count / seconds:,.0f} |", flush=True)
    return seconds
