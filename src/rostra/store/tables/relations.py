"""Who follows, asks to follow, blocks and mutes whom."""

from sqlalchemy import Index

from rostra.store.tables.base import clustered, number, part, text

follows = clustered(
    "follows",
    part("account_id"),
    part("target_id"),
    number("id"),  # pages run over it
    number("show_reblogs", 1),
    number("notify"),
    text("languages", "[]"),  # JSON; empty: all
    Index("ix_follows_target_id_id", "target_id", "id"),
    Index("ix_follows_account_id_id", "account_id", "id"),
)

follow_requests = clustered(
    "follow_requests",
    part("account_id"),
    part("target_id"),
    number("id"),
    number("show_reblogs", 1),
    number("notify"),
    text("languages", "[]"),
    Index("ix_follow_requests_target_id_id", "target_id", "id"),
)

blocks = clustered(
    "blocks",
    part("account_id"),
    part("target_id"),
    number("id"),
    Index("ix_blocks_target_id", "target_id"),
)

mutes = clustered(
    "mutes",
    part("account_id"),
    part("target_id"),
    number("id"),
    number("notifications", 1),  # 1: their notifications are hidden as well
    number("expires_at"),  # 0: never
)
