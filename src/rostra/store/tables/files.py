"""Stored files that are withheld, where they lie instead; and those that somebody keeps."""

from sqlalchemy import Column, Index, Text

from rostra.store.tables.base import clustered, number, part, table, text

withheld_files = table(
    "withheld_files",
    Column("key", Text, primary_key=True),  # that they are known by
    text("kept_key"),  # that they lie under
    # 0: on their way back; 2: deleted by their owner, there only for those who keep them
    number("withheld"),
)

# Files that are not deleted while this holds, whoever they belong to.
kept_files = clustered(
    "kept_files",
    Column("key", Text, primary_key=True),
    part("holder_id"),  # what keeps it
    Index("ix_kept_files_holder_id", "holder_id"),
)
