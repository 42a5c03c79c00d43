"""Hashtags that members follow, and those that they show on their profiles."""

from sqlalchemy import Index

from rostra.store.tables.base import clustered, key, number, part, table, text

tag_follows = clustered(
    "tag_follows",
    part("account_id"),
    part("tag_id"),
    number("id"),  # pages run over it
    Index("ix_tag_follows_account_id_id", "account_id", "id"),
    Index("ix_tag_follows_tag_id", "tag_id"),
)

featured_tags = table(
    "featured_tags",
    key(),
    number("account_id"),
    number("tag_id"),
    text("name"),  # as its owner writes it
    Index("uq_featured_tags_account_id_tag_id", "account_id", "tag_id", unique=True),
    Index("ix_featured_tags_tag_id", "tag_id"),
)
