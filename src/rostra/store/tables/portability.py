"""What members take along and bring in."""

from sqlalchemy import Index

from rostra.store.tables.base import clustered, key, number, part, table, text

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

# What a member brings in; the last of each kind.
imports = table(
    "imports",
    key(),
    number("account_id"),
    number("kind"),
    number("state"),  # 0 shown, 1 running, 2 done, 3 cancelled
    number("replaces"),  # 1: what the file does not name is removed
    text("file_name"),
    number("seems"),  # the kind that it looks like, plus one; 0: none but its own
    number("total"),  # lines
    number("chunks"),
    number("phase"),  # 0 lines, 1 removing
    number("place"),  # the next chunk
    number("behind"),  # removing has come up to here
    number("made"),
    number("same"),
    number("asked"),
    number("failed"),
    number("removed"),
    number("day_from"),  # when the day began whose new follows are counted
    number("in_day"),
    number("waits_until"),
    number("created_at"),
    number("ended_at"),
    number("expires_at"),  # when it is forgotten
    Index("uq_imports_account_id_kind", "account_id", "kind", unique=True),
    Index("ix_imports_expires_at", "expires_at"),
)

# Its lines, some to a row.
import_chunks = clustered(
    "import_chunks",
    part("import_id"),
    part("place"),
    text("lines"),  # JSON
    number("failed"),  # how many of them
)

# What the lines named, so that replacing leaves it; home_id is a list or a filter, or 0.
import_kept = clustered(
    "import_kept",
    part("import_id"),
    part("home_id"),
    part("thing_id"),
)
