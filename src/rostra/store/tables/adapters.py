"""Programs elsewhere that are asked about posts: what waits for them, and how they are doing."""

from sqlalchemy import Column, Index, Text

from rostra.store.tables.base import clustered, number, part, table, text

# Posts that an adapter is to be asked about, and nothing of what they say.
adapter_waiting = clustered(
    "adapter_waiting",
    Column("adapter", Text, primary_key=True),
    part("post_id"),
    number("stamp"),  # another one with every change of the post
    number("since"),
    number("tries"),
    Index("ix_adapter_waiting_adapter_tries_post_id", "adapter", "tries", "post_id"),
    Index("ix_adapter_waiting_post_id", "post_id"),
)

# Whether an adapter is asked at all.
adapter_circuits = table(
    "adapter_circuits",
    Column("adapter", Text, primary_key=True),
    number("failures"),
    number("rests"),
    number("retry_at"),
    text("failure"),
    number("failed_at"),
    number("answered_at"),
)

# What became of posts, by day.
adapter_days = clustered(
    "adapter_days",
    Column("adapter", Text, primary_key=True),
    part("day"),  # since 1970, UTC
    number("answered"),
    number("late"),
    number("failed"),
    number("given_up"),
    number("skipped"),
    number("took_ms"),
    number("slowest_ms"),
)
