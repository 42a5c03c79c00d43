"""The SQL of copies, private to this slice."""

from sqlalchemy import func, select

from rostra.safety.copies.model import Known
from rostra.store.query import const, in_ids, insert, insert_or_ignore, number, query
from rostra.store.tables.copies import copy_keys, copy_posts, copy_texts

ID, LIMIT = number("id"), number("limit")
_t, _k, _p = copy_texts.c, copy_keys.c, copy_posts.c
_ROW = [_t[name] for name in Known.__struct_fields__]


def _known(text_id: int, category: int, count: int, bins: bytes, last_at: int) -> Known:
    return Known(text_id, category, count, bytes(bins), last_at)


_shared = func.count().label("shared")
# What shares keys, the most first. A key is of no more texts than `MOST_A_KEY`.
FIND = query(
    select(_k.text_id, _shared)
    .where(in_ids(_k.key, "keys"))
    .group_by(_k.text_id)
    .order_by(_shared.desc(), _k.text_id)
    .limit(LIMIT)
)
BUSY = query(select(_k.key, func.count()).where(in_ids(_k.key, "keys")).group_by(_k.key))
TEXTS = query(select(*_ROW).where(in_ids(_t.id, "ids")).order_by(_t.id), _known)
LOCKED = query(select(*_ROW).where(in_ids(_t.id, "ids")).order_by(_t.id).with_for_update(), _known)
ADD = insert(copy_texts)
ADD_KEY = insert_or_ignore(copy_keys)
ADD_POST = insert_or_ignore(copy_posts)
MORE = query(
    copy_texts.update().where(_t.id == ID).values(count=_t.count + const(1), last_at=number("now"))
)
FEWER = query(copy_texts.update().where(_t.id == ID).values(count=_t.count - const(1)))
OF_POST = query(
    select(_p.text_id).where(_p.post_id == number("post"), _p.decision_id == number("decision")),
    int,
)
FORGET_POST = query(
    copy_posts.delete().where(_p.post_id == number("post"), _p.decision_id == number("decision"))
)
OLD = query(
    select(_t.id).where(_t.last_at < number("before")).order_by(_t.last_at).limit(LIMIT), int
)
NONE_LEFT = query(select(_t.id).where(in_ids(_t.id, "ids"), _t.count <= const(0)), int)
DROP = query(copy_texts.delete().where(in_ids(_t.id, "ids")))
DROP_KEYS = query(copy_keys.delete().where(in_ids(_k.text_id, "ids")))
DROP_POSTS = query(copy_posts.delete().where(in_ids(_p.text_id, "ids")))
