"""The SQL of followed and featured hashtags, private to this slice."""

from typing import Any

from sqlalchemy import bindparam, delete, exists, func, not_, select, union_all, update

from rostra.network.tags.model import FeaturedTag, FollowedTag
from rostra.store.paging import paged
from rostra.store.query import const, in_texts, insert_or_ignore, number, query
from rostra.store.tables.accounts import users
from rostra.store.tables.posts import post_tags, posts, tags
from rostra.store.tables.tags import featured_tags, tag_follows

ACCOUNT, TAG = number("account"), number("tag")

# Locked, so that the job that removes unused hashtags waits, or has been.
LOCK_BY_NAME = query(
    select(tags.c.id).where(tags.c.name == bindparam("name")).with_for_update(), int
)
NAME_OF = query(select(tags.c.name).where(tags.c.id == TAG), str)

FOLLOW = insert_or_ignore(tag_follows)
UNFOLLOW = query(
    delete(tag_follows).where(tag_follows.c.account_id == ACCOUNT, tag_follows.c.tag_id == TAG)
)
# A statement of its own, before it is counted: on PostgreSQL COUNT_FOLLOWED then sees
# what others have changed who had the lock. Itself waiting, it would count what was there before.
LOCK_MEMBER = query(
    select(users.c.account_id).where(users.c.account_id == ACCOUNT).with_for_update(), int
)
_mine = tag_follows.alias("mine")
COUNT_FOLLOWED = query(
    update(users)
    .where(users.c.account_id == ACCOUNT)
    .values(
        followed_tags=select(func.count())
        .select_from(_mine)
        .where(_mine.c.account_id == ACCOUNT)
        .scalar_subquery()
    )
)
HOW_MANY_FOLLOWED = query(select(users.c.followed_tags).where(users.c.account_id == ACCOUNT), int)
FOLLOWED = paged(
    select(tag_follows.c.id, tags.c.id, tags.c.name)
    .select_from(tag_follows.join(tags, tags.c.id == tag_follows.c.tag_id))
    .where(tag_follows.c.account_id == ACCOUNT),
    tag_follows.c.id,
    FollowedTag,
)

# 0: followed, 1: on the profile.
MINE = query(
    union_all(
        *(
            select(const(kind), tags.c.name)
            .select_from(tags.join(kept, kept.c.tag_id == tags.c.id))
            .where(in_texts(tags.c.name, "names"), kept.c.account_id == ACCOUNT)
            for kind, kept in enumerate((tag_follows, featured_tags))
        )
    )
)

_open = (
    post_tags.c.account_id == featured_tags.c.account_id,
    post_tags.c.tag_id == featured_tags.c.tag_id,
)


def _newest(visibility: int) -> Any:
    return (
        select(func.coalesce(func.max(post_tags.c.post_id), const(0)))
        .where(*_open, post_tags.c.visibility == const(visibility))
        .scalar_subquery()
    )


_shown: list[Any] = [
    featured_tags.c.id,
    featured_tags.c.tag_id,
    featured_tags.c.name,
    select(func.count()).where(*_open, post_tags.c.visibility < const(2)).scalar_subquery(),
    # Two walks to an end of the index, not one over all posts.
    _newest(0),
    _newest(1),
]


def _featured(row_id: int, tag_id: int, name: str, uses: int, *newest: int) -> FeaturedTag:
    return FeaturedTag(row_id, tag_id, name, uses, max(newest))


FEATURED = query(
    select(*_shown).where(featured_tags.c.account_id == ACCOUNT).order_by(featured_tags.c.id),
    _featured,
)
FEATURED_ONE = query(
    select(*_shown).where(featured_tags.c.account_id == ACCOUNT, featured_tags.c.tag_id == TAG),
    _featured,
)
OWN_FEATURED = query(
    select(featured_tags.c.tag_id).where(
        featured_tags.c.account_id == ACCOUNT, featured_tags.c.id == number("id")
    ),
    int,
)
FEATURE = insert_or_ignore(featured_tags)
UNFEATURE = query(
    delete(featured_tags).where(
        featured_tags.c.account_id == ACCOUNT, featured_tags.c.tag_id == TAG
    )
)
HOW_MANY_FEATURED = query(
    select(func.count()).select_from(featured_tags).where(featured_tags.c.account_id == ACCOUNT),
    int,
)

# The hashtags of somebody's latest posts that anybody can read, the most used first.
_latest = (
    select(posts.c.id)
    .where(posts.c.account_id == ACCOUNT, posts.c.visibility < const(2))
    .order_by(posts.c.id.desc())
    .limit(number("looked_at"))
    .subquery()
)
_kept = featured_tags.alias("kept")
SUGGESTED = query(
    select(tags.c.id, tags.c.name)
    .select_from(
        _latest.join(post_tags, post_tags.c.post_id == _latest.c.id).join(
            tags, tags.c.id == post_tags.c.tag_id
        )
    )
    .where(
        not_(
            exists(
                select(const(1)).where(
                    _kept.c.account_id == ACCOUNT, _kept.c.tag_id == post_tags.c.tag_id
                )
            )
        )
    )
    .group_by(tags.c.id, tags.c.name)
    .order_by(func.count().desc(), tags.c.id.desc())
    .limit(number("limit"))
)

ALL_OF = query(
    union_all(
        select(tag_follows.c.tag_id).where(tag_follows.c.account_id == ACCOUNT),
        select(featured_tags.c.tag_id).where(featured_tags.c.account_id == ACCOUNT),
    ),
    int,
)
DROP_OF = (
    query(delete(tag_follows).where(tag_follows.c.account_id == ACCOUNT)),
    query(delete(featured_tags).where(featured_tags.c.account_id == ACCOUNT)),
)
