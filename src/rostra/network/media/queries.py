"""The SQL of attachments."""

from sqlalchemy import select

from rostra.network.media.model import Media
from rostra.store.query import in_ids, query
from rostra.store.tables.posts import media

COLUMNS = [media.c[name] for name in Media.__struct_fields__]

BY_POSTS = query(
    select(*COLUMNS)
    .where(in_ids(media.c.post_id, "ids"))
    .order_by(media.c.post_id, media.c.position),
    Media,
)
