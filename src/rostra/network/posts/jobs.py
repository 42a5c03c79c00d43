"""What happens behind a deletion, and the end of idempotency keys."""

import msgspec

from rostra.kernel.clock import HOUR
from rostra.network.edge import Services, Transaction
from rostra.network.posts.delete import PurgeBlobs, PurgePost
from rostra.network.posts.events import PostDeleted
from rostra.network.posts.queries import writes
from rostra.store.outbox.kinds import JobKind


class ExpireKeys(msgspec.Struct, frozen=True):
    """Forget idempotency keys that have had their hour."""


async def purge_blobs(services: Services, payload: PurgeBlobs) -> None:
    """Delete stored pictures; tried until they are gone."""
    await services.blobs.delete(payload.keys)


async def purge(services: Services, payload: PurgePost) -> None:
    """Remove what hung on a deleted post, some hundred rows to a transaction."""
    more = True
    while more:
        async with services.db.write() as tx:
            more = await _purge_some(tx, payload.post_id)


async def _purge_some(tx: Transaction, post_id: int) -> bool:
    touched = 0
    for statement in (writes.DELETE_FAVOURITES, writes.DELETE_BOOKMARKS, writes.ORPHAN_REPLIES):
        touched += await tx.run(statement, post=post_id)
    for reblog_id, account_id in await tx.all(writes.REBLOGS_OF, post=post_id):
        touched += await tx.run(writes.DELETE_POST, post=reblog_id)
        await tx.run(writes.UNCOUNT_POST, account=account_id)
        await tx.emit(PostDeleted(reblog_id, account_id, post_id))
    return touched > 0


async def expire_keys(services: Services, _payload: ExpireKeys) -> None:
    """One statement."""
    async with services.db.write() as tx:
        await tx.run(writes.EXPIRE_KEYS, now=services.clock.now())


JOBS = (
    JobKind("posts.purge_blobs", PurgeBlobs, purge_blobs, attempts=20),
    JobKind("posts.purge", PurgePost, purge, timeout_s=600),
    JobKind("posts.expire_keys", ExpireKeys, expire_keys, every_ms=HOUR),
)
