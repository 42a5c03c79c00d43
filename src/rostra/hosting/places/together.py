"""All places asked at once, without waiting for one that hangs when the others are enough."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store

GRACE_S: Final = 1.0
NO_ANSWER: Final = "no answer in time"
Answer = TypeVar("Answer")


async def together(
    stores: Sequence[Store],
    ask: Callable[[Store], Awaitable[Answer]],
    enough: Callable[[Sequence[Answer]], bool],
    *,
    deadline_s: float | None = None,
    grace_s: float = GRACE_S,
) -> list[Answer | PlaceFailed]:
    """What each place has answered, in their order, or why it has not.

    Args:
        stores: the places.
        ask: asks one of them.
        enough: whether these answers are; then the others have only a little longer.
        deadline_s: for all that one place is asked; None: none but its own for each request.
        grace_s: how much longer.
    """

    async def one(store: Store) -> Answer | PlaceFailed:
        try:
            async with asyncio.timeout(deadline_s):
                return await ask(store)
        except PlaceFailed as error:
            return error
        except TimeoutError:
            return PlaceFailed(store.name, NO_ANSWER)

    tasks = [asyncio.create_task(one(store)) for store in stores]
    try:
        await _settled(tasks, enough, grace_s)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return [
        PlaceFailed(store.name, NO_ANSWER) if task.cancelled() else task.result()
        for store, task in zip(stores, tasks, strict=True)
    ]


async def _settled(
    tasks: Sequence["asyncio.Task[Answer | PlaceFailed]"],
    enough: Callable[[Sequence[Answer]], bool],
    grace_s: float,
) -> None:
    """Wait for all, or until there is enough and a little longer."""
    pending = set(tasks)
    while pending:
        answers = [found for task in tasks if task.done() and not _failed(found := task.result())]
        may_go = enough(answers)  # type: ignore[arg-type] # no failure is among them
        done, pending = await asyncio.wait(
            pending,
            timeout=grace_s if may_go else None,
            return_when=asyncio.FIRST_COMPLETED,
        )
        if not done:
            return


def _failed(found: object) -> bool:
    return isinstance(found, PlaceFailed)
