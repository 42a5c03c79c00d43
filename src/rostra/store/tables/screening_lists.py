"""Named lists of the team that screening looks for."""

from sqlalchemy import Index

from rostra.store.tables.base import key, number, table, text

screening_lists = table(
    "screening_lists",
    key(),
    text("name"),
    number("kind"),  # a `ListKind`
    text("harm"),
    number("score"),  # of 100
    number("enabled"),
    text("note"),
    number("created_by"),  # 0: the command line
    number("created_at"),
    number("changed_at"),
    Index("uq_screening_lists_name", "name", unique=True),
)

screening_list_entries = table(
    "screening_list_entries",
    key(),
    number("list_id"),
    text("text"),
    number("author_id"),  # 0: the command line
    text("reason"),
    number("ends_at"),  # UTC ms; 0: never
    Index("uq_screening_list_entries_list_id_text", "list_id", "text", unique=True),
    Index("ix_screening_list_entries_list_id_id", "list_id", "id"),
)
