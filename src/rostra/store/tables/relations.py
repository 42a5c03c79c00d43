"""Who follows, asks to follow, blocks and mutes whom."""

from sqlalchemy import Index
from sqlalchemy import text as sql

from rostra.store.tables.base import clustered, number, part, text

_NOTIFYING = sql("notify = 1")

follows = clustered(
    "follows",
    part("account_id"),
    part("target_id"),
    number("id"),  # pages run over it
    number("show_reblogs", 1),
    number("notify"),
    text("languages", "[]"),  # JSON; empty: all
    number("out_of_home"),  # 1: stands in an exclusive list of the follower
    Index("ix_follows_target_id_id", "target_id", "id"),
    Index("ix_follows_account_id_id", "account_id", "id"),
    # All that decides whose homes a post reaches, in the order in which homes are stored.
    Index(
        "ix_follows_reach",
        "target_id",
        "account_id",
        "out_of_home",
        "show_reblogs",
        "languages",
    ),
    # Those who want to be notified of every post: few, and asked for with each.
    Index(
        "ix_follows_notifying", "target_id", sqlite_where=_NOTIFYING, postgresql_where=_NOTIFYING
    ),
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

# Whom an account shows on its profile.
endorsements = clustered(
    "endorsements",
    part("account_id"),
    part("target_id"),
    number("id"),
    Index("ix_endorsements_account_id_id", "account_id", "id"),
    Index("ix_endorsements_target_id", "target_id"),
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
    Index("ix_mutes_target_id", "target_id"),
    Index("ix_mutes_expires_at", "expires_at"),
)

# Whom an account does not want to have suggested.
suggestion_dismissals = clustered(
    "suggestion_dismissals",
    part("account_id"),
    part("target_id"),
    Index("ix_suggestion_dismissals_target_id", "target_id"),
)
