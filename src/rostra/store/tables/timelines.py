"""The home timeline, written when a post is, and notifications."""

from sqlalchemy import Index

from rostra.store.tables.base import clustered, key, number, part, table, text

home = clustered(
    "home",
    part("account_id"),
    part("post_id"),
    number("author_id"),
    number("reblog_of_id"),
    number("original_author_id"),  # of a reblog
    Index("ix_home_post_id", "post_id"),
)

notifications = table(
    "notifications",
    key(),
    number("account_id"),
    text("kind"),  # Mastodon's type: mention, follow, favourite, ...
    number("from_account_id"),
    number("post_id"),
    text("group_key"),
    Index(
        "uq_notifications_what",
        "account_id",
        "from_account_id",
        "kind",
        "post_id",
        unique=True,
    ),
    Index("ix_notifications_account_id_id", "account_id", "id"),
    Index("ix_notifications_account_id_group_key_id", "account_id", "group_key", "id"),
    Index("ix_notifications_post_id", "post_id"),
    Index("ix_notifications_from_account_id", "from_account_id"),
)
