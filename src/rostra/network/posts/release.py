"""Holding posts and releasing them.

A post that is held is written and no more: its author sees it, and whoever is asked about it.
Releasing a post makes it what others see: it mentions people, carries hashtags, counts, stands in
timelines, and the house is told of it. Most posts are released as they are written.
"""

from collections.abc import Sequence

import msgspec

from rostra.kernel import ids
from rostra.kernel.errors import NotFound
from rostra.network.edge import Services, Transaction
from rostra.network.posts.author import Author, author_of
from rostra.network.posts.counting import count
from rostra.network.posts.events import PostBroughtIn, PostPublished, PostReleased
from rostra.network.posts.model import PollForm, PostRow, QuotePolicy, Visibility
from rostra.network.posts.parts import (
    Named,
    html_of,
    preview,
    resolve_mentions,
    write_mentions,
    write_tags,
)
from rostra.network.posts.prepare import Prepared, taken_apart
from rostra.network.posts.queries import origins, requests, writes


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A post that is written: what must be known of it to release it. Ids are 0 where none."""

    post_id: int
    author: Author
    visibility: Visibility  # that it has once it is released
    language: str
    thread_id: int
    in_reply_to_id: int = 0
    in_reply_to_account_id: int = 0
    quoted_author_id: int = 0
    let_go: bool = False  # it was held by a decision


def written_of(  # noqa: PLR0917 (what a post is, and what stands around it)
    author: Author,
    post_id: int,
    seen_by: Visibility,
    language: str,
    parent: PostRow | None,
    quoted: PostRow | None = None,
) -> Written:
    """What must be known to release it: where in a thread it stands, and whom it quotes."""
    return Written(
        post_id=post_id,
        author=author,
        visibility=seen_by,
        language=language,
        thread_id=parent.thread_id if parent else post_id,
        in_reply_to_id=parent.id if parent else 0,
        in_reply_to_account_id=parent.account_id if parent else 0,
        quoted_author_id=quoted.account_id if quoted else 0,
    )


async def release(
    services: Services,
    tx: Transaction,
    written: Written,
    prepared: Prepared,
    named: Named,
    *,
    poll: PollForm | None = None,
) -> None:
    """Let a post be seen by those whom it is for. ``poll``: what it asks, if that is not stored."""
    post_id, author, visibility = written.post_id, written.author, written.visibility
    await write_mentions(tx, post_id, named.ids)
    now = services.clock.now()
    await write_tags(services, tx, post_id, author.id, prepared, visibility=visibility, used_at=now)
    linked = await preview(
        services, tx, post_id, prepared, visibility, author_id=author.id, fresh=True
    )
    await _list(tx, written)
    await tx.emit(
        PostPublished(
            post_id=post_id,
            account_id=author.id,
            visibility=int(visibility),
            thread_id=written.thread_id,
            language=written.language,
            in_reply_to_id=written.in_reply_to_id,
            in_reply_to_account_id=written.in_reply_to_account_id,
            quoted_author_id=written.quoted_author_id,
            mentioned_ids=named.ids,
            author_merged_since=author.merged_since,
            author_followers=author.followers,
            tagged=linked or bool(prepared.tags),
            poll=poll,
            let_go=written.let_go,
        )
    )


async def release_past(
    services: Services, tx: Transaction, written: Written, prepared: Prepared
) -> None:
    """Let a post from long ago be seen where its time puts it.

    It names nobody, no address in it is fetched, and nobody hears of it.
    """
    post_id, visibility = written.post_id, written.visibility
    await write_tags(
        services,
        tx,
        post_id,
        written.author.id,
        prepared,
        visibility=visibility,
        used_at=ids.time_of(post_id),
    )
    await _list(tx, written)
    await tx.emit(PostBroughtIn(post_id, written.author.id, int(visibility)))


async def _list(tx: Transaction, written: Written) -> None:
    """Count the post and list it in public.

    A number that everybody can read tells only of posts that more than a few can.
    """
    visibility, author_id = written.visibility, written.author.id
    if written.in_reply_to_id and visibility <= Visibility.UNLISTED:
        await count(tx, writes.COUNT_REPLY, written.in_reply_to_id)
    if visibility < Visibility.DIRECT:
        now = ids.time_of(written.post_id)
        await tx.run(writes.COUNT_POST, account=author_id, now=now)
    own_thread = written.in_reply_to_account_id in {0, author_id}
    if visibility is Visibility.PUBLIC and own_thread:
        await tx.run(writes.INSERT_PUBLIC, post_id=written.post_id, account_id=author_id, local=1)


async def release_reblog(
    tx: Transaction,
    author: Author,
    reblog_id: int,
    visibility: Visibility,
    *,
    post_id: int,
    post_author_id: int,
) -> None:
    """Let a reblog of a post be seen."""
    await count(tx, writes.COUNT_REBLOG, post_id)
    await tx.run(writes.COUNT_POST, account=author.id, now=ids.time_of(reblog_id))
    await tx.emit(
        PostPublished(
            post_id=reblog_id,
            account_id=author.id,
            visibility=int(visibility),
            thread_id=reblog_id,
            reblog_of_id=post_id,
            original_author_id=post_author_id,
            author_merged_since=author.merged_since,
            author_followers=author.followers,
        )
    )


async def release_held(
    services: Services, tx: Transaction, post_id: int, visibility: Visibility
) -> None:
    """Release a post that waits, rendered anew: names lead to who bears them by now.

    Raises:
        NotFound: it does not wait any more.
    """
    released = await tx.first(requests.RELEASE, post=post_id, visibility=int(visibility))
    if released is None:
        raise NotFound(f"post {post_id} does not wait")
    await release_written(services, tx, post_id, Visibility(released))


async def release_written(
    services: Services,
    tx: Transaction,
    post_id: int,
    visibility: Visibility,
    *,
    let_go: bool = False,
) -> None:
    """Release a post that was never seen, and whose row says already who may see it.

    ``let_go``: a decision held it, and holds it no more.
    """
    row = await tx.first(requests.HELD, post=post_id)
    assert row is not None  # noqa: S101 (it was changed just now)
    author = await author_of(tx, row.account_id)
    prepared = taken_apart(row.text, row.spoiler_text, language=row.language)
    past = await tx.first(origins.OF_POST, post=post_id) is not None
    named = Named() if past else await resolve_mentions(services, tx, author.id, prepared)
    html = html_of(services, prepared, named)
    await tx.run(requests.SET_HTML, post=post_id, html=html)
    policy = QuotePolicy(row.quote_policy).of(visibility)
    await tx.run(writes.SET_QUOTE_POLICY, post=post_id, quote_policy=int(policy))
    written = Written(
        post_id=post_id,
        author=author,
        visibility=visibility,
        language=row.language,
        thread_id=row.thread_id,
        in_reply_to_id=row.in_reply_to_id,
        in_reply_to_account_id=row.in_reply_to_account_id,
        quoted_author_id=await _quoted(tx, post_id, visibility) if row.quote else 0,
        let_go=let_go,
    )
    if past:
        await release_past(services, tx, written, prepared)
        return
    await release(services, tx, written, prepared, named)
    if row.poll:
        waited = services.clock.now() - ids.time_of(post_id)
        await tx.emit(PostReleased(post_id, waited))


async def _quoted(tx: Transaction, post_id: int, visibility: Visibility) -> int:
    """Count a quote that was not taken back while it waited; its author, who is told then."""
    found = await tx.first(requests.QUOTED, post=post_id)
    if found is None:
        return 0
    if visibility <= Visibility.UNLISTED:
        await tx.run(writes.COUNT_QUOTE, post=found[0], change=1)
    return int(found[1])


async def refuse(tx: Transaction, post_ids: Sequence[int]) -> None:
    """Leave posts that wait to their authors alone, who keep their words."""
    await tx.run(requests.REFUSE, ids=post_ids)
