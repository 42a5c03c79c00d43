"""The SQL of timelines: each page in both directions, with what is shown of its posts.

``visible`` (who may see a post) and ``not_hidden`` (whom the viewer blocks or mutes) stand in the
statements, so that a page is full even where much is left out.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    exists,
    func,
    not_,
    or_,
    select,
    union_all,
)

from rostra.network.posts.sql import brought, own_columns, visible
from rostra.network.relations.sql import VIEWER, not_hidden
from rostra.network.timelines.model import Entry
from rostra.network.timelines.queries.homes import ARRIVED, reaches, reply_belongs
from rostra.store.paging import LIMIT, Pages, paged, within
from rostra.store.query import Query, as_tuple, const, in_ids, in_texts, number, query
from rostra.store.tables.accounts import accounts, users
from rostra.store.tables.posts import pins, post_tags, posts, public_posts, tags
from rostra.store.tables.relations import follows
from rostra.store.tables.timelines import arrivals, home

_original = posts.alias("original")
_NO_REBLOG = const(0).label("reblog_of_id")


def _home() -> tuple[CompoundSelect[Any], ColumnElement[int]]:
    """What is written into the home, and posts that have arrived and are not written there yet."""
    # A home that sleeps is empty, whatever its owner has posted since, and is then built anew.
    kept = exists(
        select(const(1)).where(users.c.account_id == VIEWER, users.c.home_built_at >= const(0))
    )
    written = select(home.c.post_id, home.c.reblog_of_id).where(
        kept,
        home.c.account_id == VIEWER,
        not_hidden(home.c.author_id, home.c.original_author_id),
        *within(home.c.post_id),
    )
    follow = follows.alias("follow")
    waiting = (
        select(arrivals.c.post_id, arrivals.c.reblog_of_id)
        .select_from(arrivals.join(follow, follow.c.target_id == arrivals.c.author_id))
        .where(
            kept,
            follow.c.account_id == VIEWER,
            reaches(follow.c, ARRIVED),
            not_hidden(arrivals.c.author_id, arrivals.c.original_author_id),
            not_(
                exists(
                    select(const(1)).where(
                        home.c.account_id == VIEWER, home.c.post_id == arrivals.c.post_id
                    )
                )
            ),
            *within(arrivals.c.post_id),
        )
    )
    both = union_all(written, waiting)
    return both, both.selected_columns[0]


def _merged() -> tuple[Select[Any], ColumnElement[int]]:
    """Posts of accounts with very many followers, which are not written into homes."""
    statement = (
        select(*own_columns())
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
            reply_belongs(follows.c.account_id),
            visible(posts.c, accounts.c),
            not_hidden(posts.c.account_id),
        )
    )
    return statement, posts.c.id


def _public() -> tuple[Select[Any], ColumnElement[int]]:
    statement = select(public_posts.c.post_id, _NO_REBLOG).where(
        not_hidden(public_posts.c.account_id)
    )
    return statement, public_posts.c.post_id


def _public_media() -> tuple[Select[Any], ColumnElement[int]]:
    statement, ids = _public()
    joined = public_posts.join(posts, posts.c.id == public_posts.c.post_id)
    return statement.select_from(joined).where(posts.c.media_count > const(0)), ids


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
            posts.c.account_id == number("account"),
            visible(posts.c, accounts.c),
            # Whoever is asked for an approval finds what waits for it among what they are asked.
            or_(posts.c.visibility < const(4), posts.c.account_id == VIEWER),
            or_(posts.c.reblog_of_id == const(0), not_(hides_original)),
            or_(
                number("exclude_replies") == const(0),
                # Not in_reply_to_id: an answer stays one when what it answers is deleted.
                posts.c.in_reply_to_account_id == const(0),
                posts.c.in_reply_to_account_id == posts.c.account_id,
            ),
            or_(
                number("exclude_reblogs") == const(0),
                posts.c.reblog_of_id == const(0),
            ),
            or_(
                number("only_media") == const(0),
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
    statement = select(post_tags.c.post_id, _NO_REBLOG).where(
        post_tags.c.tag_id
        == select(tags.c.id).where(tags.c.name == bindparam("tag")).scalar_subquery(),
        post_tags.c.visibility == const(0),
        not_hidden(post_tags.c.account_id),
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
    statement = select(posts.c.id, _NO_REBLOG).where(
        posts.c.id.in_(select(post_tags.c.post_id).where(in_ids(post_tags.c.tag_id, "any"))),
        wanted,
        posts.c.visibility == const(0),
        not_hidden(posts.c.account_id),
        _tag_count("all") == number("all_count"),
        _tag_count("none") == const(0),
        or_(number("only_media") == const(0), posts.c.media_count > const(0)),
    )
    return statement, posts.c.id


def _bounded(
    statement: Select[Any], ids: ColumnElement[int]
) -> tuple[Select[Any], ColumnElement[int]]:
    return statement.where(*within(ids)), ids


def _brought(
    statement: Select[Any] | CompoundSelect[Any], ids: ColumnElement[int], *, reblogs: bool = False
) -> Pages[Entry]:
    """A list that bounds its pages itself, with what is shown of its posts; unordered."""

    def make(*, newest: bool) -> Query[Entry]:
        page = statement.order_by(ids.desc() if newest else ids.asc()).limit(LIMIT)
        return query(brought(page, reblogs=reblogs))

    return Pages(make)


HOME = _brought(*_home(), reblogs=True)  # each of its parts is bounded
MERGED: Pages[Entry] = paged(*_merged(), as_tuple)
PUBLIC = _brought(*_bounded(*_public()))
PUBLIC_MEDIA = _brought(*_bounded(*_public_media()))
ACCOUNT = _brought(*_bounded(*_account()), reblogs=True)
ACCOUNT_TAG = _brought(*_bounded(*_account_tag()), reblogs=True)
TAG = _brought(*_bounded(*_tag()))
TAGS = _brought(*_bounded(*_tags()))

PINNED: Query[Entry] = query(
    select(*own_columns())
    .select_from(
        pins.join(posts, posts.c.id == pins.c.post_id).join(
            accounts, accounts.c.id == posts.c.account_id
        )
    )
    .where(
        pins.c.account_id == number("account"),
        visible(posts.c, accounts.c),
    )
    .order_by(pins.c.id.desc())
    .limit(LIMIT)
)

TAG_IDS = query(select(tags.c.name, tags.c.id).where(in_texts(tags.c.name, "names")))
MERGED_ACCOUNTS = query(select(accounts.c.id).where(accounts.c.merged_since > const(0)), int)
