"""Rules for screening: what they say by version, what is in force, what they counted."""

from sqlalchemy import Index

from rostra.store.tables.base import clustered, key, number, part, table, text

screening_rules = table(
    "screening_rules",
    key(),
    text("name"),
    number("state"),  # a `State`
    number("version"),  # which of its versions holds
    number("state_at"),  # since when it is in this state
    number("switched_by"),  # who put it there; 0: it did so itself, or the command line
    number("most_an_hour"),  # it is put back to shadow when it catches more
    number("jump"),  # or so many times its own past share; 0: that is not looked at
    number("created_at"),
    Index("uq_screening_rules_name", "name", unique=True),
)

# Append-only, but for when a version was first in shadow.
screening_rule_versions = clustered(
    "screening_rule_versions",
    part("rule_id"),
    part("number"),
    text("source"),
    text("reason"),
    number("author_id"),  # 0: the command line
    number("created_at"),
    number("shadowed_at"),  # 0: it was never tried beside the present
)

# Append-only: what became of each rule, who did it, and why.
screening_rule_log = table(
    "screening_rule_log",
    key(),
    number("rule_id"),
    number("version"),
    number("what"),  # a `What`
    number("state"),  # in which it is since
    number("actor_id"),  # 0: by itself, or the command line
    text("reason"),
    Index("ix_screening_rule_log_rule_id_id", "rule_id", "id"),
)

# What each version was asked and answered, by the hour (UTC ms at which it begins).
screening_rule_hours = clustered(
    "screening_rule_hours",
    part("rule_id"),
    part("hour"),
    part("version"),
    number("asked"),
    number("caught"),
    number("skipped"),
    number("spent_ns"),
    Index("ix_screening_rule_hours_hour", "hour"),
)

# What live rules have caught within the last hours, a few rows for each member; the id tells when.
screening_rule_catches = clustered(
    "screening_rule_catches",
    part("rule_id"),
    part("id"),
    number("account_id"),
    Index("ix_screening_rule_catches_id", "id"),
    Index("ix_screening_rule_catches_rule_id_account_id_id", "rule_id", "account_id", "id"),
)
