"""What people have removed, so that it is known again: hashes, and nothing that can be read."""

from sqlalchemy import Index

from rostra.store.tables.base import blob, clustered, key, number, part, table

# Texts; those that are nearly the same and were removed as the same are one.
copy_texts = table(
    "copy_texts",
    key(),
    number("category"),
    number("count"),  # posts that said so
    blob("bins"),
    number("last_at"),
    Index("ix_copy_texts_last_at", "last_at"),
)

copy_keys = clustered(
    "copy_keys",
    part("key"),
    part("text_id"),
    Index("ix_copy_keys_text_id", "text_id"),
)

# By which decision a post was counted, so that it can be taken back.
copy_posts = clustered(
    "copy_posts",
    part("decision_id"),
    part("post_id"),
    number("text_id"),
    Index("ix_copy_posts_text_id", "text_id"),
)
