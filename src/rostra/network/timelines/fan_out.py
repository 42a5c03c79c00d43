"""Homes are written when a post is, so that reading one is a walk along one index.

Posts of accounts with more than a few followers are written out for many posts at a time, within a
second or two; until then homes show them all the same (``queries.HOME``). Only homes whose owner
has been seen lately are kept; the others are built anew on return. Posts of accounts with very many
followers are not written out but merged when a home is read.
"""

from collections.abc import Sequence

import msgspec

from rostra.kernel import ids
from rostra.kernel.clock import DAY, HOUR, MINUTE, SECOND
from rostra.kernel.paging import MAX_BOUND
from rostra.network.edge import Reader, Services, Transaction
from rostra.network.posts.events import PostDeleted, PostPublished
from rostra.network.posts.model import Visibility
from rostra.network.timelines.model import CatchUpHome, WriteHomes
from rostra.network.timelines.queries import homes as queries

KEPT = 800  # entries of a home
BACKFILLED = 40  # entries that a new follow brings
REBUILT = 400  # entries of a home that is built anew
# A home is built from the newest stretch first: who follows thousands has it full within hours of
# posts, and the walk over all that they posted in two months is never made.
REBUILT_FROM = (6 * HOUR, DAY, 4 * DAY, 16 * DAY, 60 * DAY)
A_FEW_FOLLOWERS = 24  # up to this many, homes are written at once
GATHERED_MS = 1 * SECOND  # how long posts gather before homes are written
LAGGING_MS = 20 * SECOND  # posts that have waited for so long say that nobody writes them out
MANY_FOLLOWERS = 2_000  # from here on, homes merge an account's posts when they are read
# Processes look for newly merged accounts this often; posts are still written out until all know.
MERGE_NOTICE_MS = 2 * MINUTE
AWAY_DAYS = 7
# How long before a home is built anew somebody may have begun to post who is not done yet, and when
# they surely are.
IN_FLIGHT_MS = 1 * MINUTE
CAUGHT_UP_MS = 10 * SECOND
_TRIM_BATCH = 50
WRITTEN_TOGETHER = 2_000  # posts
# Entries of one transaction: some milliseconds, for which others who write wait.
_STRETCH = 1_500


async def fan_out(services: Services, tx: Transaction, event: PostPublished) -> None:
    """Bring a new post into the author's home and those of the followers. Two or three statements.

    Those of many followers are written later, many posts at a time (``jobs.WriteHomes``): each home
    lies on a page of its own, and changing that page is what costs.
    """
    now = services.clock.now()
    post: dict[str, object] = {
        "post": event.post_id,
        "author": event.account_id,
        "original": event.reblog_of_id,
        "original_author": event.original_author_id,
    }
    await tx.run(queries.TO_AUTHOR, **post)
    if event.author_merged_since and now > event.author_merged_since:
        return
    post |= {
        "answered": event.in_reply_to_account_id,
        "language": event.language,
        "visibility": event.visibility,
    }
    if event.author_followers > A_FEW_FOLLOWERS and event.visibility < Visibility.DIRECT:
        late = ids.floor_at(now - LAGGING_MS)
        if await tx.run(queries.ARRIVE, late=late, **post):
            await tx.enqueue(
                "timelines.write_homes",
                WriteHomes(),
                run_at=now + GATHERED_MS,
                dedupe_key="all",
                group_key="timelines.write_homes",
            )
            return
    await tx.run(queries.FAN_OUT, **post)


class Batch(msgspec.Struct, frozen=True):
    """Posts that have arrived, and about how many entries of homes they will be."""

    post_ids: list[int]
    entries: int


async def arrived(reader: Reader) -> Batch:
    """The oldest posts that homes are still to be written with."""
    rows = await reader.all(queries.ARRIVALS, limit=WRITTEN_TOGETHER)
    return Batch([post_id for post_id, _ in rows], sum(followers for _, followers in rows))


async def stretches(reader: Reader, entries: int) -> list[tuple[int, int]]:
    """All homes that are kept, as ranges of account ids with about ``_STRETCH`` entries each.

    Ranges are open at the lower end. Together they hold every account, also those of tomorrow.
    """
    parts = max(1, entries // _STRETCH)
    size = 0
    if parts > 1:
        size = await reader.value(queries.KEPT_HOMES) // parts
    ranges, after = [], 0
    while size:
        until = await reader.first(queries.STRETCH_END, after=after, size=size)
        if until is None:
            break
        ranges.append((after, until))
        after = until
    return [*ranges, (after, MAX_BOUND)]


async def write_homes(tx: Transaction, post_ids: Sequence[int], after: int, until: int) -> None:
    """Write these posts into the homes of a range of accounts. Two statements."""
    await tx.all(queries.LOCK_ARRIVALS, posts=post_ids)
    await tx.run(queries.DELIVER, posts=post_ids, after=after, until=until)


async def written(tx: Transaction, post_ids: Sequence[int]) -> None:
    """These posts stand in all homes now."""
    await tx.run(queries.DELIVERED, posts=post_ids)


async def drop(_services: Services, tx: Transaction, event: PostDeleted) -> None:
    """Take a deleted post out of every home."""
    # In this order: who is writing it into homes right now is waited for by the first.
    await tx.run(queries.DROP_ARRIVAL, post=event.post_id)
    await tx.run(queries.DROP_POST, post=event.post_id)


async def backfill(services: Services, tx: Transaction, viewer_id: int, author_id: int) -> None:
    """Bring the latest posts of somebody newly followed into a home."""
    oldest = ids.floor_at(services.clock.now() - REBUILT_FROM[-1])
    await tx.run(
        queries.BACKFILL,
        viewer=viewer_id,
        author=author_id,
        above=oldest,
        below=MAX_BOUND,
        limit=BACKFILLED,
    )


async def leave(tx: Transaction, viewer_id: int, author_id: int) -> None:
    """Take an author's posts and reblogs out of a home (unfollowed)."""
    await tx.run(queries.LEAVE, viewer=viewer_id, author=author_id)


async def leave_many(tx: Transaction, viewer_id: int, author_ids: Sequence[int]) -> None:
    """Take the posts and reblogs of several authors out of a home. One statement."""
    await tx.run(queries.LEAVE_MANY, viewer=viewer_id, authors=author_ids)


async def rebuild(
    services: Services, tx: Transaction, viewer_id: int, *, most: int = REBUILT
) -> None:
    """Build a home anew for somebody who is back. Three statements to seven; PostgreSQL: one more.

    On PostgreSQL others post meanwhile: they do not write into this home, which sleeps for them,
    and what they post is not there yet for this one. It is brought a little later.
    """
    now = services.clock.now()
    await tx.run(queries.CLEAR, viewer=viewer_id)
    missing, below = most, MAX_BOUND
    for reach in REBUILT_FROM:
        above = ids.floor_at(now - reach)
        missing -= await tx.run(
            queries.REBUILD, viewer=viewer_id, above=above, below=below, limit=missing
        )
        if missing <= 0:
            break
        below = above + 1
    await tx.run(queries.SET_BUILT, viewer=viewer_id, now=now)
    if tx.dialect == "postgresql":
        await tx.enqueue(
            "timelines.catch_up_home",
            CatchUpHome(viewer_id, ids.floor_at(now - IN_FLIGHT_MS)),
            run_at=now + CAUGHT_UP_MS,
        )


async def catch_up(tx: Transaction, viewer_id: int, above: int) -> None:
    """Bring the posts with ids above this one that a home misses. One statement."""
    await tx.run(queries.REBUILD, viewer=viewer_id, above=above, below=MAX_BOUND, limit=REBUILT)


async def put_to_sleep(services: Services, tx: Transaction, limit: int = _TRIM_BATCH) -> int:
    """Give up homes of members not seen for a week; how many were given up."""
    day = services.clock.now() // DAY - AWAY_DAYS
    asleep = await tx.all(queries.ASLEEP, day=day, limit=limit)
    for viewer_id in asleep:
        await put_one_to_sleep(tx, viewer_id)
    return len(asleep)


async def put_one_to_sleep(tx: Transaction, viewer_id: int) -> None:
    """Give a home up: it is built anew when it is next read."""
    await tx.run(queries.CLEAR, viewer=viewer_id)
    await tx.run(queries.SET_BUILT, viewer=viewer_id, now=-1)


async def overfull(reader: Reader) -> list[int]:
    """Whose homes have grown past what is kept: a batch of them."""
    return await reader.all(queries.OVERFULL, keep=KEPT + KEPT // 4, limit=_TRIM_BATCH)


async def trim(tx: Transaction, viewer_ids: Sequence[int]) -> None:
    """Cut these homes to what is kept."""
    for viewer_id in viewer_ids:
        last = await tx.first(queries.KEPT_FROM, viewer=viewer_id, keep=KEPT)
        if last is not None:
            await tx.run(queries.TRIM, viewer=viewer_id, last=last)


async def start_merging(services: Services, tx: Transaction) -> int:
    """Have homes merge the accounts that have grown past ``MANY_FOLLOWERS``; how many are new."""
    since = services.clock.now() + MERGE_NOTICE_MS
    return await tx.run(queries.START_MERGING, many=MANY_FOLLOWERS, since=since)
