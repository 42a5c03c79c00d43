"""Publish a post."""

from rostra.kernel import ids
from rostra.kernel.clock import HOUR
from rostra.kernel.crypto import token_hash
from rostra.kernel.errors import Conflict, Invalid
from rostra.network.edge import Services, Transaction
from rostra.network.media.attach import attach
from rostra.network.posts import access, quote
from rostra.network.posts.ask import form_of
from rostra.network.posts.author import Author, author_of
from rostra.network.posts.consent import may_reply
from rostra.network.posts.events import PostHeld
from rostra.network.posts.interaction import Kind
from rostra.network.posts.model import Draft, PostRow, Visibility
from rostra.network.posts.parts import html_of, insert_row, resolve_mentions
from rostra.network.posts.prepare import Prepared
from rostra.network.posts.queries import writes
from rostra.network.posts.release import Written, release
from rostra.network.posts.requests import ask
from rostra.network.posts.slow import not_too_fast

KEY_LIFETIME_MS = HOUR


async def publish(services: Services, tx: Transaction, author_id: int, prepared: Prepared) -> int:
    """Write a post and tell the house; its id, or that of the first with the same key.

    An answer that needs an approval is written and held.

    Raises:
        NotFound: it answers or quotes a post that the author may not see.
        Invalid: a picture can't be attached, a post not be quoted, or not be answered.
        TooManyRequests: many answer the same post while a flood is on.
    """
    draft, post_id = prepared.draft, services.ids.next()
    if draft.idempotency_key:
        earlier = await claim_key(services, tx, author_id, draft.idempotency_key, post_id)
        if earlier:
            return earlier
    return await _publish(services, tx, await author_of(tx, author_id), prepared, post_id)


async def _publish(
    services: Services, tx: Transaction, author: Author, prepared: Prepared, post_id: int
) -> int:
    draft, author_id = prepared.draft, author.id
    parent, quoted = await _others(tx, author_id, draft)
    await not_too_fast(services, tx, author_id, parent)
    at_once = parent is None or await may_reply(tx, author_id, parent)
    visibility, sensitive, language = author.habits(prepared, quoted)
    standing = author.standing(
        visibility if at_once else Visibility.WAITING,
        sensitive=sensitive or bool(prepared.spoiler_text),
    )
    seen_by = Visibility(standing.visibility)
    written = Written(
        post_id=post_id,
        author=author,
        visibility=seen_by,
        language=language,
        **_place(post_id, parent, quoted),
    )
    named = await resolve_mentions(services, tx, author_id, prepared)
    await insert_row(
        tx,
        post_id,
        author_id,
        standing,
        parent=parent,
        media_count=len(draft.media_ids),
        poll=prepared.poll is not None,
        quote=quoted is not None,
        quote_policy=author.quotes(draft, visibility),
        interaction_policy=author.interactions(draft, visibility),
    )
    await _insert_text(tx, post_id, prepared, html_of(services, prepared, named), language)
    await attach(tx, author_id, post_id, draft.media_ids, scheduled_id=draft.scheduled_id)
    await quote.write(tx, post_id, author_id, quoted, seen_by)
    poll = form_of(prepared.poll, ids.time_of(post_id))
    if parent is None or at_once:
        await release(services, tx, written, prepared, named, poll=poll)
    else:
        kind = Kind.REPLY
        await ask(services, tx, author_id, parent, kind, subject_id=post_id, visibility=visibility)
        await tx.emit(PostHeld(post_id, author_id, poll=poll))
    return post_id


async def _others(
    tx: Transaction, author_id: int, draft: Draft
) -> tuple[PostRow | None, PostRow | None]:
    """The post that is answered and the one that is quoted."""
    parent = await parent_of(tx, author_id, draft.in_reply_to_id) if draft.in_reply_to_id else None
    quoted = await quote.quotable(tx, author_id, draft.quoted_id) if draft.quoted_id else None
    return parent, quoted


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


async def parent_of(tx: Transaction, author_id: int, post_id: int) -> PostRow:
    """The post that is answered; an answer to a reblog answers its original.

    Raises:
        NotFound: the author may not see it.
        Invalid: naming ``in_reply_to_id``; it is held.
    """
    row = await access.row(tx, author_id, post_id)
    if row.reblog_of_id:
        row = await access.row(tx, author_id, row.reblog_of_id)
    if Visibility(row.visibility).held:
        raise Invalid("in_reply_to_id", "has not been released", "ERR_DENIED")
    return row


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
