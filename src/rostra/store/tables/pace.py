"""How moderation keeps pace: what came and what was done, counted by the hour; what was told."""

from rostra.store.tables.base import clustered, key, number, part, table

# Times stand in buckets, each 15 % wider than the one before, so that hours can be added up.
pace_tallies = clustered(
    "pace_tallies",
    part("hour"),  # UTC ms at which it begins
    part("category"),
    part("measure"),  # a `Measure`
    part("bucket"),
    number("count"),
)

# One row: how far the events of cases are counted.
pace_heads = table("pace_heads", key(), number("counted_id"), number("since"))

# Which alarms the team was told of, and when.
pace_alarms = clustered(
    "pace_alarms",
    part("category"),
    part("target"),  # a `Target`
    part("state"),  # an `AlarmState`
    number("told_at"),
    number("over"),  # 1: what it warned of is no more
)
