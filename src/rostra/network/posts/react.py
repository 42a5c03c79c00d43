"""Favourite, bookmark, pin, reblog, and mute the thread of a post. All are idempotent."""

from rostra.kernel.errors import Forbidden, Invalid, NotFound
from rostra.network.edge import Services, Transaction
from rostra.network.posts import access
from rostra.network.posts.author import author_of
from rostra.network.posts.consent import check_released, may_react
from rostra.network.posts.counting import count, hold
from rostra.network.posts.delete import remove
from rostra.network.posts.events import PostFavourited, PostUnfavourited
from rostra.network.posts.interaction import Kind
from rostra.network.posts.model import Meant, PostRow, Visibility
from rostra.network.posts.parts import insert_row
from rostra.network.posts.queries import reactions, writes
from rostra.network.posts.release import release_reblog
from rostra.network.posts.requests import ask, withdraw


async def _original(tx: Transaction, actor_id: int, post_id: int) -> PostRow:
    """The post meant: for a reblog its original. NotFound where the actor may not see it."""
    row = await access.row(tx, actor_id, post_id)
    return await access.row(tx, actor_id, row.reblog_of_id) if row.reblog_of_id else row


async def _meant(tx: Transaction, post_id: int) -> Meant:
    """The post that something is taken back from, whoever may see it.

    What somebody did they can undo after the post was hidden from them. The answer shows the post
    by the way of every other, so it tells nothing of one that they may not see.
    """
    meant = await tx.first(writes.MEANT, post=post_id)
    if meant is None:
        raise NotFound(f"post {post_id}")
    return meant


async def favourite(services: Services, tx: Transaction, actor_id: int, post_id: int) -> int:
    """Favourite a post; the id of the post meant (of a reblog: the original).

    Raises:
        NotFound: the actor may not see it.
        Forbidden: its author does not want that, or it is held.
        Invalid: too much waits for its author's approval.
    """
    row = await _original(tx, actor_id, post_id)
    check_released(row)
    at_once = await may_react(tx, actor_id, row, Kind.FAVOURITE)
    added = await tx.run(
        reactions.FAVOURITE,
        account_id=actor_id,
        post_id=row.id,
        id=services.ids.next(),
        pending=int(not at_once),
    )
    if added and at_once:
        await count(tx, writes.COUNT_FAVOURITE, row.id)
        await tx.emit(PostFavourited(row.id, actor_id, row.account_id, row.thread_id))
    elif added:
        await hold(tx, row.id)
        await ask(services, tx, actor_id, row, Kind.FAVOURITE)
    return row.id


async def unfavourite(_services: Services, tx: Transaction, actor_id: int, post_id: int) -> int:
    """Take a favourite back; the id of the post meant."""
    row = await _meant(tx, post_id)
    pending = await tx.first(reactions.UNFAVOURITE, account=actor_id, post=row.id)
    if pending == 0:
        await tx.run(writes.COUNT_FAVOURITE, post=row.id, change=-1)
        await tx.emit(PostUnfavourited(row.id, actor_id, row.account_id))
    if pending is not None and row.interaction_policy:
        await withdraw(tx, actor_id, row.id, Kind.FAVOURITE)
    return row.id


async def bookmark(services: Services, tx: Transaction, actor_id: int, post_id: int) -> int:
    """Bookmark a post; the id of the post meant."""
    row = await _original(tx, actor_id, post_id)
    await hold(tx, row.id)
    await tx.run(reactions.BOOKMARK, account_id=actor_id, post_id=row.id, id=services.ids.next())
    return row.id


async def unbookmark(_services: Services, tx: Transaction, actor_id: int, post_id: int) -> int:
    """Take a bookmark back; the id of the post meant."""
    row = await _meant(tx, post_id)
    await tx.run(reactions.UNBOOKMARK, account=actor_id, post=row.id)
    return row.id


async def pin(services: Services, tx: Transaction, actor_id: int, post_id: int) -> int:
    """Pin a post of one's own to the profile; its id.

    Raises:
        NotFound: the actor may not see it.
        Invalid: it is somebody else's, a reblog or direct, or there are too many.
    """
    row = await access.row(tx, actor_id, post_id)
    if row.account_id != actor_id or row.reblog_of_id:
        raise Invalid.plain("Someone else's post cannot be pinned")
    if row.visibility >= Visibility.DIRECT:
        raise Invalid.plain("Posts that are only visible to mentioned users cannot be pinned")
    await hold(tx, row.id)
    added = await tx.run(reactions.PIN, account_id=actor_id, post_id=row.id, id=services.ids.next())
    if added:
        count = await tx.first(reactions.PIN_COUNT, account=actor_id)
        if (count or 0) > services.settings.posts.max_pins:
            raise Invalid.plain("You have already pinned the maximum number of posts")
    return row.id


async def unpin(_services: Services, tx: Transaction, actor_id: int, post_id: int) -> int:
    """Take a pin back; the id of the post."""
    row = await _meant(tx, post_id)
    await tx.run(reactions.UNPIN, account=actor_id, post=row.id)
    return row.id


async def mute_thread(_services: Services, tx: Transaction, actor_id: int, post_id: int) -> int:
    """Get no more notifications from the thread of a post; the id of the post."""
    row = await _original(tx, actor_id, post_id)
    await tx.run(reactions.MUTE_THREAD, account_id=actor_id, thread_id=row.thread_id)
    return row.id


async def unmute_thread(_services: Services, tx: Transaction, actor_id: int, post_id: int) -> int:
    """Take that back; the id of the post."""
    row = await _meant(tx, post_id)
    await tx.run(reactions.UNMUTE_THREAD, account=actor_id, thread=row.thread_id)
    return row.id


async def reblog(
    services: Services,
    tx: Transaction,
    actor_id: int,
    post_id: int,
    visibility: Visibility | None = None,
) -> int:
    """Reblog a post; the id of the reblog, the same one when it is said twice.

    Followers' posts can be reblogged by their author, for the same followers; direct ones never.

    Raises:
        NotFound: the actor may not see it.
        Forbidden: it is direct or held, somebody else's for followers, or its author does not
            want that.
        Invalid: too much waits for its author's approval.
    """
    row = await _original(tx, actor_id, post_id)
    hidden = row.visibility >= Visibility.FOLLOWERS
    if row.visibility >= Visibility.DIRECT or (hidden and row.account_id != actor_id):
        raise Forbidden(f"post {row.id} can't be reblogged by {actor_id}")
    if not await tx.run(reactions.LOCK_POST, post=row.id):
        raise NotFound(f"post {row.id} has just been deleted")
    known = await tx.first(reactions.MY_REBLOG, post=row.id, account=actor_id)
    if known is not None:
        return int(known[0])
    at_once = await may_react(tx, actor_id, row, Kind.REBLOG)
    author = await author_of(tx, actor_id)
    wanted = author.visibility if visibility is None else visibility
    chosen = Visibility(max(row.visibility, min(wanted, Visibility.FOLLOWERS)))
    reblog_id = services.ids.next()
    standing = author.standing(chosen if at_once else Visibility.WAITING)
    await insert_row(tx, reblog_id, actor_id, standing, reblog_of_id=row.id)
    if at_once:
        of = {"post_id": row.id, "post_author_id": row.account_id}
        await release_reblog(tx, author, reblog_id, Visibility(standing.visibility), **of)
    else:
        kind = Kind.REBLOG
        await ask(services, tx, actor_id, row, kind, subject_id=reblog_id, visibility=chosen)
    return reblog_id


async def unreblog(_services: Services, tx: Transaction, actor_id: int, post_id: int) -> int:
    """Take a reblog back; the id of the original."""
    row = await _meant(tx, post_id)
    mine = await tx.first(reactions.MY_REBLOG, post=row.id, account=actor_id)
    if mine is not None:
        await remove(tx, int(mine[0]))
    return row.id
