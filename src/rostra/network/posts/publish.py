"""Publish a post."""

import msgspec

from rostra.kernel import ids
from rostra.kernel.clock import HOUR
from rostra.kernel.crypto import token_hash
from rostra.kernel.errors import Conflict
from rostra.network.edge import Services, Transaction
from rostra.network.media.attach import attach
from rostra.network.posts import access, quote
from rostra.network.posts.ask import form_of
from rostra.network.posts.counting import count
from rostra.network.posts.events import PostPublished
from rostra.network.posts.model import Draft, PostRow, QuotePolicy, Visibility
from rostra.network.posts.parts import (
    html_of,
    insert_row,
    preview,
    resolve_mentions,
    write_mentions,
    write_tags,
)
from rostra.network.posts.prepare import Prepared
from rostra.network.posts.queries import writes

KEY_LIFETIME_MS = HOUR


async def publish(services: Services, tx: Transaction, author_id: int, prepared: Prepared) -> int:
    """Write a post and tell the house; its id, or that of the first with the same key.

    Raises:
        NotFound: it answers or quotes a post that the author may not see.
        Invalid: a picture can't be attached, or a post not be quoted.
    """
    draft, post_id = prepared.draft, services.ids.next()
    if draft.idempotency_key:
        earlier = await claim_key(services, tx, author_id, draft.idempotency_key, post_id)
        if earlier:
            return earlier
    author = await _author(tx, author_id)
    parent, quoted = await _others(tx, author_id, draft)
    visibility, sensitive, language = author.habits(prepared, quoted)
    named = await resolve_mentions(services, tx, author_id, prepared)
    await insert_row(
        tx,
        post_id,
        author_id,
        visibility,
        parent=parent,
        sensitive=sensitive or bool(prepared.spoiler_text),
        media_count=len(draft.media_ids),
        poll=prepared.poll is not None,
        quote=quoted is not None,
        quote_policy=author.quotes(draft, visibility),
    )
    await _insert_text(tx, post_id, prepared, html_of(services, prepared, named), language)
    await write_mentions(tx, post_id, named.ids)
    await write_tags(services, tx, post_id, author_id, prepared, visibility=visibility)
    linked = await _preview(services, tx, post_id, author_id, prepared, visibility)
    await attach(tx, author_id, post_id, draft.media_ids, scheduled_id=draft.scheduled_id)
    await quote.write(tx, post_id, author_id, quoted, visibility)
    await _list(tx, author_id, post_id, visibility, parent)
    await tx.emit(
        PostPublished(
            post_id=post_id,
            account_id=author_id,
            visibility=int(visibility),
            language=language,
            mentioned_ids=named.ids,
            author_merged_since=author.merged_since,
            author_followers=author.followers,
            tagged=linked or bool(prepared.tags),
            poll=form_of(prepared.poll, services.clock.now()),
            **_place(post_id, parent, quoted),
        )
    )
    return post_id


async def _others(
    tx: Transaction, author_id: int, draft: Draft
) -> tuple[PostRow | None, PostRow | None]:
    """The post that is answered and the one that is quoted."""
    parent = await parent_of(tx, author_id, draft.in_reply_to_id) if draft.in_reply_to_id else None
    quoted = await quote.quotable(tx, author_id, draft.quoted_id) if draft.quoted_id else None
    return parent, quoted


async def _preview(  # noqa: PLR0917 (what a new post is)
    services: Services,
    tx: Transaction,
    post_id: int,
    author_id: int,
    prepared: Prepared,
    visibility: Visibility,
) -> bool:
    return await preview(
        services, tx, post_id, prepared, visibility, author_id=author_id, fresh=True
    )


async def _insert_text(
    tx: Transaction, post_id: int, prepared: Prepared, html: str, language: str
) -> None:
    await tx.run(
        writes.INSERT_TEXT,
        post_id=post_id,
        text=prepared.text,
        html=html,
        spoiler_text=prepared.spoiler_text,
        language=language,
        app_id=prepared.draft.app_id,
    )


def _place(post_id: int, parent: PostRow | None, quoted: PostRow | None) -> dict[str, int]:
    """Where in a thread the post stands, and whom it quotes."""
    by = {"quoted_author_id": quoted.account_id if quoted else 0}
    if parent is None:
        return {"thread_id": post_id, **by}
    return {
        **by,
        "thread_id": parent.thread_id,
        "in_reply_to_id": parent.id,
        "in_reply_to_account_id": parent.account_id,
    }


class _Author(msgspec.Struct, frozen=True):
    """What posting needs to know of whoever posts."""

    followers: int
    merged_since: int
    visibility: Visibility
    sensitive: bool
    language: str
    quote_policy: QuotePolicy

    def quotes(self, draft: Draft, visibility: Visibility) -> QuotePolicy:
        """Who may quote the post: what the draft says, else what is usual."""
        policy = self.quote_policy if draft.quote_policy is None else draft.quote_policy
        return policy.of(visibility)

    def habits(self, prepared: Prepared, quoted: PostRow | None) -> tuple[Visibility, bool, str]:
        """Visibility, sensitivity and language: what the draft says, else what is usual.

        Who quotes what few may see (their own, then) does it for the same few.
        """
        draft = prepared.draft
        visibility = self.visibility if draft.visibility is None else draft.visibility
        if quoted and quoted.visibility >= Visibility.FOLLOWERS:
            visibility = max(visibility, Visibility.FOLLOWERS)
        return (
            visibility,
            self.sensitive if draft.sensitive is None else draft.sensitive,
            prepared.language or self.language,
        )


async def _author(tx: Transaction, author_id: int) -> _Author:
    row = await tx.first(writes.AUTHOR, account=author_id)
    assert row is not None  # noqa: S101 (the edge has just authenticated them)
    followers, merged_since, visibility, sensitive, language, quotes = row
    usual = Visibility.from_wire(visibility) or Visibility.PUBLIC
    policy = QuotePolicy.from_wire(quotes)
    quoting = QuotePolicy.NOBODY if policy is None else policy
    return _Author(followers, merged_since, usual, bool(sensitive), language, quoting)


async def _list(
    tx: Transaction,
    author_id: int,
    post_id: int,
    visibility: Visibility,
    parent: PostRow | None,
) -> None:
    """Count the post and list it in public.

    A number that everybody can read tells only of posts that more than a few can.
    """
    if parent and visibility <= Visibility.UNLISTED:
        await count(tx, writes.COUNT_REPLY, parent.id)
    if visibility is not Visibility.DIRECT:
        await tx.run(writes.COUNT_POST, account=author_id, now=ids.time_of(post_id))
    own_thread = parent is None or parent.account_id == author_id
    if visibility is Visibility.PUBLIC and own_thread:
        await tx.run(writes.INSERT_PUBLIC, post_id=post_id, account_id=author_id, local=1)


async def parent_of(tx: Transaction, author_id: int, post_id: int) -> PostRow:
    """The post that is answered; an answer to a reblog answers its original."""
    row = await access.row(tx, author_id, post_id)
    return await access.row(tx, author_id, row.reblog_of_id) if row.reblog_of_id else row


async def claim_key(
    services: Services, tx: Transaction, author_id: int, key: str, post_id: int
) -> int:
    """Claim the idempotency key for this post; the id of the post that has it already, or 0.

    A second request with the same key waits for the transaction of the first.
    """
    hashed, now = token_hash(key), services.clock.now()
    claimed = await tx.run(
        writes.CLAIM_KEY,
        id=services.ids.next(),
        account_id=author_id,
        key_hash=hashed,
        post_id=post_id,
        expires_at=now + KEY_LIFETIME_MS,
        now=now,
    )
    if claimed:
        return 0
    earlier = await tx.first(writes.KEY_POST, account=author_id, key_hash=hashed)
    if earlier is None:  # its hour ended between the two statements
        raise Conflict("an idempotency key ended just now")
    return earlier
