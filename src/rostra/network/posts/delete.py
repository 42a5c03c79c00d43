"""Delete a post: its words are gone when this returns, the rest within the same minute."""

import msgspec

from rostra.kernel.errors import NotFound
from rostra.network.edge import Services, Transaction
from rostra.network.media.model import Media
from rostra.network.posts import access
from rostra.network.posts.events import PostDeleted
from rostra.network.posts.model import PostRow
from rostra.network.posts.queries import writes


class PurgeBlobs(msgspec.Struct, frozen=True):
    """Stored pictures to delete, by their keys."""

    keys: tuple[str, ...]


class PurgePost(msgspec.Struct, frozen=True):
    """What may hang on a deleted post in any number: favourites, bookmarks, reblogs, replies."""

    post_id: int


async def delete(services: Services, tx: Transaction, author_id: int, post_id: int) -> None:
    """Delete a post or a reblog of the author's own.

    Raises:
        NotFound: it is not theirs, or there is none.
    """
    row = await access.row(tx, author_id, post_id)
    if row.account_id != author_id:
        raise NotFound(f"post {post_id} is not {author_id}'s")
    await remove(services, tx, row)


async def remove(_services: Services, tx: Transaction, row: PostRow) -> None:
    """Remove a post, whoever asks: the author, a decision, or the end of an account."""
    media: list[Media] = await tx.all(writes.MEDIA_OF, post=row.id) if row.media_count else []
    if media:
        await tx.run(writes.DELETE_MEDIA, ids=[each.id for each in media])
        keys = tuple(key for each in media for key in (each.blob_key, each.preview_key) if key)
        await tx.enqueue("posts.purge_blobs", PurgeBlobs(keys))
    if not await tx.run(writes.DELETE_POST, post=row.id):
        return  # somebody else has just done it
    await tx.run(writes.UNCOUNT_POST, account=row.account_id)
    if row.reblog_of_id:
        await tx.run(writes.COUNT_REBLOG, post=row.reblog_of_id, change=-1)
    else:
        for statement in (
            writes.DELETE_TEXT,
            writes.DELETE_MENTIONS,
            writes.DELETE_TAGS,
            writes.DELETE_EDITS,
            writes.DELETE_PINS,
            writes.DELETE_PUBLIC,
            writes.DELETE_KEYS,
        ):
            await tx.run(statement, post=row.id)
        if row.in_reply_to_id:
            await tx.run(writes.COUNT_REPLY, post=row.in_reply_to_id, change=-1)
        await tx.enqueue("posts.purge", PurgePost(row.id))
    await tx.emit(PostDeleted(row.id, row.account_id, row.reblog_of_id))
