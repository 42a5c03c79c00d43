"""Threads: the posts above and below one, walked inside the database."""

from typing import Any

from sqlalchemy import CTE, BigInteger, Select, bindparam, literal_column, select

from rostra.network.posts.model import Engagement
from rostra.network.posts.sql import visible
from rostra.network.relations.sql import not_hidden
from rostra.store.query import query
from rostra.store.tables.accounts import accounts
from rostra.store.tables.posts import bookmarks, favourites, posts

POST = bindparam("post", type_=BigInteger())
LIMIT = bindparam("limit", type_=BigInteger())
_ZERO = literal_column("0", BigInteger())
_ONE = literal_column("1", BigInteger())


def _up() -> CTE:
    above = (
        select(posts.c.id, posts.c.in_reply_to_id.label("parent"), _ZERO.label("step"))
        .where(posts.c.id == POST)
        .cte("above", recursive=True)
    )
    parent = posts.alias("parent_post")
    return above.union_all(
        select(parent.c.id, parent.c.in_reply_to_id, above.c.step + _ONE)
        .select_from(parent.join(above, parent.c.id == above.c.parent))
        .where(above.c.step < LIMIT)
    )


def _down() -> CTE:
    below = (
        select(posts.c.id, posts.c.in_reply_to_id.label("parent"), _ONE.label("step"))
        .where(posts.c.in_reply_to_id == POST)
        .cte("below", recursive=True)
    )
    reply = posts.alias("reply")
    return below.union_all(
        select(reply.c.id, reply.c.in_reply_to_id, below.c.step + _ONE)
        .select_from(reply.join(below, reply.c.in_reply_to_id == below.c.id))
        .where(below.c.step < bindparam("depth", type_=BigInteger()))
    )


def _seen(walk: Any, *columns: Any) -> Select[Any]:
    """Of a walk, the posts that the viewer may see and does not hide."""
    return (
        select(*columns)
        .select_from(
            walk.join(posts, posts.c.id == walk.c.id).join(
                accounts, accounts.c.id == posts.c.account_id
            )
        )
        .where(visible(posts.c, accounts.c), not_hidden(posts.c.account_id))
    )


_above = _up()
ANCESTORS = query(
    _seen(_above, _above.c.id).where(_above.c.step > _ZERO).order_by(_above.c.step.desc()), int
)
# What is walked is bounded before it is looked at, so hidden replies cost no more than others.
_walked = _down()
_below = select(_walked.c.id, _walked.c.parent).limit(LIMIT).subquery()
DESCENDANTS = query(_seen(_below, _below.c.id, _below.c.parent))

_BELOW = bindparam("below", type_=BigInteger())
_ABOVE = bindparam("above", type_=BigInteger())


def _engaged(table: Any, *, newest: bool, by_post: bool) -> Any:
    owner = table.c.post_id == POST if by_post else table.c.account_id == POST
    order = table.c.id.desc() if newest else table.c.id
    item = table.c.account_id if by_post else table.c.post_id
    return query(
        select(table.c.id, item)
        .where(owner, table.c.id < _BELOW, table.c.id > _ABOVE)
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
        )
        .order_by(order)
        .limit(LIMIT),
        Engagement,
    )


REBLOGGED_BY = (_reblogged(newest=True), _reblogged(newest=False))
