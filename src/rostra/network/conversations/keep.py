"""Keeps inboxes in step with direct posts. The only writer of conversations."""

import hashlib
from collections.abc import Collection, Sequence

from rostra.kernel.errors import NotFound
from rostra.network.accounts.events import AccountRemoved
from rostra.network.conversations import access, queries
from rostra.network.conversations.events import ConversationChanged
from rostra.network.conversations.model import Conversation
from rostra.network.edge import Services, Transaction
from rostra.network.posts.events import (
    PostDeleted,
    PostEdited,
    PostPublished,
    PostsRestricted,
)
from rostra.network.posts.model import Visibility
from rostra.network.relations.events import Blocked


def _circle(ids: Collection[int]) -> int:
    """Who takes part, as one number that names nobody."""
    text = ",".join(str(each) for each in sorted(ids)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest()) >> 1


async def post_published(services: Services, tx: Transaction, event: PostPublished) -> None:
    """Put a direct post into the inboxes of its author and of those whom it names."""
    if event.visibility != Visibility.DIRECT or event.reblog_of_id:
        return
    named = set(event.mentioned_ids) - {event.account_id}
    await _put(services, tx, event, named, {event.account_id, *named})


async def post_edited(services: Services, tx: Transaction, event: PostEdited) -> None:
    """Take a direct post from those whom it names no more, and give it to those it names anew."""
    if event.visibility != Visibility.DIRECT:
        return
    lost = await tx.all(queries.NO_LONGER_FOR, post=event.post_id, author=event.account_id)
    if lost:
        await tx.run(queries.TAKE_OUT, ids=lost, post=event.post_id)
        await _look_again(tx, lost)
    new = set(event.mentioned_ids) - {event.account_id}
    if new:
        named = set(await tx.all(queries.MENTIONED, post=event.post_id)) - {event.account_id}
        await _put(services, tx, event, named, new)


async def _put(
    services: Services,
    tx: Transaction,
    event: PostPublished | PostEdited,
    named: Collection[int],
    owners: Collection[int],
) -> None:
    """Put a post into the inboxes of its ``owners``; it names ``named``."""
    everybody = {event.account_id, *named}
    shut = await tx.all(queries.SHUT_OUT, author=event.account_id, ids=list(owners))
    receiving = sorted(set(owners) - set(shut))
    rows = [
        {
            "id": services.ids.next(),
            "account_id": owner,
            "thread_id": event.thread_id,
            "circle": _circle(everybody - {owner}),
            "last_post_id": event.post_id,
            "unread": int(owner != event.account_id),
        }
        for owner in receiving
    ]
    await tx.run_many(queries.PUT, rows)
    into = {(row["account_id"], row["circle"]) for row in rows}
    of_thread = await tx.all(queries.OF_THREAD, owners=receiving, thread=event.thread_id)
    found = [(each, owner) for each, owner, circle in of_thread if (owner, circle) in into]
    await tx.run_many(
        queries.PUT_POST,
        [
            {"conversation_id": each, "post_id": event.post_id, "account_id": owner}
            for each, owner in found
        ],
    )
    members = [
        {"conversation_id": each, "account_id": other}
        for each, owner in found
        for other in sorted(everybody - {owner})
    ]
    if members:
        await tx.run_many(queries.PUT_MEMBER, members)
    for each, owner in found:
        await tx.emit(ConversationChanged(owner, each, event.post_id))


async def post_deleted(_services: Services, tx: Transaction, event: PostDeleted) -> None:
    """Take a deleted post out of every inbox; a conversation without posts is gone."""
    if event.reblog_of_id:
        return
    ids = await tx.all(queries.WITH_POST, post=event.post_id)
    if ids:
        await tx.run(queries.TAKE_OUT, ids=ids, post=event.post_id)
        await _look_again(tx, ids)


async def posts_restricted(_services: Services, tx: Transaction, event: PostsRestricted) -> None:
    """A conversation ends with the last post that no decision hides, if there is one."""
    ids = [each.post_id for each in event.posts if not each.reblog_of_id]
    await tx.run(queries.LOOK_AT_LAST_OF, posts=ids)


async def blocked(_services: Services, tx: Transaction, event: Blocked) -> None:
    """End what the two had between them.

    Whoever blocks loses their conversations with the other; whoever is blocked keeps what they and
    third ones have said.
    """
    mine = await tx.all(queries.WITH_MEMBER, account=event.account_id, other=event.target_id)
    await _drop(tx, mine)
    theirs = await tx.all(queries.WITH_MEMBER, account=event.target_id, other=event.account_id)
    if theirs:
        await tx.run(queries.TAKE_OUT_AUTHOR, ids=theirs, author=event.account_id)
        await _look_again(tx, theirs)


async def account_removed(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Delete the inbox of an account that is being removed, and take it out of those of others."""
    await _drop(tx, await tx.all(queries.ALL_OF, account=event.account_id))
    await tx.run(queries.FORGET_MEMBER, account=event.account_id)


async def mark(
    tx: Transaction, account_id: int, conversation_id: int, *, unread: bool
) -> Conversation:
    """Mark a conversation of one's own as read or unread.

    Raises:
        NotFound: it is not theirs, or there is none.
    """
    await tx.run(queries.SET_UNREAD, account=account_id, id=conversation_id, value=int(unread))
    return await access.one(tx, account_id, conversation_id)


async def remove(tx: Transaction, account_id: int, conversation_id: int) -> None:
    """Take a conversation out of one's own inbox; the posts stay where they are.

    Raises:
        NotFound: it is not theirs, or there is none.
    """
    if await tx.first(queries.OWN, account=account_id, id=conversation_id) is None:
        raise NotFound(f"conversation {conversation_id} of {account_id}")
    await _drop(tx, [conversation_id])


async def _look_again(tx: Transaction, ids: Sequence[int]) -> None:
    """Find the last posts of conversations that have lost some; those without any are gone."""
    await tx.run(queries.LOOK_AT_LAST, ids=list(ids))
    await _drop(tx, await tx.all(queries.EMPTY, ids=list(ids)))


async def _drop(tx: Transaction, ids: Sequence[int]) -> None:
    if ids:
        for statement in queries.DROP:
            await tx.run(statement, ids=list(ids))
