"""What is read of quotes. Whether a quoted post may be seen is asked by the loader of posts."""

from typing import Any

from sqlalchemy import BigInteger, Text, bindparam, case, exists, literal_column, or_, select

from rostra.network.posts.model import Engagement, Quote
from rostra.network.posts.sql import VIEWER
from rostra.network.relations.sql import not_hidden
from rostra.store.query import const, in_ids, query
from rostra.store.tables.accounts import users
from rostra.store.tables.posts import posts, quotes
from rostra.store.tables.relations import blocks, follows, mutes


def _param(name: str) -> Any:
    return bindparam(name, type_=BigInteger())


def _word(state: str) -> Any:
    return literal_column(f"'{state}'", Text())


POST, NOW = _param("post"), _param("now")
_quoted, _block, _mute = posts.alias("quoted"), blocks.alias(), mutes.alias()
_there = exists(select(const(1)).where(_quoted.c.id == quotes.c.quoted_id))


def _state(viewer: Any) -> Any:
    """What a quote is to somebody, as far as its own rows and theirs tell."""
    blocked = exists(
        select(const(1)).where(
            _block.c.account_id == viewer, _block.c.target_id == quotes.c.quoted_account_id
        )
    )
    muted = exists(
        select(const(1)).where(
            _mute.c.account_id == viewer,
            _mute.c.target_id == quotes.c.quoted_account_id,
            or_(_mute.c.expires_at == const(0), _mute.c.expires_at > NOW),
        )
    )
    return case(
        (quotes.c.state == const(1), _word("revoked")),
        (quotes.c.state == const(2), _word("deleted")),
        (~_there, _word("deleted")),
        (blocked, _word("blocked_account")),
        (muted, _word("muted_account")),
        else_=_word("accepted"),
    )


OF_POSTS = query(
    select(quotes.c.post_id, quotes.c.quoted_id, _state(VIEWER)).where(
        in_ids(quotes.c.post_id, "ids")
    ),
    Quote,
)
# What one post quotes, for each of many ``viewers``, whose ids come first.
_member = users.alias("member").c.account_id
OF_POST_TO_MANY = query(
    select(_member, quotes.c.quoted_id, _state(_member))
    .select_from(quotes.join(_member.table, in_ids(_member, "viewers")))
    .where(quotes.c.post_id == POST)
)
FOLLOWS = query(
    select(const(1)).where(follows.c.account_id == VIEWER, follows.c.target_id == _param("target"))
)


def _page(*, newest: bool) -> Any:
    ids = quotes.c.post_id
    return query(
        select(ids, ids)
        .where(
            quotes.c.quoted_id == POST,
            quotes.c.state == const(0),
            ids < _param("below"),
            ids > _param("above"),
            not_hidden(quotes.c.account_id),
        )
        .order_by(ids.desc() if newest else ids)
        .limit(_param("limit")),
        Engagement,
    )


PAGE = (_page(newest=True), _page(newest=False))
