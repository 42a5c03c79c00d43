"""Quotes: with the consent of whoever is quoted, which they can take back."""

from collections.abc import Sequence

from msgspec.structs import replace

from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.paging import Page, Window
from rostra.network.edge import Reader, Services, Transaction
from rostra.network.posts import access
from rostra.network.posts.edit import own
from rostra.network.posts.events import QuoteRevoked
from rostra.network.posts.model import Engagement, PostRow, Quote, QuotePolicy, Visibility
from rostra.network.posts.queries import quotes, writes


async def quotable(reader: Reader, actor_id: int, post_id: int) -> PostRow:
    """The post that is to be quoted; of a reblog its original.

    Raises:
        NotFound: the actor may not see it.
        Invalid: naming ``quoted_status_id``; its author does not want that.
    """
    row = await access.row(reader, actor_id, post_id)
    if row.reblog_of_id:
        row = await access.row(reader, actor_id, row.reblog_of_id)
    if Visibility(row.visibility).held:
        raise Invalid("quoted_status_id", "has not been released", "ERR_DENIED")
    policy = QuotePolicy(row.quote_policy).of(Visibility(row.visibility))
    mine = row.account_id == actor_id
    allowed = policy is QuotePolicy.PUBLIC or (mine and policy is not QuotePolicy.NEVER)
    if not allowed and policy is QuotePolicy.FOLLOWERS:
        follows = await reader.value(quotes.FOLLOWS, viewer=actor_id, target=row.account_id)
        allowed = follows is not None
    if not allowed:
        message = "is of somebody who does not let you quote it"
        raise Invalid("quoted_status_id", message, "ERR_DENIED")
    return row


async def write(
    tx: Transaction,
    post_id: int,
    author_id: int,
    quoted: PostRow | None,
    visibility: Visibility,
) -> None:
    """Store what a new post quotes (None: nothing), and count it where many may see that.

    Raises:
        NotFound: it was deleted since it was looked at.
    """
    if quoted is None:
        return
    counted = int(visibility <= Visibility.UNLISTED)
    if not await tx.run(writes.COUNT_QUOTE, post=quoted.id, change=counted):
        raise NotFound(f"post {quoted.id} has just been deleted")
    await tx.run(
        writes.INSERT_QUOTE,
        post_id=post_id,
        account_id=author_id,
        quoted_id=quoted.id,
        quoted_account_id=quoted.account_id,
        state=0,
    )


async def revoke(
    _services: Services, tx: Transaction, author_id: int, post_id: int, quoting_id: int
) -> None:
    """Take a post of one's own out of one that quotes it, for good.

    Raises:
        NotFound: it is not theirs, or not quoted there.
    """
    await own(tx, author_id, post_id)
    if not await _take_out(tx, post_id, quoting_id):
        raise NotFound(f"post {quoting_id} does not quote {post_id}")
    await tx.emit(QuoteRevoked(post_id, quoting_id))


async def revoked_again(tx: Transaction, quoting_id: int) -> None:
    """Take out of a post what it quotes, which its author had done before; nobody is told anew."""
    quoted_id = await tx.value(writes.QUOTED, quoting=quoting_id)
    if quoted_id:
        await _take_out(tx, quoted_id, quoting_id)


async def _take_out(tx: Transaction, post_id: int, quoting_id: int) -> bool:
    """Take a post out of one that quotes it; whether it was quoted there."""
    if not await tx.run(writes.REVOKE_QUOTE, post=post_id, quoting=quoting_id):
        return False
    rows = await tx.all(writes.REMOVABLE, post=quoting_id)
    if rows and rows[0].visibility <= Visibility.UNLISTED:
        await tx.run(writes.COUNT_QUOTE, post=post_id, change=-1)
    return True


async def set_policy(tx: Transaction, author_id: int, post_id: int, policy: QuotePolicy) -> None:
    """Say who may quote a post of one's own; quotes that are there stay.

    Raises:
        NotFound: it is not theirs.
    """
    row = await own(tx, author_id, post_id)
    wanted = policy.of(Visibility(row.visibility))
    await tx.run(writes.SET_QUOTE_POLICY, post=post_id, quote_policy=int(wanted))


async def of_posts(
    reader: Reader, viewer_id: int, post_ids: Sequence[int], *, now: int
) -> dict[int, Quote]:
    """What the posts quote, by post. One statement, or none without ids.

    Where the state is `accepted` the viewer may still not be allowed to see the quoted post: that
    is for the loader of posts, and what it leaves out is `unauthorized`. Of all others the quoted
    post is not told.
    """
    if not post_ids:
        return {}
    found = await reader.all(quotes.OF_POSTS, viewer=viewer_id, ids=post_ids, now=now)
    return {each.post_id: _told(each) for each in found}


async def of_post_to_many(
    reader: Reader, viewer_ids: Sequence[int], post_id: int, *, now: int
) -> dict[int, Quote]:
    """What one post quotes, as :func:`of_posts` has it for each of the viewers. One statement."""
    found = await reader.all(quotes.OF_POST_TO_MANY, viewers=viewer_ids, post=post_id, now=now)
    return {viewer: _told(Quote(post_id, quoted_id, state)) for viewer, quoted_id, state in found}


def _told(found: Quote) -> Quote:
    return found if found.state == "accepted" else replace(found, quoted_id=0)


async def quoted_by(
    reader: Reader, viewer_id: int, post_id: int, page: Page, *, now: int
) -> Window[Engagement]:
    """The posts that quote a post. Raises NotFound where the viewer may not see it."""
    row = await access.row(reader, viewer_id, post_id)
    rows = await reader.all(
        quotes.PAGE[page.ascending],
        viewer=viewer_id,
        now=now,
        post=row.reblog_of_id or row.id,
        below=page.below,
        above=page.above,
        limit=page.limit,
    )
    return Window.of(rows, page, lambda row: row.id)
