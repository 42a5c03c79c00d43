"""What is talked about: hashtags (kind 0), links (1) and posts (2).

The first three are counts of public posts, kept by a job; `trends` is the ranking made from them,
and what operators have said of each subject.
"""

from sqlalchemy import Column, Index, Text

from rostra.store.tables.base import clustered, number, part, table

# How often an account used a subject on a UTC day; the rows that the other two sum up.
trend_uses = clustered(
    "trend_uses",
    part("kind"),
    part("subject_id"),  # a hashtag, or the card of a link
    part("day"),  # days since 1970
    part("account_id"),
    number("uses"),
    number("hour"),  # of the last use that counts for trends, hours since 1970; 0: none does
    Index("ix_trend_uses_day_account_id", "day", "account_id"),
)

trend_days = clustered(
    "trend_days",
    part("kind"),
    part("subject_id"),
    part("day"),
    number("uses"),
    number("accounts"),
    Index("ix_trend_days_day", "day"),
)

# Accounts by the hour of their last use on a day: each counts once a day.
trend_hours = clustered(
    "trend_hours",
    part("kind"),
    part("subject_id"),
    part("hour"),
    number("accounts"),
    Index("ix_trend_hours_kind_hour", "kind", "hour"),
)

trends = clustered(
    "trends",
    part("kind"),  # also 3: an author, who has no score but a decision for all their posts
    part("subject_id"),
    number("score"),  # 0: it does not trend now
    number("accounts"),  # how many people the score is made of
    number("decision"),  # 0 none, 1 may trend, 2 must not
    number("decided_at"),
    number("of_publisher"),  # what was said of the publisher of a link that trends
    Index("ix_trends_kind_score", "kind", "score"),
)

# What operators have said of all links of a host and of those below it, as `trends.decision`.
trend_publishers = table(
    "trend_publishers",
    Column("host", Text, primary_key=True),
    number("decision"),
    number("decided_at"),
)
