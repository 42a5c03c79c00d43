"""How moderation keeps pace: what came and what was done, counted by the hour; what was told."""

from sqlalchemy import Index

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

# What an admin has agreed to beforehand: one row for each measure against a flood.
surge_terms = table(
    "surge_terms",
    key("measure"),  # a `MeasureKind`
    number("hours"),  # it ends after so many
    number("most"),  # what it lets pass: see `MeasureKind`
    number("when_hours"),  # switched on where what is open takes longer than this; 0: by hand
    number("when_open"),  # and at least so many cases are open
    number("agreed_by"),
    number("agreed_at"),
)

# Append-only: who agreed to what, what was switched on and off, and why.
surge_log = table(
    "surge_log",
    key(),
    number("measure"),
    number("what"),  # a `What`
    number("actor_id"),  # 0: by itself
    number("until"),
    Index("ix_surge_log_measure_id", "measure", "id"),
)

# First posts that wait, by what switched the measure on.
surge_holds = clustered(
    "surge_holds",
    part("switch_id"),
    part("decision_id"),
    number("post_id"),
    number("released_at"),
    Index("ix_surge_holds_post_id", "post_id"),
)
