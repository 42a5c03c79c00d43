"""Stored files that are withheld: where they lie instead."""

from sqlalchemy import Column, Text

from rostra.store.tables.base import number, table, text

withheld_files = table(
    "withheld_files",
    Column("key", Text, primary_key=True),  # that they are known by
    text("kept_key"),  # that they lie under
    number("withheld"),  # 0: on their way back
)
