"""The SQL of stored files, private to this slice."""

from sqlalchemy import bindparam, delete, exists, not_, select, update

from rostra.store.query import const, in_ids, in_texts, insert_or_ignore, query
from rostra.store.tables.files import kept_files, withheld_files

_AMONG = in_texts(withheld_files.c.key, "keys")
PUT = insert_or_ignore(withheld_files)
# What its owner has deleted never comes back.
SET = query(
    update(withheld_files)
    .where(_AMONG, withheld_files.c.withheld < const(2))
    .values(withheld=bindparam("withheld"))
)
GIVE_UP = query(update(withheld_files).where(_AMONG).values(withheld=const(2)))
ROW = query(
    select(withheld_files.c.kept_key, withheld_files.c.withheld).where(
        withheld_files.c.key == bindparam("key")
    )
)
RETURNED = query(
    delete(withheld_files).where(
        withheld_files.c.key == bindparam("key"), withheld_files.c.withheld == const(0)
    )
)
KEPT = query(select(withheld_files.c.kept_key).where(_AMONG), str)
DROP = query(delete(withheld_files).where(_AMONG))

KEEP = insert_or_ignore(kept_files)
HELD = query(select(kept_files.c.key).where(in_texts(kept_files.c.key, "keys")), str)
LOCKED = query(
    select(kept_files.c.key).where(in_texts(kept_files.c.key, "keys")).with_for_update(), str
)
LET_GO = query(
    delete(kept_files).where(in_ids(kept_files.c.holder_id, "holders")).returning(kept_files.c.key),
    str,
)
# Deleted by their owner, and kept by nobody any more.
USELESS = query(
    select(withheld_files.c.key).where(
        _AMONG,
        withheld_files.c.withheld == const(2),
        not_(exists(select(const(1)).where(kept_files.c.key == withheld_files.c.key))),
    ),
    str,
)
