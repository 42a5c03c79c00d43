"""The home timeline, written when a post is, and notifications."""

from sqlalchemy import Index
from sqlalchemy import text as sql

from rostra.store.tables.base import clustered, key, number, part, table, text

_SET_ASIDE = sql("set_aside = 1")

home = clustered(
    "home",
    part("account_id"),
    part("post_id"),
    number("author_id"),
    number("reblog_of_id"),
    number("original_author_id"),  # of a reblog
    Index("ix_home_post_id", "post_id"),
)

# Posts that homes show without having them written in yet: see docs/decisions/0018.
arrivals = table(
    "arrivals",
    key("post_id"),
    number("author_id"),
    number("reblog_of_id"),
    number("original_author_id"),  # of a reblog
    number("answered_id"),  # whom it answers
    number("visibility"),
    text("language"),
)

notifications = clustered(
    "notifications",
    part("account_id"),
    part("id"),
    text("kind"),  # Mastodon's type: mention, follow, favourite, ...
    number("from_account_id"),
    number("post_id"),
    text("group_key"),
    number("set_aside"),  # 1: by the member's policy; told of as a request of the sender's
    Index(
        "uq_notifications_what",
        "account_id",
        "from_account_id",
        "kind",
        "post_id",
        unique=True,
    ),
    Index("ix_notifications_account_id_group_key_id", "account_id", "group_key", "id"),
    Index("ix_notifications_post_id", "post_id"),
    Index("ix_notifications_from_account_id", "from_account_id"),
    Index(
        "ix_notifications_set_aside",
        "account_id",
        "from_account_id",
        "id",
        sqlite_where=_SET_ASIDE,
        postgresql_where=_SET_ASIDE,
    ),
)

# Of whom a member wants to hear. Each: 0 accept, 1 set aside, 2 drop.
notification_policies = table(
    "notification_policies",
    key("account_id"),
    number("for_not_following"),
    number("for_not_followers"),
    number("for_new_accounts"),
    number("for_private_mentions"),
    number("for_limited_accounts"),
)

# Senders whom a member has accepted, whatever the policy says.
notification_permissions = clustered(
    "notification_permissions",
    part("account_id"),
    part("from_account_id"),
    Index("ix_notification_permissions_from_account_id", "from_account_id"),
)
