"""Every day some posts are put aside to be looked at a second time, blindly.

One in a hundred of what was decided the day before, and of what passed; of each one at least, and
not so many that nobody looks at them. Chance decides, the same for a day whenever it is asked.
"""

from random import Random
from typing import Final

import msgspec

from rostra.kernel.clock import DAY, HOUR
from rostra.kernel.ids import floor_at
from rostra.network.posts.events import PostDeleted
from rostra.safety.decisions.model import Action, ActionKind
from rostra.safety.edge import Reader, Services, Transaction
from rostra.safety.reviews import queries
from rostra.safety.reviews.model import Review, Sort
from rostra.store.outbox.kinds import JobKind

ONE_IN: Final = 100
MOST_AN_HOUR: Final = 4
"""Of each sort, of what fell into an hour: about a hundred a day."""

OPEN_FOR: Final = 14 * DAY
KEPT_FOR: Final = 400 * DAY
_AT: Final = 3 * HOUR
_HOURS: Final = 24
_actions = msgspec.json.Decoder(tuple[Action, ...]).decode


class Sample(msgspec.Struct, frozen=True):
    """Put some of yesterday's posts aside."""


async def sample(services: Services, _job: Sample) -> None:
    """Read off the event loop, write in one small transaction."""
    now = services.clock.now()
    day = now // DAY

    async def work(reader: Reader) -> list[Review]:
        chance = Random(day)  # noqa: S311 (what is chosen is no secret, and the same each time)
        found = [
            review
            for sort in Sort
            for review in await _of_a_day(services, reader, sort, day * DAY - DAY, chance)
        ]
        chance.shuffle(found)
        return found

    found = await services.db.slowly(work)
    async with services.db.write() as tx:
        await tx.run(queries.FORGET_OPEN, before=now - OPEN_FOR)
        await tx.run(queries.FORGET_OLD, before=now - KEPT_FOR)
        for each in found:
            # Ids in the order of chance: that is the order in which they are looked at.
            columns = msgspec.structs.asdict(each) | {"id": services.ids.next()}
            await tx.run(queries.ADD, **columns)


async def _of_a_day(
    services: Services, reader: Reader, sort: Sort, begin: int, chance: Random
) -> list[Review]:
    """One in a hundred of each hour; where that is none of the day, one of them."""
    pick = chance.randrange(ONE_IN)
    hours = [begin + hour * HOUR for hour in range(_HOURS)]
    found: list[Review] = []
    for hour in hours:
        found += await _of_an_hour(services, reader, sort, hour, ONE_IN, pick)
    if not found:
        chance.shuffle(hours)
        for hour in hours:
            some = await _of_an_hour(services, reader, sort, hour, 1, 0)
            if some:
                return [chance.choice(some)]
    return found


async def _of_an_hour(  # noqa: PLR0917 (who, where, what, when, and how many of it)
    services: Services, reader: Reader, sort: Sort, hour: int, parts: int, pick: int
) -> list[Review]:
    which = {"parts": parts, "pick": pick, "limit": MOST_AN_HOUR}
    now = services.clock.now()
    if sort == Sort.PASSED:
        span = {"since": floor_at(hour), "until": floor_at(hour + HOUR)}
        rows = await reader.all(queries.PASSED, **span, **which)
        return [_review(now, sort, *row) for row in rows]
    rows = await reader.all(queries.DECIDED, since=hour, until=hour + HOUR, **which)
    return [_review(now, sort, *row[:-1]) for row in rows if _restricts(row[-1])]


def _restricts(actions: str) -> bool:
    return any(ActionKind(action.kind).restricts for action in _actions(actions))


def _review(now: int, sort: Sort, *columns: int) -> Review:
    post_id, account_id, score, *decided = columns
    decision_id, category, decided_by = decided or (0, 0, 0)
    return Review(
        id=0,
        post_id=post_id,
        account_id=account_id,
        sort=int(sort),
        decision_id=decision_id,
        category=category,
        decided_by=decided_by,
        score=score,
        sampled_at=now,
    )


async def post_deleted(_: Services, tx: Transaction, event: PostDeleted) -> None:
    """Nobody looks at what is gone; what was said of it stays in the figures."""
    await tx.run(queries.FORGET_POST, post=event.post_id)


JOBS = (JobKind("reviews.sample", Sample, sample, daily_at_ms=_AT, timeout_s=300.0),)
