"""Posts that are published later: kept, moved, cancelled, and read by their author alone."""

from collections.abc import Sequence

import msgspec

from rostra.kernel.clock import DAY, MINUTE
from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.paging import Page, Window
from rostra.kernel.times import read_time
from rostra.network.accounts.events import AccountRemoved
from rostra.network.edge import Reader, Services, Transaction
from rostra.network.media.attach import release, reserve
from rostra.network.posts.consent import may_reply
from rostra.network.posts.model import Draft, Scheduled
from rostra.network.posts.publish import claim_key, parent_of
from rostra.network.posts.queries import scheduled, writes
from rostra.network.posts.quote import quotable

AHEAD_MS = 5 * MINUTE
"""So much later at least; Mastodon asks for the same."""
MOST_AHEAD_MS = 100 * 366 * DAY

_encode = msgspec.json.Encoder().encode


class PublishScheduled(msgspec.Struct, frozen=True):
    """Publish a scheduled post, if it is still due then (UTC ms)."""

    scheduled_id: int
    due_at: int


def due_of(text: str) -> int:
    """The UTC milliseconds of a time in ISO 8601; one without a zone is UTC.

    Raises:
        Invalid: naming ``scheduled_at``; it is blank or no such time.
    """
    if not text.strip():
        raise Invalid("scheduled_at", "can't be blank", "ERR_BLANK")
    try:
        return read_time(text)
    except ValueError:
        raise Invalid("scheduled_at", "is not a time in ISO 8601", "ERR_INVALID") from None


async def schedule(
    services: Services, tx: Transaction, author_id: int, draft: Draft, due_at: int
) -> int:
    """Keep a draft, which has passed `prepare`, until ``due_at`` (UTC ms); its id.

    With the same idempotency key it is the id of the first one, which may be a post: one that was
    published at once, or whose time has come.

    Raises:
        NotFound: it answers a post that the author may not see.
        Invalid: it is due too soon or in a hundred years, there are too many, a picture can't be
            attached, or what it answers or quotes is of somebody who does not want that.
    """
    scheduled_id = services.ids.next()
    if draft.idempotency_key:
        key = draft.idempotency_key
        earlier = await claim_key(services, tx, author_id, key, scheduled_id)
        if earlier:
            return earlier
    await _check(services, tx, author_id, due_at)
    if draft.in_reply_to_id:
        await may_reply(tx, author_id, await parent_of(tx, author_id, draft.in_reply_to_id))
    if draft.quoted_id:
        await quotable(tx, author_id, draft.quoted_id)
    kept = msgspec.structs.replace(draft, idempotency_key="", scheduled_id=scheduled_id)
    await tx.run(
        scheduled.INSERT,
        id=scheduled_id,
        account_id=author_id,
        due_at=due_at,
        draft=_encode(kept).decode(),
        failure="",
    )
    await reserve(tx, author_id, scheduled_id, draft.media_ids)
    await _publish_then(tx, scheduled_id, due_at)
    return scheduled_id


async def reschedule(
    services: Services, tx: Transaction, author_id: int, scheduled_id: int, due_at: int
) -> None:
    """Publish at another time (UTC ms).

    Raises:
        NotFound: it is not theirs, or there is none any more.
        Invalid: it is due too soon or in a hundred years, or there are too many on that day.
    """
    await one(tx, author_id, scheduled_id)
    await _check(services, tx, author_id, due_at, but=scheduled_id)
    if not await tx.run(scheduled.MOVE, id=scheduled_id, account=author_id, due=due_at):
        raise NotFound(f"scheduled post {scheduled_id} was published just now")
    await _publish_then(tx, scheduled_id, due_at)


async def put_off(tx: Transaction, scheduled_id: int, from_at: int, due_at: int) -> None:
    """Try to publish it later (UTC ms), unless it was cancelled or moved since it was due."""
    waiting = await tx.first(scheduled.AT_ITS_TIME, id=scheduled_id, due=from_at)
    if waiting is not None:
        await tx.run(scheduled.MOVE, id=scheduled_id, account=waiting.account_id, due=due_at)
        await _publish_then(tx, scheduled_id, due_at)


async def cancel(services: Services, tx: Transaction, author_id: int, scheduled_id: int) -> None:
    """Never publish it; its pictures are the author's to use until they count as forgotten.

    Raises:
        NotFound: it is not theirs, or there is none any more.
    """
    if not await tx.run(scheduled.DELETE, id=scheduled_id, account=author_id):
        raise NotFound(f"scheduled post {scheduled_id} of {author_id}")
    await release(services, tx, scheduled_id)
    await tx.run(writes.DELETE_KEYS, account=author_id, post=scheduled_id)


async def one(reader: Reader, author_id: int, scheduled_id: int) -> Scheduled:
    """One of the author's own.

    Raises:
        NotFound: it is not theirs, or there is none any more.
    """
    found = await reader.first(scheduled.ONE, id=scheduled_id, account=author_id)
    if found is None:
        raise NotFound(f"scheduled post {scheduled_id} of {author_id}")
    return found


async def page(reader: Reader, author_id: int, page: Page) -> Window[Scheduled]:
    """The author's scheduled posts, the one that was written last first. One statement."""
    rows: Sequence[Scheduled] = await reader.all(
        scheduled.PAGE[page.ascending],
        account=author_id,
        below=page.below,
        above=page.above,
        limit=page.limit,
    )
    return Window.of(rows, page, lambda row: row.id)


async def forget_account(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Nothing is published for an account that is gone."""
    await tx.run(scheduled.DELETE_ALL, account=event.account_id)


async def _publish_then(tx: Transaction, scheduled_id: int, due_at: int) -> None:
    job = PublishScheduled(scheduled_id, due_at)
    await tx.enqueue("posts.publish_scheduled", job, run_at=due_at)


async def _check(
    services: Services, tx: Transaction, author_id: int, due_at: int, *, but: int = 0
) -> None:
    """Hold a time against the limits; ``but``: the post that is moved, which counts once."""
    now = services.clock.now()
    if due_at < now + AHEAD_MS:
        raise Invalid("scheduled_at", "must be at least 5 minutes from now", "ERR_TOO_SOON")
    if due_at > now + MOST_AHEAD_MS:
        raise Invalid("scheduled_at", "must be within 100 years from now", "ERR_TOO_LATE")
    limits, first = services.settings.posts, due_at - due_at % DAY
    await tx.run(scheduled.LOCK, account=author_id)
    day = {"first": first, "last": first + DAY - 1}
    found = await tx.first(scheduled.COUNT, account=author_id, but=but, **day)
    assert found is not None  # noqa: S101 (a count is always there)
    in_all, that_day = found
    if in_all + 1 > limits.max_scheduled:
        message = f"can't be said of more than {limits.max_scheduled} posts"
        raise Invalid("scheduled_at", message, "ERR_TOO_MANY")
    if that_day + 1 > limits.max_scheduled_a_day:
        message = f"can't be on a day with {limits.max_scheduled_a_day} posts already"
        raise Invalid("scheduled_at", message, "ERR_TOO_MANY")
