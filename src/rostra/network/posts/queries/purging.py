"""What jobs remove: all that hangs on deleted posts and on accounts that are gone."""

from sqlalchemy import (
    case,
    delete,
    exists,
    not_,
    select,
    update,
)

from rostra.store.query import (
    const,
    in_ids,
    number,
    query,
)
from rostra.store.tables.posts import (
    bookmarks,
    favourites,
    idempotency_keys,
    pins,
    post_mentions,
    post_tags,
    posts,
    quotes,
    tags,
    thread_mutes,
)
from rostra.store.tables.tags import featured_tags, tag_follows
from rostra.store.tables.trends import trends

POST = number("post")
ACCOUNT = number("account")
NOW = number("now")

POSTS_OF = query(
    select(posts.c.id).where(posts.c.account_id == ACCOUNT).limit(const(50)),
    int,
)
# The lock first, in a statement of its own: on PostgreSQL the second then sees the links of posts
# that were being published meanwhile, for publishing locks the tags it uses.
LOCK_TAGS = query(
    update(tags).where(in_ids(tags.c.id, "ids")).values(last_post_at=tags.c.last_post_at)
)
_decided_on = select(const(1)).where(trends.c.kind == const(0), trends.c.decision > const(0))
DELETE_UNUSED_TAGS = query(
    delete(tags).where(
        in_ids(tags.c.id, "ids"),
        *(
            not_(exists(select(const(1)).where(carried.c.tag_id == tags.c.id)))
            for carried in (post_tags, tag_follows, featured_tags)
        ),
        not_(exists(_decided_on.where(trends.c.subject_id == tags.c.id))),
    )
)
_some_quotes = select(quotes.c.post_id).where(quotes.c.quoted_id == POST).limit(const(500))
ORPHAN_QUOTES = query(
    update(quotes)
    .where(quotes.c.post_id.in_(_some_quotes))
    .values(quoted_id=const(0), quoted_account_id=const(0), state=const(2))
)
EXPIRE_KEYS = query(delete(idempotency_keys).where(idempotency_keys.c.expires_at < NOW))

_CHUNK = const(500)
_SMALL_CHUNK = const(50)  # each of these costs a dozen statements
_some_favourites = select(favourites.c.account_id).where(favourites.c.post_id == POST).limit(_CHUNK)
DELETE_FAVOURITES = query(
    delete(favourites).where(
        favourites.c.post_id == POST, favourites.c.account_id.in_(_some_favourites)
    )
)
_some_bookmarks = select(bookmarks.c.account_id).where(bookmarks.c.post_id == POST).limit(_CHUNK)
DELETE_BOOKMARKS = query(
    delete(bookmarks).where(
        bookmarks.c.post_id == POST, bookmarks.c.account_id.in_(_some_bookmarks)
    )
)
REBLOGS_OF = query(select(posts.c.id).where(posts.c.reblog_of_id == POST).limit(_SMALL_CHUNK), int)
_some_replies = select(posts.c.id).where(posts.c.in_reply_to_id == POST).limit(_CHUNK)
ORPHAN_REPLIES = query(
    update(posts)
    .where(posts.c.id.in_(_some_replies))
    .values(
        in_reply_to_id=const(0),
        version=posts.c.version + const(1),
        # Nobody is left who could agree to what waits.
        visibility=case((posts.c.visibility == const(4), const(5)), else_=posts.c.visibility),
    )
)

# The end of an account: what it did to posts of others.
FAVOURITES_OF = query(
    select(favourites.c.post_id, favourites.c.pending)
    .where(favourites.c.account_id == ACCOUNT)
    .limit(_CHUNK)
)
DROP_FAVOURITES = query(
    delete(favourites).where(
        favourites.c.account_id == ACCOUNT, in_ids(favourites.c.post_id, "ids")
    )
)
UNCOUNT_FAVOURITES = query(
    update(posts)
    .where(in_ids(posts.c.id, "ids"))
    .values(favourites_count=posts.c.favourites_count - const(1))
)
MENTIONS_OF = query(
    select(post_mentions.c.post_id).where(post_mentions.c.account_id == ACCOUNT).limit(_CHUNK), int
)
DROP_MENTIONS = query(
    delete(post_mentions).where(
        post_mentions.c.account_id == ACCOUNT, in_ids(post_mentions.c.post_id, "ids")
    )
)
BUMP_POSTS = query(
    update(posts).where(in_ids(posts.c.id, "ids")).values(version=posts.c.version + const(1))
)
DROP_OWN = tuple(
    query(delete(table).where(table.c.account_id == ACCOUNT))
    for table in (bookmarks, pins, thread_mutes, idempotency_keys)
)
