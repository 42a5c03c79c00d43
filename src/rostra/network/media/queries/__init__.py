"""The SQL of attachments."""

from sqlalchemy import ColumnElement, bindparam, delete, func, literal_column, or_, select, update

from rostra.network.media.model import Media, State
from rostra.store.query import const, in_ids, insert, number, query, query_text
from rostra.store.tables.posts import media

COLUMNS = [media.c[name] for name in Media.__struct_fields__]

BY_POSTS = query(
    select(*COLUMNS)
    .where(in_ids(media.c.post_id, "ids"))
    .order_by(media.c.post_id, media.c.position),
    Media,
)


_NOTHING: ColumnElement[str] = literal_column("''")
_ID = number("media")
_OWNER = number("owner")
_mine = (media.c.id == _ID, media.c.account_id == _OWNER)
_keys = (media.c.blob_key, media.c.preview_key, media.c.upload_key)
_waits = media.c.state == const(int(State.WAITING))

ATTACHED_COUNT = query(
    select(func.count())
    .select_from(media)
    .where(media.c.account_id == _OWNER, media.c.post_id > const(0))
)
_TOLD_BY = ("look", "digest", "cover_look", "cover_digest")
INSERT = insert(media, (*Media.__struct_fields__[:-1], "position", *_TOLD_BY))
OWN = query(select(*COLUMNS).where(*_mine), Media)
BY_IDS = query(select(*COLUMNS).where(in_ids(media.c.id, "ids")), Media)
# Only where it hangs as it did when it was read: what a post shows was screened with its words.
UPDATE = query(
    update(media)
    .where(*_mine, media.c.post_id == number("post"))
    .values(
        description=bindparam("description"),
        focus_x=number("focus_x"),
        focus_y=number("focus_y"),
    )
)
_free = (media.c.post_id == const(0), media.c.scheduled_id == const(0))
DELETE = query(delete(media).where(*_mine, *_free))
DELETE_ALL = query(delete(media).where(in_ids(media.c.id, "ids")))
DELETE_UNATTACHED = query(
    delete(media)
    .where(media.c.post_id == const(0), media.c.account_id == _OWNER)
    .returning(media.c.id, *_keys)
)

# The ids come as a JSON list: each picture's place in it is its place on the post.
ATTACH = query_text(
    sqlite=(
        "UPDATE media SET post_id = :post, scheduled_id = 0,"
        " position = (SELECT key FROM json_each(:ids) WHERE value = media.id)"
        " WHERE id IN (SELECT value FROM json_each(:ids))"
        " AND account_id = :owner AND state = 0 AND post_id IN (0, :post)"
        " AND scheduled_id IN (0, :scheduled)"
    ),
    postgresql=(
        "UPDATE media SET post_id = :post, scheduled_id = 0, position = given.place"
        " FROM jsonb_array_elements_text(CAST(:ids AS jsonb)) WITH ORDINALITY"
        " AS given(id, place)"
        " WHERE media.id = CAST(given.id AS bigint)"
        " AND account_id = :owner AND state = 0 AND post_id IN (0, :post)"
        " AND scheduled_id IN (0, :scheduled)"
    ),
)
OWN_AMONG = query(
    select(*COLUMNS).where(in_ids(media.c.id, "ids"), media.c.account_id == _OWNER), Media
)
_SCHEDULED = number("scheduled")
RESERVE = query(
    update(media)
    .where(
        in_ids(media.c.id, "ids"),
        media.c.account_id == _OWNER,
        media.c.state == const(int(State.READY)),
        *_free,
    )
    .values(scheduled_id=_SCHEDULED)
)
RELEASE = query(
    update(media)
    .where(media.c.scheduled_id == _SCHEDULED)
    .values(scheduled_id=const(0), created_at=number("now"))
)
RESERVED = query(select(*COLUMNS).where(in_ids(media.c.scheduled_id, "ids")), Media)
TAKE_DOWN = query(
    update(media)
    .where(*_mine)
    .values(
        post_id=const(0),
        blob_key=bindparam("blob_key"),
        preview_key=bindparam("preview_key"),
        created_at=number("now"),
    )
)
NAMES = query(
    select(media.c.id).where(
        media.c.id == _ID,
        or_(media.c.blob_key == bindparam("key"), media.c.preview_key == bindparam("key")),
    )
)
_orphans = select(media.c.id).where(*_free, media.c.created_at < number("before")).limit(const(200))
DELETE_ORPHANS = query(
    delete(media).where(media.c.id.in_(_orphans), *_free).returning(media.c.id, *_keys)
)

WAITING = query(select(*COLUMNS).where(media.c.id == _ID, _waits), Media)
NAME = query(
    update(media)
    .where(media.c.id == _ID, _waits)
    .values(
        blob_key=bindparam("blob_key"),
        preview_key=bindparam("preview_key"),
        mime=bindparam("mime"),
    )
)
READY = query(
    update(media)
    .where(media.c.id == _ID, _waits)
    .values(
        state=const(int(State.READY)),
        upload_key=_NOTHING,
        kind=bindparam("kind"),
        width=number("width"),
        height=number("height"),
        size=number("size"),
        duration_ms=number("duration_ms"),
        frame_rate=bindparam("frame_rate"),
        bitrate=number("bitrate"),
        audio_rate=number("audio_rate"),
        audio_channels=number("audio_channels"),
    )
)
FAILED = query(
    update(media)
    .where(media.c.id == _ID, _waits)
    .values(
        state=const(int(State.FAILED)),
        failure=bindparam("failure"),
        upload_key=_NOTHING,
        blob_key=_NOTHING,
        preview_key=_NOTHING,
    )
)
PREVIEW = query(
    update(media)
    .where(*_mine, media.c.post_id == number("post"))
    .values(
        preview_key=bindparam("preview_key"),
        preview_mime=bindparam("preview_mime"),
        preview_width=number("preview_width"),
        preview_height=number("preview_height"),
        blurhash=bindparam("blurhash"),
        cover_look=bindparam("cover_look"),
        cover_digest=bindparam("cover_digest"),
    )
)
