"""Ends holds: when somebody has decided, when their limit has passed, when the post is gone."""

from collections.abc import Sequence
from typing import Final

import msgspec

from rostra.kernel.clock import DAY, HOUR
from rostra.network.posts.events import PostDeleted
from rostra.network.posts.model import Visibility
from rostra.safety.cases.signal import waits_no_more
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions import ends
from rostra.safety.decisions.events import DecisionApplied, DecisionUndone, RestrictionsEnded
from rostra.safety.decisions.model import ActionKind
from rostra.safety.edge import Services, Transaction
from rostra.safety.holding import queries
from rostra.safety.holding.model import Hold, HoldState
from rostra.safety.subjects import Subject, SubjectKind
from rostra.store.outbox.kinds import JobKind

AT_ONCE: Final = 50
"""So many posts are released in a transaction."""

KEPT_MS: Final = 92 * DAY
"""So long a hold that has ended is kept for the figures; its decision is the record of it."""

_CHUNK: Final = 1_000
_KEPT: Final = frozenset({ActionKind.HOLD, ActionKind.REMOVE})


class Settle(msgspec.Struct, frozen=True):
    """Go on with what waits no more because of a decision."""

    decision_id: int


class Tidy(msgspec.Struct, frozen=True):
    """Forget holds that ended long ago."""


async def tidy(services: Services, tx: Transaction, job: Tidy) -> None:
    """Forget some; if that is much, the next job goes on at once."""
    before = services.clock.now() - KEPT_MS
    ids = await tx.all(queries.OVER, before=before, limit=_CHUNK)
    if ids:
        await tx.run(queries.DROP, ids=ids)
    if len(ids) == _CHUNK:
        await tx.enqueue("holding.tidy", job)


async def decision_applied(services: Services, tx: Transaction, event: DecisionApplied) -> None:
    """Somebody has decided about what waits. Hears `DecisionApplied`.

    What they want holds by now. The rule's hold ends whatever that is: if it is taken back, nothing
    is left that nobody looks at. What they let go is released now.
    """
    await go_on(services, tx, Settle(event.decision_id))


async def go_on(services: Services, tx: Transaction, job: Settle) -> None:
    """End some of the holds; if there may be more, the next job does them."""
    chunk = {"decision": job.decision_id, "limit": AT_ONCE}
    holds = await tx.all(queries.WAITING_OF_DECISION, **chunk)
    if not holds:
        return
    decision = await decisions_access.one(tx, job.decision_id)
    kept = bool(_KEPT & {action.kind for action in decision.done})
    ids = [hold.decision_id for hold in holds]
    await _settle(services, tx, ids, HoldState.KEPT if kept else HoldState.RELEASED)
    await ends.end_of(services, tx, ids)
    if len(holds) == AT_ONCE:
        await tx.enqueue("holding.settle", job, dedupe_key=str(job.decision_id))


async def undone(services: Services, tx: Transaction, event: DecisionUndone) -> None:
    """What is taken back does not wait. Hears `DecisionUndone`."""
    holds = await tx.all(queries.WAITING, ids=[event.decision_id])
    await _wait_no_more(services, tx, holds, HoldState.RELEASED)


async def ended(services: Services, tx: Transaction, event: RestrictionsEnded) -> None:
    """Nobody had looked within its limit, and it is let go. Hears `RestrictionsEnded`."""
    holds = await tx.all(queries.WAITING, ids=list(event.decision_ids))
    left = await _held(tx, holds)  # it may be a label of the same decision that has ended
    over = [hold for hold in holds if (hold.post_id, hold.decision_id) not in left]
    await _wait_no_more(services, tx, over, HoldState.LET_GO)


async def _wait_no_more(
    services: Services, tx: Transaction, holds: Sequence[Hold], state: HoldState
) -> None:
    """Settle what nobody has decided on; what nothing else holds is not looked at first."""
    if not holds:
        return
    ids = [hold.decision_id for hold in holds]
    await _settle(services, tx, ids, state)
    held = {post_id for post_id, by in await _held(tx, holds) if by not in ids}
    posts = {hold.post_id for hold in holds} - held
    subjects = [Subject(SubjectKind.POST, post_id) for post_id in sorted(posts)]
    await waits_no_more(services, tx, subjects)


async def _held(tx: Transaction, holds: Sequence[Hold]) -> set[tuple[int, int]]:
    """The posts that are held now, each with the decisions that hold it. One statement."""
    posts = sorted({hold.post_id for hold in holds})
    found = await decisions_access.in_force_on(tx, SubjectKind.POST, posts)
    return {(each.subject_id, each.decision_id) for each in found if each.action == ActionKind.HOLD}


async def post_deleted(services: Services, tx: Transaction, event: PostDeleted) -> None:
    """Nobody waits for what is gone. Hears `PostDeleted`."""
    if event.visibility == Visibility.HELD:
        now, state = services.clock.now(), int(HoldState.GONE)
        await tx.run(queries.SETTLE_POST, post=event.post_id, state=state, now=now)


async def _settle(
    services: Services, tx: Transaction, decision_ids: list[int], state: HoldState
) -> None:
    now = services.clock.now()
    await tx.run(queries.SETTLE, ids=decision_ids, state=int(state), now=now)


JOBS = (
    JobKind("holding.settle", Settle, go_on, transactional=True, attempts=20),
    JobKind("holding.tidy", Tidy, tidy, transactional=True, daily_at_ms=3 * HOUR),
)
