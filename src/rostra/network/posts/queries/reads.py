"""What is read of posts. Every statement that loads posts for a viewer carries ``visible``."""

from sqlalchemy import (
    FromClause,
    literal_column,
    select,
    union_all,
)

from rostra.network.posts.model import Mention, PostRow
from rostra.network.posts.sql import VIEWER, visible
from rostra.store.query import in_ids, query
from rostra.store.tables.accounts import accounts
from rostra.store.tables.credentials import oauth_apps
from rostra.store.tables.posts import (
    bookmarks,
    favourites,
    pins,
    post_mentions,
    post_tags,
    post_texts,
    posts,
    tags,
    thread_mutes,
)

_own = [posts.c[name] for name in PostRow.__struct_fields__[:16]]
_author = [
    accounts.c.version,
    accounts.c.followers_count,
    accounts.c.following_count,
    accounts.c.statuses_count,
    accounts.c.last_post_at,
]
_joined: FromClause = posts.join(accounts, accounts.c.id == posts.c.account_id)

ROWS = query(
    select(*_own, *_author)
    .select_from(_joined)
    .where(in_ids(posts.c.id, "ids"), visible(posts.c, accounts.c)),
    PostRow,
)

_FAVOURITED, _BOOKMARKED, _REBLOGGED, _MUTED, _PINNED = range(5)

FLAGS = query(
    union_all(
        select(literal_column("0"), favourites.c.post_id).where(
            favourites.c.account_id == VIEWER, in_ids(favourites.c.post_id, "ids")
        ),
        select(literal_column("1"), bookmarks.c.post_id).where(
            bookmarks.c.account_id == VIEWER, in_ids(bookmarks.c.post_id, "ids")
        ),
        select(literal_column("2"), posts.c.reblog_of_id).where(
            posts.c.account_id == VIEWER, in_ids(posts.c.reblog_of_id, "ids")
        ),
        select(literal_column("3"), thread_mutes.c.thread_id).where(
            thread_mutes.c.account_id == VIEWER, in_ids(thread_mutes.c.thread_id, "threads")
        ),
        select(literal_column("4"), pins.c.post_id).where(
            pins.c.account_id == VIEWER, in_ids(pins.c.post_id, "ids")
        ),
    )
)

TEXTS = query(
    select(
        post_texts.c.post_id,
        post_texts.c.text,
        post_texts.c.html,
        post_texts.c.spoiler_text,
        post_texts.c.language,
        oauth_apps.c.name,
        oauth_apps.c.website,
    )
    .select_from(post_texts.outerjoin(oauth_apps, oauth_apps.c.id == post_texts.c.app_id))
    .where(in_ids(post_texts.c.post_id, "ids"))
)

MENTIONS = query(
    select(
        post_mentions.c.post_id,
        post_mentions.c.account_id,
        accounts.c.username,
        accounts.c.domain,
    )
    .select_from(post_mentions.join(accounts, accounts.c.id == post_mentions.c.account_id))
    .where(in_ids(post_mentions.c.post_id, "ids"))
    .order_by(post_mentions.c.post_id, post_mentions.c.position),
    Mention,
)

TAGS = query(
    select(post_tags.c.post_id, tags.c.name)
    .select_from(post_tags.join(tags, tags.c.id == post_tags.c.tag_id))
    .where(in_ids(post_tags.c.post_id, "ids"))
    .order_by(post_tags.c.post_id, tags.c.name)
)
