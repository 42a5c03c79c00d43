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
