"""The SQL of timelines: each page in both directions, with what is shown of its posts.

``visible`` (who may see a post) and ``not_hidden`` (whom the viewer blocks or mutes) stand in the
statements, so that a page is full even where much is left out.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    bindparam,
    exists,
    func,
    not_,
    or_,
    select,
    union_all,
)

from rostra.kernel.paging import MAX_BOUND
from rostra.network.posts.sql import brought, names_nobody_hidden, own_columns, visible
from rostra.network.relations.sql import VIEWER, not_hidden
from rostra.network.timelines.model import Entry
from rostra.network.timelines.queries.homes import ARRIVED, POSTED, reaches
from rostra.store.paging import LIMIT, Pages, paged, within
from rostra.store.query import Query, as_tuple, const, in_ids, in_texts, number, query
from rostra.store.tables.accounts import accounts, users
from rostra.store.tables.posts import pins, post_tags, posts, public_posts, tags
from rostra.store.tables.relations import follows
from rostra.store.tables.timelines import arrivals, home

_original = posts.alias("original")
_NO_REBLOG = const(0).label("reblog_of_id")
# Posts that are looked at for one page, however many of them are left out: anybody may ask, and
# reading is done where everybody waits for it.
_LOOKED_AT = 5_000
_LOOKED_AT_OF_TAG = 1_000  # and those with a hashtag, of each hashtag and visibility
MOST_TAGS = 5  # of which a post may carry any: the first, and as many as Mastodon takes beside it
ANY_TAGS = tuple(f"any_{number}" for number in range(MOST_TAGS))
_WITH_MEDIA = posts.c.media_count > const(0)
_VISIBILITIES = range(7)  # what a decision removed is shown to nobody


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
        # Whom they name themselves they know.
        or_(home.c.author_id == VIEWER, names_nobody_hidden(home.c.post_id, home.c.reblog_of_id)),
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
            names_nobody_hidden(arrivals.c.post_id, arrivals.c.reblog_of_id),
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
            posts.join(accounts, accounts.c.id == posts.c.account_id)
            .join(follows, follows.c.target_id == posts.c.account_id)
            .outerjoin(_original, _original.c.id == posts.c.reblog_of_id)
        )
        .where(
            in_ids(posts.c.account_id, "merged"),
            # The first id made at or after merged_since: see kernel.ids.
            posts.c.id >= accounts.c.merged_since * const(1 << 20),
            follows.c.account_id == VIEWER,
            reaches(follows.c, POSTED),
            posts.c.visibility < const(4),
            visible(posts.c, accounts.c),
            not_hidden(posts.c.account_id, _original.c.account_id),
            names_nobody_hidden(posts.c.id, posts.c.reblog_of_id),
        )
    )
    return statement, posts.c.id


def _public() -> tuple[Select[Any], ColumnElement[int]]:
    statement = select(public_posts.c.post_id, _NO_REBLOG).where(
        not_hidden(public_posts.c.account_id)
    )
    return statement, public_posts.c.post_id


def _public_media() -> tuple[Select[Any], ColumnElement[int]]:
    """Walks along an index of posts with media alone (``ix_posts_with_media``)."""
    stands = exists(select(const(1)).where(public_posts.c.post_id == posts.c.id))
    statement = select(posts.c.id, _NO_REBLOG).where(
        posts.c.visibility == const(0),
        _WITH_MEDIA,
        stands,
        not_hidden(posts.c.account_id),
    )
    return statement, posts.c.id


def _account(*more: ColumnElement[bool]) -> tuple[Select[Any], ColumnElement[int]]:
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
            *more,
        )
    )
    return statement, posts.c.id


def _account_tag(*, newest: bool) -> Query[Entry]:
    """Walks along an index of what each account says with each hashtag, by visibility."""
    statement, ids = _account(or_(number("only_media") == const(0), _WITH_MEDIA))
    tag = select(tags.c.id).where(tags.c.name == bindparam("tag")).scalar_subquery()
    found = post_tags.alias("found").c
    walks = (
        select(found.post_id)
        .where(
            found.account_id == number("account"),
            found.tag_id == tag,
            found.visibility == const(visibility),
            *within(found.post_id),
        )
        .order_by(found.post_id.desc() if newest else found.post_id)
        .limit(const(_LOOKED_AT_OF_TAG))
        .subquery()
        for visibility in _VISIBILITIES
    )
    tagged = union_all(*(select(walk.c.post_id) for walk in walks))
    page = statement.where(ids.in_(tagged)).order_by(ids.desc() if newest else ids).limit(LIMIT)
    return query(brought(page, reblogs=True))


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


def _tags(*, newest: bool) -> Query[Entry]:
    """Several hashtags at once: a walk along each of the wanted ones, and none goes far."""
    found = post_tags.alias("found").c
    walks = (
        select(found.post_id)
        .where(
            found.tag_id == number(name),
            found.visibility == const(0),
            *within(found.post_id),
        )
        .order_by(found.post_id.desc() if newest else found.post_id)
        .limit(const(_LOOKED_AT_OF_TAG))
        .subquery()
        for name in ANY_TAGS
    )
    tagged = union_all(*(select(walk.c.post_id) for walk in walks))
    page = (
        select(posts.c.id, _NO_REBLOG)
        .where(
            posts.c.id.in_(tagged),
            posts.c.visibility == const(0),
            not_hidden(posts.c.account_id),
            _tag_count("all") == number("all_count"),
            _tag_count("none") == const(0),
            or_(number("only_media") == const(0), _WITH_MEDIA),
        )
        .order_by(posts.c.id.desc() if newest else posts.c.id)
        .limit(LIMIT)
    )
    return query(brought(page, reblogs=False))


def _bounded(
    statement: Select[Any], ids: ColumnElement[int]
) -> tuple[Select[Any], ColumnElement[int]]:
    return statement.where(*within(ids)), ids


def _far(walk: Select[Any], ids: ColumnElement[int], *, newest: bool) -> ColumnElement[bool]:
    """No post beyond ``_LOOKED_AT`` of those that are walked along, an index of ids by itself."""
    (walked,) = walk.selected_columns
    edge = (
        walk.order_by(walked.desc() if newest else walked)
        .limit(const(1))
        .offset(const(_LOOKED_AT))
        .scalar_subquery()
    )
    if newest:
        return ids > func.coalesce(edge, const(0))
    return ids < func.coalesce(edge, const(MAX_BOUND))


def _account_some(*, newest: bool) -> Query[Entry]:
    """Most of what somebody posts may be left out, so it is not looked through to its end."""
    statement, ids = _account()
    walked = posts.alias("walked").c
    walk = select(walked.id).where(walked.account_id == number("account"), *within(walked.id))
    page = statement.where(*within(ids), _far(walk, ids, newest=newest))
    page = page.order_by(ids.desc() if newest else ids.asc()).limit(LIMIT)
    return query(brought(page, reblogs=True))


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
# Walks along an index of posts with media alone (``ix_posts_account_with_media``).
ACCOUNT_MEDIA = _brought(*_bounded(*_account(_WITH_MEDIA)), reblogs=True)
ACCOUNT_SOME = Pages(_account_some)
ACCOUNT_TAG = Pages(_account_tag)
TAG = _brought(*_bounded(*_tag()))
TAGS = Pages(_tags)

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
