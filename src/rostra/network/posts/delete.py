"""Delete a post: nobody sees it when this returns, and nothing is left within the same minute."""

import msgspec

from rostra.kernel.errors import NotFound
from rostra.network.accounts.events import AccountRemoved
from rostra.network.edge import Services, Transaction
from rostra.network.media import attach
from rostra.network.posts import access
from rostra.network.posts.events import InteractionAnswered, PostDeleted
from rostra.network.posts.interaction import RequestState
from rostra.network.posts.limits import Limit
from rostra.network.posts.model import Removable, Visibility
from rostra.network.posts.parts import forget_tags
from rostra.network.posts.queries import origins, requests, restrict, writes
from rostra.network.previews.link import unlink


class PurgePost(msgspec.Struct, frozen=True):
    """What may hang on a deleted post in any number: favourites, bookmarks, reblogs, replies."""

    post_id: int


class PurgeAccount(msgspec.Struct, frozen=True):
    """The posts of a removed account, and what it did to those of others."""

    account_id: int


async def delete(
    services: Services,
    tx: Transaction,
    author_id: int,
    post_id: int,
    *,
    keep_media: bool = False,
) -> dict[str, str]:
    """Delete a post or a reblog of the author's own.

    Args:
        services: the house's parts.
        tx: the transaction of the edge.
        author_id: who deletes.
        post_id: what; their own even where they may not see what it reblogs.
        keep_media: leave the pictures to the author under new addresses, to be posted again;
            what they do not use goes when orphans do.

    Returns:
        The new blob key of each old one, where pictures were kept.

    Raises:
        NotFound: it is not theirs, or there is none.
    """
    post = await tx.first(writes.REMOVABLE, post=post_id)
    if post is None or post.account_id != author_id:
        raise NotFound(f"post {post_id} is not {author_id}'s")
    keys: dict[str, str] = {}
    if keep_media and post.media_count:
        keys = await attach.take_down(services, tx, await attach.of_post(tx, post_id))
    await _remove(tx, post)
    return keys


async def remove(tx: Transaction, post_id: int) -> bool:
    """Remove a post, whoever asks: a decision, or the end of an account; whether it was there."""
    post = await tx.first(writes.REMOVABLE, post=post_id)
    return post is not None and await _remove(tx, post)


async def _remove(tx: Transaction, found: Removable) -> bool:
    post = await tx.first(writes.DELETE_POST, post=found.id)
    if post is None:
        return False  # somebody else has just done it
    last_words = await _last_words(tx, post)
    if not post.reblog_of_id:
        await _remove_content(tx, post)
    elif post.visibility < Visibility.DIRECT:
        await tx.run(writes.COUNT_REBLOG, post=post.reblog_of_id, change=-1)
    if post.visibility < Visibility.DIRECT:
        await tx.run(writes.UNCOUNT_POST, account=post.account_id)
        await tx.run(writes.LOOK_AT_LAST_POST, account=post.account_id)
    await tx.emit(last_words)
    return True


async def _last_words(tx: Transaction, post: Removable) -> PostDeleted:
    """The event, with what only the rows know that are about to go. One statement at most."""
    original_author, mentioned, tags = 0, [], []
    if post.reblog_of_id:
        original = await tx.first(writes.MEANT, post=post.reblog_of_id)
        original_author = original.account_id if original else 0
        if original and original.interaction_policy:
            await _forget_requests(tx, post.id)
    elif post.visibility == Visibility.PUBLIC:
        tags = await access.tag_names(tx, post.id)
    elif post.visibility >= Visibility.FOLLOWERS:
        mentioned = await tx.all(writes.MENTIONED, post=post.id)
    return PostDeleted(
        post_id=post.id,
        account_id=post.account_id,
        reblog_of_id=post.reblog_of_id,
        had_poll=bool(post.poll),
        original_author_id=original_author,
        visibility=post.visibility,
        in_reply_to_account_id=post.in_reply_to_account_id,
        mentioned_ids=tuple(mentioned),
        tags=tuple(tags),
    )


async def _forget_requests(tx: Transaction, post_id: int) -> None:
    """Nobody is asked about a reply or a reblog that is gone; of others a job forgets it."""
    for each in await tx.all(requests.DROP_OF_SUBJECT, subject=post_id):
        if each.state == RequestState.OPEN:
            await tx.emit(InteractionAnswered.of(each))


async def _remove_content(tx: Transaction, post: Removable) -> None:
    if post.media_count:
        await attach.drop(tx, await attach.of_post(tx, post.id))
    if Visibility(post.visibility).held:
        await _forget_requests(tx, post.id)
    await unlink(tx, post.id)
    await forget_tags(tx, await tx.all(writes.TAGS_OF, post=post.id))
    for statement in (
        writes.DELETE_TEXT,
        writes.DELETE_MENTIONS,
        writes.DELETE_TAGS,
        writes.DELETE_EDITS,
        writes.DELETE_PINS,
        writes.DELETE_PUBLIC,
        origins.GONE,
    ):
        await tx.run(statement, post=post.id)
    if post.limits & (Limit.LABEL | Limit.SURFACES):
        await tx.run(restrict.UNLABEL, ids=[post.id])
        await tx.run(restrict.UNHIDE, ids=[post.id])
    if post.quote:
        for row in await tx.all(writes.DELETE_QUOTE, post=post.id):
            if not row.state and post.visibility <= Visibility.UNLISTED:
                await tx.run(writes.COUNT_QUOTE, post=row.quoted_id, change=-1)
    await tx.run(writes.DELETE_KEYS, account=post.account_id, post=post.id)
    if post.in_reply_to_id and post.visibility <= Visibility.UNLISTED:
        await tx.run(writes.COUNT_REPLY, post=post.in_reply_to_id, change=-1)
    await tx.enqueue("posts.purge", PurgePost(post.id))


async def forget_account(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Remove everything of an account that is being removed.

    Its posts are invisible at once, because their author is gone; the rows go in chunks behind.
    """
    await tx.enqueue("posts.purge_account", PurgeAccount(event.account_id))
