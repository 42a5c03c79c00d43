"""The SQL of archives."""

from sqlalchemy import bindparam, select

from rostra.network.media.model import Media
from rostra.network.portability.model import Archive
from rostra.store.query import as_tuple, const, in_texts, insert, number, query
from rostra.store.tables.portability import archives
from rostra.store.tables.posts import bookmarks, favourites, media, posts

_ACCOUNT = number("account")
_AFTER = number("after")
_ID = number("archive")
_NOW = number("now")
_LIMIT = number("limit")

_ARCHIVE = [archives.c[name] for name in Archive.__struct_fields__]
ARCHIVE_OF = query(select(*_ARCHIVE).where(archives.c.account_id == _ACCOUNT), Archive)
ARCHIVE = query(select(*_ARCHIVE).where(archives.c.id == _ID), Archive)
ADD_ARCHIVE = insert(archives)
DROP_ARCHIVE = query(archives.delete().where(archives.c.id == _ID))
# One that was finished in the meantime is not touched: what was deleted is in it.
TOUCH_ARCHIVE = query(
    archives.update()
    .where(archives.c.id == _ID, archives.c.state == const(0))
    .values(touched_at=_NOW)
)
# Only while nothing that it holds was deleted since it was begun.
FINISH_ARCHIVE = query(
    archives.update()
    .where(
        archives.c.id == _ID,
        archives.c.state == const(0),
        archives.c.touched_at < number("begun"),
    )
    .values(
        state=const(1),
        blob_key=bindparam("blob_key"),
        size=number("size"),
        ready_at=_NOW,
        expires_at=number("expires"),
    )
)
EXPIRED = query(select(*_ARCHIVE).where(archives.c.expires_at < _NOW).limit(const(200)), Archive)
KNOWN_FILES = query(
    select(archives.c.blob_key).where(in_texts(archives.c.blob_key, "keys")), as_tuple
)

# What goes into an archive, in the order in which it came to be; each page begins behind `after`.
POSTS = query(
    select(posts.c.id)
    .where(posts.c.account_id == _ACCOUNT, posts.c.id > _AFTER)
    .order_by(posts.c.id)
    .limit(_LIMIT),
    int,
)
FAVOURITES = query(
    select(favourites.c.id, favourites.c.post_id)
    .where(favourites.c.account_id == _ACCOUNT, favourites.c.id > _AFTER)
    .order_by(favourites.c.id)
    .limit(_LIMIT)
)
BOOKMARKS = query(
    select(bookmarks.c.id, bookmarks.c.post_id)
    .where(bookmarks.c.account_id == _ACCOUNT, bookmarks.c.id > _AFTER)
    .order_by(bookmarks.c.id)
    .limit(_LIMIT)
)
MEDIA = query(
    select(*[media.c[name] for name in Media.__struct_fields__])
    .where(media.c.account_id == _ACCOUNT, media.c.id > _AFTER, media.c.post_id > const(0))
    .order_by(media.c.id)
    .limit(_LIMIT),
    Media,
)
