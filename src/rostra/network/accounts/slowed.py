"""Members whom a decision has slowed down: they post only so often.

Spans of time begin with a post. What was posted is counted here and not among the posts, so that
deleting one does not make room for the next.
"""

from collections.abc import Mapping
from typing import Final

from rostra.kernel.clock import SECOND
from rostra.kernel.errors import TooManyRequests
from rostra.kernel.text.lengths import at_words, in_words
from rostra.network.accounts.limits import Slow
from rostra.network.accounts.queries import restrict as queries
from rostra.network.edge import Services, Transaction

CODE: Final = "slowed_down"


async def set_slow(tx: Transaction, wanted: Mapping[int, Slow | None]) -> None:
    """Slow these accounts down to this; those with None post as they like again."""
    rows = [
        {
            "account_id": account_id,
            "posts": slow.posts,
            "per_ms": slow.per_ms,
            "ends_at": slow.ends_at,
        }
        for account_id, slow in sorted(wanted.items())
        if slow is not None
    ]
    await tx.run_many(queries.SET_SLOW, rows)
    free = [account_id for account_id, slow in wanted.items() if slow is None]
    if free:
        await tx.run(queries.CLEAR_SLOW, ids=free)


async def take_turn(services: Services, tx: Transaction, account_id: int) -> None:
    """Count a post of somebody who is slowed down. Two statements.

    Raises:
        TooManyRequests: it is not their turn yet; it tells how often they may post and until when.
    """
    now = services.clock.now()
    turn = await tx.first(queries.TURN, account=account_id)
    if turn is None or 0 < turn.ends_at <= now:
        return
    over_at = turn.began_at + turn.per_ms
    if over_at <= now:
        await tx.run(queries.TAKE_TURN, account=account_id, began=now, posted=1)
    elif turn.posted < turn.posts:
        more = turn.posted + 1
        await tx.run(queries.TAKE_TURN, account=account_id, began=turn.began_at, posted=more)
    else:
        next_at = min(over_at, turn.ends_at) if turn.ends_at else over_at
        wait = max(1, -(-(next_at - now) // SECOND))
        raise TooManyRequests(wait, safe=_words(turn, wait), code=CODE)


def _words(turn: queries.Turn, wait_s: int) -> str:
    times = "once" if turn.posts == 1 else f"{turn.posts} times"
    until = f" until {at_words(turn.ends_at)}" if turn.ends_at else ""
    return (
        f"You may post {times} in {in_words(turn.per_ms)}{until}: the team has decided so, and told"
        f" you why. Try again in {in_words(wait_s * SECOND)}"
    )


async def forget(tx: Transaction, account_id: int) -> None:
    """An account is gone."""
    await tx.run(queries.CLEAR_SLOW, ids=[account_id])
