"""Posts that are looked at a second time, by somebody who knows nothing else of them."""

from sqlalchemy import Index
from sqlalchemy import text as sql

from rostra.store.tables.base import key, number, table

_OPEN = sql("view = 0")

reviews = table(
    "reviews",
    key(),
    number("post_id"),
    number("account_id"),
    number("sort"),  # a `Sort`
    number("decision_id"),
    number("category"),
    number("decided_by"),
    number("score"),  # thousandths; -1: not judged
    number("sampled_at"),
    number("view"),  # a `View`
    number("viewed_as"),
    number("viewed_by"),
    number("viewed_at"),
    Index("uq_reviews_post_id", "post_id", unique=True),
    Index("ix_reviews_open", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_reviews_sampled_at", "sampled_at"),
)
