"""What is written of posts."""

from sqlalchemy import BigInteger, BindParameter, bindparam, delete, func, select, update

from rostra.network.media.model import Media
from rostra.store.query import const, in_ids, in_texts, insert, insert_or_ignore, query
from rostra.store.tables.accounts import accounts, users
from rostra.store.tables.posts import (
    bookmarks,
    favourites,
    idempotency_keys,
    media,
    pins,
    post_edits,
    post_mentions,
    post_tags,
    post_texts,
    posts,
    public_posts,
    tags,
    thread_mutes,
)
from rostra.store.tables.relations import blocks


def _param(name: str) -> BindParameter[int]:
    return bindparam(name, type_=BigInteger())


POST = _param("post")
ACCOUNT = _param("account")
NOW = _param("now")

AUTHOR = query(
    select(
        accounts.c.username,
        accounts.c.merged_since,
        users.c.default_visibility,
        users.c.default_sensitive,
        users.c.default_language,
    )
    .select_from(accounts.join(users, users.c.account_id == accounts.c.id))
    .where(accounts.c.id == ACCOUNT)
)

_block = blocks.alias()
# Local accounts that a post names; whoever blocks the author is not reached, and not linked either.
NAMED = query(
    select(accounts.c.id, accounts.c.username, accounts.c.username_key)
    .select_from(
        accounts.outerjoin(
            _block, (_block.c.account_id == accounts.c.id) & (_block.c.target_id == ACCOUNT)
        )
    )
    .where(
        in_texts(accounts.c.username_key, "names"),
        accounts.c.domain == bindparam("domain"),
        accounts.c.state == const(0),
        _block.c.id.is_(None),
    )
)

INSERT_POST = insert(posts)
INSERT_TEXT = insert(post_texts)
INSERT_MENTION = insert_or_ignore(post_mentions)
INSERT_TAG = insert_or_ignore(tags)
TAG_IDS = query(select(tags.c.name, tags.c.id).where(in_texts(tags.c.name, "names")))
TOUCH_TAGS = query(update(tags).where(in_ids(tags.c.id, "ids")).values(last_post_at=NOW))
INSERT_POST_TAG = insert_or_ignore(post_tags)
INSERT_PUBLIC = insert(public_posts)
DELETE_PUBLIC = query(delete(public_posts).where(public_posts.c.post_id == POST))

COUNT_POST = query(
    update(accounts)
    .where(accounts.c.id == ACCOUNT)
    .values(statuses_count=accounts.c.statuses_count + const(1), last_post_at=NOW)
)
UNCOUNT_POST = query(
    update(accounts)
    .where(accounts.c.id == ACCOUNT)
    .values(statuses_count=accounts.c.statuses_count - const(1))
)
COUNT_REPLY = query(
    update(posts)
    .where(posts.c.id == POST)
    .values(replies_count=posts.c.replies_count + _param("change"))
)
COUNT_REBLOG = query(
    update(posts)
    .where(posts.c.id == POST)
    .values(reblogs_count=posts.c.reblogs_count + _param("change"))
)
COUNT_FAVOURITE = query(
    update(posts)
    .where(posts.c.id == POST)
    .values(favourites_count=posts.c.favourites_count + _param("change"))
)

ATTACH = query(
    update(media)
    .where(
        media.c.id == _param("media"),
        media.c.account_id == ACCOUNT,
        media.c.post_id.in_((const(0), POST)),
    )
    .values(post_id=POST, position=_param("place"))
)
MEDIA_OF = query(
    select(*[media.c[name] for name in Media.__struct_fields__])
    .where(media.c.post_id == POST)
    .order_by(media.c.position),
    Media,
)
DELETE_MEDIA = query(delete(media).where(in_ids(media.c.id, "ids")))
DESCRIBE_MEDIA = query(
    update(media)
    .where(media.c.id == _param("media"), media.c.post_id == POST)
    .values(
        description=bindparam("description"), focus_x=_param("focus_x"), focus_y=_param("focus_y")
    )
)

CLAIM_KEY = insert_or_ignore(idempotency_keys)
KEY_POST = query(
    select(idempotency_keys.c.post_id, idempotency_keys.c.expires_at).where(
        idempotency_keys.c.account_id == ACCOUNT,
        idempotency_keys.c.key_hash == bindparam("key_hash"),
    )
)
REUSE_KEY = query(
    update(idempotency_keys)
    .where(
        idempotency_keys.c.account_id == ACCOUNT,
        idempotency_keys.c.key_hash == bindparam("key_hash"),
    )
    .values(post_id=POST, expires_at=_param("expires_at"))
)
EXPIRE_KEYS = query(delete(idempotency_keys).where(idempotency_keys.c.expires_at < NOW))

UPDATE_POST = query(
    update(posts)
    .where(posts.c.id == POST)
    .values(
        version=posts.c.version + const(1),
        sensitive=_param("sensitive"),
        media_count=_param("media_count"),
        edited_at=NOW,
    )
)
UPDATE_TEXT = query(
    update(post_texts)
    .where(post_texts.c.post_id == POST)
    .values(
        text=bindparam("text"),
        html=bindparam("html"),
        spoiler_text=bindparam("spoiler_text"),
        language=bindparam("language"),
    )
)
INSERT_EDIT = insert(post_edits)
EDITS = query(
    select(
        post_edits.c.html,
        post_edits.c.spoiler_text,
        post_edits.c.sensitive,
        post_edits.c.media,
        post_edits.c.created_at,
    )
    .where(post_edits.c.post_id == POST)
    .order_by(post_edits.c.id)
    .limit(const(200))
)
DELETE_MENTIONS = query(delete(post_mentions).where(post_mentions.c.post_id == POST))
MENTIONED = query(select(post_mentions.c.account_id).where(post_mentions.c.post_id == POST), int)
DELETE_TAGS = query(delete(post_tags).where(post_tags.c.post_id == POST))

DELETE_POST = query(delete(posts).where(posts.c.id == POST))
DELETE_TEXT = query(delete(post_texts).where(post_texts.c.post_id == POST))
DELETE_EDITS = query(delete(post_edits).where(post_edits.c.post_id == POST))
DELETE_PINS = query(delete(pins).where(pins.c.post_id == POST))
DELETE_KEYS = query(delete(idempotency_keys).where(idempotency_keys.c.post_id == POST))

_CHUNK = const(500)
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
REBLOGS_OF = query(
    select(posts.c.id, posts.c.account_id).where(posts.c.reblog_of_id == POST).limit(_CHUNK)
)
_some_replies = select(posts.c.id).where(posts.c.in_reply_to_id == POST).limit(_CHUNK)
ORPHAN_REPLIES = query(
    update(posts)
    .where(posts.c.id.in_(_some_replies))
    .values(in_reply_to_id=const(0), version=posts.c.version + const(1))
)

FAVOURITE = insert_or_ignore(favourites)
UNFAVOURITE = query(
    delete(favourites).where(favourites.c.account_id == ACCOUNT, favourites.c.post_id == POST)
)
BOOKMARK = insert_or_ignore(bookmarks)
UNBOOKMARK = query(
    delete(bookmarks).where(bookmarks.c.account_id == ACCOUNT, bookmarks.c.post_id == POST)
)
PIN = insert_or_ignore(pins)
UNPIN = query(delete(pins).where(pins.c.account_id == ACCOUNT, pins.c.post_id == POST))
PIN_COUNT = query(select(func.count()).where(pins.c.account_id == ACCOUNT), int)
MUTE_THREAD = insert_or_ignore(thread_mutes)
UNMUTE_THREAD = query(
    delete(thread_mutes).where(
        thread_mutes.c.account_id == ACCOUNT, thread_mutes.c.thread_id == _param("thread")
    )
)
# On PostgreSQL the row of the original serialises two reblogs by the same account.
LOCK_POST = query(update(posts).where(posts.c.id == POST).values(version=posts.c.version))
MY_REBLOG = query(
    select(posts.c.id, posts.c.visibility).where(
        posts.c.reblog_of_id == POST, posts.c.account_id == ACCOUNT
    )
)
