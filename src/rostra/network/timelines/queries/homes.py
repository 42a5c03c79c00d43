"""The SQL of homes: what is written into them when somebody posts, and what is taken out."""

from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Insert,
    Select,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    union_all,
    update,
)

from rostra.network.posts.sql import visible
from rostra.network.relations.sql import NOW, VIEWER
from rostra.store.paging import LIMIT, within
from rostra.store.query import Query, const, in_ids, number, query, query_in
from rostra.store.tables.accounts import accounts, users
from rostra.store.tables.posts import post_mentions, post_texts, posts
from rostra.store.tables.relations import follows
from rostra.store.tables.timelines import arrivals, home

_original = posts.alias("original")

HOME_STATE = query(select(users.c.home_built_at).where(users.c.account_id == VIEWER), int)


def _insert(source: Select[Any]) -> Query[tuple[Any, ...]]:
    columns = ["account_id", "post_id", "author_id", "reblog_of_id", "original_author_id"]
    return query_in(
        lambda words: words.insert(home).from_select(columns, source).on_conflict_do_nothing()
    )


class Reach(NamedTuple):
    """What decides whose homes a post reaches, as parameters or as columns."""

    id: Any
    author: Any
    original: Any
    answered: Any
    language: Any
    visibility: Any


def _answer_belongs(reader: Any, post: Reach) -> ColumnElement[bool]:
    """An answer stands in homes of those who also follow whom it answers, or are answered."""
    other = follows.alias("other")
    return or_(
        post.answered == const(0),
        post.answered == post.author,
        reader == post.answered,
        exists(
            select(const(1))
            .where(other.c.account_id == reader, other.c.target_id == post.answered)
            .correlate_except(other)  # the post may be a row of the whole statement
        ),
    )


def _speaks(follow: Any, post: Reach) -> ColumnElement[bool]:
    """Whether a post is in a language of which the follower wants to read."""
    return or_(
        follow.languages == literal("[]"),
        post.language == literal(""),
        follow.languages.like(literal('%"') + post.language + literal('"%')),
    )


def reaches(follow: Any, post: Reach) -> ColumnElement[bool]:
    """Whether a post reaches the home of one who follows its author."""
    return and_(
        follow.target_id == post.author,
        follow.out_of_home == const(0),
        or_(post.original == const(0), follow.show_reblogs == const(1)),
        _answer_belongs(follow.account_id, post),
        _speaks(follow, post),
        # A direct post reaches those of the followers whom it mentions.
        or_(
            post.visibility < const(3),
            exists(
                select(const(1))
                .where(
                    post_mentions.c.post_id == post.id,
                    post_mentions.c.account_id == follow.account_id,
                )
                .correlate_except(post_mentions)
            ),
        ),
    )


def _fan_out() -> Select[Any]:
    joined = follows.join(users, users.c.account_id == follows.c.account_id)
    post = Reach(
        id=number("post"),
        author=number("author"),
        original=number("original"),
        answered=number("answered"),
        language=bindparam("language"),
        visibility=number("visibility"),
    )
    return (
        select(
            follows.c.account_id,
            number("post"),
            number("author"),
            number("original"),
            number("original_author"),
        )
        .select_from(joined)
        .where(users.c.home_built_at >= const(0), reaches(follows.c, post))
    )


FAN_OUT = _insert(_fan_out())
TO_AUTHOR = _insert(
    select(
        number("author"),
        number("post"),
        number("author"),
        number("original"),
        number("original_author"),
    )
)

# A row of arrivals and one of follows: a post that stands in a home without being written there.
ARRIVED = Reach(
    id=arrivals.c.post_id,
    author=arrivals.c.author_id,
    original=arrivals.c.reblog_of_id,
    answered=arrivals.c.answered_id,
    language=arrivals.c.language,
    visibility=arrivals.c.visibility,
)


def _arrive() -> Insert:
    row = select(
        number("post"),
        number("author"),
        number("original"),
        number("original_author"),
        number("answered"),
        number("visibility"),
        bindparam("language", type_=Text()),
    )
    lagging = exists(select(const(1)).where(arrivals.c.post_id < number("late")))
    return insert(arrivals).from_select(list(arrivals.columns), row.where(not_(lagging)))


# No row where those waiting have waited for too long (their ids are below ``late``).
ARRIVE = query(_arrive())
ARRIVALS = query(
    select(arrivals.c.post_id, accounts.c.followers_count)
    .select_from(arrivals.join(accounts, accounts.c.id == arrivals.c.author_id))
    .order_by(arrivals.c.post_id)
    .limit(LIMIT)
)
# So that none of them is deleted between the reading of its row and the writing into homes.
LOCK_ARRIVALS = query(
    select(arrivals.c.post_id)
    .where(in_ids(arrivals.c.post_id, "posts"))
    .order_by(arrivals.c.post_id)
    .with_for_update(read=True)
)
DELIVERED = query(delete(arrivals).where(in_ids(arrivals.c.post_id, "posts")))
DROP_ARRIVAL = query(delete(arrivals).where(arrivals.c.post_id == number("post")))

KEPT_HOMES = query(select(func.count()).select_from(users).where(users.c.home_built_at >= 0), int)
# The member with whom a stretch of ``size`` members after ``after`` ends.
STRETCH_END = query(
    select(users.c.account_id)
    .where(users.c.account_id > number("after"), users.c.home_built_at >= 0)
    .order_by(users.c.account_id)
    .limit(const(1))
    .offset(number("size")),
    int,
)


def _deliver() -> Select[Any]:
    joined = arrivals.join(follows, follows.c.target_id == arrivals.c.author_id).join(
        users, users.c.account_id == follows.c.account_id
    )
    return (
        select(
            follows.c.account_id,
            arrivals.c.post_id,
            arrivals.c.author_id,
            arrivals.c.reblog_of_id,
            arrivals.c.original_author_id,
        )
        .select_from(joined)
        .where(
            in_ids(arrivals.c.post_id, "posts"),
            follows.c.account_id > number("after"),
            follows.c.account_id <= number("until"),
            users.c.home_built_at >= const(0),
            reaches(follows.c, ARRIVED),
        )
        # So that each page of the table is changed once for all posts that it gets.
        .order_by(follows.c.account_id, arrivals.c.post_id)
    )


DELIVER = _insert(_deliver())


# A row of posts.
POSTED = Reach(
    id=posts.c.id,
    author=posts.c.account_id,
    original=posts.c.reblog_of_id,
    answered=posts.c.in_reply_to_account_id,
    language=func.coalesce(
        select(post_texts.c.language)
        .where(post_texts.c.post_id == posts.c.id)
        .correlate_except(post_texts)
        .scalar_subquery(),
        literal(""),  # a reblog has no text of its own
    ),
    visibility=posts.c.visibility,
)


def _recent_of(authors: ColumnElement[bool]) -> Select[Any]:
    """Posts for the viewer's home, newest first, from the accounts that ``authors`` names.

    As :func:`reaches` has it, of accounts that are followed: there are thousands of posts to look
    at, so that the follow is asked for only where it may leave one out.
    """
    follow, choosy = follows.alias("follow"), follows.alias("choosy")
    of_author = and_(follow.c.account_id == VIEWER, follow.c.target_id == POSTED.author)
    shows_reblogs = exists(select(const(1)).where(of_author, follow.c.show_reblogs == const(1)))
    chooses_languages = exists(
        select(const(1)).where(choosy.c.account_id == VIEWER, choosy.c.languages != literal("[]"))
    )
    speaks = exists(
        select(const(1)).where(of_author, _speaks(follow.c, POSTED)).correlate_except(follow)
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
            *within(posts.c.id),
            or_(
                POSTED.author == VIEWER,
                and_(
                    or_(POSTED.original == const(0), shows_reblogs),
                    _answer_belongs(VIEWER, POSTED),
                    or_(not_(chooses_languages), speaks),
                ),
            ),
            posts.c.visibility < const(4),  # what is held comes into homes when it is released
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
BACKFILL = _insert(_recent_of(posts.c.account_id == number("author")))
REBUILD = _insert(_recent_of(posts.c.account_id.in_(_in_home)))

LEAVE = query(delete(home).where(home.c.account_id == VIEWER, home.c.author_id == number("author")))
LEAVE_MANY = query(
    delete(home).where(home.c.account_id == VIEWER, in_ids(home.c.author_id, "authors"))
)
CLEAR = query(delete(home).where(home.c.account_id == VIEWER))
DROP_POST = query(delete(home).where(home.c.post_id == number("post")))
SET_BUILT = query(update(users).where(users.c.account_id == VIEWER).values(home_built_at=NOW))

ASLEEP = query(
    select(users.c.account_id)
    .where(users.c.last_seen_day < number("day"), users.c.home_built_at >= const(0))
    .limit(LIMIT),
    int,
)

# The oldest entry that stays in a home of which only ``keep`` are kept.
OVERFULL = query(
    select(home.c.account_id)
    .group_by(home.c.account_id)
    .having(func.count() > number("keep"))
    .limit(LIMIT),
    int,
)
KEPT_FROM = query(
    select(home.c.post_id)
    .where(home.c.account_id == VIEWER)
    .order_by(home.c.post_id.desc())
    .limit(const(1))
    .offset(number("keep")),
    int,
)
TRIM = query(delete(home).where(home.c.account_id == VIEWER, home.c.post_id <= number("last")))

START_MERGING = query(
    update(accounts)
    .where(accounts.c.followers_count > number("many"), accounts.c.merged_since == const(0))
    .values(merged_since=number("since"))
)
