"""The SQL of stored files, private to this slice."""

from sqlalchemy import bindparam, delete, select, update

from rostra.store.query import const, in_texts, insert_or_ignore, query
from rostra.store.tables.files import withheld_files

_AMONG = in_texts(withheld_files.c.key, "keys")
PUT = insert_or_ignore(withheld_files)
SET = query(update(withheld_files).where(_AMONG).values(withheld=bindparam("withheld")))
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
