"""What members do with posts: favourites, bookmarks, pins, muted threads, reblogs."""

from sqlalchemy import (
    delete,
    func,
    select,
    update,
)

from rostra.store.query import (
    insert_or_ignore,
    number,
    query,
)
from rostra.store.tables.posts import (
    bookmarks,
    favourites,
    pins,
    posts,
    thread_mutes,
)

POST = number("post")
ACCOUNT = number("account")

FAVOURITE = insert_or_ignore(favourites)
UNFAVOURITE = query(
    delete(favourites)
    .where(favourites.c.account_id == ACCOUNT, favourites.c.post_id == POST)
    .returning(favourites.c.pending),
    int,
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
        thread_mutes.c.account_id == ACCOUNT, thread_mutes.c.thread_id == number("thread")
    )
)
# On PostgreSQL the row of the original serialises two reblogs by the same account.
LOCK_POST = query(update(posts).where(posts.c.id == POST).values(version=posts.c.version))
# Not deleted before the transaction ends: what is written for it then goes with it. Readers of the
# row and counters do not wait.
HOLD_POST = query(
    select(posts.c.id).where(posts.c.id == POST).with_for_update(read=True, key_share=True), int
)
MY_REBLOG = query(
    select(posts.c.id, posts.c.visibility).where(
        posts.c.reblog_of_id == POST, posts.c.account_id == ACCOUNT
    )
)
