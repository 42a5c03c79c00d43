"""The outside parties that operators have noted down."""

from sqlalchemy import Column, Text

from rostra.store.tables.base import number, table, text

# Some dozens at most: what the place needs of others, and who else could do it.
parties = table(
    "parties",
    Column("kind", Text, primary_key=True),  # a `Kind`
    Column("party", Text, primary_key=True),
    text("second"),
    text("note"),
    number("rehearsed_at"),  # 0: never
    number("noted_at"),
    text("noted_by"),
)
