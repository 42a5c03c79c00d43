"""The SQL of timelines: each page in both directions, as ids with what they reblog.

``visible`` (who may see a post) and ``not_hidden`` (whom the viewer blocks or mutes) stand in the
statements, so that a page is full even where much is left out.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from rostra.network.posts.sql import visible
from rostra.network.relations.sql import NOW, VIEWER, not_hidden
from rostra.network.timelines.model import Entry
from rostra.store.query import Query, const, dialect_pair, in_ids, in_texts, query
from rostra.store.tables.accounts import accounts, users
from rostra.store.tables.posts import pins, post_mentions, post_tags, posts, public_posts, tags
from rostra.store.tables.relations import follows
from rostra.store.tables.timelines import home

LIMIT = bindparam("limit", type_=BigInteger())
BELOW = bindparam("below", type_=BigInteger())
ABOVE = bindparam("above", type_=BigInteger())


class Pages:
    """One timeline as two statements: newest first, and oldest first for ``min_id``."""

    def __init__(self, make: Callable[[], tuple[Select[Any], ColumnElement[int]]]) -> None:
        self.newest = self._page(make, newest=True)
        self.oldest = self._page(make, newest=False)

    @staticmethod
    def _page(
        make: Callable[[], tuple[Select[Any], ColumnElement[int]]], *, newest: bool
    ) -> Query[Entry]:
        statement, ids = make()
        order = ids.desc() if newest else ids.asc()
        return query(statement.where(ids < BELOW, ids > ABOVE).order_by(order).limit(LIMIT), Entry)


def _home() -> tuple[Select[Any], ColumnElement[int]]:
    statement = select(home.c.post_id, home.c.reblog_of_id).where(
        home.c.account_id == VIEWER, not_hidden(home.c.author_id, home.c.original_author_id)
    )
    return statement, home.c.post_id


def _merged() -> tuple[Select[Any], ColumnElement[int]]:
    """Posts of accounts with very many followers, which are not written into homes."""
    statement = (
        select(posts.c.id, posts.c.reblog_of_id)
        .select_from(
            posts.join(accounts, accounts.c.id == posts.c.account_id).join(
                follows,
                and_(follows.c.account_id == VIEWER, follows.c.target_id == posts.c.account_id),
            )
        )
        .where(
            in_ids(posts.c.account_id, "merged"),
            # The first id made at or after merged_since: see kernel.ids.
            posts.c.id >= accounts.c.merged_since * const(1 << 20),
            follows.c.out_of_home == const(0),
            or_(posts.c.reblog_of_id == const(0), follows.c.show_reblogs == const(1)),
            posts.c.visibility < const(3),
            _reply_belongs(follows.c.account_id),
            visible(posts.c, accounts.c),
            not_hidden(posts.c.account_id),
        )
    )
    return statement, posts.c.id


def _reply_belongs(reader: Any) -> ColumnElement[bool]:
    """A reply stands in homes of those who also follow whom it answers, or are answered."""
    other = follows.alias("other")
    return or_(
        posts.c.in_reply_to_account_id == const(0),
        posts.c.in_reply_to_account_id == posts.c.account_id,
        posts.c.in_reply_to_account_id == reader,
        exists(
            select(const(1)).where(
                other.c.account_id == reader, other.c.target_id == posts.c.in_reply_to_account_id
            )
        ),
    )


def _public() -> tuple[Select[Any], ColumnElement[int]]:
    statement = select(public_posts.c.post_id, const(0)).where(
        not_hidden(public_posts.c.account_id)
    )
    return statement, public_posts.c.post_id


def _public_media() -> tuple[Select[Any], ColumnElement[int]]:
    statement, ids = _public()
    joined = public_posts.join(posts, posts.c.id == public_posts.c.post_id)
    return statement.select_from(joined).where(posts.c.media_count > const(0)), ids


_original = posts.alias("original")


def _account() -> tuple[Select[Any], ColumnElement[int]]:
    joined = posts.join(accounts, accounts.c.id == posts.c.account_id)
    hides_original = exists(
        select(const(1)).where(
            _original.c.id == posts.c.reblog_of_id, not_(not_hidden(_original.c.account_id))
        )
    )
    statement = (
        select(posts.c.id, posts.c.reblog_of_id)
        .select_from(joined)
        .where(
            posts.c.account_id == bindparam("account", type_=BigInteger()),
            visible(posts.c, accounts.c),
            or_(posts.c.reblog_of_id == const(0), not_(hides_original)),
            or_(
                bindparam("exclude_replies", type_=BigInteger()) == const(0),
                # Not in_reply_to_id: an answer stays one when what it answers is deleted.
                posts.c.in_reply_to_account_id == const(0),
                posts.c.in_reply_to_account_id == posts.c.account_id,
            ),
            or_(
                bindparam("exclude_reblogs", type_=BigInteger()) == const(0),
                posts.c.reblog_of_id == const(0),
            ),
            or_(
                bindparam("only_media", type_=BigInteger()) == const(0),
                posts.c.media_count > const(0),
            ),
        )
    )
    return statement, posts.c.id


def _account_tag() -> tuple[Select[Any], ColumnElement[int]]:
    statement, ids = _account()
    tagged = exists(
        select(const(1))
        .select_from(post_tags.join(tags, tags.c.id == post_tags.c.tag_id))
        .where(post_tags.c.post_id == posts.c.id, tags.c.name == bindparam("tag"))
    )
    return statement.where(tagged), ids


def _tag() -> tuple[Select[Any], ColumnElement[int]]:
    joined = post_tags.join(posts, posts.c.id == post_tags.c.post_id)
    statement = (
        select(post_tags.c.post_id, const(0))
        .select_from(joined)
        .where(
            post_tags.c.tag_id
            == select(tags.c.id).where(tags.c.name == bindparam("tag")).scalar_subquery(),
            posts.c.visibility == const(0),
            not_hidden(post_tags.c.account_id),
        )
    )
    return statement, post_tags.c.post_id


def _tag_count(name: str) -> Any:
    other = post_tags.alias()
    return (
        select(func.count())
        .select_from(other)
        .where(other.c.post_id == posts.c.id, in_ids(other.c.tag_id, name))
        .scalar_subquery()
    )


def _tags() -> tuple[Select[Any], ColumnElement[int]]:
    """Several hashtags at once: walks over posts that carry any of the wanted ones."""
    wanted = exists(
        select(const(1)).where(post_tags.c.post_id == posts.c.id, in_ids(post_tags.c.tag_id, "any"))
    )
    statement = select(posts.c.id, const(0)).where(
        posts.c.id.in_(select(post_tags.c.post_id).where(in_ids(post_tags.c.tag_id, "any"))),
        wanted,
        posts.c.visibility == const(0),
        not_hidden(posts.c.account_id),
        _tag_count("all") == bindparam("all_count", type_=BigInteger()),
        _tag_count("none") == const(0),
        or_(
            bindparam("only_media", type_=BigInteger()) == const(0), posts.c.media_count > const(0)
        ),
    )
    return statement, posts.c.id


HOME = Pages(_home)
MERGED = Pages(_merged)
PUBLIC = Pages(_public)
PUBLIC_MEDIA = Pages(_public_media)
ACCOUNT = Pages(_account)
ACCOUNT_TAG = Pages(_account_tag)
TAG = Pages(_tag)
TAGS = Pages(_tags)

PINNED = query(
    select(posts.c.id, posts.c.reblog_of_id)
    .select_from(
        pins.join(posts, posts.c.id == pins.c.post_id).join(
            accounts, accounts.c.id == posts.c.account_id
        )
    )
    .where(
        pins.c.account_id == bindparam("account", type_=BigInteger()),
        visible(posts.c, accounts.c),
    )
    .order_by(pins.c.id.desc())
    .limit(LIMIT),
    Entry,
)

TAG_IDS = query(select(tags.c.name, tags.c.id).where(in_texts(tags.c.name, "names")))
MERGED_ACCOUNTS = query(select(accounts.c.id).where(accounts.c.merged_since > const(0)), int)
HOME_STATE = query(select(users.c.home_built_at).where(users.c.account_id == VIEWER), int)


def _insert(source: Select[Any]) -> Query[tuple[Any, ...]]:
    columns = ["account_id", "post_id", "author_id", "reblog_of_id", "original_author_id"]
    return dialect_pair(
        sqlite.insert(home).from_select(columns, source).on_conflict_do_nothing(),
        postgresql.insert(home).from_select(columns, source).on_conflict_do_nothing(),
    )


def _param(name: str) -> Any:
    return bindparam(name, type_=BigInteger())


class Reach(NamedTuple):
    """What decides whose homes a post reaches, as parameters or as columns."""

    id: Any
    author: Any
    original: Any
    answered: Any
    language: Any
    visibility: Any


def reaches(follow: Any, post: Reach) -> ColumnElement[bool]:
    """Whether a post reaches the home of one who follows its author."""
    other = follows.alias("other")
    return and_(
        follow.target_id == post.author,
        follow.out_of_home == const(0),
        or_(post.original == const(0), follow.show_reblogs == const(1)),
        or_(
            post.answered == const(0),
            post.answered == post.author,
            follow.account_id == post.answered,
            exists(
                select(const(1)).where(
                    other.c.account_id == follow.account_id, other.c.target_id == post.answered
                )
            ),
        ),
        or_(
            follow.languages == literal("[]"),
            post.language == literal(""),
            follow.languages.like(literal('%"') + post.language + literal('"%')),
        ),
        # A direct post reaches those of the followers whom it mentions.
        or_(
            post.visibility < const(3),
            exists(
                select(const(1)).where(
                    post_mentions.c.post_id == post.id,
                    post_mentions.c.account_id == follow.account_id,
                )
            ),
        ),
    )


def _fan_out() -> Select[Any]:
    joined = follows.join(users, users.c.account_id == follows.c.account_id)
    post = Reach(
        id=_param("post"),
        author=_param("author"),
        original=_param("original"),
        answered=_param("answered"),
        language=bindparam("language"),
        visibility=_param("visibility"),
    )
    return (
        select(
            follows.c.account_id,
            _param("post"),
            _param("author"),
            _param("original"),
            _param("original_author"),
        )
        .select_from(joined)
        .where(users.c.home_built_at >= const(0), reaches(follows.c, post))
    )


FAN_OUT = _insert(_fan_out())
TO_AUTHOR = _insert(
    select(
        _param("author"),
        _param("post"),
        _param("author"),
        _param("original"),
        _param("original_author"),
    )
)


def _recent_of(authors: ColumnElement[bool]) -> Select[Any]:
    """Posts for the viewer's home, newest first, from the accounts that ``authors`` names."""
    follow = follows.alias("follow")
    shows_reblogs = exists(
        select(const(1)).where(
            follow.c.account_id == VIEWER,
            follow.c.target_id == posts.c.account_id,
            follow.c.show_reblogs == const(1),
        )
    )
    joined = posts.join(accounts, accounts.c.id == posts.c.account_id).outerjoin(
        _original, _original.c.id == posts.c.reblog_of_id
    )
    return (
        select(
            VIEWER,
            posts.c.id,
            posts.c.account_id,
            posts.c.reblog_of_id,
            func.coalesce(_original.c.account_id, const(0)),
        )
        .select_from(joined)
        .where(
            authors,
            posts.c.id > ABOVE,
            posts.c.id < BELOW,
            or_(posts.c.reblog_of_id == const(0), posts.c.account_id == VIEWER, shows_reblogs),
            _reply_belongs(VIEWER),
            visible(posts.c, accounts.c),
        )
        .order_by(posts.c.id.desc())
        .limit(LIMIT)
    )


_follow = follows.alias("followed")
_in_home = union_all(
    select(_follow.c.target_id).where(
        _follow.c.account_id == VIEWER, _follow.c.out_of_home == const(0)
    ),
    select(VIEWER),
)
BACKFILL = _insert(_recent_of(posts.c.account_id == _param("author")))
REBUILD = _insert(_recent_of(posts.c.account_id.in_(_in_home)))

LEAVE = query(delete(home).where(home.c.account_id == VIEWER, home.c.author_id == _param("author")))
LEAVE_MANY = query(
    delete(home).where(home.c.account_id == VIEWER, in_ids(home.c.author_id, "authors"))
)
FORGET = query(
    delete(home).where(
        home.c.account_id == VIEWER,
        or_(home.c.author_id == _param("author"), home.c.original_author_id == _param("author")),
    )
)
CLEAR = query(delete(home).where(home.c.account_id == VIEWER))
DROP_POST = query(delete(home).where(home.c.post_id == _param("post")))
SET_BUILT = query(update(users).where(users.c.account_id == VIEWER).values(home_built_at=NOW))

ASLEEP = query(
    select(users.c.account_id)
    .where(users.c.last_seen_day < _param("day"), users.c.home_built_at >= const(0))
    .limit(LIMIT),
    int,
)

# The oldest entry that stays in a home of which only ``keep`` are kept.
OVERFULL = query(
    select(home.c.account_id)
    .group_by(home.c.account_id)
    .having(func.count() > _param("keep"))
    .limit(LIMIT),
    int,
)
KEPT_FROM = query(
    select(home.c.post_id)
    .where(home.c.account_id == VIEWER)
    .order_by(home.c.post_id.desc())
    .limit(const(1))
    .offset(_param("keep")),
    int,
)
TRIM = query(delete(home).where(home.c.account_id == VIEWER, home.c.post_id <= _param("last")))

START_MERGING = query(
    update(accounts)
    .where(accounts.c.followers_count > _param("many"), accounts.c.merged_since == const(0))
    .values(merged_since=_param("since"))
)
