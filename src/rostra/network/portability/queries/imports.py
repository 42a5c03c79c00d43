"""The SQL of what members bring in."""

from sqlalchemy import bindparam, delete, func, select, update

from rostra.network.portability.import_model import Chunk, Import
from rostra.store.query import const, in_ids, insert, insert_or_ignore, number, query
from rostra.store.tables.filters import filters
from rostra.store.tables.lists import lists
from rostra.store.tables.portability import import_chunks, import_kept, imports
from rostra.store.tables.posts import bookmarks
from rostra.store.tables.relations import blocks, follows, mutes

ACCOUNT, IMPORT, HOME, PLACE, NOW = map(number, ("account", "one", "home", "place", "now"))
_row = [imports.c[name] for name in Import.__struct_fields__]
_CHUNK = [import_chunks.c[name] for name in Chunk.__struct_fields__]
_FIXED = {"id", "account_id", "kind", "replaces", "file_name", "seems", "total", "chunks"}
CHANGING = tuple(name for name in Import.__struct_fields__ if name not in _FIXED)

OWN = query(select(*_row).where(imports.c.id == IMPORT, imports.c.account_id == ACCOUNT), Import)
ALL_OWN = query(select(*_row).where(imports.c.account_id == ACCOUNT), Import)
LOCK = query(select(*_row).where(imports.c.id == IMPORT).with_for_update(), Import)
LOCK_KIND = query(
    select(*_row)
    .where(imports.c.account_id == ACCOUNT, imports.c.kind == number("kind"))
    .with_for_update(),
    Import,
)
ADD = insert(imports)
SAVE = query(
    update(imports)
    .where(imports.c.id == IMPORT)
    .values({name: number(f"new_{name}") for name in CHANGING})
)
IDS_OF = query(select(imports.c.id).where(imports.c.account_id == ACCOUNT), int)
EXPIRED = query(select(imports.c.id).where(imports.c.expires_at < NOW).limit(const(20)), int)

ADD_CHUNK = insert(import_chunks)
CHUNK = query(
    select(*_CHUNK).where(import_chunks.c.import_id == IMPORT, import_chunks.c.place == PLACE),
    Chunk,
)
CHUNKS = query(
    select(*_CHUNK)
    .where(import_chunks.c.import_id == IMPORT, import_chunks.c.place > number("after"))
    .order_by(import_chunks.c.place)
    .limit(number("limit")),
    Chunk,
)
FAILED_CHUNKS = query(
    select(*_CHUNK)
    .where(
        import_chunks.c.import_id == IMPORT,
        import_chunks.c.place > number("after"),
        import_chunks.c.failed > const(0),
    )
    .order_by(import_chunks.c.place)
    .limit(number("limit")),
    Chunk,
)
SAVE_CHUNK = query(
    update(import_chunks)
    .where(import_chunks.c.import_id == IMPORT, import_chunks.c.place == PLACE)
    .values(lines=bindparam("new_lines"), failed=number("new_failed"))
)
DROP_GOOD_CHUNKS = query(
    delete(import_chunks).where(
        import_chunks.c.import_id == IMPORT, import_chunks.c.failed == const(0)
    )
)

KEEP = insert_or_ignore(import_kept)
KEPT = query(
    select(import_kept.c.thing_id).where(
        import_kept.c.import_id == IMPORT,
        import_kept.c.home_id == HOME,
        in_ids(import_kept.c.thing_id, "ids"),
    ),
    int,
)
KEPT_IN = query(
    select(import_kept.c.thing_id).where(
        import_kept.c.import_id == IMPORT, import_kept.c.home_id == HOME
    ),
    int,
)
FORGET_KEPT = query(delete(import_kept).where(import_kept.c.import_id == IMPORT))
DROP = (
    FORGET_KEPT,
    query(delete(import_chunks).where(import_chunks.c.import_id == IMPORT)),
    query(delete(imports).where(imports.c.id == IMPORT)),
)

# How much there is of each kind, in the order of the kinds.
COUNTS = query(
    select(
        *(
            select(func.count()).where(table.c.account_id == ACCOUNT).scalar_subquery()
            for table in (follows, blocks, mutes, lists, bookmarks, filters)
        )
    )
)
