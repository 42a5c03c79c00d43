"""The SQL of lists, private to this slice."""

from typing import Any

from sqlalchemy import bindparam, delete, func, select

from rostra.safety.lists.model import Entry, WordList
from rostra.store.query import const, in_ids, insert, number, query
from rostra.store.tables.screening_lists import screening_list_entries, screening_lists

ID, LIST, LIMIT = number("id"), number("list"), number("limit")
_lists, _entries = screening_lists.c, screening_list_entries.c
_LIST: list[Any] = [_lists[name] for name in WordList.__struct_fields__]
_ENTRY: list[Any] = [_entries[name] for name in Entry.__struct_fields__]


def _list(*columns: Any) -> WordList:
    return WordList(**dict(zip(WordList.__struct_fields__, columns, strict=True)))


def _entry(*columns: Any) -> Entry:
    return Entry(**dict(zip(Entry.__struct_fields__, columns, strict=True)))


ALL = query(select(*_LIST).order_by(_lists.name), _list)
ONE = query(select(*_LIST).where(_lists.id == ID), _list)
LOCKED = query(select(*_LIST).where(_lists.id == ID).with_for_update(), _list)
ADD = insert(screening_lists)
SET = query(
    screening_lists.update()
    .where(_lists.id == ID)
    .values(
        harm=bindparam("harm"),
        score=number("score"),
        enabled=number("enabled"),
        note=bindparam("note"),
        changed_at=number("changed_at"),
    )
)
TOUCH = query(screening_lists.update().where(_lists.id == ID).values(changed_at=number("now")))
DROP = query(delete(screening_lists).where(_lists.id == ID))

COUNTS = query(select(_entries.list_id, func.count()).group_by(_entries.list_id))
COUNT = query(
    select(func.count()).select_from(screening_list_entries).where(_entries.list_id == LIST), int
)
# What is searched for: everything of the lists that are switched on.
IN_FORCE = query(
    select(*_ENTRY)
    .select_from(screening_list_entries.join(screening_lists, _lists.id == _entries.list_id))
    .where(_lists.enabled == const(1))
    .order_by(_entries.id),
    _entry,
)
EVERY_ENTRY = query(select(*_ENTRY).where(_entries.list_id == LIST).order_by(_entries.text), _entry)
ENTRIES = query(
    select(*_ENTRY)
    .where(_entries.list_id == LIST, _entries.id < number("below"))
    .order_by(_entries.id.desc())
    .limit(LIMIT),
    _entry,
)
TEXTS = query(select(_entries.text).where(_entries.list_id == LIST), str)
ADD_ENTRY = insert(screening_list_entries)
DROP_ENTRIES = query(
    delete(screening_list_entries).where(_entries.list_id == LIST, in_ids(_entries.id, "ids"))
)
DROP_TEXT = query(
    delete(screening_list_entries).where(
        _entries.list_id == LIST, _entries.text == bindparam("text")
    )
)
DROP_ALL = query(delete(screening_list_entries).where(_entries.list_id == LIST))
DROP_OVER = query(
    delete(screening_list_entries).where(
        _entries.list_id == LIST,
        _entries.ends_at > const(0),
        _entries.ends_at <= number("now"),
    )
)
