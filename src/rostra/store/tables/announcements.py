"""Announcements: what operators tell everybody, who has read it, and how they reacted."""

from sqlalchemy import Column, Index, Text

from rostra.store.tables.base import clustered, key, number, part, table, text

announcements = table(
    "announcements",
    key(),
    text("text"),
    number("starts_at"),  # of what it tells of; 0: no time
    number("ends_at"),
    number("all_day"),
    number("publish_at"),  # 0: not yet decided
    number("over_at"),  # from then on it is not shown any more; 0: it stays
    number("edited_at"),
    Index("ix_announcements_publish_at", "publish_at"),
)

announcement_reads = clustered(
    "announcement_reads",
    part("announcement_id"),
    part("account_id"),
    Index("ix_announcement_reads_account_id", "account_id"),
)

# How many reacted by each emoji; a row that counts nobody is removed.
announcement_reactions = clustered(
    "announcement_reactions",
    part("announcement_id"),
    Column("name", Text, primary_key=True),
    number("count"),
    number("created_at"),
)

announcement_reactors = clustered(
    "announcement_reactors",
    part("announcement_id"),
    part("account_id"),
    Column("name", Text, primary_key=True),
    Index("ix_announcement_reactors_account_id", "account_id"),
)
