"""The SQL of search, private to this slice.

The full-text statements are written by hand for each database; who may be found by whom is one
statement for both.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    bindparam,
    case,
    exists,
    literal_column,
    not_,
    or_,
    select,
    union,
)

from rostra.network.accounts.limits import Limit
from rostra.network.accounts.sql import free_of
from rostra.network.posts.sql import visible
from rostra.network.relations.sql import VIEWER, not_hidden
from rostra.network.search.model import Facts
from rostra.store.query import Query, as_tuple, const, in_ids, number, query, query_for, query_text
from rostra.store.tables.accounts import accounts, profiles
from rostra.store.tables.polls import poll_options
from rostra.store.tables.posts import bookmarks, favourites, media, post_mentions, post_texts, posts
from rostra.store.tables.previews import cards, post_cards
from rostra.store.tables.relations import blocks, follows
from rostra.store.tables.trends import trend_days

# So that none of them is edited or deleted between the reading of its words and their writing.
LOCK_POSTS = query(
    select(posts.c.id)
    .where(in_ids(posts.c.id, "ids"))
    .order_by(posts.c.id)
    .with_for_update(read=True),
    int,
)
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
DROP_POSTS = query_text(
    sqlite="DELETE FROM post_search WHERE rowid IN (SELECT value FROM json_each(:ids))",
    postgresql="""DELETE FROM post_search WHERE rowid = ANY(ARRAY(SELECT CAST(value AS bigint)
        FROM json_array_elements_text(CAST(CAST(:ids AS text) AS json))))""",
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
    .where(accounts.c.id == number("id"))
)

# What is indexed of posts, in the order of `documents.Facts`.
_named = post_mentions.alias()
_framed = (
    select(const(1))
    .select_from(post_cards.join(cards, cards.c.id == post_cards.c.card_id))
    .where(post_cards.c.post_id == posts.c.id, cards.c.kind != literal_column("'link'"))
)
FACTS = query(
    select(
        posts.c.id,
        posts.c.account_id,
        posts.c.visibility,
        accounts.c.indexable,
        posts.c.sensitive,
        posts.c.in_reply_to_id,
        posts.c.media_count,
        posts.c.poll,
        posts.c.quote,
        post_texts.c.text,
        post_texts.c.spoiler_text,
        post_texts.c.language,
        case(
            (exists(select(const(1)).where(_named.c.post_id == posts.c.id)), const(1)),
            else_=const(0),
        ),
        case((exists(_framed), const(1)), else_=const(0)),
    )
    .select_from(
        posts.join(post_texts, post_texts.c.post_id == posts.c.id).join(
            accounts, accounts.c.id == posts.c.account_id
        )
    )
    # What is held is indexed when it is released.
    .where(in_ids(posts.c.id, "ids"), posts.c.visibility < const(4)),
    Facts,
)
MENTIONED_IN = query(
    select(post_mentions.c.post_id, post_mentions.c.account_id).where(
        in_ids(post_mentions.c.post_id, "ids")
    )
)
MEDIA_OF = query(
    select(media.c.post_id, media.c.kind, media.c.description)
    .where(in_ids(media.c.post_id, "ids"))
    .order_by(media.c.post_id, media.c.position)
)
OPTIONS_OF = query(
    select(poll_options.c.post_id, poll_options.c.title)
    .where(in_ids(poll_options.c.post_id, "ids"))
    .order_by(poll_options.c.post_id, poll_options.c.position)
)


def _next(ids: ColumnElement[int], *among: ColumnElement[bool]) -> Query[int]:
    """A batch of ids, newest first, below the last one."""
    return query(
        select(ids)
        .where(*among, ids < number("below"))
        .order_by(ids.desc())
        .limit(number("limit")),
        int,
    )


# Whose documents are written anew: all posts, one author's, those with a link; all accounts.
NEXT_POSTS = _next(posts.c.id)
NEXT_OF_AUTHOR = _next(posts.c.id, posts.c.account_id == number("account"))
NEXT_OF_CARD = _next(post_cards.c.post_id, post_cards.c.card_id == number("card"))
NEXT_ACCOUNTS = _next(accounts.c.id)

# Newest first; the next batch begins below the last one. SQLite walks its lists in the order of
# ids. PostgreSQL's index knows no order: what it is asked stands below.
POST_MATCHES = query_for(
    "sqlite",
    """SELECT rowid FROM post_search
        WHERE post_search MATCH :match AND rowid < :below AND rowid > :above
        ORDER BY rowid DESC LIMIT :limit""",
    into=int,
)
# How far the next so many posts reach, and which of them fit. Called by its name the condition is
# not one that the planner asks an index for.
FLOOR = query_for(
    "postgresql",
    """SELECT rowid FROM post_search
        WHERE rowid < CAST(:below AS bigint) AND rowid > CAST(:above AS bigint)
        ORDER BY rowid DESC LIMIT 1 OFFSET CAST(:far AS bigint)""",
    into=int,
)
WALKED = query_for(
    "postgresql",
    """SELECT rowid FROM post_search
        WHERE rowid < CAST(:below AS bigint) AND rowid > CAST(:above AS bigint)
        AND ts_match_vq(document, (SELECT CAST(CAST(:match AS text) AS tsquery)))
        ORDER BY rowid DESC""",
    into=int,
)
# About how many posts have each of the ``tokens`` (JSON), and how many posts there are, as the
# database last counted them; no rows where it has not. Tokens beyond the thousand most frequent
# ones count as the last of these. The numbers' own last elements: the least, the greatest.
FREQUENCIES = query_for(
    "postgresql",
    """SELECT asked.token,
        CAST(ceil(t.reltuples * coalesce(known.share, s.shares[cardinality(s.tokens) + 1]))
            AS bigint),
        CAST(t.reltuples AS bigint)
        FROM pg_class AS t
        JOIN LATERAL (
            SELECT CAST(CAST(most_common_elems AS text) AS text[]) AS tokens,
                most_common_elem_freqs AS shares
            FROM pg_stats WHERE schemaname = CAST(CAST(t.relnamespace AS regnamespace) AS text)
            AND tablename = 'post_search' AND attname = 'document') AS s
            ON s.tokens IS NOT NULL
        CROSS JOIN json_array_elements_text(CAST(CAST(:tokens AS text) AS json)) AS asked(token)
        LEFT JOIN unnest(s.tokens, s.shares) AS known(token, share) ON known.token = asked.token
        WHERE t.oid = CAST('post_search' AS regclass) AND t.reltuples > 0""",
    into=as_tuple,
)
# Posts that the index gives for a few tokens, at most ``most`` of them and in no order: how many
# these were, and those of them that fit, newest first. A query within the query: the planner must
# not guess by the tokens whether it would rather read the whole table.
INDEXED = query_for(
    "postgresql",
    """SELECT count(*), array_agg(few.rowid ORDER BY few.rowid DESC) FILTER (
            WHERE few.rowid < CAST(:below AS bigint) AND few.rowid > CAST(:above AS bigint)
            AND ts_match_vq(few.document, (SELECT CAST(CAST(:match AS text) AS tsquery))))
        FROM (SELECT rowid, document FROM post_search
            WHERE document @@ (SELECT CAST(CAST(:tokens AS text) AS tsquery))
            LIMIT CAST(:most AS bigint)) AS few""",
    into=as_tuple,
)


def _kept(of: Any) -> Any:
    return (
        select(of.c.post_id)
        .where(
            of.c.account_id == VIEWER,
            of.c.post_id < number("below"),
            of.c.post_id > number("above"),
        )
        .order_by(of.c.post_id.desc())
        .limit(number("limit"))
        .subquery()
        .select()
    )


# What the viewer has favourited or bookmarked: the newest posts of both together.
LIBRARY = query(
    union(_kept(favourites), _kept(bookmarks))
    .order_by(literal_column("1").desc())
    .limit(number("limit")),
    int,
)
# Those of the posts ``ids`` (JSON) that have the words; SQLite gives documents to look through.
AMONG = query_text(
    sqlite="""SELECT rowid, text FROM post_search
        WHERE rowid IN (SELECT value FROM json_each(:ids)) AND :match IS NOT NULL
        ORDER BY rowid DESC""",
    postgresql="""SELECT rowid, '' FROM post_search
        WHERE rowid = ANY(ARRAY(SELECT CAST(value AS bigint)
            FROM json_array_elements_text(CAST(CAST(:ids AS text) AS json))))
        AND ts_match_vq(document, (SELECT CAST(CAST(:match AS text) AS tsquery)))
        ORDER BY rowid DESC""",
)
# The oldest accounts that fit. On PostgreSQL a beginning that many have is found among the first
# few thousand accounts; where these do not give enough the index is asked, which gives all at once.
ACCOUNT_MATCHES = query_text(
    sqlite="""SELECT rowid FROM account_search WHERE account_search MATCH :match
        ORDER BY rowid LIMIT :limit""",
    postgresql="""WITH early AS MATERIALIZED (
            SELECT rowid FROM (
                SELECT rowid, document FROM account_search ORDER BY rowid LIMIT 5000) AS first
            WHERE ts_match_vq(document, (SELECT CAST(CAST(:match AS text) AS tsquery)))
            LIMIT CAST(:limit AS bigint))
        SELECT rowid FROM early UNION SELECT rowid FROM (
            SELECT rowid FROM account_search
            WHERE document @@ (SELECT CAST(CAST(:match AS text) AS tsquery))
            AND (SELECT count(*) FROM early) < CAST(:limit AS bigint)
            LIMIT 20000) AS indexed
        ORDER BY 1 LIMIT CAST(:limit AS bigint)""",
    into=int,
)


def _mine(of: Any) -> Any:
    return exists(select(const(1)).where(of.c.account_id == VIEWER, of.c.post_id == posts.c.id))


_open = and_(posts.c.visibility == const(0), accounts.c.indexable == const(1))
_own = or_(
    posts.c.account_id == VIEWER,
    _mine(favourites),
    _mine(bookmarks),
    _mine(post_mentions),
)
# Those of the posts ``ids`` that the viewer may see and may find: public ones of authors who agreed
# to be found (``open``), and the viewer's library (``own``): what they wrote, favourited,
# bookmarked or are mentioned in.
FINDABLE = query(
    select(posts.c.id)
    .select_from(posts.join(accounts, accounts.c.id == posts.c.account_id))
    .where(
        in_ids(posts.c.id, "ids"),
        visible(posts.c, accounts.c),
        not_hidden(posts.c.account_id),
        or_(and_(number("open") == const(1), _open), and_(number("own") == const(1), _own)),
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
        or_(number("following") == const(0), _followed),
        or_(
            free_of(Limit.REACH, accounts.c),
            accounts.c.username_key == bindparam("name", type_=Text()),
            accounts.c.id == VIEWER,
            _followed,
        ),
    )
    .order_by(
        case(
            (accounts.c.username_key == bindparam("name", type_=Text()), const(0)), else_=const(1)
        ),
        case((_followed, const(0)), else_=const(1)),
        accounts.c.followers_count.desc(),
        accounts.c.id,
    )
    .limit(number("limit"))
    .offset(number("offset")),
    int,
)

# A hashtag exists for others once a public post of somebody who is there carries it.
_PUBLIC_TAG = """EXISTS (SELECT 1 FROM post_tags
    JOIN accounts ON accounts.id = post_tags.account_id
    WHERE post_tags.tag_id = tags.id AND post_tags.visibility = 0 AND accounts.state = 0)"""
# With :reviewed 1 only the very name that was asked for, and what operators have let trend.
_REVIEWED = """(CAST(:reviewed AS bigint) = 0 OR tags.name = CAST(:low AS text)
    OR EXISTS (SELECT 1 FROM trends WHERE trends.kind = 0
        AND trends.subject_id = tags.id AND trends.decision = 1))"""
_FOUND = """SELECT id, name FROM (SELECT id, name, last_post_at FROM tags
        WHERE {range} AND {listed} ORDER BY {order} LIMIT {most}) AS found
    ORDER BY CASE WHEN name = {low} THEN 0 ELSE 1 END, last_post_at DESC, length(name), id
    LIMIT {limit} OFFSET {offset}"""
_MOST_TAGS = 500
TAGS = query_text(
    sqlite=_FOUND.format(
        range="name >= :low AND name < :high",
        listed=f"{_REVIEWED} AND {_PUBLIC_TAG}",
        order="name",
        most=_MOST_TAGS,
        low=":low",
        limit=":limit",
        offset=":offset",
    ),
    postgresql=_FOUND.format(
        range="name ~>=~ CAST(:low AS text) AND name ~<~ CAST(:high AS text)",
        listed=f"{_REVIEWED} AND {_PUBLIC_TAG}",
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

# Kept by the trends' jobs.
HISTORY = query(
    select(
        trend_days.c.subject_id, trend_days.c.day, trend_days.c.uses, trend_days.c.accounts
    ).where(
        trend_days.c.kind == number("kind"),
        in_ids(trend_days.c.subject_id, "ids"),
        trend_days.c.day >= number("since"),
    )
)
