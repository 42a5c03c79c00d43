"""Threads: the posts above and below one, walked inside the database."""

from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    and_,
    bindparam,
    case,
    exists,
    literal_column,
    or_,
    select,
)

from rostra.network.posts.model import Engagement, Step
from rostra.network.relations.sql import VIEWER, not_hidden
from rostra.store.query import const, query, query_in
from rostra.store.tables.posts import bookmarks, favourites, post_mentions, posts

POST = bindparam("post", type_=BigInteger())
LIMIT = bindparam("limit", type_=BigInteger())
_ZERO = literal_column("0", BigInteger())
_ONE = literal_column("1", BigInteger())


def _columns(post: Any) -> tuple[Any, ...]:
    return (
        post.id,
        post.in_reply_to_id.label("parent"),
        post.account_id,
        post.in_reply_to_account_id.label("answered"),
        post.visibility.label("visibility"),
    )


def _leads_on(post: Any) -> ColumnElement[bool]:
    """Whether the walk down is to meet a post: others would use up how far it goes for nothing.

    Left out are those that the viewer can't see, if nothing that counts answers them: of visitors'
    all that are not for everybody, of members' the direct ones (and what waits or is held) that are
    neither theirs nor for them. What is for followers is met: whether the viewer is one, and all
    else, is for the loader of posts.
    """
    mention = post_mentions.alias()
    mentioned = exists(
        select(_ONE)
        .where(mention.c.post_id == post.id, mention.c.account_id == VIEWER)
        .correlate_except(mention)  # the post may be a row of the whole statement
    )
    return or_(
        post.visibility < const(2),
        post.replies_count > _ZERO,
        and_(
            VIEWER != _ZERO,
            or_(
                post.visibility == const(2),
                post.account_id == VIEWER,
                post.in_reply_to_account_id == VIEWER,
                mentioned,
            ),
        ),
    )


def _up() -> CTE:
    above = (
        select(*_columns(posts.c), _ZERO.label("step"))
        .where(posts.c.id == POST)
        .cte("above", recursive=True)
    )
    parent = posts.alias("parent_post")
    return above.union_all(
        select(*_columns(parent.c), above.c.step + _ONE)
        .select_from(parent.join(above, parent.c.id == above.c.parent))
        .where(above.c.step < LIMIT)
    )


def _down(*, lateral: bool) -> CTE:
    # Siblings by age, so that it is the latest ones that a limit leaves out.
    first = (
        select(*_columns(posts.c), _ONE.label("step"))
        .where(posts.c.in_reply_to_id == POST, _leads_on(posts.c))
        .order_by(posts.c.id)
        .limit(LIMIT)
        .subquery("first")
    )
    below = select(first).cte("below", recursive=True)
    reply = posts.alias("reply")
    deeper = below.c.step < bindparam("depth", type_=BigInteger())
    if not lateral:
        return below.union_all(
            select(*_columns(reply.c), below.c.step + _ONE)
            .select_from(reply.join(below, reply.c.in_reply_to_id == below.c.id))
            .where(deeper, _leads_on(reply.c))
        )
    # PostgreSQL knows nothing of the size of a level and may read the whole table for each of
    # thousands (measured: 6.7 s for 4,096 levels of 10,000 posts); like this it takes the index.
    answers = (
        select(*_columns(reply.c))
        .where(reply.c.in_reply_to_id == below.c.id, _leads_on(reply.c))
        .order_by(reply.c.id)
        .limit(LIMIT)
        .lateral("answers")
    )
    return below.union_all(
        select(*answers.c, below.c.step + _ONE)
        .select_from(below.join(answers, literal_column("true")))
        .where(deeper)
    )


def _walked(walk: Any) -> Any:
    """The posts of a walk; those that the viewer hides are marked, for what is below them shows.

    Whether the viewer may see them is not asked here: that is for the loader of posts alone.
    """
    hidden = case((not_hidden(walk.c.account_id), _ZERO), else_=_ONE)
    return select(
        walk.c.id, walk.c.parent, walk.c.account_id, walk.c.answered, walk.c.visibility, hidden
    )


_above = _up()
ANCESTORS = query(_walked(_above).where(_above.c.step > _ZERO).order_by(_above.c.step.desc()), Step)
# Both databases walk level by level and stop at the limit, so the walk is bounded however wide
# the thread is.
DESCENDANTS = query_in(
    lambda words: _walked(
        select(_down(lateral=words.dialect.name == "postgresql")).limit(LIMIT).subquery()
    ),
    Step,
)

_BELOW = bindparam("below", type_=BigInteger())
_ABOVE = bindparam("above", type_=BigInteger())


def _engaged(table: Any, *, newest: bool, by_post: bool) -> Any:
    owner = table.c.post_id == POST if by_post else table.c.account_id == POST
    order = table.c.id.desc() if newest else table.c.id
    item = table.c.account_id if by_post else table.c.post_id
    shown: list[Any] = [not_hidden(table.c.account_id)] if by_post else []
    if by_post and table is favourites:  # others are told of what the author has agreed to
        shown.append(table.c.pending == _ZERO)
    return query(
        select(table.c.id, item)
        .where(owner, table.c.id < _BELOW, table.c.id > _ABOVE, *shown)
        .order_by(order)
        .limit(LIMIT),
        Engagement,
    )


def _both(table: Any, *, by_post: bool) -> tuple[Any, Any]:
    return (
        _engaged(table, newest=True, by_post=by_post),
        _engaged(table, newest=False, by_post=by_post),
    )


FAVOURITED_BY = _both(favourites, by_post=True)
FAVOURITES_OF = _both(favourites, by_post=False)
BOOKMARKS_OF = _both(bookmarks, by_post=False)


def _reblogged(*, newest: bool) -> Any:
    order = posts.c.id.desc() if newest else posts.c.id
    return query(
        select(posts.c.id, posts.c.account_id)
        .where(
            posts.c.reblog_of_id == POST,
            posts.c.id < _BELOW,
            posts.c.id > _ABOVE,
            posts.c.visibility < literal_column("2", BigInteger()),
            not_hidden(posts.c.account_id),
        )
        .order_by(order)
        .limit(LIMIT),
        Engagement,
    )


REBLOGGED_BY = (_reblogged(newest=True), _reblogged(newest=False))
