"""Filters: what a member does not want to come upon, by words or as single posts."""

from sqlalchemy import Index

from rostra.store.tables.base import key, number, table, text

filters = table(
    "filters",
    key(),
    number("account_id"),
    text("title"),
    number("contexts"),  # bits, see network/filters/model.py
    number("action"),  # 0 warn, 1 hide, 2 blur
    number("expires_at"),  # UTC ms; 0: never
    Index("ix_filters_account_id_id", "account_id", "id"),
)

filter_keywords = table(
    "filter_keywords",
    key(),
    number("filter_id"),
    number("account_id"),
    text("keyword"),
    number("whole_word", 1),
    Index("ix_filter_keywords_filter_id_id", "filter_id", "id"),
    Index("ix_filter_keywords_account_id_id", "account_id", "id"),
)

filter_posts = table(
    "filter_posts",
    key(),
    number("filter_id"),
    number("account_id"),
    number("post_id"),
    Index("uq_filter_posts_filter_id_post_id", "filter_id", "post_id", unique=True),
    Index("ix_filter_posts_account_id_id", "account_id", "id"),
    Index("ix_filter_posts_post_id", "post_id"),
)
