"""What people without an account report, and how they hear of it."""

from sqlalchemy import Column, Index, LargeBinary
from sqlalchemy import text as sql

from rostra.store.tables.base import clustered, key, number, part, table, text

_WAITING = sql("state = 0")

outside_reports = table(
    "outside_reports",
    key(),
    number("state"),  # 0 waits until it is confirmed, 1 filed, 2 what it named was gone by then
    number("category"),
    text("comment"),
    text("addresses", "[]"),  # JSON: as they were typed
    text("name"),
    text("email"),
    text("locale", "en"),
    number("decided_before_at"),  # when the team had decided about the same, as far as all see it
    number("confirmed_at"),
    number("told_at"),  # when they were told what became of it
    number("forget_at"),  # when all of it is deleted, unless something of it is open
    number("created_at"),
    Index(
        "ix_outside_reports_created_at",
        "created_at",
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    ),
    Index("ix_outside_reports_forget_at", "forget_at"),
)

# The reports that were made of it: one for each account that it names.
outside_parts = clustered(
    "outside_parts",
    part("outside_id"),
    part("report_id"),
    Index("ix_outside_parts_report_id", "report_id"),
)

# The secrets of links: to see what became of it, and to confirm it.
outside_links = table(
    "outside_links",
    Column("token_hash", LargeBinary, primary_key=True),
    number("outside_id"),
    number("purpose"),  # 0 to see, 1 to confirm
    Index("ix_outside_links_outside_id", "outside_id"),
)
