"""Keeps the indexes in step with posts and names, in the transaction that changes them."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from rostra.kernel.paging import MAX_BOUND
from rostra.network.accounts.events import AccountChanged, AccountCreated, AccountRemoved
from rostra.network.edge import Services, Transaction
from rostra.network.posts.events import (
    MentionsForgotten,
    PostBroughtIn,
    PostDeleted,
    PostEdited,
    PostPublished,
    PostsRestricted,
)
from rostra.network.previews.events import CardChanged
from rostra.network.search import queries, words
from rostra.network.search.documents import documents
from rostra.store.outbox.kinds import JobKind
from rostra.store.query import Query

_CHUNK = 200
_encode = msgspec.json.Encoder().encode


class MarkPosts(msgspec.Struct, frozen=True):
    """Index the posts of an account anew."""

    account_id: int


class MarkCard(msgspec.Struct, frozen=True):
    """Index the posts that show a preview anew."""

    card_id: int


class Rebuild(msgspec.Struct, frozen=True):
    """Index everything anew."""


def _written(tx: Transaction, tokens: list[str]) -> str:
    if tx.dialect == "sqlite":
        return words.sqlite_document(tokens)
    return words.postgresql_document(tokens)


async def _write_posts(tx: Transaction, ids: Sequence[int]) -> None:
    """Index these posts, which this transaction has locked, as they are now."""
    await tx.catch_up()
    found = await documents(tx, ids)
    for post_id in found:
        await tx.run(queries.DROP_POST, id=post_id)
    await _add(tx, found)


def _rows(tx: Transaction, found: Mapping[int, list[str]]) -> list[dict[str, Any]]:
    return [{"id": at, "document": _written(tx, tokens)} for at, tokens in found.items()]


async def _add(tx: Transaction, found: Mapping[int, list[str]]) -> None:
    await tx.run_many(queries.ADD_POST, _rows(tx, found))


async def post_published(_services: Services, tx: Transaction, event: PostPublished) -> None:
    """Index a new post; no reblog. Two statements, and one for its pictures.

    With others that are published in the same moment, which are one piece of the index then.
    Whoever changes the index must catch up first.
    """
    if not event.reblog_of_id:
        people = {event.post_id: event.mentioned_ids}
        found = await documents(tx, [event.post_id], people)
        await tx.put_off(queries.ADD_POST, _rows(tx, found))


async def post_brought_in(_services: Services, tx: Transaction, event: PostBroughtIn) -> None:
    """Index a post from long ago, which mentions nobody."""
    await _add(tx, await documents(tx, [event.post_id], {event.post_id: ()}))


async def post_edited(_services: Services, tx: Transaction, event: PostEdited) -> None:
    """Index a post by what it is now alone."""
    await _write_posts(tx, [event.post_id])


async def mentions_forgotten(
    _services: Services, tx: Transaction, event: MentionsForgotten
) -> None:
    """Index posts without the account that they no longer mention."""
    await _write_posts(tx, event.post_ids)


async def post_deleted(_services: Services, tx: Transaction, event: PostDeleted) -> None:
    """Forget a post."""
    if not event.reblog_of_id:
        await tx.catch_up()
        await tx.run(queries.DROP_POST, id=event.post_id)


async def posts_restricted(_services: Services, tx: Transaction, event: PostsRestricted) -> None:
    """Forget posts that a decision hides, and index those that it shows anew or differently."""
    own = [each for each in event.posts if not each.reblog_of_id]
    await tx.catch_up()
    await tx.run(queries.DROP_POSTS, ids=_encode([each.post_id for each in own]).decode())
    await _add(tx, await documents(tx, [each.post_id for each in own]))


async def card_changed(_services: Services, tx: Transaction, event: CardChanged) -> None:
    """Posts whose link can be played since now, or no longer, are found by that: by a job."""
    if event.framed_changed:
        card = event.card_id
        await tx.enqueue("search.mark_card", MarkCard(card), dedupe_key=str(card))


async def account_created(_services: Services, tx: Transaction, event: AccountCreated) -> None:
    """Index a new account; as long as it is not active, it is found by nobody."""
    await _index_account(tx, event.account_id)


async def account_changed(_services: Services, tx: Transaction, event: AccountChanged) -> None:
    """Index an account by the names that it has now.

    Whoever no longer wants their posts to be found is obeyed at once, whatever the index says;
    whoever wants it from now on has their older posts marked by a job.
    """
    await _index_account(tx, event.account_id)
    if event.indexable_changed:
        key = str(event.account_id)
        await tx.enqueue("search.mark", MarkPosts(event.account_id), dedupe_key=key)


async def _index_account(tx: Transaction, account_id: int) -> None:
    found = await tx.first(queries.NAMES, id=account_id)
    await tx.run(queries.DROP_ACCOUNT, id=account_id)
    if found is not None:
        document = _written(tx, words.document(" ".join(found)))
        await tx.run(queries.ADD_ACCOUNT, id=account_id, document=document)


async def account_removed(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Forget an account and its posts; must be told before the posts are deleted."""
    await tx.catch_up()
    await tx.run(queries.DROP_ACCOUNT, id=event.account_id)
    await tx.run(queries.DROP_AUTHOR, id=event.account_id)


async def mark_posts(services: Services, payload: MarkPosts) -> None:
    """Index the posts of an account by its newest choice, a chunk to a transaction."""
    await _again(services, queries.NEXT_OF_AUTHOR, account=payload.account_id)


async def mark_card(services: Services, payload: MarkCard) -> None:
    """Index the posts that show a preview, a chunk to a transaction."""
    await _again(services, queries.NEXT_OF_CARD, card=payload.card_id)


async def rebuild(services: Services, _payload: Rebuild) -> None:
    """Index every account, then every post, the newest first; asked for by migrations."""
    below = MAX_BOUND
    while below:
        async with services.db.write() as tx:
            ids = await tx.all(queries.NEXT_ACCOUNTS, below=below, limit=_CHUNK)
            for account_id in ids:
                await _index_account(tx, account_id)
        below = ids[-1] if ids else 0
    await _again(services, queries.NEXT_POSTS)


async def _again(services: Services, statement: Query[int], **given: int) -> None:
    below = MAX_BOUND
    while below:
        async with services.db.write() as tx:
            ids = await tx.all(statement, below=below, limit=_CHUNK, **given)
            # Whoever edits or deletes one of them waits, or has been: what they said before would
            # be written over their change, and nobody would ever take it out again.
            await _write_posts(tx, await tx.all(queries.LOCK_POSTS, ids=ids))
        below = ids[-1] if ids else 0


JOBS = (
    JobKind("search.mark", MarkPosts, mark_posts, timeout_s=3600),
    JobKind("search.mark_card", MarkCard, mark_card, timeout_s=3600),
    JobKind("search.rebuild", Rebuild, rebuild, timeout_s=24 * 3600),
)
