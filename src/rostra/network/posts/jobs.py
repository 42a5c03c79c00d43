"""Jobs: scheduled posts are published, and what a deletion leaves is removed."""

import msgspec

from rostra.kernel.clock import DAY, HOUR, MINUTE, SECOND
from rostra.kernel.errors import Forbidden, Invalid, NotFound, TooManyRequests
from rostra.network.credentials.letters import send_letter
from rostra.network.credentials.writing import Purpose
from rostra.network.edge import Services, Transaction
from rostra.network.posts.delete import PurgeAccount, PurgePost, remove
from rostra.network.posts.events import MentionsForgotten
from rostra.network.posts.parts import ForgetTags
from rostra.network.posts.prepare import prepare
from rostra.network.posts.publish import publish
from rostra.network.posts.queries import origins, purging, requests, scheduled, writes
from rostra.network.posts.schedule import PublishScheduled, put_off
from rostra.network.posts.screened import screened
from rostra.store.outbox.kinds import JobKind


class ExpireKeys(msgspec.Struct, frozen=True):
    """Forget idempotency keys that have had their hour."""


class ForgetRequests(msgspec.Struct, frozen=True):
    """Forget what was asked of authors and decided long ago."""


async def purge(services: Services, payload: PurgePost) -> None:
    """Remove what hung on a deleted post, some hundred rows to a transaction."""
    more = True
    while more:
        async with services.db.write() as tx:
            more = await _purge_some(tx, payload.post_id)


async def _purge_some(tx: Transaction, post_id: int) -> bool:
    touched = 0
    for statement in (
        purging.DELETE_FAVOURITES,
        purging.DELETE_BOOKMARKS,
        purging.ORPHAN_REPLIES,
        purging.ORPHAN_QUOTES,
    ):
        touched += await tx.run(statement, post=post_id)
    for statement in requests.DROP_OF_POST:
        touched += await tx.run(statement, post=post_id)
    for reblog_id in await tx.all(purging.REBLOGS_OF, post=post_id):
        touched += await remove(tx, reblog_id)
    return touched > 0


async def purge_account(services: Services, payload: PurgeAccount) -> None:
    """Remove the posts of a removed account, then its traces on posts of others."""
    account_id, more = payload.account_id, True
    while more:
        async with services.db.write() as tx:
            ids = await tx.all(purging.POSTS_OF, account=account_id)
            for post_id in ids:
                await remove(tx, post_id)
            more = bool(ids)
    more = True
    while more:
        async with services.db.write() as tx:
            more = await _forget_some(tx, account_id)
    async with services.db.write() as tx:
        for statement in (*purging.DROP_OWN, origins.DROP_OF_ACCOUNT):
            await tx.run(statement, account=account_id)


async def _forget_some(tx: Transaction, account_id: int) -> bool:
    liked = await tx.all(purging.FAVOURITES_OF, account=account_id)
    if liked:
        ids = [post_id for post_id, _ in liked]
        await tx.run(purging.DROP_FAVOURITES, account=account_id, ids=ids)
        counted = [post_id for post_id, pending in liked if not pending]
        await tx.run(purging.UNCOUNT_FAVOURITES, ids=counted)
    named_in = await tx.all(purging.MENTIONS_OF, account=account_id)
    if named_in:
        await tx.run(purging.DROP_MENTIONS, account=account_id, ids=named_in)
        await tx.run(purging.BUMP_POSTS, ids=named_in)
        await tx.emit(MentionsForgotten(tuple(named_in)))
    asked = 0
    for statement in requests.DROP_OF_ACCOUNT:
        asked += await tx.run(statement, account=account_id)
    return bool(liked or named_in or asked)


async def forget_tags(_services: Services, tx: Transaction, payload: ForgetTags) -> None:
    """Remove those of the hashtags that no post carries any more."""
    await tx.run(purging.LOCK_TAGS, ids=payload.ids)
    await tx.run(purging.DELETE_UNUSED_TAGS, ids=payload.ids)


async def publish_scheduled(services: Services, payload: PublishScheduled) -> None:
    """Publish a post whose time has come; where it can't be, keep it and tell its author.

    Whoever may post only so often has it published when it is their turn.

    Whoever takes the row away publishes it in the same transaction: however often this runs, the
    post is published once.
    """
    due = {"id": payload.scheduled_id, "due": payload.due_at}
    try:
        async with services.db.read() as reader:
            waiting = await reader.first(scheduled.AT_ITS_TIME, **due)
        if waiting is None:
            return  # cancelled, moved, or published by an earlier try
        # What waits is moved or cancelled, and never rewritten.
        prepared = prepare(services.settings, waiting.content())
        looked_at = await screened(services, waiting.account_id, prepared)
        async with services.db.write() as tx:
            kept = await tx.first(scheduled.TAKE, **due)
            if kept is None:
                return
            await _check_author(tx, kept.account_id)
            post_id = await publish(services, tx, kept.account_id, looked_at)
            # Who repeats the request within its hour gets what became of it.
            was = {"account": kept.account_id, "post": payload.scheduled_id}
            await tx.run(writes.MOVE_KEYS, **was, now_post=post_id)
    except TooManyRequests as error:
        later = services.clock.now() + error.retry_after_s * SECOND
        async with services.db.write() as tx:
            await put_off(tx, payload.scheduled_id, payload.due_at, later)
    except (NotFound, Invalid, Forbidden) as error:
        answered = isinstance(error, NotFound)
        failure = "What it refers to is no longer there" if answered else error.safe
        async with services.db.write() as tx:
            author_id = await tx.first(scheduled.FAIL, failure=failure, **due)
            if author_id is not None:
                await send_letter(tx, author_id, Purpose.NOT_POSTED)


async def _check_author(tx: Transaction, author_id: int) -> None:
    if await tx.value(scheduled.MAY_POST, account=author_id) is None:
        raise Forbidden(safe="Your account can't post now")


async def expire_keys(services: Services, _payload: ExpireKeys) -> None:
    """One statement."""
    async with services.db.write() as tx:
        await tx.run(purging.EXPIRE_KEYS, now=services.clock.now())


async def forget_requests(services: Services, _payload: ForgetRequests) -> None:
    """Some hundred to a transaction. What they were about stays as it was decided."""
    kept_ms = services.settings.posts.interaction_request_days * DAY
    before = services.clock.now() - kept_ms
    more = True
    while more:
        async with services.db.write() as tx:
            found = await tx.all(requests.DECIDED_BEFORE, before=before)
            if found:
                await tx.run(requests.DROP_DECIDED, ids=found)
            more = bool(found)


JOBS = (
    JobKind("posts.publish_scheduled", PublishScheduled, publish_scheduled, attempts=20),
    JobKind("posts.purge", PurgePost, purge, timeout_s=600),
    JobKind("posts.purge_account", PurgeAccount, purge_account, timeout_s=3600),
    JobKind("posts.forget_tags", ForgetTags, forget_tags, transactional=True),
    JobKind("posts.expire_keys", ExpireKeys, expire_keys, every_ms=HOUR),
    JobKind(
        "posts.forget_requests",
        ForgetRequests,
        forget_requests,
        timeout_s=600,
        daily_at_ms=4 * HOUR + 20 * MINUTE,
    ),
)
