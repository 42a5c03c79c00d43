"""What members take along and bring in."""

from sqlalchemy import Index

from rostra.store.tables.base import key, number, table, text

# A member's copy of all that is theirs; one at a time.
archives = table(
    "archives",
    key(),
    number("account_id"),
    number("state"),  # 0 being made, 1 ready
    text("blob_key"),
    number("size"),  # bytes
    number("requested_at"),
    number("touched_at"),  # when something was deleted that it may hold already
    number("ready_at"),
    number("expires_at"),  # when it is deleted, whatever its state
    Index("uq_archives_account_id", "account_id", unique=True),
    Index("ix_archives_expires_at", "expires_at"),
)

# What a member wants of their old posts; no row: nothing is deleted.
cleanup_rules = table(
    "cleanup_rules",
    key("account_id"),
    number("active"),
    number("min_age_days", 14),
    number("keep_direct", 1),
    number("keep_pinned", 1),
    number("keep_polls"),
    number("keep_media"),
    number("keep_favourited", 1),  # by the member
    number("keep_bookmarked", 1),
    number("min_favourites"),  # 0: however many, they don't keep a post
    number("min_reblogs"),
    number("looked_at_id"),  # up to here the last run has come; 0: it begins anew
    Index("ix_cleanup_rules_active", "active", "account_id"),
)
