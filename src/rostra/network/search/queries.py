"""The SQL of search, private to this slice.

The full-text statements are written by hand for each database; who may be found by whom is one
statement for both.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Text,
    and_,
    bindparam,
    case,
    distinct,
    exists,
    func,
    not_,
    or_,
    select,
)

from rostra.network.posts.sql import visible
from rostra.network.relations.sql import VIEWER, not_hidden
from rostra.store.query import const, in_ids, query, query_text
from rostra.store.tables.accounts import accounts, profiles
from rostra.store.tables.posts import (
    bookmarks,
    favourites,
    post_mentions,
    post_tags,
    posts,
)
from rostra.store.tables.relations import blocks, follows


def _number(name: str) -> Any:
    return bindparam(name, type_=BigInteger())


ADD_POST = query_text(
    sqlite="INSERT INTO post_search (rowid, text) VALUES (:id, :document)",
    postgresql="""INSERT INTO post_search (rowid, document)
        VALUES (CAST(:id AS bigint), CAST(CAST(:document AS text) AS tsvector))
        ON CONFLICT (rowid) DO UPDATE SET document = excluded.document""",
)
DROP_POST = query_text(
    sqlite="DELETE FROM post_search WHERE rowid = :id",
    postgresql="DELETE FROM post_search WHERE rowid = CAST(:id AS bigint)",
)
_OF_AUTHOR = "DELETE FROM post_search WHERE rowid IN (SELECT id FROM posts WHERE account_id = {})"
DROP_AUTHOR = query_text(
    sqlite=_OF_AUTHOR.format(":id"), postgresql=_OF_AUTHOR.format("CAST(:id AS bigint)")
)
ADD_ACCOUNT = query_text(
    sqlite="INSERT INTO account_search (rowid, names) VALUES (:id, :document)",
    postgresql="""INSERT INTO account_search (rowid, document)
        VALUES (CAST(:id AS bigint), CAST(CAST(:document AS text) AS tsvector))
        ON CONFLICT (rowid) DO UPDATE SET document = excluded.document""",
)
DROP_ACCOUNT = query_text(
    sqlite="DELETE FROM account_search WHERE rowid = :id",
    postgresql="DELETE FROM account_search WHERE rowid = CAST(:id AS bigint)",
)
NAMES = query(
    select(accounts.c.username, profiles.c.display_name)
    .select_from(accounts.join(profiles, profiles.c.account_id == accounts.c.id))
    .where(accounts.c.id == _number("id"))
)

# Newest first; the next batch begins below the last one.
POST_MATCHES = query_text(
    sqlite="""SELECT rowid FROM post_search
        WHERE post_search MATCH :match AND rowid < :below AND rowid > :above
        ORDER BY rowid DESC LIMIT :limit""",
    postgresql="""SELECT rowid FROM post_search
        WHERE document @@ CAST(CAST(:match AS text) AS tsquery)
        AND rowid < CAST(:below AS bigint) AND rowid > CAST(:above AS bigint)
        ORDER BY rowid DESC LIMIT CAST(:limit AS bigint)""",
    into=int,
)
ACCOUNT_MATCHES = query_text(
    sqlite="""SELECT rowid FROM account_search WHERE account_search MATCH :match
        ORDER BY rowid LIMIT :limit""",
    postgresql="""SELECT rowid FROM account_search
        WHERE document @@ CAST(CAST(:match AS text) AS tsquery)
        ORDER BY rowid LIMIT CAST(:limit AS bigint)""",
    into=int,
)


def _mine(of: Any) -> Any:
    return exists(select(const(1)).where(of.c.account_id == VIEWER, of.c.post_id == posts.c.id))


# Those of the posts ``ids`` that the viewer may see and may find: public ones of authors who agreed
# to be found, and those that the viewer wrote, favourited, bookmarked or is mentioned in.
FINDABLE = query(
    select(posts.c.id)
    .select_from(posts.join(accounts, accounts.c.id == posts.c.account_id))
    .where(
        in_ids(posts.c.id, "ids"),
        or_(_number("author") == const(0), posts.c.account_id == _number("author")),
        visible(posts.c, accounts.c),
        not_hidden(posts.c.account_id),
        or_(
            and_(posts.c.visibility == const(0), accounts.c.indexable == const(1)),
            posts.c.account_id == VIEWER,
            _mine(favourites),
            _mine(bookmarks),
            _mine(post_mentions),
        ),
    )
    .order_by(posts.c.id.desc()),
    int,
)

_NAME = bindparam("name", type_=Text())
_block = blocks.alias()
_followed = exists(
    select(const(1)).where(follows.c.account_id == VIEWER, follows.c.target_id == accounts.c.id)
)
# Those of the accounts ``ids`` that exist for the viewer: the exact name first, then those whom
# the viewer follows, then by how many follow them.
PEOPLE = query(
    select(accounts.c.id)
    .where(
        in_ids(accounts.c.id, "ids"),
        accounts.c.state == const(0),
        not_(
            exists(
                select(const(1)).where(
                    _block.c.account_id == accounts.c.id, _block.c.target_id == VIEWER
                )
            )
        ),
        or_(_number("following") == const(0), _followed),
    )
    .order_by(
        case(
            (accounts.c.username_key == bindparam("name", type_=Text()), const(0)), else_=const(1)
        ),
        case((_followed, const(0)), else_=const(1)),
        accounts.c.followers_count.desc(),
        accounts.c.id,
    )
    .limit(_number("limit"))
    .offset(_number("offset")),
    int,
)

# A hashtag exists for others once a public post of somebody who is there carries it.
_PUBLIC_TAG = """EXISTS (SELECT 1 FROM post_tags JOIN posts ON posts.id = post_tags.post_id
    JOIN accounts ON accounts.id = posts.account_id
    WHERE post_tags.tag_id = tags.id AND posts.visibility = 0 AND accounts.state = 0)"""
_FOUND = """SELECT id, name FROM (
    SELECT id, name, last_post_at FROM tags WHERE {range} ORDER BY {order} LIMIT {most}) AS found
    ORDER BY CASE WHEN name = {low} THEN 0 ELSE 1 END, last_post_at DESC, length(name), id
    LIMIT {limit} OFFSET {offset}"""
_MOST_TAGS = 500
TAGS = query_text(
    sqlite=_FOUND.format(
        range=f"name >= :low AND name < :high AND {_PUBLIC_TAG}",
        order="name",
        most=_MOST_TAGS,
        low=":low",
        limit=":limit",
        offset=":offset",
    ),
    postgresql=_FOUND.format(
        range="name ~>=~ CAST(:low AS text) AND name ~<~ CAST(:high AS text) AND " + _PUBLIC_TAG,
        order="name USING ~<~",
        most=_MOST_TAGS,
        low="CAST(:low AS text)",
        limit="CAST(:limit AS bigint)",
        offset="CAST(:offset AS bigint)",
    ),
)
_ONE_TAG = "SELECT id, name FROM tags WHERE name = {} AND {}"
TAG = query_text(
    sqlite=_ONE_TAG.format(":name", _PUBLIC_TAG),
    postgresql=_ONE_TAG.format("CAST(:name AS text)", _PUBLIC_TAG),
)

# An id is milliseconds << 20 (see kernel.ids): a shift gives the day on which a post was made.
_day = post_tags.c.post_id.bitwise_rshift(const(20)) // const(86_400_000)
HISTORY = query(
    select(
        post_tags.c.tag_id,
        _day.label("day"),
        func.count(),
        func.count(distinct(post_tags.c.account_id)),
    )
    .select_from(
        post_tags.join(posts, posts.c.id == post_tags.c.post_id).join(
            accounts, accounts.c.id == posts.c.account_id
        )
    )
    .where(
        in_ids(post_tags.c.tag_id, "ids"),
        post_tags.c.post_id >= _number("since"),
        posts.c.visibility == const(0),
        accounts.c.state == const(0),
    )
    .group_by(post_tags.c.tag_id, _day)
)
