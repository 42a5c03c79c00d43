"""The SQL of attachments."""

from sqlalchemy import BigInteger, bindparam, delete, select, update

from rostra.network.media.model import Media
from rostra.store.query import const, in_ids, in_texts, insert, query
from rostra.store.tables.posts import media, posts

COLUMNS = [media.c[name] for name in Media.__struct_fields__]

BY_POSTS = query(
    select(*COLUMNS)
    .where(in_ids(media.c.post_id, "ids"))
    .order_by(media.c.post_id, media.c.position),
    Media,
)

_ID = bindparam("media", type_=BigInteger())
_OWNER = bindparam("owner", type_=BigInteger())

INSERT = insert(media)
OWN = query(select(*COLUMNS).where(media.c.id == _ID, media.c.account_id == _OWNER), Media)
UPDATE = query(
    update(media)
    .where(media.c.id == _ID, media.c.account_id == _OWNER)
    .values(
        description=bindparam("description"),
        focus_x=bindparam("focus_x", type_=BigInteger()),
        focus_y=bindparam("focus_y", type_=BigInteger()),
    )
)
REPLACE_PREVIEW = query(
    update(media)
    .where(media.c.id == _ID, media.c.account_id == _OWNER)
    .values(
        preview_key=bindparam("preview_key"),
        preview_mime=bindparam("preview_mime"),
        preview_width=bindparam("preview_width", type_=BigInteger()),
        preview_height=bindparam("preview_height", type_=BigInteger()),
    )
)
# A post that reads differently in what its pictures are called is a new version of it.
TOUCH_POST = query(
    update(posts)
    .where(posts.c.id == bindparam("post", type_=BigInteger()))
    .values(version=posts.c.version + const(1))
)
DELETE = query(
    delete(media).where(
        media.c.id == _ID, media.c.account_id == _OWNER, media.c.post_id == const(0)
    )
)
ORPHANS = query(
    select(*COLUMNS)
    .where(
        media.c.post_id == const(0), media.c.created_at < bindparam("before", type_=BigInteger())
    )
    .limit(const(200)),
    Media,
)
KNOWN_KEYS = query(
    select(media.c.blob_key)
    .where(in_texts(media.c.blob_key, "keys"))
    .union_all(select(media.c.preview_key).where(in_texts(media.c.preview_key, "keys"))),
    str,
)
