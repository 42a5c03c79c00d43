"""What queries of slices to the right share: who may see a post, and what they are shown of it.

A list brings along with its ids what :class:`Shown` has of each post, so that one statement finds
and shows a page: :func:`brought`.
"""

from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    exists,
    func,
    not_,
    or_,
    select,
    union_all,
)

from rostra.network.posts.model import (
    AUTHOR_VERSION,
    BESIDE,
    POLICY_SHIFT,
    UNSEEN,
    Extra,
    Flag,
    QuotePolicy,
)
from rostra.network.relations.sql import hides, hides_any
from rostra.store.query import const
from rostra.store.tables.accounts import accounts
from rostra.store.tables.posts import (
    bookmarks,
    favourites,
    pins,
    post_mentions,
    posts,
    thread_mutes,
)
from rostra.store.tables.relations import blocks, follows

VIEWER = bindparam("viewer", type_=BigInteger())


def visible(
    post: Any, author: Any, viewer: Any = VIEWER, *, mentioned: Any = None
) -> ColumnElement[bool]:
    """Whether the viewer may see ``post`` of ``author``.

    The author must be active and must not block the viewer. Public and unlisted posts are for
    everybody, followers' posts for accepted followers, direct ones for those they mention;
    whoever is mentioned in a followers' post may see it too. What waits for an approval is seen by
    its author and by the account that it answers, what was refused or is held by a decision by its
    author alone, and what a decision removed by nobody.

    Args:
        post: the columns of the post.
        author: the columns of its author's account.
        viewer: who looks: the parameter ``viewer`` (0: nobody), or a column of many viewers.
        mentioned: whether the post mentions them, where no rows tell so any more.
    """
    # Aliases: the statement around may name the same tables, and they must not be taken for these.
    follow, mention, block = follows.alias(), post_mentions.alias(), blocks.alias()
    follower = exists(
        select(const(1)).where(follow.c.account_id == viewer, follow.c.target_id == post.account_id)
    )
    if mentioned is None:
        mentioned = exists(
            select(const(1)).where(mention.c.post_id == post.id, mention.c.account_id == viewer)
        )
    blocked = exists(
        select(const(1)).where(block.c.account_id == post.account_id, block.c.target_id == viewer)
    )
    # Most viewers are blocked by nobody: that is asked once for the whole statement.
    by_any = blocks.alias()
    blocked_by_any = exists(select(const(1)).where(by_any.c.target_id == viewer))
    return and_(
        author.state == const(0),
        or_(
            post.visibility < const(2),
            and_(post.account_id == viewer, post.visibility < const(7)),
            and_(post.visibility == const(2), follower),
            and_(post.visibility < const(4), mentioned),
            and_(
                post.visibility == const(4),
                post.in_reply_to_account_id == viewer,
                viewer != const(0),  # a reblog answers nobody, and nobody is viewer 0
            ),
        ),
        not_(and_(blocked_by_any, blocked)),
    )


def names_nobody_hidden(*ids: Any, viewer: Any = VIEWER) -> ColumnElement[bool]:
    """None of the posts mentions anybody whom the viewer blocks or mutes.

    Of their authors ``relations.sql.not_hidden`` tells; viewer and parameters are the same.

    Args:
        ids: columns of ids of posts (0: none).
        viewer: who looks: the parameter ``viewer``, or a column of many viewers.
    """
    mention = post_mentions.alias()
    named = exists(
        select(const(1))
        .where(mention.c.post_id.in_(ids), hides(mention.c.account_id, viewer))
        .correlate_except(mention)  # the viewer may be a row of the whole statement
    )
    return not_(and_(or_(*hides_any(viewer)), named))


def flags_of(viewer: Any) -> ColumnElement[int]:
    """The bits of `Flag` of ``posts``; of a reblog none, for those of its original count."""
    # Aliases: `posts` is the post itself. What nobody did the viewer did not do, and who has no
    # bookmarks has none for any of the posts: most of the indexes are never looked into.
    fav, mark, boost = favourites.alias(), bookmarks.alias(), posts.alias()
    mute, pin, any_mark, any_mute = (
        thread_mutes.alias(),
        pins.alias(),
        bookmarks.alias(),
        thread_mutes.alias(),
    )
    own, follow = posts.c.account_id == viewer, follows.alias()
    # What waits for the author's approval is not counted.
    asking = posts.c.interaction_policy != const(0)
    bits = (
        _flag(
            Flag.FAVOURITED,
            or_(posts.c.favourites_count > const(0), asking),
            _has(fav, fav.c.account_id == viewer, fav.c.post_id == posts.c.id),
        )
        + _flag(
            Flag.BOOKMARKED,
            _has(any_mark, any_mark.c.account_id == viewer),
            _has(mark, mark.c.account_id == viewer, mark.c.post_id == posts.c.id),
        )
        + _flag(
            Flag.REBLOGGED,
            or_(posts.c.reblogs_count > const(0), asking),
            _has(boost, boost.c.reblog_of_id == posts.c.id, boost.c.account_id == viewer),
        )
        + _flag(
            Flag.MUTED,
            _has(any_mute, any_mute.c.account_id == viewer),
            _has(mute, mute.c.account_id == viewer, mute.c.thread_id == posts.c.thread_id),
        )
        + _flag(Flag.OWN, own)
        + _flag(
            Flag.FOLLOWED,
            posts.c.quote_policy == const(QuotePolicy.FOLLOWERS),
            _has(follow, follow.c.account_id == viewer, follow.c.target_id == posts.c.account_id),
        )
        + _flag(
            Flag.PINNED, own, _has(pin, pin.c.account_id == viewer, pin.c.post_id == posts.c.id)
        )
    )
    return case((posts.c.reblog_of_id != const(0), const(0)), else_=bits)


def shown_columns(flags: ColumnElement[int]) -> list[Any]:
    """The columns of `Shown`, of ``posts`` joined with ``accounts``."""
    return [
        posts.c.id,
        posts.c.reblog_of_id,
        posts.c.account_id,
        posts.c.version,
        accounts.c.version,
        flags,
        posts.c.replies_count,
        posts.c.reblogs_count,
        posts.c.favourites_count,
        accounts.c.followers_count,
        accounts.c.following_count,
        accounts.c.statuses_count,
        accounts.c.last_post_at,
        posts.c.quotes_count,
        posts.c.poll
        + posts.c.quote * const(Extra.QUOTE)
        # What is held can't be quoted, whatever holds once it is released.
        + case(
            (posts.c.visibility < const(4), posts.c.quote_policy), else_=const(QuotePolicy.NEVER)
        )
        * const(1 << POLICY_SHIFT)
        + posts.c.limits.bitwise_and(const(Extra.SURFACES)),
    ]


def own_columns() -> list[Any]:
    """The columns of `Shown` as the parameter ``viewer`` (0: nobody) is shown them."""
    return shown_columns(case((const(0) == VIEWER, const(-1)), else_=flags_of(VIEWER)))


def brought(page: Select[Any] | CompoundSelect[Any], *, reblogs: bool) -> Select[Any]:
    """A page of a list with the columns of `Shown`, in any order.

    What the viewer may not see has `UNSEEN` for its author's version: it stays, so that a page is
    full and the next one begins where this one ended, hidden posts or not.

    Args:
        page: the ids of posts, and of the originals of those that are reblogs (0: they are none).
        reblogs: whether there can be some. Their originals have rows too, with `BESIDE`.
    """
    lines = _with_originals(page.cte("page")) if reblogs else page.subquery("page")
    ids, original_ids = lines.c
    seen = and_(accounts.c.id == posts.c.account_id, visible(posts.c, accounts.c))
    columns = own_columns()
    columns[:2] = ids, original_ids
    columns[AUTHOR_VERSION] = func.coalesce(accounts.c.version, const(UNSEEN))
    return select(*columns).select_from(
        lines.outerjoin(posts, posts.c.id == ids).outerjoin(accounts, seen)
    )


def _with_originals(page: CTE) -> Subquery:
    ids, original_ids = page.c
    originals = select(original_ids, const(BESIDE)).where(original_ids != const(0))
    return union_all(select(ids, original_ids), originals).subquery("lines")


def _flag(flag: Flag, *conditions: ColumnElement[bool]) -> Any:
    return case((and_(*conditions), const(flag)), else_=const(0))


def _has(table: FromClause, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(const(1)).select_from(table).where(*conditions))
