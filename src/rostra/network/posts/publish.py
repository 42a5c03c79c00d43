"""Publish a post."""

from rostra.kernel import ids
from rostra.kernel.clock import HOUR
from rostra.kernel.crypto import token_hash
from rostra.kernel.errors import Conflict, Invalid
from rostra.network.edge import Services, Transaction
from rostra.network.media.attach import attach, attachable
from rostra.network.media.restrict import of_posts as withhold
from rostra.network.posts import access, quote
from rostra.network.posts.ask import form_of
from rostra.network.posts.author import Author, author_of
from rostra.network.posts.consent import may_reply
from rostra.network.posts.events import PostHeld
from rostra.network.posts.interaction import Kind
from rostra.network.posts.model import Draft, PostRow, Visibility
from rostra.network.posts.parts import insert_row, resolve_mentions, text_row
from rostra.network.posts.queries import writes
from rostra.network.posts.release import release, written_of
from rostra.network.posts.requests import ask
from rostra.network.posts.screened import Screened, judge
from rostra.network.posts.slow import not_too_fast
from rostra.network.screening import About, What

KEY_LIFETIME_MS = HOUR


async def publish(services: Services, tx: Transaction, author_id: int, screened: Screened) -> int:
    """Write a post and tell the house; its id, or that of the first with the same key.

    An answer that needs an approval is written and held.

    Raises:
        NotFound: it answers or quotes a post that the author may not see.
        Invalid: a picture can't be attached, a post not be quoted, or not be answered.
        TooManyRequests: they may post only so often, or many answer the same post while a flood
            is on.
    """
    draft, post_id = screened.prepared.draft, services.ids.next()
    if draft.idempotency_key:
        earlier = await claim_key(services, tx, author_id, draft.idempotency_key, post_id)
        if earlier:
            return earlier
    return await _publish(services, tx, await author_of(tx, author_id), screened, post_id)


async def _publish(
    services: Services, tx: Transaction, author: Author, screened: Screened, post_id: int
) -> int:
    prepared, draft, author_id = screened.prepared, screened.prepared.draft, author.id
    parent, quoted = await _others(tx, author_id, draft)
    await not_too_fast(services, tx, author, parent)
    at_once = parent is None or await may_reply(tx, author_id, parent)
    visibility, sensitive, language = author.habits(prepared, quoted)
    place = About(
        language=language,
        visibility=visibility.wire,
        sensitive=sensitive,
        is_reply=parent is not None,
    )
    media = await attachable(tx, author_id, draft.media_ids)
    verdict = await judge(services, tx, author_id, screened, media, What.POST, place)
    standing = author.standing(
        visibility if at_once else Visibility.WAITING,
        sensitive=sensitive or bool(prepared.spoiler_text),
        held=verdict.hold and at_once,
    )
    seen_by = Visibility(standing.visibility)
    written = written_of(author, post_id, seen_by, language, parent, quoted)
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
    await tx.run(writes.INSERT_TEXT, **text_row(services, post_id, prepared, named, language))
    await attach(tx, author_id, post_id, draft.media_ids, scheduled_id=draft.scheduled_id)
    await quote.write(tx, post_id, author_id, quoted, seen_by)
    poll = form_of(prepared.poll, ids.time_of(post_id))
    if seen_by.held:
        await tx.emit(PostHeld(post_id, author_id, poll=poll))
        await withhold(tx, hidden=[post_id] if media and standing.untold else ())
    else:
        await release(services, tx, written, prepared, named, poll=poll)
    if parent is not None and not at_once:
        kind = Kind.REPLY
        await ask(services, tx, author_id, parent, kind, subject_id=post_id, visibility=visibility)
    await services.screen.note(tx, verdict, post_id)
    return post_id


async def _others(
    tx: Transaction, author_id: int, draft: Draft
) -> tuple[PostRow | None, PostRow | None]:
    """The post that is answered and the one that is quoted."""
    parent = await parent_of(tx, author_id, draft.in_reply_to_id) if draft.in_reply_to_id else None
    quoted = await quote.quotable(tx, author_id, draft.quoted_id) if draft.quoted_id else None
    return parent, quoted


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
