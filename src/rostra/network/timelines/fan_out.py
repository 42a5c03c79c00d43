"""Homes are written when a post is, so that reading one is a walk along one index.

Only homes whose owner has been seen lately are kept; the others are built anew on return. Posts of
accounts with very many followers are not written out but merged when a home is read.
"""

from collections.abc import Sequence

from rostra.kernel import ids
from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.kernel.paging import MAX_BOUND
from rostra.network.edge import Reader, Services, Transaction
from rostra.network.posts.events import PostDeleted, PostPublished
from rostra.network.timelines import queries

KEPT = 800  # entries of a home
BACKFILLED = 40  # entries that a new follow brings
REBUILT = 400  # entries of a home that is built anew
# A home is built from the newest stretch first: who follows thousands has it full within hours of
# posts, and the walk over all that they posted in two months is never made.
REBUILT_FROM = (6 * HOUR, DAY, 4 * DAY, 16 * DAY, 60 * DAY)
MANY_FOLLOWERS = 2_000  # from here on, homes merge an account's posts when they are read
# Processes look for newly merged accounts this often; posts are still written out until all know.
MERGE_NOTICE_MS = 2 * MINUTE
AWAY_DAYS = 7
_TRIM_BATCH = 50


async def fan_out(services: Services, tx: Transaction, event: PostPublished) -> None:
    """Write a new post into the author's home and into those of the followers. Two statements."""
    post = {
        "post": event.post_id,
        "author": event.account_id,
        "original": event.reblog_of_id,
        "original_author": event.original_author_id,
    }
    await tx.run(queries.TO_AUTHOR, **post)
    if event.author_merged_since and services.clock.now() > event.author_merged_since:
        return
    await tx.run(
        queries.FAN_OUT,
        **post,
        answered=event.in_reply_to_account_id,
        language=event.language,
        visibility=event.visibility,
    )


async def drop(_services: Services, tx: Transaction, event: PostDeleted) -> None:
    """Take a deleted post out of every home."""
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


async def forget(tx: Transaction, viewer_id: int, author_id: int) -> None:
    """Take everything of an account out of a home, reblogged by others as well (blocked)."""
    await tx.run(queries.FORGET, viewer=viewer_id, author=author_id)


async def rebuild(
    services: Services, tx: Transaction, viewer_id: int, *, most: int = REBUILT
) -> None:
    """Build a home anew for somebody who is back. Three statements to seven."""
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


async def put_to_sleep(services: Services, tx: Transaction, limit: int = _TRIM_BATCH) -> int:
    """Give up homes of members not seen for a week; how many were given up."""
    day = services.clock.now() // DAY - AWAY_DAYS
    asleep = await tx.all(queries.ASLEEP, day=day, limit=limit)
    for viewer_id in asleep:
        await tx.run(queries.CLEAR, viewer=viewer_id)
        await tx.run(queries.SET_BUILT, viewer=viewer_id, now=-1)
    return len(asleep)


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
