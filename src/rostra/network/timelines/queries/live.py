"""Whose timelines a new post stands in, for many readers at once."""

from typing import Any

from sqlalchemy import and_, case, exists, or_, select

from rostra.network.posts.sql import names_nobody_hidden
from rostra.network.relations.sql import not_hidden
from rostra.network.timelines.queries.homes import POSTED, reaches
from rostra.store.query import const, in_ids, in_texts, number, query
from rostra.store.tables.accounts import users
from rostra.store.tables.posts import posts, tags
from rostra.store.tables.relations import follows
from rostra.store.tables.tags import tag_follows

_original, _follow, _member = (
    posts.alias("original"),
    follows.alias("follow"),
    users.alias("member"),
)
_reader: Any = _member.c.account_id
_at_home = or_(
    _reader == posts.c.account_id,
    and_(
        exists(select(const(1)).where(_follow.c.account_id == _reader, reaches(_follow.c, POSTED))),
        names_nobody_hidden(posts.c.id, posts.c.reblog_of_id, viewer=_reader),
    ),
)

# Each of the readers (``readers``) who does not hide its authors, and whether it is for their home.
RECEIVING = query(
    select(_reader, case((_at_home, const(1)), else_=const(0)))
    .select_from(
        posts.outerjoin(_original, _original.c.id == posts.c.reblog_of_id).join(
            _member, in_ids(_reader, "readers")
        )
    )
    .where(
        posts.c.id == number("post"),
        not_hidden(posts.c.account_id, _original.c.account_id, viewer=_reader),
    )
)

# Of the readers, the followers of an author: whose homes a deleted post may have stood in.
FOLLOWING = query(
    select(_follow.c.account_id).where(
        in_ids(_follow.c.account_id, "readers"),
        _follow.c.target_id == number("author"),
    ),
    int,
)
FOLLOWING_TAGS = query(
    select(tag_follows.c.account_id)
    .select_from(tag_follows.join(tags, tags.c.id == tag_follows.c.tag_id))
    .where(in_ids(tag_follows.c.account_id, "readers"), in_texts(tags.c.name, "tags")),
    int,
)
