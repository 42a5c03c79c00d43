"""Two transactions, one of which comes while the other is not committed yet."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from rostra.store.database import Database, Transaction
from rostra.store.query import query_text

T = TypeVar("T")
LOOKS = 100
LOOK_S = 0.05
_WAITING = query_text(
    sqlite="SELECT 0", postgresql="SELECT count(*) FROM pg_locks WHERE NOT granted"
)


async def in_turn(
    db: Database,
    first: Callable[[Transaction], Awaitable[object]],
    second: Coroutine[Any, Any, T],
) -> T:
    """What the second answers, which begins when the first has written and is not committed.

    It goes as far as it can before that: on SQLite it waits before it writes anything; on
    PostgreSQL where it meets a lock.
    """
    async with db.write() as tx:
        await first(tx)
        late = asyncio.create_task(second)
        for _ in range(LOOKS if tx.dialect == "postgresql" else 6):
            await asyncio.sleep(LOOK_S)
            if late.done() or int(await tx.value(_WAITING)):
                break
    return await late
